"""Several rankings of the same papers into one."""

import math
from collections.abc import Collection, Container, Sequence
from statistics import fmean

__all__ = ["Ranking", "deviation", "fuse"]

Ranking = Sequence[tuple[str, float]]
"""(paper id, raw value), best first; raw values of two rankings need no common scale."""


def fuse(
    rankings: Sequence[Ranking],
    weights: Sequence[float],
    unjudged: Sequence[Container[str]] | None = None,
) -> list[tuple[str, float]]:
    """Merge rankings by the weighted sum of their standardised values.

    A paper missing from a ranking counts as its last one did; where a ranking's values are all
    the same, as of the only paper that has a rare word, being found in it is what counts.

    Args:
        rankings: Each without repeated ids; an empty one has no say.
        weights: One a ranking, non-negative, at least one positive.
        unjudged: One a ranking, where given: papers that it could not know, such as those whose
            vectors are still to be made. They count as its average.

    Returns:
        Every paper of any ranking with its relevance in [0, 1], descending, ties by id.

    Raises:
        ValueError: Weights and rankings differ in number, or no weight is positive.

    Source:
        tests/bench/retrieval.py: standardised values against reciprocal ranks.
    """
    if len(rankings) != len(weights) or not any(weight > 0 for weight in weights):
        raise ValueError(f"{len(rankings)} rankings need as many weights, one of them positive")
    papers = {paper_id for ranking in rankings for paper_id, _ in ranking}
    total = dict.fromkeys(papers, 0.0)
    for ranking, weight, unknown in zip(
        rankings, weights, unjudged or [()] * len(rankings), strict=True
    ):
        judged = [paper_id for paper_id in papers if paper_id not in unknown]
        values, missing = _standardised(ranking, len(judged))
        for paper_id in papers:
            otherwise = 0.0 if paper_id in unknown else missing
            total[paper_id] += weight * values.get(paper_id, otherwise)
    scale = sum(weights)
    fused = ((paper_id, _squash(value / scale)) for paper_id, value in total.items())
    return sorted(fused, key=lambda hit: (-hit[1], hit[0]))


def _standardised(ranking: Ranking, n_papers: int) -> tuple[dict[str, float], float]:
    """Values with mean 0 and deviation 1, and what a paper counts that is missing of them."""
    values = [value for _, value in ranking]
    mean = fmean(values) if values else 0.0
    spread = deviation(values)
    if spread >= 1e-9:
        standard = {paper_id: (value - mean) / spread for paper_id, value in ranking}
        return standard, min(standard.values())
    n_missing = n_papers - len(values)
    if not values or not n_missing:
        return {}, 0.0
    odds = math.sqrt(n_missing / len(values))
    return {paper_id: odds for paper_id, _ in ranking}, -1.0 / odds


def _squash(value: float) -> float:
    """Map any number to (0, 1), keeping the order; gently, so that the best stay apart."""
    return 1.0 / (1.0 + math.exp(-value / 2))


def deviation(values: Collection[float]) -> float:
    """Standard deviation of numbers that are all there are; 0 for none."""
    if not values:
        return 0.0
    mean = fmean(values)
    return math.sqrt(fmean((value - mean) ** 2 for value in values))
