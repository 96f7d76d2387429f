"""Saved web pages of trending papers: the data that they carry, else the lines that they show."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from store.errors import SourceError
from store.readers import trending
from store.readers.daily_papers import read_papers
from store.readers.record import Record
from store.readers.text import whole
from store.types import Rejection

__all__ = ["NAME", "read", "recognizes"]

NAME = "saved trending-papers page (.html)"

_UNSEEN = ("script", "style", "template", "noscript", "svg", "head")
_INLINE = ("a", "b", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u")


def recognizes(path: Path, head: str) -> bool:  # noqa: ARG001 (as every reader's)
    """Recognize the page by its ending; what it holds may stand far behind its head."""
    return path.suffix.lower() in (".html", ".htm")


def read(path: Path) -> Iterator[Record | Rejection]:
    """Read one page.

    Args:
        path: UTF-8.

    Yields:
        A record a paper; a rejection for each that has no title or abstract.

    Raises:
        SourceError: It is too large to be held, or no page of trending papers.
        UnicodeDecodeError: It is no UTF-8.
    """
    page = _Page()
    page.feed(whole(path))
    page.close()
    papers = [
        paper for line, data in page.data for paper in read_papers(path.name, line, _parsed(data))
    ]
    if papers:
        yield from papers
    elif any(trending.SIGN in text for _, text in page.lines):
        yield from trending.read_lines(path, page.lines)
    else:
        raise SourceError("is no saved page of trending papers")


class _Page(HTMLParser):
    """The lines that a page shows, and the data of its components, each with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self.data: list[tuple[int, str]] = []
        self._unseen = 0
        self._begun = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self._begun = self._begun and tag in _INLINE
        for name, value in attrs:
            if name == "data-props" and value and '"summary"' in value:
                self.data.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self._begun = self._begun and tag in _INLINE

    def handle_data(self, data: str) -> None:
        if self._unseen or not (data.strip() or self._begun):
            return
        text = " ".join(data.split("\n"))
        if self._begun:
            number, before = self.lines.pop()
            self.lines.append((number, before + text))
        else:
            self.lines.append((self.getpos()[0], text))
        self._begun = True


def _parsed(data: str) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
