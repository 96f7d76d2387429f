"""Both errors of refusing, at one threshold after another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.cases import QUESTION, UNANSWERABLE
from assistant.evaluation.figures import Floats
from assistant.evaluation.judging import Record

__all__ = ["Threshold", "refusal_curve"]

_WRONGLY_REFUSED = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What would be refused, if all below a probability were.

    Attributes:
        threshold: Refused is what is less probably answerable than this, 0 to 1.
        wrongly_refused: Share of the answerable questions.
        refused: By kind of unanswerable question ("" for all), share of them.
    """

    threshold: float
    wrongly_refused: float
    refused: dict[str, float]


def refusal_curve(records: Sequence[Record]) -> list[Threshold]:
    """The highest thresholds at which given shares of the answerable questions are refused.

    Returns:
        By rising threshold; empty where answers tell no probability, or where questions of one
        sort are missing.
    """
    answerable = _probabilities(records, QUESTION)
    groups = {record.group for record in records if record.kind == UNANSWERABLE} | {""}
    not_answerable = {
        group: probabilities
        for group in sorted(groups)
        if len(probabilities := _probabilities(records, UNANSWERABLE, group))
    }
    if not len(answerable) or not not_answerable:
        return []
    ordered = np.sort(answerable)
    places = [min(int(share * len(ordered) + 1e-9), len(ordered) - 1) for share in _WRONGLY_REFUSED]
    return [
        Threshold(
            threshold=float(ordered[place]),
            wrongly_refused=float(np.mean(answerable < ordered[place])),
            refused={
                group: float(np.mean(each < ordered[place]))
                for group, each in not_answerable.items()
            },
        )
        for place in sorted(set(places))
    ]


def _probabilities(records: Sequence[Record], kind: str, group: str = "") -> Floats:
    return np.array(
        [
            record.answerable
            for record in records
            if record.kind == kind and group in ("", record.group) and record.answerable is not None
        ]
    )
