from typing import Any

import pytest

from tests.ui_papers import HOSTILE, Parsed, hit, listed, paper
from ui.filters import Within
from ui.limits import choices_of, n_passing, render_limits, render_passing

_WITHIN = Within(listed_from="--03-12", k=5)
_ANYTHING = ("a method and its results", 1, {"listed_from": "--03-12"})


class _Holder:
    """A collection that says how many papers it has and keeps what it was asked."""

    def __init__(self, n_papers: int, passing: int) -> None:
        self.n_papers, self.passing = n_papers, passing
        self.asked: list[Any] = []

    def count(self) -> int:
        return self.n_papers

    def papers(self, **filters: str) -> list:
        self.asked.append(filters)
        return [paper(number) for number in range(self.passing)]

    def search(self, query: str, k: int, **filters: str) -> list:
        self.asked.append((query, k, filters))
        return [hit(1, paper(1))][: self.passing]


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
    ("n_all", "passing", "within", "n", "asked"),
    [
        (7, 3, _WITHIN, 3, [{"listed_from": "--03-12"}]),
        (7, 0, _WITHIN, 0, [{"listed_from": "--03-12"}]),
        (9_000, 1, _WITHIN, None, [_ANYTHING]),
        (9_000, 0, _WITHIN, 0, [_ANYTHING]),
        (9_000, 1, Within(k=5), 9_000, []),
        (7, 1, Within(listed_to="soon"), None, []),
    ],
)
def test_papers_are_counted_and_of_many_it_is_asked_whether_any_passes(
    n_all: int, passing: int, within: Within, n: int | None, asked: list
) -> None:
    holder = _Holder(n_all, passing)
    assert n_passing(holder, within) == n  # type: ignore[arg-type]
    assert holder.asked == asked


def test_how_many_pass_is_said_where_it_is_known() -> None:
    assert render_passing(12, 5_464) == "12 of 5,464 papers pass"
    assert render_passing(None, 5_464) == ""


def test_days_years_and_lists_of_the_papers_are_offered() -> None:
    papers = [
        paper(1, listed=listed("--03-12"), published="2024-03-01"),
        paper(2, listed=listed("--03-10", "--03-12"), published="2021"),
    ]
    holder = _Holder(2, 0)
    holder.papers = lambda: papers  # type: ignore[method-assign]
    choices = choices_of(holder)  # type: ignore[arg-type]
    assert choices["listed_from"] == [("Mar 10", "--03-10"), ("Mar 12", "--03-12")]
    assert choices["published_to"] == [("2021", "2021"), ("2024", "2024")]
    assert choices["source"] == [("trending", "trending")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_settings_are_inert(hostile: str) -> None:
    html = render_limits(Within(source=hostile), {"model": hostile}, 0, [hostile])
    assert {tag for tag, _ in Parsed(html).tags} == {"div", "span", "button", "p"}
