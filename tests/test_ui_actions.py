"""What stands under an answer and what it does: copies, judgements, and asking in its place."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import FeedbackError
from assistant.feedback import Feedback
from tests.ui_papers import HOSTILE, Parsed, answer, citation, hit, paper, sentence
from ui.actions import render_actions
from ui.exchange import Exchange
from ui.feedback import judged, reasoned
from ui.references import exchange_as_markdown

_ONE = paper(
    1,
    title="On [brackets] & *stars*",
    authors=("A. Author", "B. Author"),
    published="2024-03-14",
    url="https://example.org/a(b)",
)
_TWO = paper(2)
_ANSWER = answer(
    "First. [1] More. [2]\n\n- Third. [3]",
    [
        citation(1, _ONE, "First of 1."),
        citation(2, _TWO, "Second of 2.", support=0.2),
        citation(3, _ONE, "Third of 1."),
    ],
    sentences=(
        sentence("First. [1]", 1),
        sentence("More. [2]", 2, support=0.2, reason="the number 2 is not in the cited text"),
        sentence("Third.", support=0.0),
    ),
    question="What?",
)
_DONE = Exchange(1, "What?", query="what", text=_ANSWER.text, answer=_ANSWER)
_REFUSED = answer("The collection does not answer this.\n\n- Title 2", refused=True)


# --- the copy ---


def test_an_answer_is_copied_with_its_references_and_what_is_weak_in_it() -> None:
    assert exchange_as_markdown(_DONE) == (
        "**What?**\n\n"
        "First. [1] More. [2]\n\n- Third. [3]\n\n"
        "- Sentence 2 is weak: the number 2 is not in the cited text\n"
        "- Sentence 3 is weak: it cites nothing that carries it\n\n"
        "References:\n\n"
        r"- [1] [3] A. Author, B. Author (2024). [On \[brackets\] & \*stars\*]"
        "(https://example.org/a%28b%29)\n"
        "- [2] Title 2"
    )


def test_a_refusal_is_copied_with_the_nearest_papers() -> None:
    refused = replace(_REFUSED, nearest=(hit(1, _TWO),))
    assert exchange_as_markdown(Exchange(1, "Who?\n# no", answer=refused)) == (
        r"**Who? \# no**"
        "\n\nThe collection does not answer this.\n\nNearest papers:\n\n1. Title 2"
    )


def test_what_was_found_stopped_or_went_wrong_is_copied_as_it_stands() -> None:
    found = Exchange(1, "topic", "Find", hits=(hit(1, _TWO), hit(2, paper(3))))
    assert exchange_as_markdown(found) == "**topic**\n\n1. Title 2\n2. Title 3"
    assert exchange_as_markdown(Exchange(1, "Q", text="Half", stopped=True)) == "**Q**\n\nHalf"
    assert exchange_as_markdown(Exchange(1, "Q", problem="Away.")) == "**Q**\n\nAway."


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_copy_loads_and_runs_nothing_where_it_is_pasted(hostile: str) -> None:
    of = paper(1, title=hostile, authors=(hostile,), url=hostile)
    told = answer(
        f"{hostile} [1]",
        [citation(1, of, of.abstract)],
        sentences=(sentence(f"{hostile} [1]", 1, support=0.1, reason=hostile),),
    )
    refused = replace(_REFUSED, nearest=(hit(1, of),), text=hostile)
    for exchange in (Exchange(1, hostile, answer=told), Exchange(1, hostile, answer=refused)):
        copied = exchange_as_markdown(exchange)
        assert not re.search(r"(?<!\\)<[A-Za-z/!?]|(?<!\\)!\[|(?<!\\)\]\((?!https?://)", copied)


# --- the buttons ---


def _buttons(exchange: Exchange) -> dict[str, dict[str, str | None]]:
    parsed = Parsed(render_actions(exchange))
    return {str(had["data-do"]): had for had in parsed.find("button") if "data-do" in had}


def test_nothing_can_be_done_with_what_is_under_way() -> None:
    assert render_actions(Exchange(1, "Q", text="Half")) == ""


def test_what_can_be_done_depends_on_what_there_is() -> None:
    small_talk = Exchange(1, "Hi", answer=answer("Hello.", query=""))
    assert list(_buttons(_DONE)) == ["retry", "copy", "edit", "up", "down"]
    assert list(_buttons(small_talk)) == ["retry", "copy", "edit"]
    assert list(_buttons(Exchange(1, "Q", hits=()))) == ["retry", "copy", "edit"]
    assert list(_buttons(Exchange(1, "Q", problem="No."))) == ["copy", "edit"]
    assert all(had["aria-label"] for had in _buttons(_DONE).values())


def test_the_copy_stands_in_its_button() -> None:
    assert _buttons(_DONE)["copy"]["data-text"] == exchange_as_markdown(_DONE)


def test_a_thumb_that_was_pressed_looks_so_and_asks_why() -> None:
    assert not Parsed(render_actions(_DONE)).find("form")
    told = replace(_DONE, verdict="down", reason='"<b>')
    buttons = _buttons(told)
    assert [buttons[each]["aria-pressed"] for each in ("up", "down")] == ["false", "true"]
    (box,) = Parsed(render_actions(told)).find("input")
    assert (box["value"], box["aria-label"]) == ('"<b>', "What is wrong with it? (optional)")


# --- judgements ---


class _Judged:
    """An assistant of which only judgements are wanted."""

    def __init__(self, home: Path) -> None:
        self.feedback = Feedback(home)


@pytest.fixture
def assistant(tmp_path: Path) -> Any:
    return _Judged(tmp_path)


def test_a_thumb_is_kept_with_what_came_before_and_taken_back_by_another_press(
    assistant: Any,
) -> None:
    chat = (_DONE, replace(_DONE, number=2, question="And?"), Exchange(3, "Q", text="T"))
    up = judged(assistant, chat, 1, "up")
    (kept,) = assistant.feedback.all()
    assert (kept.verdict, kept.question, kept.kind) == ("up", "What?", "answer")
    assert [turn["content"] for turn in kept.history] == ["What?", _ANSWER.text]
    assert (up[0], up[1], up[2]) == (
        chat[0],
        replace(chat[1], verdict="up", judgement=kept.name),
        chat[2],
    )
    down = judged(assistant, up, 1, "down")
    assert [each.verdict for each in assistant.feedback.all()] == ["down"]
    assert judged(assistant, down, 1, "down") == chat
    assert assistant.feedback.all() == []


def test_a_reason_is_kept_with_the_judgement_and_can_be_changed(assistant: Any) -> None:
    chat = judged(assistant, (replace(_DONE, mode="Summarize"),), 0, "down")
    for reason in (" Not so  at all ", "Better"):
        chat = reasoned(assistant, chat, 0, reason)
    (kept,) = assistant.feedback.all()
    assert (kept.verdict, kept.reason, kept.kind) == ("down", "Better", "summary")
    assert (chat[0].reason, chat[0].judgement) == ("Better", kept.name)


def test_what_has_no_answer_or_no_verdict_is_not_judged(assistant: Any) -> None:
    chat = (Exchange(1, "Q", problem="No."), _DONE)
    assert judged(assistant, chat, 0, "up") == chat
    assert reasoned(assistant, chat, 1, "because") == chat
    assert not assistant.feedback.path.exists()


def test_a_judgement_that_cannot_be_kept_leaves_the_old_one(assistant: Any) -> None:
    chat = judged(assistant, (_DONE,), 0, "up")
    kept = assistant.feedback.path.read_bytes()
    assistant.feedback.path.unlink()
    assistant.feedback.path.mkdir()
    with pytest.raises(FeedbackError):
        judged(assistant, chat, 0, "down")
    assistant.feedback.path.rmdir()
    assistant.feedback.path.write_bytes(kept)
    assert [each.verdict for each in assistant.feedback.all()] == ["up"]
