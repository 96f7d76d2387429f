import re
from dataclasses import replace

import pytest

from assistant.types import Answer
from tests.ui_papers import HOSTILE, Parsed, answer, citation, hit, listed, paper
from ui.coverage import render_copy_link, render_coverage, render_nothing_passes
from ui.exchange import Exchange
from ui.filters import Within

_ONE, _TWO = paper(1), paper(2)
_CITED = (citation(1, _ONE, "First of 1."), citation(2, _TWO, "Second of 2."))
_FILTERED = Within(listed_from="--03-12", source="trending", k=5)


def _finished(given: Answer, **more: object) -> Exchange:
    return Exchange(1, given.question, query=given.query, answer=given, **more)  # type: ignore[arg-type]


def _line(exchange: Exchange) -> str:
    return Parsed(render_coverage(exchange)).text


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"n_near": 9, "timings_s": {"total": 0.041}}, "From 2 of 9 near papers · 0.04 s"),
        ({"n_near": 9}, "From 2 of 9 near papers"),
        ({"n_near": 1, "timings_s": {"total": 12.4}}, "From 2 of 1 near paper · 12 s"),
        ({"n_near": 9, "refused": True, "citations": ()}, "0 of 9 near papers answer"),
    ],
)
def test_it_says_from_how_many_near_papers(fields: dict, line: str) -> None:
    head, *tail = line.split(" · ")
    told = replace(answer("So.", _CITED), **fields)
    alone = "\xa0·\xa0".join(("abstracts only", *tail))  # no line has the time alone
    assert _line(_finished(told)) == f"{head} · {alone}"


def test_that_abstracts_alone_were_read_is_explained_to_pointer_and_keyboard() -> None:
    (span,) = Parsed(render_coverage(_finished(answer("So.", _CITED)))).find("span")
    assert span["tabindex"] == "0"
    assert "Only abstracts were read." in str(span["data-tip"])


def test_it_names_the_days_of_the_cited_papers() -> None:
    one, two = paper(1, listed=listed("--03-11", "--03-14")), paper(2, listed=listed("--03-12"))
    cited = (citation(1, one, "First of 1."), citation(2, two, "First of 2."))
    line = _line(_finished(answer("So.", cited, n_near=3)))
    assert line == "From 2 of 3 near papers · listed Mar 11–14 · abstracts only"


@pytest.mark.parametrize(
    ("years", "said"), [(("2021", "2024-03"), "2021–2024"), (("2024-01-02", ""), "2024")]
)
def test_papers_that_no_list_has_are_named_by_their_years(years: tuple, said: str) -> None:
    of = [paper(number, published=year) for number, year in enumerate(years, 1)]
    cited = [citation(each, one, f"First of {each}.") for each, one in enumerate(of, 1)]
    assert f" · published {said} · " in _line(_finished(answer("So.", cited)))


def test_it_says_within_what_was_asked() -> None:
    exchange = _finished(answer("So.", _CITED, n_near=5), within=_FILTERED)
    limits = "within: listed from Mar 12, source trending, 5 papers"
    assert _line(exchange) == f"From 2 of 5 near papers · {limits} · abstracts only"
    found = Exchange(1, "topic", "Find", hits=(hit(1, _ONE),), within=_FILTERED)
    assert _line(found) == f"Most relevant first · {limits}"


@pytest.mark.parametrize(
    ("cached", "said"), [(False, "gpt-9, 1,812 + 64 tokens"), (True, "gpt-9, kept from before")]
)
def test_a_chat_model_is_named_with_what_it_took(cached: bool, said: str) -> None:
    told = answer("So.", _CITED, model="gpt-9", tokens_in=1812, tokens_out=64, cached=cached)
    assert _line(_finished(told)).endswith(f"abstracts only · {said}")


@pytest.mark.parametrize(
    "exchange",
    [
        _finished(answer("Hello.", query="")),
        Exchange(1, "Why?", text="Half"),
        Exchange(1, "Why?", problem="No."),
    ],
)
def test_small_talk_and_what_is_not_finished_rest_on_nothing(exchange: Exchange) -> None:
    assert render_coverage(exchange) == render_copy_link(exchange) == ""


def test_what_was_asked_can_be_linked_to() -> None:
    told = answer("So.", _CITED, question="Why is it so?")
    (button,) = Parsed(render_copy_link(_finished(told))).find("button", aria_label="Copy link")
    assert button["data-link"] == "?q=Why+is+it+so%3F"


def test_filters_that_leave_no_paper_say_so_and_can_be_cleared() -> None:
    refused = answer("The collection does not answer this.", refused=True)
    html = render_nothing_passes(_finished(refused, within=_FILTERED))
    said = "No paper passes the filters: listed from Mar 12, source trending. Clear the filters"
    assert Parsed(html).text == said
    assert Parsed(html).find("button", data_drop="all")
    found = Exchange(1, "topic", "Find", hits=(), within=_FILTERED)
    assert Parsed(render_nothing_passes(found)).text == said


@pytest.mark.parametrize(
    ("n_near", "within"), [(3, _FILTERED), (0, Within()), (0, Within(k=5))], ids=str
)
def test_nothing_is_said_of_filters_where_it_is_not_they(n_near: int, within: Within) -> None:
    refused = answer("No.", refused=True, n_near=n_near)
    assert render_nothing_passes(_finished(refused, within=within)) == ""


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_filters_and_questions_are_inert(hostile: str) -> None:
    within = Within(listed_from=hostile, source=hostile)
    told = answer("So.", refused=True, model=hostile, question=hostile)
    exchange = _finished(told, within=within)
    html = render_coverage(exchange) + render_nothing_passes(exchange) + render_copy_link(exchange)
    parsed = Parsed(html)
    assert {tag for tag, _ in parsed.tags} == {"span", "p", "button"}
    (link,) = [had["data-link"] for _, had in parsed.tags if "data-link" in had]
    assert re.fullmatch(r"\?[\w.~%+=&*-]*", str(link))
