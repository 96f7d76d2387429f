"""Means of what was measured, with 95 % confidence intervals, and whether two runs differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.judging import Record

__all__ = ["Figure", "figures", "interval", "latencies"]

_DRAWS = 2_000
_SEED = 0
_TAILS = (0.025, 0.975)

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
    for kind in dict.fromkeys(record.kind for record in records):
        of_kind = [record for record in records if record.kind == kind]
        groups = sorted({record.group for record in of_kind} - {""})
        for group in ["", *groups]:
            chosen = [record for record in of_kind if group in ("", record.group)]
            for measure in dict.fromkeys(name for each in chosen for name in each.measures):
                found.append(_figure(kind, group, measure, chosen))
    return found


def _figure(kind: str, group: str, measure: str, records: Sequence[Record]) -> Figure:
    having = [record for record in records if measure in record.measures]
    values = [record.measures[measure] for record in having]
    low, high = interval(values, [record.together for record in having])
    return Figure(kind, group, measure, len(values), float(np.mean(values)), low, high)


def interval(values: Sequence[float], together: Sequence[str]) -> tuple[float, float]:
    """The 95 % confidence interval of a mean, by the percentiles of a seeded bootstrap.

    Args:
        values: At least one.
        together: By value, what it belongs to; values that belong together are drawn together.

    Source:
        Efron, Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. It knows no doubt
        where all values are 0 or all are 1: there Clopper and Pearson (1934) say how much.
    """
    _, which = np.unique(np.array(together), return_inverse=True)
    n = int(which.max()) + 1
    doubt = _TAILS[0] ** (1 / n)
    if set(values) == {1.0}:
        return doubt, 1.0
    if set(values) == {0.0}:
        return 0.0, 1.0 - doubt
    sums = np.bincount(which, weights=np.array(values), minlength=n)
    counts = np.bincount(which, minlength=n)
    draws = _draws(n)
    low, high = np.quantile((draws @ sums) / (draws @ counts), _TAILS)
    return float(low), float(high)


@lru_cache(maxsize=64)
def _draws(n: int) -> Floats:
    """How often each of n things is drawn in each sample; shape (n_draws, n)."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(n, np.full(n, 1 / n), size=_DRAWS).astype(np.float64)


def latencies(records: Iterable[Record]) -> dict[str, dict[str, float]]:
    """By kind, milliseconds of an answer: median and 95th percentile."""
    by_kind: dict[str, list[float]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(1000 * record.seconds)
    return {
        kind: {"p50": float(np.median(each)), "p95": float(np.quantile(each, 0.95))}
        for kind, each in by_kind.items()
    }
