from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from store.dates import parse_date, within


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("2024", "2024"),
        ("2024-03", "2024-03"),
        ("2024-03-14", "2024-03-14"),
        ("2024-03-14T09:30:00Z", "2024-03-14"),
        ("2024-03-14 09:30", "2024-03-14"),
        ("--03-14", "--03-14"),
        ("--02-29", "--02-29"),
        ("Mar 14", "--03-14"),
        ("March 14", "--03-14"),
        ("14 March", "--03-14"),
        ("Feb 29", "--02-29"),
        ("  Mar   14,  2024 ", "2024-03-14"),
        ("14 March 2024", "2024-03-14"),
        ("2024/03/14", "2024-03-14"),
        ("Mar 14, 0999", "0999-03-14"),
    ],
)
def test_a_date_is_brought_into_one_form(text: str, parsed: str) -> None:
    assert parse_date(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2023-02-29",
        "2024-13",
        "2024-00-01",
        "--02-30",
        "Feb 30",
        "24-03-14",
        "٢٠٢٤-٠٣-١٤",
        "2024-3-4",
        "0000",
    ],
)
def test_what_is_no_date_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the message is asserted)
        parse_date(text)
    assert str(caught.value) in (
        f"{text!r} is not a date; write 2024-03-14, 2024-03, 2024 or Mar 14",
        f"{text!r} does not exist in the calendar",
    )


@given(st.dates())
def test_every_day_of_the_calendar_is_read_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day.isoformat()


@given(st.text())
def test_any_text_is_a_date_in_the_form_or_refused(text: str) -> None:
    try:
        parsed = parse_date(text)
    except ValueError:
        return
    assert parse_date(parsed) == parsed
    assert parsed.isascii()


_DAYS = st.dates(date(2022, 12, 1), date(2024, 3, 31)).map(date.isoformat)
_PARTIAL = st.one_of(
    _DAYS, _DAYS.map(lambda day: day[:7]), _DAYS.map(lambda day: day[:4]), st.just("")
)


@given(_PARTIAL, _PARTIAL, _PARTIAL)
def test_a_date_is_within_where_any_day_of_it_is_in_the_range(
    when: str, first: str, last: str
) -> None:
    begins, ends = _days(first), _days(last)
    low = begins[0] if begins else date.min
    high = ends[-1] if ends else date.max
    assume(low <= high)
    assert within(when, first, last) == any(low <= day <= high for day in _days(when))


@given(
    _DAYS.filter(lambda day: day[5:] != "02-29"), *[st.sampled_from(["2022", "2023", "2024"])] * 2
)
def test_a_day_without_a_year_is_tried_in_the_years_of_the_range(
    day: str, first: str, last: str
) -> None:
    assert within(f"-{day[4:]}", first, last) == (first <= last)


@given(_DAYS, _DAYS, _DAYS)
def test_where_no_year_is_known_month_and_day_decide(when: str, first: str, last: str) -> None:
    expected = first[5:] <= when[5:] <= last[5:]
    assert within(f"-{when[4:]}", f"-{first[4:]}", f"-{last[4:]}") == expected


@given(_DAYS, _DAYS, _DAYS)
def test_a_limit_without_a_year_takes_the_dates_own(when: str, first: str, last: str) -> None:
    expected = first[5:] <= when[5:] <= last[5:]
    assert within(when, f"-{first[4:]}", f"-{last[4:]}") == expected


def test_an_unknown_date_is_never_within() -> None:
    assert not within("", "", "")
    assert not within("", "2024", "")


def _days(text: str) -> list[date]:
    """Every day that a date with a year may be."""
    if not text:
        return []
    year = date(int(text[:4]), 1, 1)
    every = (year + timedelta(days=n) for n in range(366))
    return [day for day in every if day.isoformat().startswith(text)]
