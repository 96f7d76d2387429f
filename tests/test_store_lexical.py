import json
from pathlib import Path

import pytest

from store.catalog import Change
from store.errors import IndexDamagedError
from store.lexical import LexicalIndex
from store.types import Paper
from store.within import Within


def _change(revision: int, name: str, text: str) -> Change:
    return Change(revision, Paper(name, "Title", text), ((0, len(text)),), 1)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Whales are singing songs", ["whale", "sing", "song"]),
        ("The naïve café", ["naiv", "cafe"]),
        ("graph-based GPT-4, F1!", ["graph", "base", "gpt", "4", "f1"]),
        ("song song", ["song", "song"]),
        ("the of and", []),
        ("x" * 61, []),
        ("שלום 知識", ["שלום", "知識"]),
        ("", []),
    ],
)
def test_words_are_stemmed_and_stop_words_left_out(
    tmp_path: Path, text: str, terms: list[str]
) -> None:
    assert LexicalIndex(tmp_path).terms(text) == terms


def test_any_inflection_of_a_word_finds_it(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.apply([_change(1, "a", "A whale sang."), _change(2, "b", "Lava flows.")])
    assert {name for name, _ in index.query("flowing WHALES", 9)} == {"a#0", "b#0"}
    assert [name for name, _ in index.query("flowing", 9)] == ["b#0"]


def test_a_rarer_word_weighs_more(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.apply([_change(n, f"p{n}", f"common words {n}") for n in range(1, 9)])
    index.apply([_change(9, "rare", "unicorn words here")])
    assert index.query("common unicorn", 9)[0][0] == "rare#0"
    assert [index.document_frequency(term) for term in ("common", "unicorn", "none")] == [8, 1, 0]
    assert index.document_frequency("titl") == 9


def test_a_word_counts_once_however_often_it_is_asked(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.apply([_change(1, "a", "whale song"), _change(2, "b", "lava")])
    assert index.query("whale whale whale", 9) == index.query("whale", 9)


@pytest.mark.parametrize("content", [b"", b"\xff", b"x", b"99 papers"])
def test_a_damaged_mark_means_that_nothing_is_known_to_be_held(
    tmp_path: Path, content: bytes
) -> None:
    index = LexicalIndex(tmp_path)
    index.apply([_change(5, "a", "whale song")])
    (tmp_path / "revision").write_bytes(content)
    assert LexicalIndex(tmp_path).revision == 0
    index.apply([_change(5, "a", "whale song")])
    assert (index.revision, index.count()) == (5, 1)


@pytest.mark.parametrize("pattern", ["meta.json", ".managed.json", "*.store", "*.idx", "*.term"])
@pytest.mark.parametrize("how", ["cut", "missing"])
def test_a_damaged_folder_is_reported(tmp_path: Path, pattern: str, how: str) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    index.apply([_change(1, "a", "whale song")])
    del index
    (damaged,) = (tmp_path / "lexical").glob(pattern)
    content = damaged.read_bytes()
    damaged.unlink()
    if how == "cut":
        damaged.write_bytes(content[: len(content) // 2])
    elif pattern in ("meta.json", ".managed.json"):
        return  # a folder without it is a new one
    with pytest.raises(IndexDamagedError) as caught:
        LexicalIndex(tmp_path / "lexical")
    assert str(caught.value).startswith(f"The index in {tmp_path / 'lexical'} cannot be used: ")


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "lexical"):
        with pytest.raises(IndexDamagedError, match="cannot be used"):
            LexicalIndex(folder)


def test_a_writer_that_another_one_holds_up_is_reported(tmp_path: Path) -> None:
    holder = LexicalIndex(tmp_path)._index.writer(heap_size=15_000_000, num_threads=1)
    with pytest.raises(IndexDamagedError, match=r"(?i)lock"):
        LexicalIndex(tmp_path).apply([_change(1, "a", "whale")])
    holder.rollback()


@pytest.mark.parametrize("share", [1, 2, 3, 40, 700])
def test_what_is_found_within_some_papers_is_the_best_of_them(tmp_path: Path, share: int) -> None:
    index = LexicalIndex(tmp_path)
    words = ("whale", "lava", "bread", "moss")
    index.apply(
        [
            _change(n, f"p{n}", " ".join(words[: 1 + n % 4]) + " word" * (n % 7))
            for n in range(1, 2_101)
        ]
    )
    passing = {f"p{n}" for n in range(share, 2_101, share)}
    for query in ("whale", "moss word", "lava unheard"):
        every = [hit for hit in index.query(query, 9_999) if hit[0][:-2] in passing]
        found = index.query(query, 30, Within.of(passing))
        assert len(found) == min(30, len(every))
        assert [value for _, value in found] == [value for _, value in every[:30]]
        assert {*found} <= {*every}


def _filled(folder: Path, *texts: str) -> LexicalIndex:
    index = LexicalIndex(folder)
    index.apply([_change(n, f"p{n}", text) for n, text in enumerate(texts, 1)])
    return index


def _found(index: LexicalIndex, query: str) -> list[str]:
    return [name for name, _ in index.query(index.read_as(query).text, 9)]


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("echo-tuning of bells", "echotuning"),
        ("echo-tuning of bells", "echo tuning"),
        ("echotuning of bells", "echo-tuning"),
        ("echotuning of bells", "echo tuning"),
        ("echo tuning of bells", "echotuning"),
        ("the BellNet-50 of bells", "bellnet50"),
        ("the BellNet50 of bells", "BellNet-50"),
        ("the BellNet50 of bells", "bellnet 50"),
        ("BellZ\u22c5Z\u22c5W of bells", "BellZcdotZcdotW"),
        ("BellZcdotZcdotW of bells", "BellZ\u22c5Z\u22c5W"),
        ("BellZ{cdotZ{cdot}W} of bells", "BellZZW"),
        ("a \u03b2-bell of bells", "beta-bell"),
        ("the na\u00efve fa\u00e7ade", "naive facade"),
        ("10,000 bells of bells", "10000"),
        ("$\\mathcal{O}(m)$ for bells", "O(m)"),
        ("the chandelier of bells", "chandeleir"),
        ("the chandelier of bells", "WHERE IS THE CHANDALIER"),
    ],
)
def test_another_spelling_finds_it_before_all_else(tmp_path: Path, stored: str, asked: str) -> None:
    index = _filled(tmp_path, "bells of brass", stored, "tuning forks and beta rays")
    assert _found(index, asked)[:1] == ["p2#0"]


def test_short_and_long_forms_find_each_other(tmp_path: Path) -> None:
    index = _filled(
        tmp_path,
        "We present moon echo transfer (MET).",
        "MET is quick.",
        "Slow moon echo transfer.",
        "The moon, its echo.",
    )
    assert set(_found(index, "met")) == {"p1#0", "p2#0", "p3#0"}
    assert set(_found(index, "moon echo transfer")) == {"p1#0", "p2#0", "p3#0", "p4#0"}


def test_words_of_a_paper_are_mended_by_as_long_as_it_is_there(tmp_path: Path) -> None:
    index = _filled(tmp_path, "A chandelier.", "A bell.")
    assert index.read_as("chandeleir").corrections == (("chandeleir", "chandelier"),)
    index.apply([Change(3, Paper("p1", "Title", "A chandelier."), (), 1)])
    assert index.read_as("chandeleir").corrections == ()
    assert LexicalIndex(tmp_path).read_as("chandeleir").corrections == ()


def test_what_was_looked_up_is_looked_up_anew_when_papers_have_come(tmp_path: Path) -> None:
    index = _filled(tmp_path, "whale song")
    assert index.read_as("dolpin").corrections == ()
    assert (index.n_holding("dolphin"), index.aliases("ws"), index.has_forms("ws")) == (
        0,
        [],
        False,
    )
    other = LexicalIndex(tmp_path)
    other.apply([_change(2, "p2", "A dolphin. Whale song (WS) and whale songs (WS).")])
    index.refresh()
    assert index.read_as("dolpin").corrections == (("dolpin", "dolphin"),)
    assert (index.n_holding("dolphin"), index.has_forms("ws")) == (1, True)
    assert index.aliases("ws") == [("whale song", 1), ("whale songs", 1)]


def test_an_index_that_was_made_in_another_way_holds_nothing_that_counts(tmp_path: Path) -> None:
    index = _filled(tmp_path, "whale song")
    assert LexicalIndex(tmp_path).revision == 1
    (tmp_path / "revision").write_text("1 1")
    assert LexicalIndex(tmp_path).revision == 0
    index.apply([_change(1, "p1", "whale song")])
    assert (LexicalIndex(tmp_path).revision, index.count()) == (1, 1)


@pytest.mark.parametrize(
    "query",
    [
        "?",
        "C++",
        "\U0001f40b\U0001f40b",
        "知識グラフ",
        "x" * 100_000,
        "a",
        "((",
        "\\",
        "\t\n\0",
        "$" * 99,
    ],
)
def test_any_query_is_answered(tmp_path: Path, query: str) -> None:
    index = _filled(tmp_path, "A whale song.")
    assert index.query(index.read_as(query).text, 9) == []


def test_a_query_of_ten_thousand_words_is_answered(tmp_path: Path) -> None:
    index = _filled(tmp_path, "A whale song.")
    words = [f"wrod{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}x" for n in range(10_000)]
    assert _found(index, " ".join([*words, "whale"])) == ["p1#0"]


def test_what_a_killed_commit_left_is_no_hindrance(tmp_path: Path) -> None:
    LexicalIndex(tmp_path).apply([_change(n, f"p{n}", "whale song") for n in range(1, 9)])
    known = json.loads((tmp_path / ".managed.json").read_text())
    segment = next(name for name in known if name.endswith(".idx")).removesuffix(".idx")
    left = [f"{segment}.{number}.del" for number in range(40)]
    for name in left:
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / ".managed.json").write_text(json.dumps([*known, *left]))
    index = LexicalIndex(tmp_path)
    index.apply([_change(9, "p1", "lava")])
    assert [name for name, _ in index.query("lava", 9)] == ["p1#0"]
    assert len(index.query("whale", 9)) == 7
