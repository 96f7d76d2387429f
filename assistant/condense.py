"""A question and what was said before it, into a query that stands alone."""

import re
from collections.abc import Mapping, Sequence

from assistant.errors import QuestionError
from assistant.types import Turn

__all__ = ["MAX_QUESTION_CHARS", "checked_question", "condense"]

MAX_QUESTION_CHARS = 2_000

_LEANING = re.compile(
    r"""
      \b(?:it|they|them|this|these|those|he|she|former|latter|same|second|that\ one|the\ other)\b
    | ^(?:\S+\s+){0,3}(?:its|their)\b  # further on, they mostly mean something in the question
    | ^(?:and|or|but|so|then|also|why|what\ about|how\ about|how\ so)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MAX_LEANING_WORDS = 3
_ROLES = ("user", "assistant")


def checked_question(question: str) -> str:
    """Tidy a question.

    Raises:
        QuestionError: It is empty, no text, or longer than ``MAX_QUESTION_CHARS``.
    """
    question = " ".join(question.split())
    if not question:
        raise QuestionError("The question is empty; ask something about the papers")
    if any("\ud800" <= sign <= "\udfff" for sign in question[:MAX_QUESTION_CHARS]):
        raise QuestionError("The question is not UTF-8 text; type it again")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"The question has {len(question):,} characters and {MAX_QUESTION_CHARS:,} are allowed;"
            " ask a shorter one"
        )
    return question


def condense(question: str, history: Sequence[Turn]) -> str:
    """Make a query of a question in a conversation.

    A question that leans on what came before (a pronoun, a beginning like "and", a few words
    only) is joined to the user's question before it; any other stands alone, and nothing leaks.

    Args:
        question: What the user typed, checked.
        history: The turns before it, oldest first.

    Raises:
        QuestionError: A turn has no known role or no text.
    """
    for turn in history:
        if not isinstance(turn, Mapping) or not (
            turn.get("role") in _ROLES and isinstance(turn.get("content"), str)
        ):
            raise QuestionError(
                'A turn of the history is {"role": "user" or "assistant", "content": text}, not '
                f"{str(turn)[:80]!r}"
            )
    asked = [turn["content"] for turn in history if turn["role"] == "user"]
    if not asked or not _leans(question):
        return question
    return f"{' '.join(asked[-1].split())[:MAX_QUESTION_CHARS]} {question}"


def _leans(question: str) -> bool:
    return len(question.split()) <= _MAX_LEANING_WORDS or bool(_LEANING.search(question))
