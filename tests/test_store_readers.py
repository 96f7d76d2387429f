"""The registry, and the saved pages in both layouts."""

import os
from pathlib import Path

import pytest

from store.readers import read_source, readers, trending
from store.readers.record import Record
from store.types import Listing, Rejection

_SPACED = """new

Get trending papers in your email inbox!

Subscribe

byAK and the research community

Mar 14

Kites over Glaciers

A kite maps a glacier. See https://kites.test/maps, and https://kites.test/code.

Bread That Tells

A label changes colour when bread is stale.
"""
_DENSE = """Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
SubscribeKites over Glaciers
A kite maps a glacier. See https://kites.test/maps, and https://kites.test/code.
Bread That Tells
A label changes colour when bread is stale.
"""


def _page(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _expected(lines: tuple[int, int], day: str) -> list[Record]:
    return [
        Record(
            source="trending",
            line=lines[0],
            title="Kites over Glaciers",
            abstract="A kite maps a glacier. See https://kites.test/maps, and"
            " https://kites.test/code.",
            listed=(Listing("trending", day),),
            links=("https://kites.test/maps", "https://kites.test/code"),
        ),
        Record(
            source="trending",
            line=lines[1],
            title="Bread That Tells",
            abstract="A label changes colour when bread is stale.",
            listed=(Listing("trending", day),),
        ),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with byte order mark"])
def test_a_page_with_a_header_a_day_and_blank_lines_is_read(
    tmp_path: Path, newline: str, mark: str
) -> None:
    page = _page(tmp_path / "page.txt", mark + _SPACED.replace("\n", newline))
    assert list(read_source(page)) == _expected((11, 15), "--03-14")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_page_whose_first_title_is_glued_to_subscribe_is_read(
    tmp_path: Path, newline: str
) -> None:
    page = _page(tmp_path / "page.txt", _DENSE.replace("\n", newline))
    assert list(read_source(page)) == _expected((3, 5), "")


def test_each_listing_has_the_day_above_it(tmp_path: Path) -> None:
    text = _SPACED.replace("Bread That Tells", "March 15, 2024\n\nBread That Tells")
    days = [record.listed for record in read_source(_page(tmp_path / "page.txt", text))]  # type: ignore[union-attr]
    assert days == [(Listing("trending", "--03-14"),), (Listing("trending", "2024-03-15"),)]


@pytest.mark.parametrize(
    ("spoilt", "line", "reason"),
    [
        ("A Title Alone That Goes On and On\n\nKites", 11, "no abstract under 'A Title Alone"),
        ("Endless\n\n" + "Words and words. " * 2_000 + "\n\nKites", 11, "its abstract has 33,999"),
        ("\x01\x02\n\nAn abstract of nothing at all.\n\nKites", 11, "has no title"),
        ("Broken \ud800 Bytes\n\nAn abstract of it all.\n\nKites", 11, "is not UTF-8 text"),
        ("Broken Bytes\n\nAn abstract \udcff of it all.\n\nKites", 11, "is not UTF-8 text"),
        ("Feb 31\n\nMar 14\n\nKites", 11, "'Feb 31' is not in the calendar"),
    ],
    ids=["no abstract", "long abstract", "no title", "title", "abstract", "day"],
)
def test_what_is_spoilt_on_a_page_is_rejected_and_the_rest_is_read(
    tmp_path: Path, spoilt: str, line: int, reason: str
) -> None:
    text = _SPACED.replace("Kites", spoilt, 1)
    page = _page(tmp_path / "page.txt", text.encode("utf-8", "surrogatepass"))
    found = list(read_source(page))
    rejected = [item for item in found if isinstance(item, Rejection)]
    assert [(item.source, item.line) for item in rejected] == [(str(page), line)]
    assert rejected[0].reason.startswith(reason)
    kept = [item for item in found if isinstance(item, Record)]
    moved = spoilt.count("\n")
    assert kept == _expected((11 + moved, 15 + moved), "--03-14")


def test_a_page_that_ends_with_a_title_is_read_up_to_it(tmp_path: Path) -> None:
    page = _page(tmp_path / "page.txt", _SPACED + "\nThe Last Title\n")
    *records, rejection = read_source(page)
    assert records == _expected((11, 15), "--03-14")
    assert rejection == Rejection(str(page), 19, "no abstract under 'The Last Title'")


def test_the_five_real_pages_have_525_listings_of_464_papers(shared: Path) -> None:
    pages = sorted((shared / "corpus" / "pages").glob("*.txt"))
    found = [item for page in pages for item in read_source(page)]
    assert [item for item in found if isinstance(item, Rejection)] == []
    assert len(found) == 525
    assert len({item.title for item in found if isinstance(item, Record)}) in range(464, 470)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.jsonl", b" \n\n\t", "is empty"),
        ("binary.txt", bytes(range(256)) * 8, "is not UTF-8 text; save it as UTF-8 and try again"),
        ("binary.jsonl", b"\x00\x01\x02", "is not UTF-8 text; save it as UTF-8 and try again"),
        (
            "utf16.txt",
            _SPACED.encode("utf-16"),
            "is not UTF-8 text; save it as UTF-8 and try again",
        ),
        ("notes.txt", b"Only some notes.", None),
        ("photo.jpg", b"\xff\xd8\xff\xe0" * 99, None),
    ],
)
def test_a_file_that_is_none_of_ours_is_rejected_whole(
    tmp_path: Path, name: str, content: bytes, reason: str | None
) -> None:
    known = ", ".join(reader.NAME for reader in readers())
    path = _page(tmp_path / name, content)
    expected = reason or f"is in no known format; known are: {known}"
    assert list(read_source(path)) == [Rejection(str(path), 0, expected)]


def test_a_path_that_is_no_file_is_rejected(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    reasons = {
        tmp_path: f"is a folder; name the files in it, as in {tmp_path}/*",
        tmp_path / "missing.txt": "there is no such file; check the path",
        Path("with\0nul.txt"): "there is no such file; check the path",
        tmp_path / "pipe.jsonl": "is no file on disk; save what it gives to one",
        tmp_path / ("x" * 300): "cannot be read (File name too long); check its permissions",
    }
    for path, reason in reasons.items():
        assert list(read_source(path)) == [Rejection(str(path), 0, reason)]


def test_a_rejection_says_where_and_why() -> None:
    assert str(Rejection("a.txt", 3, "has no title")) == "a.txt:3: has no title"
    assert str(Rejection("a.txt", 0, "is empty")) == "a.txt: is empty"


def test_every_reader_has_a_name_of_its_own() -> None:
    assert len({reader.NAME for reader in readers()}) == len(readers())
    assert trending.NAME == "saved trending-papers page (.txt)"
