"""Daily papers as the page and the API of their site carry them: nested objects."""

import re
from collections.abc import Iterator
from typing import Any

from store.readers.fields import record_of
from store.readers.record import Record
from store.readers.trending import SOURCE
from store.types import Rejection

__all__ = ["read_papers"]

_PAGE = "https://huggingface.co/papers/"
_ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}")


def read_papers(
    source: str, line: int, data: object, day: str = "", place: str = ""
) -> Iterator[Record | Rejection]:
    """Read every paper in some data, wherever it lies.

    Args:
        source: What gave the data.
        line: Where it stands in it.
        data: As JSON was parsed.
        day: When the papers were listed, where they do not say so themselves.
        place: What rejections call it; ``source`` unless given.

    Yields:
        A record a paper; a rejection for each that has no title or abstract.
    """
    waiting: list[tuple[Any, str]] = [(data, day)]
    while waiting:
        value, listed = waiting.pop()
        if isinstance(value, list):
            waiting += [(each, listed) for each in reversed(value)]
        elif isinstance(value, dict):
            listed = day or str(value.get("submittedOnDailyAt") or listed)
            if "title" in value and "summary" in value and "paper" not in value:
                try:
                    yield _read(source, line, listed[:10], value)
                except ValueError as error:
                    yield Rejection(place or source, line, str(error))
            else:
                waiting += [(each, listed) for each in reversed(list(value.values()))]


def _read(source: str, line: int, day: str, paper: dict[str, Any]) -> Record:
    """The record of one paper.

    Raises:
        ValueError: It has no title or abstract.
    """
    name, authors = str(paper.get("id", "")), paper.get("authors")
    item = {
        "title": paper["title"],
        "abstract": paper["summary"],
        "authors": [
            each.get("name")
            for each in (authors if isinstance(authors, list) else ())
            if isinstance(each, dict)
        ],
        "published": str(paper.get("publishedAt") or "")[:10],
        "listed": [{"source": SOURCE, "day": day}],
    }
    if _ARXIV_ID.fullmatch(name):
        item |= {"arxiv_id": name, "url": _PAGE + name}
    try:
        return record_of(source, line, item)
    except ValueError as error:
        raise ValueError(f"{name!r} {error}" if name else str(error)) from error
