"""Days as papers and lists give them, often without a year or a day, and ranges of them."""

import re
from datetime import datetime
from functools import lru_cache

__all__ = ["parse_date", "within"]

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?|--(?P<md>\d{2}-\d{2})",
    re.ASCII,
)
_TIME = re.compile(r"(?<=\d\d)[T ]\d{2}:\d{2}.*")
_SPOKEN = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%Y %b %d", "%Y/%m/%d")
_SPOKEN_MONTH = ("%b %Y", "%B %Y", "%Y %b", "%Y %B")
_SPOKEN_WITHOUT_YEAR = ("%b %d", "%B %d", "%d %b", "%d %B")
_LEAP_YEAR = 2000


@lru_cache(1_000)  # many papers of a source have the same
def parse_date(text: str) -> str:
    """Bring a date into the project's form.

    Args:
        text: ISO 8601 ("2024", "2024-03", "2024-03-14", with or without a time, "--03-14") or
            spoken English ("Mar 14", "14 March 2024", "May 2024").

    Returns:
        "YYYY", "YYYY-MM", "YYYY-MM-DD", or "--MM-DD" where there is no year.

    Raises:
        ValueError: The text is no such date, or the day does not exist.
    """
    text = " ".join(text.split())
    date = _TIME.sub("", text)
    if _ISO.fullmatch(date):
        _check_exists(date)
        return date
    for form in _SPOKEN:
        if parsed := _try(text, form):
            return parsed.date().isoformat()
    for form in _SPOKEN_MONTH:
        if parsed := _try(text, form):
            return f"{parsed:%Y-%m}"
    for form in _SPOKEN_WITHOUT_YEAR:
        # A leap year, so that Feb 29 exists.
        if parsed := _try(f"{text} {_LEAP_YEAR}", f"{form} %Y"):
            return f"--{parsed:%m-%d}"
    raise ValueError(f"{text!r} is not a date; write 2024-03-14, 2024-03, 2024 or Mar 14")


def within(date: str, first: str, last: str) -> bool:
    """Tell whether a date may lie in a range, as far as the three of them are known.

    A date without a day or month counts where any day of it is in the range. Where a year is
    missing on one side, the other side's years are tried; where on both, month and day decide.

    Args:
        date: A parsed date, or "" (never within).
        first: First day of the range, parsed; "" for no limit.
        last: Last day of the range, parsed; "" for no limit.

    Returns:
        True where some reading of the dates puts it in the range.
    """
    if not date:
        return False
    if date.startswith("--"):
        return any(_covers(f"{year}{date[1:]}", first, last) for year in _years(first, last))
    return _covers(date, first, last)


def _covers(date: str, first: str, last: str) -> bool:
    """Compare a date that has a year; a limit without one takes the date's own."""
    year = date[:4]
    first, last = (f"{year}{limit[1:]}" if limit.startswith("--") else limit
                   for limit in (first, last))  # fmt: skip
    after = not first or date >= first[: len(date)]
    before = not last or date[: len(last)] <= last
    return after and before


def _years(first: str, last: str) -> range:
    """The years that a date without one may be in, given a range."""
    known = [int(limit[:4]) for limit in (first, last) if limit and not limit.startswith("--")]
    return range(min(known), max(known) + 1) if known else range(_LEAP_YEAR, _LEAP_YEAR + 1)


def _check_exists(date: str) -> None:
    """Refuse Feb 30 and month 13."""
    full = f"{_LEAP_YEAR}{date[1:]}" if date.startswith("--") else date + "0000-01-01"[len(date) :]
    if not _try(full, "%Y-%m-%d"):
        raise ValueError(f"{date!r} does not exist in the calendar")


def _try(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 (a day, not a moment)
    except ValueError:
        return None
