"""What people judged of answers: lines in a file of the home folder that is only added to."""

import json
import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock, Timeout

from assistant.errors import FeedbackError
from assistant.types import Answer, Citation, Turn

__all__ = ["MAX_REASON_CHARS", "Cited", "Feedback", "Judgement", "Verdict"]

Verdict = Literal["up", "down"]

MAX_REASON_CHARS = 2_000
_TAKEN_BACK = "taken back"
_WAIT_S = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper that a judged answer cites, with the sentences that it quotes."""

    paper_id: str
    title: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody thought of one answer.

    Attributes:
        name: Its own; by it, it is taken back.
        time: When it was judged, UTC, as ISO 8601 says it.
        verdict: "up" or "down".
        reason: In the words of who judged; "" where none was given.
        kind: "answer", "refusal", "reply", or "summary" of a topic.
        question: What was typed.
        query: What was searched for.
        history: The turns before it, oldest first.
        text: What was answered.
        model: What wrote it.
        cited: The papers that it cites, in the order of the citations.
    """

    name: str
    time: str
    verdict: Verdict
    reason: str
    kind: str
    question: str
    query: str
    history: tuple[Turn, ...]
    text: str
    model: str
    cited: tuple[Cited, ...]


class Feedback:
    """The judgements of a home, from any number of threads and processes."""

    def __init__(self, home: Path) -> None:
        """Remember the place; nothing is made before there is something to keep.

        Args:
            home: The home folder.
        """
        self.path = home / "feedback.jsonl"

    def add(
        self,
        answer: Answer,
        verdict: Verdict,
        *,
        reason: str = "",
        history: Sequence[Turn] = (),
        topic: bool = False,
    ) -> str:
        """Keep what somebody thought of an answer.

        Args:
            answer: As it was given.
            verdict: "up" or "down".
            reason: Why; may be empty.
            history: The turns before it, oldest first.
            topic: Whether it is a summary of a topic.

        Returns:
            The judgement's name, for ``take_back``.

        Raises:
            FeedbackError: The verdict is none, the reason is too long, or it cannot be written.
        """
        _check(verdict, reason)
        judgement = Judgement(
            name=uuid.uuid4().hex,
            time=_now(),
            verdict=verdict,
            reason=reason.strip(),
            kind="summary" if topic and answer.kind == "answer" else answer.kind,
            question=answer.question,
            query=answer.query,
            history=tuple(map(dict, history)),
            text=answer.text,
            model=answer.model,
            cited=tuple(_cited(answer.citations)),
        )
        self._append(asdict(judgement))
        return judgement.name

    def take_back(self, name: str) -> None:
        """Let a judgement count no longer; what was written stays written.

        Raises:
            FeedbackError: It cannot be written.
        """
        self._append({"name": name, "time": _now(), "verdict": _TAKEN_BACK})

    def all(self) -> list[Judgement]:
        """The judgements that were not taken back, oldest first.

        A line that cannot be read is named in the log and left out.

        Raises:
            FeedbackError: The file cannot be read.
        """
        found: dict[str, Judgement] = {}
        for record in self._records():
            if record["verdict"] == _TAKEN_BACK:
                found.pop(record["name"], None)
            else:
                found[record["name"]] = _judgement(record)
        return list(found.values())

    def _append(self, record: Mapping[str, object]) -> None:
        line = (json.dumps(record) + "\n").encode("ascii")
        try:
            with (
                FileLock(self.path.with_suffix(".lock"), timeout=_WAIT_S),
                self.path.open("ab+") as file,
            ):
                # What a crash has left half written must not take this line with it.
                if file.seek(0, 2) and (file.seek(-1, 2), file.read(1))[1] != b"\n":
                    line = b"\n" + line
                file.write(line)
        except Timeout as error:
            raise FeedbackError(
                f"{self.path} is being written to by another process; try again"
            ) from error
        except OSError as error:
            raise FeedbackError(
                f"{self.path} cannot be written to ({error.strerror}); make it writable"
            ) from error

    def _records(self) -> Iterator[dict[str, Any]]:
        try:
            lines = self.path.read_bytes().splitlines() if self.path.exists() else []
        except OSError as error:
            raise FeedbackError(f"{self.path} cannot be read ({error.strerror})") from error
        for at, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                if record["verdict"] != _TAKEN_BACK:
                    _judgement(record)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                _log.warning("%s:%d is no judgement and is left out: %s", self.path, at, error)
            else:
                yield record


def _check(verdict: str, reason: str) -> None:
    if verdict not in get_args(Verdict):
        raise FeedbackError(f'The verdict is {verdict!r}; give "up" or "down"')
    if len(reason) > MAX_REASON_CHARS:
        raise FeedbackError(
            f"The reason has {len(reason):,} characters; {MAX_REASON_CHARS:,} are kept at most"
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _cited(citations: Sequence[Citation]) -> Iterator[Cited]:
    """The cited papers with their quotes, each once."""
    quotes: dict[tuple[str, str], list[str]] = {}
    for each in citations:
        quotes.setdefault((each.paper.paper_id, each.paper.title), []).append(each.quote)
    for (paper_id, title), quoted in quotes.items():
        yield Cited(paper_id, title, tuple(quoted))


def _judgement(record: Mapping[str, Any]) -> Judgement:
    told = {field.name: record[field.name] for field in fields(Judgement)}
    cited = (
        Cited(each["paper_id"], each["title"], tuple(each["quotes"])) for each in told["cited"]
    )
    return Judgement(**told | {"history": tuple(told["history"]), "cited": tuple(cited)})
