"""What came back to a case, and how good that is by each measure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.cases import COMPARISON, FOLLOW_UP, QUESTION, TOPIC, UNANSWERABLE, Case
from assistant.evaluation.measures import Terms, cites, conveyed, evidence_hit, share
from assistant.evaluation.ranking import ndcg, reciprocal_rank, success
from assistant.types import Answer
from store.identity import normalize_title

__all__ = ["Record", "judged"]

_N_SENTENCES = 3
"""What is quoted and cited later than this in an answer to a question does not count."""


@dataclass(frozen=True, slots=True)
class Record:
    """One question that was asked.

    Attributes:
        kind: That of its case.
        name: That of its case.
        together: Records of the same belong together: the turns of a conversation, the questions
            about one paper.
        group: What figures are told apart by.
        query: What was asked.
        measures: By name, 0 to 1; what cannot be measured on it is left out.
        seconds: How long the answer took.
        refused: Whether it was refused.
        answerable: Probability that the collection answers it; None where none is told.
        expected: Titles that should have been cited.
        answer: What should have been said.
        evidence: What should have been quoted.
        cited: Titles that were, in order.
        quotes: The sentences that were, in order.
    """

    kind: str
    name: str
    together: str
    group: str
    query: str
    measures: Mapping[str, float]
    seconds: float
    refused: bool
    answerable: float | None
    expected: tuple[str, ...]
    answer: tuple[str, ...]
    evidence: tuple[str, ...]
    cited: tuple[str, ...]
    quotes: tuple[str, ...]


def judged(
    case: Case, found: Sequence[str], answer: Answer, seconds: float, terms: Terms
) -> Record:
    """Judge the answer to a case.

    Args:
        case: What was asked; of a conversation, a turn.
        found: Titles that were found for it, best first.
        answer: What was answered.
        seconds: How long that took.
        terms: Reduces a text to its content words, stemmed.
    """
    titles = [normalize_title(title) for title in found]
    measures = _MEASURES[case.kind](case, titles, answer, terms)
    return Record(
        kind=case.kind,
        name=case.name,
        together=_together(case),
        group=case.group,
        query=case.query,
        measures={name: value for name, value in measures.items() if value is not None},
        seconds=seconds,
        refused=answer.refused,
        answerable=answer.answerable,
        expected=case.gold,
        answer=case.answer,
        evidence=case.evidence,
        cited=tuple(dict.fromkeys(each.paper.title for each in answer.citations)),
        quotes=tuple(each.quote for each in answer.citations),
    )


def _together(case: Case) -> str:
    if case.kind == FOLLOW_UP:
        return case.name.rpartition("/")[0]
    return normalize_title(case.gold[0]) if case.kind == QUESTION and case.gold else case.name


Measures = dict[str, float | None]


def _of_question(case: Case, found: Sequence[str], answer: Answer, terms: Terms) -> Measures:
    quotes = [each.quote for each in answer.citations[:_N_SENTENCES]]
    measures: Measures = {}
    if case.gold:
        gold = _normalized(case.gold)
        grades = dict.fromkeys(gold, 1)
        cited = _cited(answer)
        measures |= {
            "right_paper_first": success(found, grades, 1),
            "right_paper_in_5": success(found, grades, 5),
            "mrr_at_10": reciprocal_rank(found, grades, 10),
            "ndcg_at_10": ndcg(found, grades, 10),
            "cited_papers_right": share(cited, gold) if len(gold) == 1 and cited else None,
            "gold_papers_cited": share(gold, cited),
        }
    if case.evidence:
        for n in range(1, _N_SENTENCES + 1):
            measures[f"evidence_hit_{n}"] = evidence_hit(quotes[:n], case.evidence)
    measures["answer_conveyed"] = conveyed(case.answer, quotes, terms)
    measures["wrongly_refused"] = float(answer.refused)
    return measures


def _of_follow_up(case: Case, found: Sequence[str], answer: Answer, terms: Terms) -> Measures:
    """A refused turn found nothing that an answer was written from."""
    grades = dict.fromkeys(_normalized(case.gold), 1)
    written_from = () if answer.refused else found
    quotes = [each.quote for each in answer.citations[:_N_SENTENCES]]
    return {
        "right_paper_first": success(written_from, grades, 1),
        "right_paper_in_5": success(written_from, grades, 5),
        "answer_conveyed": conveyed(case.answer, quotes, terms),
        "wrongly_refused": float(answer.refused),
    }


def _of_comparison(case: Case, _: Sequence[str], answer: Answer, __: Terms) -> Measures:
    gold, cited = _normalized(case.gold), _all_cited(answer)
    return {
        "all_gold_cited": cites(cited, gold),
        "gold_papers_cited": share(gold, cited),
        "wrongly_refused": float(answer.refused),
    }


def _of_topic(case: Case, _: Sequence[str], answer: Answer, __: Terms) -> Measures:
    cited, relevant, core = _all_cited(answer), _normalized(case.gold), _normalized(case.core)
    return {
        "relevant_cited": share(relevant, cited),
        "cited_relevant": share(cited, relevant | _normalized(case.marginal)),
        "core_cited": share(core, cited) if core else None,
        "wrongly_refused": float(answer.refused),
    }


def _of_unanswerable(_: Case, __: Sequence[str], answer: Answer, ___: Terms) -> Measures:
    return {"refused": float(answer.refused)}


_MEASURES: dict[str, Callable[[Case, Sequence[str], Answer, Terms], Measures]] = {
    QUESTION: _of_question,
    FOLLOW_UP: _of_follow_up,
    COMPARISON: _of_comparison,
    TOPIC: _of_topic,
    UNANSWERABLE: _of_unanswerable,
}


def _cited(answer: Answer) -> set[str]:
    """Papers cited by the first sentences that cite any."""
    citing = [sentence.numbers for sentence in answer.sentences if sentence.numbers]
    numbers = {number for each in citing[:_N_SENTENCES] for number in each}
    return _normalized([c.paper.title for c in answer.citations if c.number in numbers])


def _all_cited(answer: Answer) -> set[str]:
    return _normalized([citation.paper.title for citation in answer.citations])


def _normalized(titles: Sequence[str]) -> set[str]:
    return {normalize_title(title) for title in titles}
