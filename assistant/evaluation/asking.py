"""Ask a case the way a user does."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.evaluation.cases import CONVERSATION, QUESTION, TOPIC, Case
from assistant.evaluation.judging import Record, judged
from assistant.evaluation.measures import Terms
from assistant.types import Answer, Finished, Retrieved, Turn

if TYPE_CHECKING:
    from assistant.assistant import Assistant

__all__ = ["asked"]

_K_RETRIEVED = 10


def asked(assistant: "Assistant", case: Case, terms: Terms) -> Iterator[Record]:
    """Ask one case; a conversation gives a record for each later turn that names a paper."""
    if case.kind == CONVERSATION:
        yield from _conversed(assistant, case, terms)
        return
    began = time.perf_counter()
    answer = (assistant.summarize if case.kind == TOPIC else assistant.ask)(case.query)
    seconds = time.perf_counter() - began
    # Searched for afterwards, so that the answer's own search finds nothing remembered.
    hits = assistant.search(case.query, _K_RETRIEVED) if case.kind == QUESTION else []
    found = [hit.paper.title for hit in hits]
    yield judged(case, found, answer, seconds, terms)


def _conversed(assistant: "Assistant", case: Case, terms: Terms) -> Iterator[Record]:
    history: list[Turn] = []
    for turn in case.turns:
        began = time.perf_counter()
        found, answer = _followed(assistant, turn.query, history)
        seconds = time.perf_counter() - began
        if history and turn.gold:
            yield judged(turn, found, answer, seconds, terms)
        history += [
            {"role": "user", "content": turn.query},
            {"role": "assistant", "content": answer.text},
        ]


def _followed(
    assistant: "Assistant", question: str, history: Sequence[Turn]
) -> tuple[list[str], Answer]:
    """The titles that an answer was written from, and the answer."""
    found: list[str] = []
    for event in assistant.stream(question, history):
        if isinstance(event, Retrieved):
            found = [hit.paper.title for hit in event.hits]
        elif isinstance(event, Finished):
            return found, event.answer
    raise AssertionError("a stream ends with Finished")
