"""What was said before a question: checked, trimmed, and cut into exchanges."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import QuestionError
from assistant.types import Turn

__all__ = ["MAX_EXCHANGES", "Exchange", "exchanges"]

MAX_EXCHANGES = 6
_MAX_QUESTION_CHARS = 300
_MAX_ANSWER_CHARS = 6_000
"""Of what was said before, that much is looked at."""

_ROLES = ("user", "assistant")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, either of them perhaps empty; UTF-8 text."""

    question: str
    answer: str


def exchanges(history: Sequence[Turn]) -> list[Exchange]:
    """Cut a conversation into exchanges.

    Args:
        history: The turns, oldest first.

    Returns:
        The last ``MAX_EXCHANGES``, newest first.

    Raises:
        QuestionError: The history is no list of turns, or a turn has no known role or no text.
    """
    cut: list[Exchange] = []
    answer = ""
    for role, content in reversed(_checked(history)):
        if len(cut) == MAX_EXCHANGES:
            break
        if role == "assistant":
            answer = f"{content}\n{answer}"[:_MAX_ANSWER_CHARS]
        else:
            question = " ".join(content[: 4 * _MAX_QUESTION_CHARS].split())
            cut.append(Exchange(_text(question[:_MAX_QUESTION_CHARS]), _text(answer)))
            answer = ""
    if answer and len(cut) < MAX_EXCHANGES:
        cut.append(Exchange("", _text(answer)))
    return cut


def _checked(history: Sequence[Turn]) -> list[tuple[str, str]]:
    """The roles and contents of all turns."""
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        raise QuestionError(f"The history is a list of turns, not {type(history).__name__}")
    return [_checked_turn(turn) for turn in history]


def _checked_turn(turn: Turn) -> tuple[str, str]:
    if isinstance(turn, Mapping):
        role, content = turn.get("role"), turn.get("content")
        if role in _ROLES and isinstance(content, str):
            return str(role), content
    raise QuestionError(
        'A turn of the history is {"role": "user" or "assistant", "content": text}, not '
        f"{str(turn)[:80]!r}"
    )


def _text(content: str) -> str:
    """What can be encoded: half a surrogate pair, as a broken client sends it, is no text."""
    return content.encode("utf-8", "replace").decode()
