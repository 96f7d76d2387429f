"""A question from the page to the assistant, and the conversation after each thing that comes."""

import logging
from collections.abc import Iterator
from dataclasses import replace

from assistant import Assistant, AssistantError, StoreError
from assistant.answering import Answering
from assistant.chat.model import Stop
from assistant.extractive import NAME as EXTRACTIVE
from assistant.types import Retrieved
from ui.exchange import Asked, Exchange, advanced, history, settled
from ui.filters import problem_of
from ui.pacing import Paced
from ui.words import UNEXPECTED

__all__ = ["PAINT_EVERY_S", "UNEXPECTED", "Conversation", "converse", "stopped"]

PAINT_EVERY_S = 0.05
"""Text that comes faster than this is shown together: fifty words a second need no fifty pages."""

Conversation = tuple[Exchange, ...]

_log = logging.getLogger(__name__)


def converse(
    assistant: Assistant, conversation: Conversation, asked: Asked
) -> Iterator[Conversation]:
    """Ask, and give the conversation as it grows: at once with the question alone, then on.

    Args:
        assistant: Answers.
        conversation: What this browser tab has asked before.
        asked: The question, and how it is to be answered.

    Yields:
        The conversation, the new exchange at its place; an error is one with a ``problem``. Whoever
        stops it leaves the last word to this: Gradio gives that to the page once more at the end.
    """
    told = tuple(map(settled, conversation))
    at = len(told) if asked.at is None else asked.at
    before, after = told[:at], told[at + 1 :]
    question = asked.question.strip()
    exchange = Exchange(at + 1, question, asked.mode, within=asked.within, stop=Stop())
    for exchange in _answered(assistant, before, exchange, asked):  # noqa: B020 (it is what grows)
        yield (*before, exchange, *after)
    if exchange.busy:
        yield (*before, settled(exchange), *after)


def stopped(conversation: Conversation) -> Conversation:
    """The conversation with nothing under way."""
    return tuple(map(settled, conversation))


def _answered(
    assistant: Assistant, before: Conversation, exchange: Exchange, asked: Asked
) -> Iterator[Exchange]:
    """The exchange as it grows, from the question alone to its answer or its problem."""
    yield exchange
    if problem := problem_of(asked.within):
        yield replace(exchange, problem=problem)
        return
    try:
        for exchange in _advance(assistant, before, exchange, asked):  # noqa: B020, PLR1704 (it is what advances)
            yield exchange
    except (AssistantError, StoreError) as error:
        yield replace(exchange, problem=str(error))
    except Exception:  # noqa: BLE001 (logged, and said to the person who waits)
        _log.exception("a question from the page failed")
        yield replace(exchange, problem=UNEXPECTED)


def _advance(
    assistant: Assistant, before: Conversation, exchange: Exchange, asked: Asked
) -> Iterator[Exchange]:
    assistant = assistant.anew() if asked.fresh else assistant
    given = exchange.within.given()
    reads = (asked.model or assistant.model) != EXTRACTIVE
    if exchange.mode == "Find":
        hits = assistant.search(exchange.question, **given)
        yield replace(exchange, query=exchange.question, hits=tuple(hits))
    elif exchange.mode == "Summarize":
        events = assistant.stream_summary(exchange.question, model=asked.model, **given)
        yield from _streamed(events, exchange, reads)
    else:
        events = assistant.stream(exchange.question, history(before), model=asked.model, **given)
        yield from _streamed(events, exchange, reads)


def _streamed(events: Answering, exchange: Exchange, reads: bool) -> Iterator[Exchange]:
    """The answer as it is written, no more often than people can see.

    Args:
        events: Of the assistant.
        exchange: So far.
        reads: Whether somebody reads the papers before writing, which takes a while.
    """
    groups = Paced(events, PAINT_EVERY_S)
    if exchange.stop is not None:
        exchange.stop.when_set(groups.close)
    for group in groups:
        for event in group:
            exchange = advanced(exchange, event)
            if reads and isinstance(event, Retrieved):
                exchange = replace(exchange, near=event.hits)
        yield exchange
