"""JSON Lines and JSON, and the record that every reader yields."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.readers import read_source
from store.readers.record import Record, tidy_abstract, tidy_line
from store.types import Listing, Rejection

_GOOD = '{"title": "A Title", "abstract": "Some text."}'


def _good(source: str, line: int) -> Record:
    return Record(source, line, "A Title", "Some text.", (Listing(source),))


def _read(path: Path, text: str | bytes) -> list[Record | Rejection]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_source(path))


def test_every_field_of_a_record_is_read(tmp_path: Path) -> None:
    item = {
        "title": " Whale\n Song ",
        "abstract": "First  line\r\nsame.\r\n\r\nSecond paragraph.",
        "authors": ["Ada  Keel", "Bo"],
        "published": "March 1, 2024",
        "url": "https://papers.test/1",
        "links": ["https://code.test/1"],
        "listed": ["Mar 14", {"source": "trending", "day": "2024-03-15"}],
        "arxiv_id": "2403.01234v2",
        "doi": "10.5555/1",
        "identifiers": ["doi:10.5555/1", "pmid:7"],
        "unknown": {"is": "ignored"},
    }
    assert _read(tmp_path / "a.jsonl", json.dumps(item)) == [
        Record(
            source="a.jsonl",
            line=1,
            title="Whale Song",
            abstract="First line same.\n\nSecond paragraph.",
            listed=(Listing("trending", "2024-03-15"), Listing("a.jsonl", "--03-14")),
            authors=("Ada Keel", "Bo"),
            published="2024-03-01",
            url="https://papers.test/1",
            links=("https://code.test/1",),
            identifiers=("arxiv:2403.01234v2", "doi:10.5555/1", "pmid:7"),
        )
    ]


@pytest.mark.parametrize(
    "item",
    [
        {"title": "A Title", "text": "Some text."},
        {"title": "A Title", "summary": "Some text.", "author": [], "year": None},
        {"title": "A Title", "abstract": "Some text.", "authors": 7, "url": 8, "links": {"a": 1}},
    ],
)
def test_other_names_are_known_and_odd_values_of_spare_fields_left_out(
    tmp_path: Path, item: dict[str, object]
) -> None:
    assert _read(tmp_path / "a.jsonl", json.dumps(item)) == [_good("a.jsonl", 1)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "is no valid JSON: Expecting value: line 1 column 1 (char 0)"),
        (_GOOD[:-9], "is no valid JSON: "),
        ('{"title": ' + "1" * 5_000 + "}", "is no valid JSON: "),
        ("[" * 200_000, "is no valid JSON: "),
        ('{"a":' * 150_000, "is no valid JSON: "),
        (
            '{"title": "T", "abstract": "' + "x" * 1_000_001 + '"}',
            "is longer than the 1,000,000 characters",
        ),
        ("[1, 2]", "is no JSON object with a title and an abstract"),
        ("null", "is no JSON object with a title and an abstract"),
        ('"text"', "is no JSON object with a title and an abstract"),
        ("{}", "has no title"),
        ('{"title": ["T"], "abstract": "x"}', "has no title"),
        ('{"title": "T"}', "has no abstract"),
        ('{"title": "T", "abstract": " \\n "}', "has no abstract"),
        (f'{{"title": "{"T" * 1_001}", "abstract": "x"}}', "its title has 1,001 characters; 1,000"),
        (f'{{"title": "T", "abstract": "{"x" * 20_001}"}}', "its abstract has 20,001 characters"),
        ('{"title": "T", "abstract": "x", "published": "soon"}', "'soon' is not a date"),
        ('{"title": "T", "abstract": "x", "listed": ["2023-02-29"]}', "'2023-02-29' does not"),
        ('{"title": "\\ud800", "abstract": "x"}', "is not UTF-8 text"),
        ('{"title": "T", "abstract": "x", "authors": ["\\udfff"]}', "is not UTF-8 text"),
        (b'{"title": "T", "abstract": "caf\xe9"}', "is not UTF-8 text"),
    ],
    ids=[
        *("no JSON", "cut short", "big number", "deep array", "deep object", "huge line", "array"),
        *("null", "string", "empty object", "no text title", "no abstract", "blank abstract"),
        *("long title", "long abstract", "odd date", "odd day", "lone surrogate in a title"),
        *("lone surrogate in a name", "no UTF-8"),
    ],
)
@pytest.mark.parametrize(("at", "others"), [(1, (2, 4)), (2, (1, 3, 5))], ids=["first", "between"])
def test_a_line_that_is_no_paper_is_rejected_and_its_neighbours_are_read(
    tmp_path: Path, line: str | bytes, reason: str, at: int, others: tuple[int, ...]
) -> None:
    path = tmp_path / "a.jsonl"
    spoilt = line if isinstance(line, bytes) else line.encode()
    good = _GOOD.encode()
    found = _read(path, b"\n".join([good] * (at - 1) + [spoilt, good, b"", good]))
    rejection = found.pop(at - 1)
    assert isinstance(rejection, Rejection)
    assert (rejection.source, rejection.line) == (str(path), at)
    assert rejection.reason.startswith(reason)
    assert found == [_good("a.jsonl", number) for number in others]


def test_a_json_file_is_an_array_or_one_object(tmp_path: Path) -> None:
    assert _read(tmp_path / "one.json", _GOOD) == [_good("one.json", 1)]
    assert _read(tmp_path / "two.json", f"[\n{_GOOD},\n7,\n{_GOOD}]") == [
        _good("two.json", 2),
        Rejection(str(tmp_path / "two.json"), 3, "is no JSON object with a title and an abstract"),
        _good("two.json", 4),
    ]


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ("{", "is no valid JSON: Expecting property name"),
        ('{"title": "T, "abstract": "A"}', "is no valid JSON: "),
        ('{"title": ["T"', "is no valid JSON: "),
        ("[" * 200_000, "is no valid JSON: maximum recursion depth"),
        ('{"title": "' + "x" * 2_000_000 + '"}', "is longer than the 1,000,000 characters"),
        (b'{"title": "\xff", "abstract": "A"}', "is not UTF-8 text; save it as UTF-8"),
        ("7 8", "is no valid JSON: Extra data"),
    ],
)
def test_a_value_of_an_array_that_is_broken_costs_itself_alone(
    tmp_path: Path, spoilt: str | bytes, reason: str
) -> None:
    bad = spoilt if isinstance(spoilt, bytes) else spoilt.encode()
    text = b"[" + b",\n".join([_GOOD.encode(), bad, _GOOD.encode(), _GOOD.encode()]) + b"]"
    first, rejection, *others = _read(tmp_path / "a.json", text)
    assert isinstance(rejection, Rejection)
    assert (rejection.source, rejection.line) == (str(tmp_path / "a.json"), 2)
    assert rejection.reason.startswith(reason)
    assert [first, *others] == [_good("a.json", line) for line in (1, 3, 4)]


@pytest.mark.parametrize("end", ["", ",", ", ", ', {"tit'])
def test_an_array_that_is_cut_short_is_read_up_to_there(tmp_path: Path, end: str) -> None:
    *kept, rejection = _read(tmp_path / "a.json", f"[{_GOOD},\n{_GOOD}{end}")
    assert kept == [_good("a.json", 1), _good("a.json", 2)]
    assert isinstance(rejection, Rejection)
    assert (rejection.line, rejection.reason[:16]) == (2, "is no valid JSON")


@given(st.text())
def test_tidying_leaves_nothing_to_tidy(text: str) -> None:
    assert tidy_line(tidy_line(text)) == tidy_line(text)
    assert tidy_abstract(tidy_abstract(text)) == tidy_abstract(text)
    assert not {"\n", "\r", "\t", "\x00"} & set(tidy_line(text))


def test_tidying_keeps_the_words_of_every_script() -> None:
    text = "Cafe\u0301 😀👩‍🚀\t (שלום)\x00 a\r\nb\n\n\n\nc [1] $x_2$"
    assert tidy_abstract(text) == "Caf\u00e9 😀👩‍🚀 (שלום) a b\n\nc [1] $x_2$"
    assert tidy_line(text) == "Caf\u00e9 😀👩‍🚀 (שלום) a b c [1] $x_2$"
