"""Days of papers as people read them."""

from collections.abc import Iterable

from assistant.render import day_as_text
from assistant.types import Paper

__all__ = ["days_of", "span"]


def days_of(papers: Iterable[Paper]) -> list[str]:
    """The days that papers were listed on, in order, each once."""
    return sorted({each.day for paper in papers for each in paper.listed if each.day})


def span(days: Iterable[str]) -> str:
    """First and last day: "Mar 14", "Mar 11–14", "Mar 28 – Apr 2, 2024"; "" for no day.

    Args:
        days: "YYYY", "YYYY-MM", "YYYY-MM-DD" or "--MM-DD".
    """
    ordered = sorted(days)
    if not ordered:
        return ""
    first, last = ordered[0], ordered[-1]
    if first == last:
        return day_as_text(first)
    begins, ends = day_as_text(first), day_as_text(last)
    if first[:-2] == last[:-2] and _names_day(first) and _names_day(last):
        month, number = begins.partition(",")[0].split()
        return ends.replace(month, f"{month} {number}–", 1).replace("– ", "–", 1)
    return f"{begins} – {ends}"


def _names_day(day: str) -> bool:
    return day.count("-") == (3 if day.startswith("--") else 2)
