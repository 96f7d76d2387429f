"""What people think of an answer, from the page into the home folder, and taken back from there."""

from dataclasses import replace
from typing import Literal

from assistant import Assistant
from assistant.feedback import MAX_REASON_CHARS
from ui.chat import Conversation
from ui.exchange import history

__all__ = ["judged", "reasoned"]

_MAX_TURNS = 20
"""What came before an answer is kept with its judgement as far back as this."""


def judged(
    assistant: Assistant, conversation: Conversation, at: int, verdict: Literal["up", "down"]
) -> Conversation:
    """The conversation after a thumb was pressed: a judgement, or the same one taken back.

    Args:
        assistant: Keeps judgements.
        conversation: With its answers.
        at: Index of the exchange; one without an answer is left as it is.
        verdict: Of the thumb.

    Raises:
        FeedbackError: It cannot be kept.
    """
    again = conversation[at].verdict == verdict
    return _changed(assistant, conversation, at, "" if again else verdict, "")


def reasoned(
    assistant: Assistant, conversation: Conversation, at: int, reason: str
) -> Conversation:
    """The conversation after the reason of a judgement was given or changed.

    Args:
        assistant: Keeps judgements.
        conversation: With its answers.
        at: Index of the exchange; one that was not judged is left as it is.
        reason: As it was typed.

    Raises:
        FeedbackError: It cannot be kept.
    """
    verdict = conversation[at].verdict
    if not verdict:
        return conversation
    said = " ".join(reason.split())[:MAX_REASON_CHARS]
    return _changed(assistant, conversation, at, verdict, said)


def _changed(
    assistant: Assistant,
    conversation: Conversation,
    at: int,
    verdict: Literal["", "up", "down"],
    reason: str,
) -> Conversation:
    """Keep the new judgement first: if that fails, the old one stands."""
    exchange, name = conversation[at], ""
    if exchange.answer is None:
        return conversation
    if verdict:
        name = assistant.feedback.add(
            exchange.answer,
            verdict,
            reason=reason,
            history=history(conversation[:at])[-_MAX_TURNS:],
            topic=exchange.mode == "Summarize",
        )
    if exchange.judgement:
        assistant.feedback.take_back(exchange.judgement)
    told = replace(exchange, verdict=verdict, judgement=name, reason=reason)
    return (*conversation[:at], told, *conversation[at + 1 :])
