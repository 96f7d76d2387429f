"""What was asked on a page and what came of it; a conversation is a tuple of these."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.chat.model import Stop
from assistant.types import Answer, Delta, Event, Finished, Hit, Reading, Retrieved, Turn
from ui import words
from ui.filters import ANYWHERE, Within

__all__ = [
    *("MAX_EXCHANGES", "MODES", "Asked", "Chat", "Exchange", "Mode"),
    *("advanced", "history", "latest", "settled"),
]

Mode = Literal["Answer", "Summarize", "Find"]
MODES: tuple[Mode, ...] = ("Answer", "Summarize", "Find")

MAX_EXCHANGES = 100
"""Of a chat, on the page and in the browser; of a longer one, its end."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to have answered, and how.

    Attributes:
        question: As it was typed.
        mode: What is wanted.
        model: What writes the answer; None for the assistant's own writer.
        within: What it stays within.
        at: Index of the exchange that it replaces; None for a new one.
        fresh: Whether a chat model writes anew what is kept of it.
    """

    question: str
    mode: Mode = "Answer"
    model: str | None = None
    within: Within = ANYWHERE
    at: int | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """Which chat a browser tab has open.

    Attributes:
        name: Its own, under which the browser keeps it; "" before anything was asked.
        editing: Index of the exchange that the next question replaces.
    """

    name: str = ""
    editing: int | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question, and as much of its answer as has come.

    Attributes:
        number: 1 for the first of the conversation; part of every HTML id.
        question: What the person typed.
        mode: What they asked for.
        query: What is searched for, once that is known.
        n_near: Papers found, once they are.
        text: The answer's text so far, Markdown.
        answer: The whole answer, once it is finished.
        hits: What "Find" found; None before and in other modes.
        problem: Why there is no answer, for people; "" where nothing went wrong.
        stopped: Whether the person stopped it.
        near: The papers that a chat model is given to read, while it writes.
        within: What the question stays within.
        verdict: What was thought of it: "up", "down" or "".
        judgement: Under which name that was kept.
        reason: Why it was thought so.
        reading: How far it is, where that takes several calls; "" elsewhere.
        stop: Ends what is under way, from any thread.
    """

    number: int
    question: str
    mode: Mode = "Answer"
    query: str = ""
    n_near: int = 0
    text: str = ""
    answer: Answer | None = None
    hits: tuple[Hit, ...] | None = None
    problem: str = ""
    stopped: bool = False
    near: tuple[Hit, ...] = ()
    reading: str = ""
    within: Within = ANYWHERE
    verdict: Literal["", "up", "down"] = ""
    judgement: str = ""
    reason: str = ""
    stop: Stop | None = field(default=None, compare=False, repr=False)

    @property
    def busy(self) -> bool:
        """Whether more is to come."""
        return not (self.answer or self.problem or self.stopped or self.hits is not None)


def advanced(exchange: Exchange, event: Event) -> Exchange:
    """The exchange after one more event of the assistant's."""
    match event:
        case Retrieved(query, hits):
            return replace(exchange, query=query, n_near=len(hits))
        case Reading(done, n_calls):
            return replace(exchange, reading=words.CALL.format(n=done + 1, all=n_calls))
        case Delta(text):
            return replace(exchange, text=exchange.text + text)
        case Finished(answer):
            said = replace(exchange, query=answer.query, text=answer.text, answer=answer)
            return replace(said, near=(), stop=None)


def settled(exchange: Exchange) -> Exchange:
    """The exchange, stopped where it is still under way; a request to a chat model is closed."""
    if exchange.stop is not None:
        exchange.stop.set()
    return replace(exchange, stopped=True, near=(), stop=None) if exchange.busy else exchange


def latest(conversation: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """The conversation with room for one more; where there is none, its end, numbered from 1."""
    if len(conversation) < MAX_EXCHANGES:
        return conversation
    kept = conversation[1 - MAX_EXCHANGES :]
    return tuple(replace(each, number=number) for number, each in enumerate(kept, 1))


def history(conversation: Sequence[Exchange]) -> list[Turn]:
    """The turns that a follow-up question may refer to, oldest first."""
    turns: list[Turn] = []
    for exchange in conversation:
        if exchange.text and not exchange.problem:
            turns.append({"role": "user", "content": exchange.question})
            turns.append({"role": "assistant", "content": exchange.text})
    return turns
