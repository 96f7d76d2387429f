"""Ask every case the way a user does, and gather what came back."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import EvaluationError
from assistant.evaluation.cases import (
    COMPARISON,
    CONVERSATION,
    TOPIC,
    Case,
    read_cases,
)
from assistant.evaluation.figures import Figure, figures
from assistant.evaluation.judging import Record, Terms, judged
from assistant.evaluation.known_items import CAVEAT, known_items
from assistant.types import Answer, Finished, Retrieved, Turn
from store.identity import normalize_title

if TYPE_CHECKING:
    from assistant.assistant import Assistant

__all__ = ["Evaluation", "evaluate", "measured"]

_K_RETRIEVED = 10
N_KNOWN_ITEMS = 200

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Evaluation:
    """What was asked of a collection, and what came back.

    Attributes:
        papers: How many papers the collection holds.
        encoder: The name of its encoder.
        model: Who writes the answers.
        cases: How many there were to ask.
        notes: What a reader of the figures has to know, such as papers that are not there.
        records: One a question asked.
        interrupted: Whether somebody stopped it.
    """

    papers: int
    encoder: str
    model: str
    cases: int
    notes: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    interrupted: bool = False

    def figures(self) -> list[Figure]:
        """The mean of each measure by kind of question, with its confidence interval."""
        return figures(self.records)


def evaluate(
    assistant: "Assistant",
    *files: str | Path,
    n: int = N_KNOWN_ITEMS,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> Evaluation:
    """Measure how well a collection is searched and answered from; nothing of it is changed.

    Args:
        assistant: What is asked.
        files: Questions with their answers, see ``cases``; folders of such files. Without any,
            questions are made of the collection itself, see ``known_items``.
        n: Of how many papers those are made.
        seed: The same gives the same ones.
        on_progress: Told how many cases of how many have been asked.

    Returns:
        What came back; stopped by Ctrl-C, what came back until then.

    Raises:
        EvaluationError: A file cannot be read, or none of its papers is in the collection.
    """
    cases = read_cases([Path(file) for file in files])
    return measured(assistant, cases, n, seed, on_progress)


def measured(
    assistant: "Assistant",
    cases: Sequence[Case],
    n: int = N_KNOWN_ITEMS,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> Evaluation:
    """Ask cases, see ``evaluate``; where there are none, such as are made of the collection."""
    papers, terms = assistant.papers(), _content_words()
    if not papers:
        raise EvaluationError("The collection is empty; add papers to it, and try again")
    if cases:
        asked, notes = _within(cases, {normalize_title(paper.title) for paper in papers})
    else:
        asked, notes = known_items(papers, terms, n, seed), [CAVEAT]
    evaluation = Evaluation(
        papers=len(papers),
        encoder=assistant.encoder.name,
        model=assistant.settings.model or "extractive",
        cases=len(asked),
        notes=notes,
    )
    tell = on_progress or (lambda *_: None)
    try:
        for number, case in enumerate(asked, 1):
            evaluation.records += _asked(assistant, case, terms)
            tell(number, len(asked))
    except KeyboardInterrupt:
        evaluation.interrupted = True
    return evaluation


def _within(cases: Sequence[Case], known: set[str]) -> tuple[list[Case], list[str]]:
    """The cases without the titles that the collection has not, and what that leaves out."""
    wanted = {title for case in cases for each in (case, *case.turns) for title in each.gold}
    absent = sorted(title for title in wanted if normalize_title(title) not in known)
    if not absent:
        return list(cases), []
    if len(absent) == len(wanted):
        raise EvaluationError(
            f"None of the {len(wanted)} gold papers is in this collection of {len(known)} papers;"
            " is it the right home?"
        )
    kept = [case for each in cases if (case := _narrowed(each, set(absent)))]
    named = "; ".join(f"“{title}”" for title in absent[:3]) + (" …" if len(absent) > 3 else "")
    return kept, [
        f"{len(absent)} of {len(wanted)} gold papers are not in this collection, so that"
        f" {len(cases) - len(kept)} of {len(cases)} cases are left out: {named}"
    ]


def _narrowed(case: Case, absent: set[str]) -> Case | None:
    """A case without the titles that are not there; None where it cannot be asked any more."""
    gold = tuple(title for title in case.gold if title not in absent)
    if len(gold) < (len(case.gold) if case.kind == COMPARISON else min(len(case.gold), 1)):
        return None
    core = tuple(title for title in case.core if title not in absent)
    if any(not _narrowed(turn, absent) for turn in case.turns):
        return None
    return replace(case, gold=gold, core=core)


def _asked(assistant: "Assistant", case: Case, terms: Terms) -> Iterator[Record]:
    """Ask one case; a conversation gives a record for each later turn that names a paper."""
    if case.kind == CONVERSATION:
        yield from _conversed(assistant, case, terms)
        return
    began = time.perf_counter()
    answer = (assistant.summarize if case.kind == TOPIC else assistant.ask)(case.query)
    seconds = time.perf_counter() - began
    # Searched for afterwards, so that the answer's own search finds nothing remembered.
    found = [hit.paper.title for hit in assistant.search(case.query, _K_RETRIEVED)]
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


def _content_words() -> Terms:
    from store.lexical_fields import analyzers
    from store.wording import plain

    analyzer = analyzers()["text"]
    return lambda text: list(analyzer.analyze(plain(text)))
