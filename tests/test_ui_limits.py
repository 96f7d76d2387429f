from typing import Any

import pytest

from store.appearances import Appearances
from tests.ui_papers import HOSTILE, Parsed
from ui.filters import Within
from ui.limits import choices_of, n_passing, render_limits, render_passing

_WITHIN = Within(listed_from="--03-12", k=5)


class _Holder:
    """A collection that says what it has and keeps what it was asked."""

    def __init__(self, n_papers: int = 0, there: Appearances = Appearances((), (), ())) -> None:  # noqa: B008
        self.n_papers, self.there = n_papers, there
        self.asked: list[Any] = []

    def count(self, **filters: str) -> int:
        self.asked.append(filters)
        return self.n_papers

    def appearances(self) -> Appearances:
        return self.there


def test_a_chip_says_what_is_set_and_how_to_remove_it() -> None:
    parsed = Parsed(render_limits(_WITHIN, {"model": "gpt", "theme": "dark"}, 3))
    assert parsed.text == "listed from Mar 125 paperswriter gptDark theme"
    assert [(had["data-drop"], had["aria-label"]) for had in parsed.find("button")] == [
        ("listed_from", "Remove: listed from Mar 12"),
        ("k", "Remove: 5 papers"),
        ("model", "Remove: writer gpt"),
        ("theme", "Remove: Dark theme"),
    ]


def test_where_nothing_is_set_there_is_no_chip() -> None:
    assert render_limits(Within(), {}, 5) == '<div role="status"></div>'


@pytest.mark.parametrize(
    ("within", "n_papers", "said"),
    [
        (_WITHIN, 0, "No paper passes these filters. Clear the filters"),
        (Within(listed_to="soon"), None, "Listed to: 'soon' is not a date; write"),
        (Within(k=5), 0, ""),
    ],
)
def test_what_is_wrong_with_the_filters_is_said(
    within: Within, n_papers: int | None, said: str
) -> None:
    _, status, text = render_limits(within, {}, n_papers).partition('<div role="status">')
    assert Parsed(status + text).text.startswith(said)


@pytest.mark.parametrize(
    ("within", "n", "asked"),
    [
        (_WITHIN, 3, [{"listed_from": "--03-12"}]),
        (Within(k=5), 3, [{}]),
        (Within(listed_to="soon"), None, []),
    ],
)
def test_the_papers_that_pass_are_counted(within: Within, n: int | None, asked: list) -> None:
    holder = _Holder(3)
    assert n_passing(holder, within) == n  # type: ignore[arg-type]
    assert holder.asked == asked


def test_how_many_pass_is_said_where_it_is_known() -> None:
    assert render_passing(12, 5_464) == "12 of 5,464 papers pass"
    assert render_passing(None, 5_464) == ""


def test_days_years_and_lists_of_the_papers_are_offered() -> None:
    there = Appearances(("--03-10", "--03-12"), ("2021", "2024-02", "2024-03-01"), ("trending",))
    choices = choices_of(_Holder(2, there))  # type: ignore[arg-type]
    assert choices["listed_from"] == [("Mar 10", "--03-10"), ("Mar 12", "--03-12")]
    assert choices["published_to"] == [("2021", "2021"), ("2024", "2024")]
    assert choices["source"] == [("trending", "trending")]


@pytest.mark.parametrize(
    ("n_years", "last"), [(1, "2000-12-02"), (4, "2003-12-02"), (9, "2008-12"), (20, "2019")]
)
def test_of_many_days_the_months_or_years_are_offered(n_years: int, last: str) -> None:
    months = [f"{2000 + year}-{month:02}" for year in range(n_years) for month in range(1, 13)]
    days = [f"{month}-{day}" for month in months for day in ("01", "02")]
    there = Appearances(("--03-12", *days), (), ())
    offered = [day for _, day in choices_of(_Holder(2, there))["listed_from"]]  # type: ignore[arg-type]
    assert (offered[0], offered[-1]) == ("--03-12", last)
    assert len(offered) == len(set(offered)) <= 120


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_settings_are_inert(hostile: str) -> None:
    html = render_limits(Within(source=hostile), {"model": hostile}, 0, [hostile])
    assert {tag for tag, _ in Parsed(html).tags} == {"div", "span", "button", "p"}
