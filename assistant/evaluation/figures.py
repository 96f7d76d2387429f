"""Means of what was measured, with 95 % confidence intervals, and the cases that did worst."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.judging import Record

__all__ = [
    "Figure",
    "Floats",
    "added_up",
    "drawn_means",
    "figures",
    "grouped",
    "latencies",
    "worst",
]

_DRAWS = 2_000
_SEED = 0
_TAILS = (0.025, 0.975)
_WANTED_LOW = ("wrongly_refused",)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over questions.

    Attributes:
        kind: What kind of questions.
        group: Which of these; "" for all.
        measure: What was measured.
        n: Over how many questions.
        value: The mean.
        low: Lower end of its 95 % confidence interval.
        high: Upper end.
    """

    kind: str
    group: str
    measure: str
    n: int
    value: float
    low: float
    high: float


def figures(records: Sequence[Record]) -> list[Figure]:
    """The mean of each measure over all records of a kind, then over each of its groups."""
    found = []
    for kind, group, measure, having in grouped(records):
        values = [record.measures[measure] for record in having]
        low, high = interval(values, [record.together for record in having])
        mean = float(np.mean(values))
        found.append(Figure(kind, group, measure, len(values), mean, low, high))
    return found


def grouped(records: Sequence[Record]) -> Iterator[tuple[str, str, str, list[Record]]]:
    """Each kind, group ("" for all) and measure, with the records that have that measure."""
    for kind in dict.fromkeys(record.kind for record in records):
        of_kind = [record for record in records if record.kind == kind]
        measures = list(dict.fromkeys(name for record in of_kind for name in record.measures))
        for group in ["", *sorted({record.group for record in of_kind} - {""})]:
            chosen = [record for record in of_kind if group in ("", record.group)]
            for measure in measures:
                if having := [record for record in chosen if measure in record.measures]:
                    yield kind, group, measure, having


def interval(values: Sequence[float], together: Sequence[str]) -> tuple[float, float]:
    """The 95 % confidence interval of a mean, by the percentiles of a seeded bootstrap.

    Args:
        values: 0 to 1, at least one.
        together: By value, what it belongs to; values that belong together are drawn together.

    Source:
        Efron, Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. It knows no doubt
        where all values are 0 or all are 1: there Clopper and Pearson (1934) say how much.
    """
    doubt = _TAILS[0] ** (1 / len(set(together)))
    if set(values) == {1.0}:
        return doubt, 1.0
    if set(values) == {0.0}:
        return 0.0, 1.0 - doubt
    low, high = np.quantile(drawn_means(values, together), _TAILS)
    return float(low), float(high)


def drawn_means(values: Sequence[float], together: Sequence[str]) -> Floats:
    """Means of samples drawn with replacement from what belongs together, always the same."""
    sums, counts = added_up(values, together)
    draws = _draws(len(sums))
    return np.asarray((draws @ sums) / (draws @ counts), np.float64)


def added_up(values: Sequence[float], together: Sequence[str]) -> tuple[Floats, Floats]:
    """Sum and number of the values that belong together."""
    _, which = np.unique(np.array(together), return_inverse=True)
    return (
        np.bincount(which, weights=np.array(values)).astype(np.float64),
        np.bincount(which).astype(np.float64),
    )


@lru_cache(maxsize=8)
def _draws(n: int) -> NDArray[np.float32]:
    """How often each of n things is drawn in each sample; shape (n_draws, n)."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(n, np.full(n, 1 / n), size=_DRAWS).astype(np.float32)


def latencies(records: Iterable[Record]) -> dict[str, dict[str, float]]:
    """By kind, milliseconds of an answer: median and 95th percentile."""
    by_kind: dict[str, list[float]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(1000 * record.seconds)
    return {
        kind: {"p50": float(np.median(each)), "p95": float(np.quantile(each, 0.95))}
        for kind, each in by_kind.items()
    }


def worst(records: Sequence[Record], n: int) -> list[Record]:
    """Of each kind the n records that did worst by the mean of their measures, worst first.

    One that did all that can be measured is never among them.
    """
    chosen = []
    for kind in dict.fromkeys(record.kind for record in records):
        failed = [each for each in records if each.kind == kind and _done(each) < 1.0]
        chosen += sorted(failed, key=_done)[:n]
    return chosen


def _done(record: Record) -> float:
    values = [
        1.0 - value if name in _WANTED_LOW else value for name, value in record.measures.items()
    ]
    return float(np.mean(values))
