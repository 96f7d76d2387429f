"""Filters: made of what a person typed, and whether a paper passes them."""

from collections.abc import Mapping
from dataclasses import fields

from store.dates import parse_date, within
from store.errors import FilterError
from store.types import Filters, Listing, Paper

__all__ = ["make_filters", "passes"]

_NAMES = tuple(field.name for field in fields(Filters))


def make_filters(given: Mapping[str, str | None]) -> Filters:
    """Check filters by name and bring their dates into the project's form.

    Args:
        given: Values by the names of ``Filters``; None and "" do not narrow.

    Raises:
        FilterError: A name is unknown, a date is none, or a range ends before it begins.
    """
    if unknown := set(given) - set(_NAMES):
        raise FilterError(
            f"There is no filter {sorted(unknown)[0]!r}; there are {', '.join(_NAMES)}"
        )
    filters = Filters(**{name: _value(name, value) for name, value in given.items() if value})
    for begins, ends in (("listed_from", "listed_to"), ("published_from", "published_to")):
        first, last = getattr(filters, begins), getattr(filters, ends)
        comparable = "" not in (first, last) and (first[0] == "-") == (last[0] == "-")
        if comparable and first[: len(last)] > last[: len(first)]:
            raise FilterError(
                f"The range from {given[begins]} to {given[ends]} ends before it begins"
            )
    return filters


def _value(name: str, value: str) -> str:
    if name == "source":
        return value
    try:
        return parse_date(str(value))  # a year may come as a number, a day as a date
    except ValueError as error:
        raise FilterError(f"{name}: {error}") from error


def passes(paper: Paper, filters: Filters) -> bool:
    """Tell whether a paper passes; one of its listings must pass all that concern listings."""
    first, last = filters.published_from, filters.published_to
    if (first or last) and not within(paper.published, first, last):
        return False
    if not (filters.listed_from or filters.listed_to or filters.source):
        return True
    return any(_listing_passes(listing, filters) for listing in paper.listed)


def _listing_passes(listing: Listing, filters: Filters) -> bool:
    if filters.source and listing.source != filters.source:
        return False
    if not (filters.listed_from or filters.listed_to):
        return True
    return within(listing.day, filters.listed_from, filters.listed_to)
