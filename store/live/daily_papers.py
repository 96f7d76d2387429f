"""The daily papers of a day, from the API of their site."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from store.errors import SourceError
from store.live.steps import Step
from store.readers.daily_papers import read_papers
from store.readers.record import Record
from store.types import Rejection

__all__ = ["read"]

_API = "https://huggingface.co/api/daily_papers"
_PER_PAGE = 100
_MAX_PAGES = 10
_MAX_DAYS = 366


def read(source: str, wanted: str, n_before: int) -> Iterator[Record | Rejection | Step]:
    """Read the papers listed on a day, or on each of some days.

    Args:
        source: As the user named it.
        wanted: "2024-03-11", or "2024-03-11..2024-03-15", both included.
        n_before: Days at its beginning that are left out.

    Raises:
        SourceError: That is no day, or it cannot be had.
    """
    days = list(_days(wanted))
    for n_done, day in enumerate(days[n_before:], start=n_before + 1):
        for page in range(_MAX_PAGES):
            papers = _page(day, page)
            yield from read_papers(source, 0, papers, day)
            if len(papers) < _PER_PAGE:
                break
        yield Step(n_done, len(days))


def _page(day: str, page: int) -> list[object]:
    from store.live.fetching import fetch

    body = fetch(f"{_API}?date={day}&p={page}&limit={_PER_PAGE}", ["application/json"])
    try:
        papers = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"sent no valid JSON for {day}; try again later") from error
    if not isinstance(papers, list):
        raise SourceError(f"sent no list of papers for {day}; try again later")
    return papers


def _days(wanted: str) -> Iterator[str]:
    """The days of a range, as "2024-03-11"."""
    first, _, last = wanted.partition("..")
    try:
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise SourceError(f"{wanted!r} is no day; write hf:2024-03-11") from error
    if not 0 <= (end - day).days < _MAX_DAYS:
        raise SourceError(f"{wanted!r} is no range of 1 to {_MAX_DAYS} days")
    while day <= end:
        yield day.isoformat()
        day += timedelta(days=1)
