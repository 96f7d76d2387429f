import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.exchange import MODES, Exchange
from ui.filters import Within
from ui.links import Link, link_of, read_link

_WITHIN = Within(listed_from="--03-12", source="a & b", k=5)


@given(st.text(min_size=1, max_size=80), st.sampled_from(MODES))
def test_a_link_asks_the_same_again(question: str, mode: str) -> None:
    exchange = Exchange(1, question, mode, within=_WITHIN)  # type: ignore[arg-type]
    link = read_link(link_of(exchange))
    said = " ".join(question.encode("utf-8", "replace").decode().split())
    assert (link.question, link.mode, link.within, link.left_out) == (said, mode, _WITHIN, ())


def test_only_what_is_set_stands_in_the_address() -> None:
    assert link_of(Exchange(1, "Why is it so?", query="why so")) == "?q=Why+is+it+so%3F"
    assert link_of(Exchange(1, "a", "Find", within=_WITHIN)) == (
        "?q=a&mode=Find&listed_from=--03-12&source=a+%26+b&k=5"
    )


def test_a_question_that_leans_on_others_is_given_as_it_was_searched_for() -> None:
    assert link_of(Exchange(2, "And it?", query="cost of PaCo")) == "?q=cost+of+PaCo"
    assert link_of(Exchange(2, "And it?")) == "?q=And+it%3F"


@pytest.mark.parametrize("search", ["", "?", "?__theme=dark&utm_source=x", "?q=", "?q=%20"])
def test_an_address_that_asks_nothing_asks_nothing(search: str) -> None:
    assert read_link(search).question == ""
    assert read_link(search).left_out == ()


def test_an_address_with_a_question_alone_narrows_nothing() -> None:
    assert read_link("?q=a").within == Within()
    assert read_link("?mode=Find").within is None


@pytest.mark.parametrize(
    ("search", "line"),
    [
        ("?q=a&mode=%3Cb%3E", "The address asks for the mode “<b>”; there are Answer, Summarize"),
        ("?q=" + "a" * 2_001, "The question has 2,001 characters and 2,000 are allowed"),
        ("?q=" + "a" * 30_000, "The address has 30,003 characters and 20,000 are read"),
        ("?q=a&listed_from=soon", "“listed from” was left out: 'soon' is not a date"),
        ("?q=a&k=9999", "'9999' is no number of papers from 1 to 200"),
    ],
)
def test_what_makes_no_sense_is_said(search: str, line: str) -> None:
    link = read_link(search)
    assert link.left_out[0].startswith(line) or line in link.left_out[0]
    assert link.mode == "Answer"
    assert link.within in (Within(), None)


@given(st.text(max_size=200))
def test_any_address_is_read(search: str) -> None:
    assert isinstance(read_link(search), Link)
    assert isinstance(read_link(f"?q={search}"), Link)
