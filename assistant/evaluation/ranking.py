"""How a ranking is judged: pure functions over paper ids, best first, and the grades of a query.

Grades are 0 for a paper that does not bear on the query, more for one that bears on it more; a
paper without a grade has 0. A list may be shorter than ``k``; what it lacks counts as not found.
"""

import math
from collections.abc import Mapping, Sequence

__all__ = ["ndcg", "recall", "reciprocal_rank", "success"]

Grades = Mapping[str, int]


def success(found: Sequence[str], grades: Grades, k: int) -> float:
    """1.0 where any relevant paper is among the first ``k``, else 0.0."""
    return float(any(grades.get(paper_id, 0) > 0 for paper_id in found[:k]))


def recall(found: Sequence[str], grades: Grades, k: int) -> float:
    """Share of the relevant papers that are among the first ``k``; 0.0 where none is relevant."""
    relevant = {paper_id for paper_id, grade in grades.items() if grade > 0}
    return len(relevant & set(found[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(found: Sequence[str], grades: Grades, k: int) -> float:
    """1 / rank of the first relevant paper, 0.0 where none is among the first ``k``."""
    ranks = (n for n, paper_id in enumerate(found[:k], 1) if grades.get(paper_id, 0) > 0)
    return 1.0 / next(ranks, math.inf)


def ndcg(found: Sequence[str], grades: Grades, k: int) -> float:
    """Normalized discounted cumulative gain of the first ``k``, in [0, 1].

    A paper that is listed again counts once, where it stands first.

    Source:
        As BEIR reports it (trec_eval): the grade itself is the gain, discounted by log2(rank + 1).
    """
    gains = [grades.get(paper_id, 0) for paper_id in dict.fromkeys(found[:k])]
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k]
    return _dcg(gains) / _dcg(best) if best else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
