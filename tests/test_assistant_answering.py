"""An answer that is under way, ended from another thread."""

from collections.abc import Iterator

import pytest

from assistant.answering import Answering
from assistant.chat.model import Stop
from assistant.errors import ChatModelError
from assistant.types import Delta, Event


def _broken(stop: Stop, *, stopped: bool) -> Iterator[Event]:
    yield Delta("Half")
    if stopped:
        stop.set()
    raise ChatModelError("the request was closed")


def test_what_a_closed_request_came_to_is_no_error() -> None:
    stop = Stop()
    assert list(Answering(_broken(stop, stopped=True), stop)) == [Delta("Half")]


def test_a_request_that_nobody_closed_fails_as_it_does() -> None:
    stop = Stop()
    events = Answering(_broken(stop, stopped=False), stop)
    assert next(events) == Delta("Half")
    with pytest.raises(ChatModelError, match="the request was closed"):
        next(events)


def test_after_closing_there_are_no_more_events() -> None:
    stop = Stop()
    events = Answering(_broken(stop, stopped=False), stop)
    events.close()
    assert list(events) == []
    assert stop
