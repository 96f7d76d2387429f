"""Saved web pages of trending papers: the data that they carry, else the lines that they show."""

import json
import time
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

_MAX_S, _MAX_TAG_CHARS = 5.0, 2_000_000
"""What is no page may take the parser time and memory out of proportion."""
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
    """
    page, text = _Page(), whole(path)
    if max(map(len, text.split(">"))) > _MAX_TAG_CHARS:
        raise SourceError(f"has {_MAX_TAG_CHARS:,} characters without a tag; is it a saved page?")
    try:
        page.feed(text)
        page.close()
    except AssertionError as error:
        raise SourceError("is broken HTML") from error
    papers = [
        paper
        for line, data in page.data
        for paper in read_papers(path.name, line, _parsed(data), place=str(path))
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
        self.data: list[tuple[int, str]] = []
        self._lines: list[tuple[int, list[str]]] = []
        self._unseen = 0
        self._begun = False
        self._until_s = time.thread_time() + _MAX_S

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The lines, each with the number of the one in the file that it begins in."""
        return [(number, "".join(parts)) for number, parts in self._lines]

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
        if time.thread_time() > self._until_s:
            raise SourceError(f"takes longer than {_MAX_S:.0f} s to read; is it a saved page?")
        if self._unseen or not (data.strip() or self._begun):
            return
        if not self._begun:
            self._lines.append((self.getpos()[0], []))
        self._lines[-1][1].append(" ".join(data.split("\n")))
        self._begun = True


def _parsed(data: str) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
