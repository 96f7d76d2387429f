"""A chat as the browser keeps it: all of it comes back, and what is no chat does not."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Paper
from store.errors import PaperNotFoundError
from tests.ui_papers import HOSTILE, Parsed, answer, citation, hit, paper, sentence
from ui.answers import render_conversation
from ui.evidence import render_evidence
from ui.exchange import Exchange, history
from ui.filters import Within
from ui.history import DamagedChatError, chat_as_json, read_chat

_ONE, _TWO = paper(1), paper(2)
_ANSWER = answer(
    "First. [1] More. [2] Third. [3]",
    [
        citation(1, _ONE, "First of 1."),
        citation(2, _TWO, "Second of 2.", support=0.25),
        citation(3, _ONE, "Third of 1."),
    ],
    sentences=(
        sentence("First. [1]", 1),
        sentence("More. [2]", 2, support=0.25, reason="the number 2 is not in the cited text"),
    ),
    n_near=8,
    timings_s={"total": 0.04},
    model="gpt",
    tokens_in=321,
    tokens_out=45,
    cached=True,
    incomplete="it was stopped",
    missing=("moon",),
    answerable=0.5,
)
_NEAR = (hit(1, _ONE), hit(2, _TWO))
_REFUSED = answer("No.\n\n- Title", refused=True, nearest=_NEAR, n_near=2, question="Who won?")
_CHAT = (
    Exchange(1, "What?", query="what", n_near=8, text=_ANSWER.text, answer=_ANSWER),
    Exchange(
        2,
        "Who won?",
        query="won",
        text=_REFUSED.text,
        answer=_REFUSED,
        within=Within(listed_from="Mar 12", k=5),
        verdict="down",
        judgement="0af",
        reason="It is there",
    ),
    Exchange(3, "topic", "Find", query="topic", hits=(hit(1, _TWO),)),
    Exchange(4, "Broken?", problem="The endpoint is away."),
    Exchange(5, "Hi", text="Hello.", answer=answer("Hello.", question="Hi", query="")),
    Exchange(6, "Stopped?", query="stopped", n_near=8, text="Half of", stopped=True),
)


class _Papers:
    """An assistant of which only papers are wanted."""

    def __init__(self, *papers: Paper) -> None:
        self.papers = {each.paper_id: each for each in papers}
        self.asked: list[str] = []

    def paper(self, paper_id: str) -> Paper:
        self.asked.append(paper_id)
        if paper_id not in self.papers:
            raise PaperNotFoundError(paper_id)
        return self.papers[paper_id]


def _read(text: str, *papers: Paper) -> tuple[Exchange, ...]:
    return read_chat(text, _Papers(*papers))[1]  # type: ignore[arg-type]


def _with(change: Callable[[dict[str, Any]], object]) -> str:
    """The chat with something changed in it."""
    told = json.loads(chat_as_json("a-1", _CHAT))
    change(told)
    return json.dumps(told)


def test_a_chat_comes_back_as_it_was_and_looks_as_it_looked() -> None:
    papers = _Papers(_ONE, _TWO)
    name, again = read_chat(chat_as_json("a-1", _CHAT), papers)  # type: ignore[arg-type]
    assert name == "a-1"
    assert render_conversation(again) == render_conversation(_CHAT)
    assert render_evidence(again) == render_evidence(_CHAT)
    assert history(again) == history(_CHAT)
    assert again[1:2] == _CHAT[1:2]
    assert papers.asked == ["p:1", "p:2"], "each is looked up once"


def test_what_is_under_way_comes_back_as_stopped() -> None:
    busy = Exchange(1, "Why?", query="why", n_near=8, text="Half", near=(hit(1, _ONE),))
    (again,) = _read(chat_as_json("a", [busy]))
    assert again == Exchange(1, "Why?", query="why", n_near=8, text="Half", stopped=True)


def test_abstracts_are_not_kept() -> None:
    text = chat_as_json("a", _CHAT)
    assert "Second of 1." not in text
    assert "Title 1" in text


def test_of_a_very_long_chat_the_end_is_kept() -> None:
    long = [Exchange(n, f"Question {n}", text="So.", stopped=True) for n in range(1, 151)]
    again = _read(chat_as_json("a", long))
    assert [(each.number, each.question) for each in (again[0], again[-1])] == [
        (1, "Question 51"),
        (100, "Question 150"),
    ]


@pytest.mark.parametrize(
    "now",
    [(), (paper(1, abstract="Something else. First of 1."), paper(2, abstract="Other."))],
    ids=["gone", "changed"],
)
def test_quotes_of_papers_that_are_gone_or_changed_stand_alone(now: tuple[Paper, ...]) -> None:
    again = _read(chat_as_json("a", _CHAT), *now)[0].answer
    assert again is not None
    assert [each.quote for each in again.citations] == [
        "First of 1.",
        "Second of 2.",
        "Third of 1.",
    ]
    for each in again.citations:
        assert each.paper.abstract[each.start : each.end] == each.quote
    first, _, third = again.citations
    assert first.paper == third.paper == Paper("p:1", "Title 1", "First of 1. … Third of 1.")


def test_a_paper_that_was_found_and_is_gone_keeps_its_title() -> None:
    found = _read(chat_as_json("a", _CHAT))[2].hits
    assert found is not None
    assert [(each.rank, each.paper) for each in found] == [(1, Paper("p:2", "Title 2", ""))]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_comes_back_as_text(hostile: str) -> None:
    def change(told: dict[str, Any]) -> None:
        first = told["exchanges"][0]
        first["question"] = first["query"] = first["reason"] = hostile
        first["answer"]["text"] = f"{hostile} [1]"
        first["answer"]["sentences"][1] |= {"text": f"{hostile} [1]", "reason": hostile}
        first["answer"]["citations"][0] |= {"title": hostile, "quote": hostile, "paper_id": hostile}
        first["answer"]["model"] = first["answer"]["incomplete"] = hostile
        told["exchanges"][2]["hits"][0] |= {"title": hostile, "paper_id": hostile}
        told["exchanges"][3]["problem"] = hostile

    again = _read(_with(change))
    parsed = Parsed(render_conversation(again) + render_evidence(again))
    assert {tag for tag, _ in parsed.tags} <= {
        *("article", "section", "h2", "h3", "p", "div", "span", "a", "ul", "ol", "li", "strong"),
        *("code", "button", "form", "input", "mark", "i", "details", "summary"),
    }
    assert not {name for _, had in parsed.tags for name in had if name.startswith("on")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "not JSON",
        '{"name": "a", "exchanges": []}',
        '{"name": "../a", "exchanges": [1]}',
        "[" * 100_000,
        " " * 4_000_001,
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_chat_is_refused(text: str) -> None:
    with pytest.raises(DamagedChatError):
        _read(text, _ONE, _TWO)


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], object]:
    def change(told: Any) -> None:
        *inner, last = path
        for step in inner:
            told = told[step]
        told[last] = to

    return change


_FIRST = ("exchanges", 0)
_CITED = (*_FIRST, "answer", "citations", 0)


@pytest.mark.parametrize(
    "change",
    [
        _set("name", to="a b"),
        _set("name", to="a\n"),
        _set("name", to="x" * 61),
        _set(*_FIRST, to=None),
        _set(*_FIRST, "question", to=1),
        _set(*_FIRST, "question", to="x" * 100_001),
        _set(*_FIRST, "mode", to="Delete"),
        _set(*_FIRST, "answer", "text", to=None),
        _set(*_FIRST, "answer", "timings_s", to={"total": -1}),
        _set(*_FIRST, "answer", "refused", to="no"),
        _set(*_FIRST, "verdict", to="sideways"),
        _set(*_CITED, "number", to=0),
        _set(*_CITED, "number", to='1" onclick="'),
        _set(*_CITED, "support", to=7),
        _set(*_CITED, "support", to=float("nan")),
        _set(*_CITED, "quote", to=""),
        _set(*_CITED, "start", to=-1),
        _set("exchanges", 2, "hits", 0, "rank", to="1><script>"),
        lambda told: told["exchanges"].extend(told["exchanges"] * 30),
        lambda told: told["exchanges"][0].pop("question"),
    ],
)
def test_a_chat_with_one_field_that_makes_no_sense_is_refused(change: Callable) -> None:
    with pytest.raises(DamagedChatError):
        _read(_with(change), _ONE, _TWO)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_anything_in_the_place_of_an_answer_is_read_or_refused(anything: object) -> None:
    try:
        again = _read(_with(_set(*_FIRST, "answer", to=anything)))
    except DamagedChatError:
        return
    assert again[0].answer is None


def test_no_stored_chat_begins_a_script() -> None:
    text = chat_as_json("a", [Exchange(1, "<script>alert(1)</script>", problem="<b>")])
    assert "<" not in text
    assert json.loads(text)["exchanges"][0]["question"] == "<script>alert(1)</script>"
