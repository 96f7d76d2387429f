"""A second look at the first papers: how near is a sentence, and how much of the query is there?"""

import math
from collections.abc import Mapping
from statistics import fmean
from types import MappingProxyType

from store.fusion import Ranking, deviation

__all__ = ["COVERAGE_WEIGHT", "NAME_WEIGHT", "N_LOOKED_AT", "SENTENCE_WEIGHT", "reranked"]

N_LOOKED_AT = 30

SENTENCE_WEIGHT = 0.4
COVERAGE_WEIGHT = 2.0
"""Against the log-odds of the relevance before. Source: tests/bench/ranking.py."""

NAME_WEIGHT = 3.0
"""Likewise. Source: `python -m tests.bench.names`: of 120 questions that ask something common of a
name that one of 464 papers has, it came first for 0.33 without, 0.83 with this, and for none of the
232 development questions did that change which paper is first."""

_TINY = 1e-9


def reranked(
    ranked: Ranking,
    closeness: Mapping[str, float],
    coverage: Mapping[str, float],
    weights: tuple[float, float] = (SENTENCE_WEIGHT, COVERAGE_WEIGHT),
    named: Mapping[str, float] = MappingProxyType({}),
) -> list[tuple[str, float]]:
    """Move the first papers of a ranking by what was seen of them.

    Args:
        ranked: Papers with their relevance, between 0 and 1.
        closeness: Of some of them, the cosine of the query with the nearest sentence.
        coverage: Of some of them, the share of the query's weight on terms that they have.
        weights: Of the two, against the log-odds of the relevance before.
        named: Of some of them, the share of the query's names that it has and hardly another.

    Returns:
        All of them with their relevance now, descending, ties by id. One that was not looked at
        is moved as the average was, which is not at all.
    """
    near, covered = _centred(closeness), _centred(coverage)
    spread = deviation(near.values())
    nearness = weights[0] / spread if spread > _TINY else 0.0  # encoders differ in their cosines
    by = {
        paper_id: nearness * near.get(paper_id, 0.0)
        + weights[1] * covered.get(paper_id, 0.0)
        + NAME_WEIGHT * named.get(paper_id, 0.0)
        for paper_id in near.keys() | covered.keys() | named.keys()
    }
    again = [
        (paper_id, _moved(relevance, by[paper_id]) if paper_id in by else relevance)
        for paper_id, relevance in ranked
    ]
    return sorted(again, key=lambda hit: (-hit[1], hit[0]))


def _centred(values: Mapping[str, float]) -> dict[str, float]:
    """Values less their mean."""
    mean = fmean(values.values()) if values else 0.0
    return {paper_id: value - mean for paper_id, value in values.items()}


def _moved(share: float, by: float) -> float:
    """Add to the log-odds of a share."""
    bounded = min(max(share, _TINY), 1.0 - _TINY)
    return 1.0 / (1.0 + math.exp(-math.log(bounded / (1.0 - bounded)) - by))
