"""Questions whose answers are known, as files hold them, one JSON object a line.

What each is for is told by the first of these fields that it has:

turns           a conversation, each turn with "user", "gold", "answer"; also "type"
relevant        a topic to summarize: "query", "relevant", "core", "marginal"
answer_points   a comparison of several papers: "query", "gold"
gold, answer, evidence   a question: "query" and any of the three; also "style"
kind            a question that no paper answers: "query", "kind"
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.condense import checked_question
from assistant.errors import EvaluationError, QuestionError

__all__ = [
    "COMPARISON",
    "CONVERSATION",
    "FOLLOW_UP",
    "QUESTION",
    "TOPIC",
    "UNANSWERABLE",
    "Case",
    "read_cases",
]

QUESTION = "question"
COMPARISON = "comparison"
CONVERSATION = "conversation"
FOLLOW_UP = "follow-up"
TOPIC = "topic"
UNANSWERABLE = "unanswerable"

_TOLD_BY = {
    "turns": CONVERSATION,
    "relevant": TOPIC,
    "answer_points": COMPARISON,
    "gold": QUESTION,
    "answer": QUESTION,
    "evidence": QUESTION,
    "kind": UNANSWERABLE,
}
_GROUPED_BY = {CONVERSATION: "type", UNANSWERABLE: "kind"}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to ask, and what should come back.

    Attributes:
        kind: Question, comparison, conversation, topic or unanswerable; of a turn, follow-up.
        name: The "id" of its record; else its place.
        query: The question or topic; of a conversation, its first.
        group: What figures are told apart by: a style, a kind of unanswerable, a conversation's.
        gold: Titles of the papers that answer it; of a topic, those on it.
        core: Of a topic, titles that no summary may miss.
        marginal: Of a topic, titles that may be cited and need not.
        answer: What an answer has to say, a few words each.
        evidence: What the abstract says to it, a sentence or several each.
        turns: Of a conversation, its turns in order.
    """

    kind: str
    name: str
    query: str
    group: str = ""
    gold: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    marginal: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    turns: tuple["Case", ...] = ()


def read_cases(paths: Sequence[Path]) -> list[Case]:
    """Read files of JSON Lines; of a folder all its ``.jsonl``, by name.

    Raises:
        EvaluationError: A file cannot be read or a line is no such record; the first is named.
    """
    files = [file for path in paths for file in _files(path)]
    return [case for file in files for case in _cases(file)]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise EvaluationError(f"{path}: the folder has no .jsonl file; name a file of questions")
    return files


def _cases(path: Path) -> Iterator[Case]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: is not UTF-8 text; give questions as JSON Lines") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise EvaluationError(f"{path}: cannot be read: {reason}") from error
    # JSON strings may hold what ``splitlines`` takes for the end of a line.
    lines = [(at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise EvaluationError(f"{path}: is empty; give one question a line, as JSON")
    for at, line in lines:
        try:
            yield _case(line, f"{path.name}:{at}")
        except (QuestionError, _WrongLineError) as error:
            raise EvaluationError(f"{path}:{at}: {error}") from error


class _WrongLineError(ValueError):
    """A line is no question; its file and number are added to the message."""


def _case(line: str, place: str) -> Case:
    record = _object(line)
    kind = next((_TOLD_BY[field] for field in _TOLD_BY if record.get(field)), None)
    if kind is None:
        raise _WrongLineError(f"says nothing in any of the fields {', '.join(_TOLD_BY)}")
    name = _text(record, "id") or _text(record, "_id") or place
    group = _text(record, _GROUPED_BY.get(kind, "style"))
    if kind == CONVERSATION:
        turns = _turns(record, name, group)
        return Case(kind, name, turns[0].query, group, turns=turns)
    return replace(_asked(record, "query", kind), name=name, group=group)


def _object(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
        json.dumps(record, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise _WrongLineError(f"is not JSON: {error.msg} at character {error.colno}") from error
    except UnicodeEncodeError as error:
        raise _WrongLineError("holds half of a character (a lone surrogate)") from error
    except (ValueError, RecursionError) as error:
        raise _WrongLineError(f"cannot be read as JSON: {error}") from error
    if not isinstance(record, dict):
        raise _WrongLineError(f"is a JSON {_named(record)} and not an object")
    return record


def _turns(record: dict[str, Any], name: str, group: str) -> tuple[Case, ...]:
    turns = record["turns"]
    if (
        not isinstance(turns, list)
        or not all(isinstance(turn, dict) for turn in turns)
        or not turns
    ):
        raise _WrongLineError('"turns" is no list of objects')
    return tuple(
        replace(_asked(turn, "user", FOLLOW_UP), name=f"{name}/{number}", group=group)
        for number, turn in enumerate(turns, 1)
    )


def _asked(record: dict[str, Any], field: str, kind: str) -> Case:
    """What one record asks and expects, as yet without a name."""
    query = _text(record, field)
    if not query:
        raise _WrongLineError(f'has no text in "{field}"')
    case = Case(
        kind,
        "",
        checked_question(query),
        gold=_texts(record, "relevant" if kind == TOPIC else "gold"),
        core=_texts(record, "core"),
        marginal=_texts(record, "marginal"),
        answer=_texts(record, "answer"),
        evidence=_texts(record, "evidence"),
    )
    if kind == COMPARISON and not case.gold:
        raise _WrongLineError('names no paper in "gold"')
    return case


def _text(record: dict[str, Any], field: str) -> str:
    text = record.get(field, "")
    if text is None or isinstance(text, str):
        return (text or "").strip()
    raise _WrongLineError(f'"{field}" is a {_named(text)} and not a text')


def _texts(record: dict[str, Any], field: str) -> tuple[str, ...]:
    """A list of texts, or one text for a list of it."""
    texts = record.get(field) or ()
    if isinstance(texts, str):
        texts = [texts]
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise _WrongLineError(f'"{field}" is no text and no list of texts')
    return tuple(text for text in texts if text.strip())


def _named(thing: object) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "truth value", type(None): "null"}
    return names.get(type(thing), "number")
