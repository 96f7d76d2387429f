"""Which papers are on a topic: the signs of it, weighed, and a cut that was learned."""

from collections.abc import Sequence

import numpy as np

from assistant.evidence import Reader
from assistant.topics.reading import ReadPaper
from assistant.topics.signs import (
    N_OWN,
    Numbers,
    company_signs,
    overall_signs,
    own_signs,
    signs,
)

__all__ = ["MAX_PAPERS", "N_CANDIDATES", "all_signs", "on_topic"]

N_CANDIDATES = 100
"""Papers looked at; 200 added nothing. Source: tests/bench/topics.py."""

MAX_PAPERS = 20

_SIGNS = np.array([1.08, 0.39, 3.19, 0.82, 4.92])
_BIAS = -4.33
_COMPANY = np.array([0.62, 3.53, 2.53, 5.77])
_COMPANY_BIAS = -2.25
_MIN_SHARE = 0.37
"""Weights of ``signs`` and of ``company_signs``, and the probability from which a paper is on the
topic. Source: logistic regression, `python -m tests.bench.topics fit`."""

_OVERALL = np.array([16.4, 2.0, 5.7])
_OVERALL_BIAS = -9.75
_MIN_OVERALL = 0.3
"""Likewise, whether there is anything on the topic."""

_SEVERAL = 2
"""So many papers that have the one word of a topic, such as "LoRA", are something on it."""


def on_topic(
    query: str, papers: Sequence[ReadPaper], reader: Reader, max_papers: int = MAX_PAPERS
) -> list[ReadPaper]:
    """Choose the papers that are on a topic.

    How many depends on the papers alone: from none to ``max_papers``.

    Args:
        query: The topic, as it was searched for.
        papers: The candidates.
        reader: Weighs and encodes texts.
        max_papers: How many at most.

    Returns:
        The surest first, ties by id; the surest alone where none is sure and yet some paper is
        near; none where nothing is on the topic.
    """
    if not papers or not _is_there(query, papers, reader):
        return []
    odds = all_signs(query, papers, reader) @ _SIGNS + _BIAS
    shares = _logistic(company_signs(odds, papers, reader) @ _COMPANY + _COMPANY_BIAS)
    order = sorted(range(len(papers)), key=lambda at: (-shares[at], papers[at].paper.paper_id))
    sure = [at for at in order[:max_papers] if shares[at] >= _MIN_SHARE]
    return [papers[at] for at in sure or order[:1]]


def _is_there(query: str, papers: Sequence[ReadPaper], reader: Reader) -> bool:
    """Whether there is anything on a topic."""
    terms = set(reader.terms(query))
    if len(terms) == 1 and sum(terms <= each.terms.keys() for each in papers) >= _SEVERAL:
        return True
    odds = overall_signs(query, papers, reader) @ _OVERALL + _OVERALL_BIAS
    return bool(_logistic(odds) >= _MIN_OVERALL)


def all_signs(query: str, papers: Sequence[ReadPaper], reader: Reader) -> Numbers:
    """Measure each paper by itself, then against those that are surest by that; see ``signs``."""
    own = own_signs(query, papers, reader)
    return signs(own, own @ _SIGNS[:N_OWN], papers, reader)


def _logistic(value: Numbers) -> Numbers:
    share: Numbers = 1.0 / (1.0 + np.exp(-value))
    return share
