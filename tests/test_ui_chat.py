import logging
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from assistant import AssistantError, StoreError
from assistant.types import Delta, Event, Finished, Retrieved
from tests.ui_papers import answer, hit, paper
from ui import chat, pacing
from ui.chat import UNEXPECTED, converse, stopped
from ui.exchange import Asked, Exchange, history

_HIT = hit(1, paper(1))
_ANSWER = answer("One. Two.", question="Why?", query="why")
_EVENTS = (Retrieved("why", (_HIT,)), Delta("One."), Delta(" Two."), Finished(_ANSWER))


class _Scripted:
    """An assistant that says what it is told to, and keeps what it was asked."""

    def __init__(self, *events: Event, error: Exception | None = None) -> None:
        self.events, self.error, self.asked = events, error, list[Any]()

    model = "extractive"

    def stream(self, question: str, past: object, *, model: str | None) -> Iterator[Event]:
        assert model is None
        self.asked.append((question, past))
        yield from self.events
        self._fail()

    def stream_summary(self, topic: str, *, model: str | None) -> Iterator[Event]:
        assert model is None
        self.asked.append(topic)
        self._fail()
        yield from self.events

    def search(self, query: str) -> list[object]:
        self.asked.append(query)
        self._fail()
        return [_HIT]

    def _fail(self) -> None:
        if self.error:
            raise self.error


def _ask(assistant: _Scripted, before: tuple = (), mode: str = "Answer") -> list[tuple]:
    return list(converse(assistant, before, Asked(" Why? ", mode)))  # type: ignore[arg-type]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets how long each look at the clock takes."""

    def tick(step_s: float) -> None:
        ticks = iter(range(1_000_000))
        monkeypatch.setattr(pacing, "time", SimpleNamespace(monotonic=lambda: next(ticks) * step_s))

    return tick


def test_the_question_is_there_at_once_and_each_event_after_it(clock: Callable) -> None:
    clock(1.0)
    assistant = _Scripted(*_EVENTS)
    frames = [conversation[-1] for conversation in _ask(assistant)]
    asked = Exchange(1, "Why?")
    assert frames[0] == asked
    assert [frame.text for frame in frames] == ["", "", "One.", "One. Two.", "One. Two."]
    assert [frame.busy for frame in frames] == [True, True, True, True, False]
    assert frames[1] == Exchange(1, "Why?", query="why", n_near=1)
    assert frames[-1].answer is _ANSWER
    assert assistant.asked == [("Why?", [])]


def test_text_that_comes_faster_than_people_see_is_shown_together(clock: Callable) -> None:
    clock(chat.PAINT_EVERY_S / 10)
    frames = [conversation[-1] for conversation in _ask(_Scripted(*_EVENTS))]
    assert [frame.text for frame in frames] == ["", "", "One.", "One. Two."]


def test_the_last_words_are_shown_while_nothing_comes_after_them() -> None:
    seen = threading.Event()

    class Stalling(_Scripted):
        def stream(self, *_: object, **__: object) -> Iterator[Event]:
            yield from _EVENTS[:3]
            assert seen.wait(10), "the words that came last were held back"
            yield _EVENTS[3]

    frames = converse(Stalling(), (), Asked("Why?"))  # type: ignore[arg-type]
    assert "One. Two." in (conversation[-1].text for conversation in frames)
    seen.set()
    assert [conversation[-1].answer for conversation in frames][-1] is _ANSWER


def test_a_follow_up_brings_the_turns_of_its_own_conversation() -> None:
    before = (
        Exchange(1, "First?", text="So.", answer=_ANSWER),
        Exchange(2, "Broken?", text="Half", problem="No."),
        Exchange(3, "topic", "Find", hits=(_HIT,)),
        Exchange(4, "Stopped?", text="Only"),
    )
    assistant = _Scripted(*_EVENTS)
    after = _ask(assistant, before)[-1]
    turns = [
        {"role": "user", "content": "First?"},
        {"role": "assistant", "content": "So."},
        {"role": "user", "content": "Stopped?"},
        {"role": "assistant", "content": "Only"},
    ]
    assert assistant.asked == [("Why?", turns)]
    assert [exchange.number for exchange in after] == [1, 2, 3, 4, 5]
    assert after[3].stopped
    assert history(after)[:4] == turns


@pytest.mark.parametrize("mode", ["Summarize", "Find"])
def test_a_topic_is_summarized_or_found_in_one_go(mode: str) -> None:
    assistant = _Scripted(Finished(_ANSWER))
    frames = [conversation[-1] for conversation in _ask(assistant, mode=mode)]
    assert [frame.busy for frame in frames] == [True, False]
    assert assistant.asked == ["Why?"]
    assert (frames[-1].answer, frames[-1].hits) == (
        (_ANSWER, None) if mode == "Summarize" else (None, (_HIT,))
    )


@pytest.mark.parametrize("mode", ["Answer", "Summarize", "Find"])
@pytest.mark.parametrize("error", [AssistantError("Say less."), StoreError("Ask later.")])
def test_an_error_for_people_is_said_as_it_is(error: Exception, mode: str) -> None:
    last = _ask(_Scripted(error=error), mode=mode)[-1][-1]
    assert (last.problem, last.busy) == (str(error), False)


def test_an_error_keeps_the_text_that_came_before(clock: Callable) -> None:
    clock(1.0)
    last = _ask(_Scripted(*_EVENTS[:2], error=AssistantError("Cut.")))[-1][-1]
    assert (last.text, last.problem) == ("One.", "Cut.")


def test_an_error_of_ours_is_logged_and_told_without_its_details(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        last = _ask(_Scripted(error=ZeroDivisionError("key sk-secret")))[-1][-1]
    assert last.problem == UNEXPECTED
    assert caplog.records[0].exc_info is not None


def test_stopping_ends_what_is_under_way_and_nothing_else() -> None:
    done, busy = Exchange(1, "a", answer=_ANSWER), Exchange(2, "b", text="Half")
    assert stopped((done, busy)) == (done, Exchange(2, "b", text="Half", stopped=True))
