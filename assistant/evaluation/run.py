"""An evaluation: case after case asked, and all that came back gathered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, EvaluationError
from assistant.evaluation.asking import asked
from assistant.evaluation.cases import COMPARISON, Case, read_cases
from assistant.evaluation.figures import Figure, figures
from assistant.evaluation.judging import Record
from assistant.evaluation.known_items import CAVEAT, known_items
from assistant.evaluation.measures import content_words
from store.identity import normalize_title

if TYPE_CHECKING:
    from assistant.assistant import Assistant

__all__ = ["Evaluation", "evaluate", "measured"]

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
        interrupted: Whether it ended early.
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
        What came back; where Ctrl-C or a chat model that fails puts an end to it, what came back
        until then.

    Raises:
        EvaluationError: A file cannot be read, or none of its papers is in the collection.
        AssistantError: Not even the first question can be answered.
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
    papers, terms = assistant.papers(), content_words()
    if not papers:
        raise EvaluationError("The collection is empty; add papers to it, and try again")
    if cases:
        cases, notes = _within(cases, {normalize_title(paper.title) for paper in papers})
    else:
        cases, notes = known_items(papers, terms, n, seed), [CAVEAT]
    evaluation = Evaluation(
        papers=len(papers),
        encoder=assistant.encoder.name,
        model=assistant.model,
        cases=len(cases),
        notes=notes,
    )
    tell = on_progress or (lambda *_: None)
    try:
        for number, case in enumerate(cases, 1):
            evaluation.records += asked(assistant, case, terms)
            tell(number, len(cases))
    except (KeyboardInterrupt, AssistantError) as error:
        if not evaluation.records:
            raise
        evaluation.interrupted = True
        notes.append(f"Stopped early, and the figures are of what was asked. {error}".strip())
    return evaluation


def _within(cases: Sequence[Case], known: set[str]) -> tuple[list[Case], list[str]]:
    """The cases without the titles that the collection has not, and what that leaves out."""
    wanted = {
        title
        for case in cases
        for each in (case, *case.turns)
        for title in (*each.gold, *each.core)
    }
    absent = sorted(title for title in wanted if normalize_title(title) not in known)
    if not absent:
        return list(cases), []
    if len(absent) == len(wanted):
        raise EvaluationError(
            f"None of the papers asked for, such as {_named(absent[:1])}, is in this collection of"
            f" {len(known)} papers; is it the right home?"
        )
    kept = [case for each in cases if (case := _narrowed(each, set(absent)))]
    return kept, [
        f"{len(absent)} of {len(wanted)} gold papers are not in this collection, so that"
        f" {len(cases) - len(kept)} of {len(cases)} cases are left out: {_named(absent)}"
    ]


def _named(titles: Sequence[str]) -> str:
    return "; ".join(f"“{title}”" for title in titles[:3]) + (" …" if len(titles) > 3 else "")


def _narrowed(case: Case, absent: set[str]) -> Case | None:
    """A case without the titles that are not there; None where it cannot be asked any more."""
    gold = tuple(title for title in case.gold if title not in absent)
    if len(gold) < (len(case.gold) if case.kind == COMPARISON else min(len(case.gold), 1)):
        return None
    core = tuple(title for title in case.core if title not in absent)
    if any(not _narrowed(turn, absent) for turn in case.turns):
        return None
    return replace(case, gold=gold, core=core)
