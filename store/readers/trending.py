"""Saved pages of trending papers, in both of the layouts that are about.

One has a header, a listing day and blank lines between titles and abstracts; the other has no
blank lines and no day, and its first title is glued to the word Subscribe.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from store.dates import parse_date
from store.readers.record import Record, tidy_abstract, tidy_line
from store.readers.text import lines_of
from store.types import Listing, Rejection

__all__ = ["NAME", "SIGN", "read", "read_lines", "recognizes"]

NAME = "saved trending-papers page (.txt)"

SOURCE = "trending"
"""All pages are one list; a paper on several of them was listed several times."""

SIGN = "Get trending papers in your email inbox"
_GLUED = "Subscribe"
_FURNITURE = re.compile(rf"new|{SIGN}.*|{_GLUED}|by ?AK and the research community", re.IGNORECASE)
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_DAY = re.compile(rf"(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?")
_URL = re.compile(r"https?://[^\s)\]}>,;]+[^\s)\]}>,;.:]")
_MAX_TITLE_CHARS = 300


def recognizes(path: Path, head: str) -> bool:
    """Recognize the page by the sentence at its top."""
    return path.suffix.lower() in (".txt", "") and SIGN in head


def read(path: Path) -> Iterator[Record | Rejection]:
    """Read one page.

    Args:
        path: UTF-8 text that ``recognizes`` accepted.

    Yields:
        A record a listing. Where a title has no abstract under it, or a day is not in the
        calendar, a rejection, and reading goes on with the next line.
    """
    yield from read_lines(path, lines_of(path))


def read_lines(path: Path, lines: Iterable[tuple[int, str]]) -> Iterator[Record | Rejection]:
    """Read the numbered lines of a page, as ``read`` does; ``path`` names it."""
    day = ""
    title: tuple[int, str] | None = None
    for number, line in _content(lines):
        if _DAY.fullmatch(line):
            day = _day(line)
            if not day:
                yield Rejection(str(path), number, f"{line!r} is not in the calendar")
        elif title is None:
            title = number, line
        elif _is_abstract(title[1], line):
            yield _listed(path, *title, line, day)
            title = None
        else:
            yield Rejection(str(path), title[0], f"no abstract under {_short(title[1])!r}")
            title = number, line
    if title is not None:
        yield Rejection(str(path), title[0], f"no abstract under {_short(title[1])!r}")


def _content(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The numbered lines of a page that hold days, titles and abstracts."""
    for number, line in lines:
        text = line.strip()
        glued = text.startswith(_GLUED) and text != _GLUED and text[len(_GLUED)] != " "
        if glued:
            yield number, text.removeprefix(_GLUED)
        elif text and not _FURNITURE.fullmatch(text):
            yield number, text


def _is_abstract(title: str, line: str) -> bool:
    """Tell whether a line is the abstract of a title and not the next title."""
    return len(title) <= _MAX_TITLE_CHARS and (len(line) > len(title) or line.endswith("."))


def _day(line: str) -> str:
    """The day that a line names; "" where there is no such day."""
    try:
        return parse_date(line)
    except ValueError:
        return ""


def _listed(path: Path, number: int, title: str, abstract: str, day: str) -> Record | Rejection:
    """The record of one listing, or why it can be none."""
    abstract = tidy_abstract(abstract)
    try:
        return Record(
            source=SOURCE,
            line=number,
            title=tidy_line(title),
            abstract=abstract,
            listed=(Listing(SOURCE, day),),
            links=tuple(dict.fromkeys(_URL.findall(abstract))),
        )
    except ValueError as error:
        return Rejection(str(path), number, str(error))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
