"""Whether a run did better or worse than an earlier one, question by question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import EvaluationError
from assistant.evaluation.figures import added_up, drawn_means, grouped
from assistant.evaluation.judging import Record

__all__ = ["Change", "Earlier", "changes", "read_earlier"]

_DRAWS = 5_000
_SEED = 0
_TAILS = (0.025, 0.975)
_CHANCE = 0.05

_NOT_ITS_FORM = (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError)

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run measured.

    Attributes:
        papers: How many papers the collection held.
        measures: By kind, name and text of a question, each measure's value.
        latency_ms: By kind, median and 95th percentile.
    """

    papers: int
    measures: Mapping[Key, Mapping[str, float]]
    latency_ms: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Change:
    """How a mean differs between two runs, over the questions that both asked.

    Attributes:
        kind: What kind of questions.
        group: Which of these; "" for all.
        measure: What was measured.
        n: Over how many questions.
        before: The mean of the earlier run.
        after: The mean of this one.
        low: Lower end of the 95 % confidence interval of their difference.
        high: Upper end.
        p: How often chance alone makes a difference as large.
        beyond_chance: Whether that is less than one time in twenty.
    """

    kind: str
    group: str
    measure: str
    n: int
    before: float
    after: float
    low: float
    high: float
    p: float
    beyond_chance: bool


def read_earlier(path: Path) -> Earlier:
    """Read what ``paper-assistant evaluate --json`` printed.

    Raises:
        EvaluationError: The file is no such document.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Earlier(
            papers=int(document["papers"]),
            measures={_key(record): _numbers(record["measures"]) for record in document["records"]},
            latency_ms={
                kind: {"p50": float(ms["p50"]), "p95": float(ms["p95"])}
                for kind, ms in document["latency_ms"].items()
            },
        )
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror}") from error
    except _NOT_ITS_FORM as error:
        raise EvaluationError(
            f"{path}: is not what `paper-assistant evaluate --json` printed; name such a file"
        ) from error


def _key(record: Mapping[str, Any]) -> Key:
    return str(record["kind"]), str(record["name"]), str(record["query"])


def _numbers(named: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in named.items()}


def changes(earlier: Earlier, records: Sequence[Record]) -> list[Change]:
    """How each figure changed over the questions that both runs asked and measured."""
    found = []
    for kind, group, measure, having in grouped(records):
        both = [
            (before[measure], record.measures[measure], record.together)
            for record in having
            if measure in (before := earlier.measures.get(_key_of(record), {}))
        ]
        if both:
            found.append(_change(kind, group, measure, both))
    return found


def _change(
    kind: str, group: str, measure: str, both: Sequence[tuple[float, float, str]]
) -> Change:
    """How a measure changed, given it before and after and what each belongs to."""
    was, now, together = zip(*both, strict=True)
    differences = np.subtract(now, was).tolist()
    low, high = np.quantile(drawn_means(differences, together), _TAILS)
    p = chance(differences, together)
    return Change(
        kind=kind,
        group=group,
        measure=measure,
        n=len(both),
        before=float(np.mean(was)),
        after=float(np.mean(now)),
        low=float(low),
        high=float(high),
        p=p,
        beyond_chance=p < _CHANCE,
    )


def _key_of(record: Record) -> Key:
    return record.kind, record.name, record.query


def chance(differences: Sequence[float], together: Sequence[str]) -> float:
    """How often the differences' mean is as far from 0 when each is as likely the other way round.

    Source:
        Fisher's randomization test, which Smucker, Allan, Carterette (2007, "A comparison of
        statistical significance tests for information retrieval evaluation") recommend. Unlike
        the bootstrap it does not take four questions won and none lost for more than chance.
    """
    sums, _ = added_up(differences, together)
    sums = sums[sums != 0]
    if not len(sums):
        return 1.0
    rng = np.random.default_rng(_SEED)
    signs = rng.integers(0, 2, (_DRAWS, len(sums)), dtype=np.int8) * 2 - 1
    as_far = np.abs(signs @ sums) >= abs(sums.sum()) - 1e-9
    return float((1 + as_far.sum()) / (1 + _DRAWS))
