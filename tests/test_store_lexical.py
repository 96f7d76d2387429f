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
