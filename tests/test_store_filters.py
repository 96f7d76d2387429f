from dataclasses import asdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import FilterError
from store.filters import make_filters, passes
from store.types import Filters, Listing, Paper


def test_filters_are_checked_and_their_dates_brought_into_one_form() -> None:
    given_ones = {"listed_from": "Mar 14", "published_to": "March 2, 2024", "source": "a.jsonl"}
    assert make_filters(given_ones) == Filters("--03-14", "", "", "2024-03-02", "a.jsonl")
    assert make_filters({"listed_to": None, "source": ""}) == Filters()
    assert not make_filters({})
    assert make_filters({"source": "a"})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("author", "Ada", "There is no filter 'author'; there are listed_from, listed_to,"),
        ("listed_from", "soon", "listed_from: 'soon' is not a date; write 2024-03-14,"),
        ("published_to", "2023-02-29", "published_to: '2023-02-29' does not exist"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        make_filters({name: value})
    assert str(caught.value).startswith(message)


_DAY = st.dates(date(2023, 1, 1), date(2024, 12, 31)).map(date.isoformat)
_DATE = st.one_of(_DAY, _DAY.map(lambda day: day[:7]), _DAY.map(lambda day: day[:4]), st.just(""))
_SOURCE = st.sampled_from(["", "trending", "mine"])
_PAPER = st.builds(
    Paper,
    st.just("p"),
    st.just("T"),
    st.just("A"),
    published=_DATE,
    listed=st.lists(st.builds(Listing, _SOURCE.filter(bool), _DATE), max_size=3).map(tuple),
)
_RANGE = (
    st.tuples(_DAY, _DAY)
    .map(sorted)
    .flatmap(lambda ends: st.tuples(st.sampled_from(["", ends[0]]), st.sampled_from(["", ends[1]])))
)


@given(_PAPER, _RANGE, _RANGE, _SOURCE)
def test_filters_agree_with_looking_at_every_day(
    paper: Paper, listed: tuple[str, str], published: tuple[str, str], source: str
) -> None:
    filters = Filters(*listed, *published, source)
    in_listings = any(
        (not source or listing.source == source)
        and (not any(listed) or _any_day_within(listing.day, *listed))
        for listing in paper.listed
    )
    expected = (not any(published) or _any_day_within(paper.published, *published)) and (
        not (any(listed) or source) or in_listings
    )
    assert passes(paper, filters) == expected
    assert bool(filters) == any(asdict(filters).values())


def _any_day_within(when: str, first: str, last: str) -> bool:
    if not when:
        return False
    days = (date(int(when[:4]), 1, 1) + timedelta(days=n) for n in range(366))
    possible = [day.isoformat() for day in days if day.isoformat().startswith(when)]
    return any(first <= day <= (last or "9999") for day in possible)


@pytest.mark.parametrize(
    ("first", "last"), [("2024-03-14", "2024-03-13"), ("2024", "2023-12-31"), ("Mar 14", "Mar 11")]
)
def test_a_range_that_ends_before_it_begins_is_refused(first: str, last: str) -> None:
    with pytest.raises(FilterError, match="ends before it begins"):
        make_filters({"listed_from": first, "listed_to": last})
