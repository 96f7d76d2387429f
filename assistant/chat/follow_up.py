"""A question that leans on a conversation, made to stand alone by the chat model."""

import logging
from collections.abc import Sequence

from assistant.chat.budget import n_tokens_of, room_for_reply
from assistant.chat.messages import Briefing, conversation
from assistant.chat.model import Message
from assistant.chat.thoughts import without_thoughts
from assistant.chat.writer import ChatWriter
from assistant.errors import ChatModelError
from assistant.types import Turn

__all__ = ["standalone"]

_MAX_CHARS = 400
"""A longer reply is no query, but an answer or an apology."""
_MAX_TURN_CHARS = 1_500

_log = logging.getLogger(__name__)


def standalone(writer: ChatWriter, question: str, history: Sequence[Turn], otherwise: str) -> str:
    """Make a query that stands alone.

    Args:
        writer: Asks the model.
        question: What the user typed.
        history: The turns before it, oldest first.
        otherwise: The query where the model gives none, or none that can be one.
    """
    turns = conversation(history)
    if not turns:
        return otherwise
    try:
        reply = writer.said(_briefing(writer, question, turns))
    except ChatModelError as error:
        _log.info("no query of the chat model: %s", error)
        return otherwise
    query = " ".join(without_thoughts(reply).split()).strip("\"'`“”")
    return query if 0 < len(query) <= _MAX_CHARS else otherwise


def _briefing(writer: ChatWriter, question: str, turns: Sequence[Message]) -> Briefing:
    """The newest turns that fit, as lines of a script."""
    prompt, tokens = writer.prompts["condense"], writer.model.context_tokens
    for first in range(len(turns)):
        lines = [f"{turn.role}: {_line(turn.content)}" for turn in turns[first:]]
        system, user = prompt.filled(conversation="\n".join(lines), question=question)
        messages = (Message("system", system), Message("user", user))
        n = n_tokens_of(messages)
        if n <= tokens - room_for_reply(tokens):
            break
    return Briefing(messages, {}, n)


def _line(text: str) -> str:
    return " ".join(text.split())[:_MAX_TURN_CHARS]
