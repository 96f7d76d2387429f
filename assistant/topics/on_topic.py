"""Which papers are on a topic: the signs of it, weighed, and a cut that was learned."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Reader
from assistant.topics.reading import ReadPaper, unit

__all__ = ["MAX_PAPERS", "N_CANDIDATES", "on_topic", "overall_signs", "signs"]

N_CANDIDATES = 60
"""Papers looked at; 100 added nothing. Source: tests/bench/topics.py."""

MAX_PAPERS = 20

_N_SUREST = 4
_N_WORDS = 15
_N_FREQUENT_WORDS = 100
"""The papers that others are likened to, and how many of their words, sought among how many."""

_HALF, _LONG = 1.2, 170
"""BM25's k1, and the terms of an abstract of middling length."""

Numbers = NDArray[np.float64]

_SIGNS = np.array([1.08, 4.98, 3.66, 3.78, 4.47])
_BIAS = -6.05
_MIN_SHARE = 0.38
_FIRST_SIGNS = 3
"""Weights of ``signs`` and the probability from which a paper is on the topic; so many of them are
known before others. Source: logistic regression, `python -m tests.bench.topics fit`."""

_OVERALL = np.array([17.9, 1.9, 5.1])
_OVERALL_BIAS = -10.1
_MIN_OVERALL = 0.3
"""Likewise, whether there is anything on the topic."""


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
    if not papers:
        return []
    shares = _logistic(signs(query, papers, reader) @ _SIGNS + _BIAS)
    if _logistic(overall_signs(query, papers, reader) @ _OVERALL + _OVERALL_BIAS) < _MIN_OVERALL:
        return []
    order = sorted(range(len(papers)), key=lambda at: (-shares[at], papers[at].paper.paper_id))
    sure = [at for at in order[:max_papers] if shares[at] >= _MIN_SHARE]
    return [papers[at] for at in sure or order[:1]]


def signs(query: str, papers: Sequence[ReadPaper], reader: Reader) -> Numbers:
    """Measure what tells of each paper whether it is on a topic.

    Args:
        query: The topic.
        papers: The candidates, at least one.
        reader: Weighs and encodes texts.

    Returns:
        Shape (n_papers, 5). Log-odds of its relevance; cosine of its nearest sentence; share of
        the topic's known terms in its title; cosine with the surest papers; share of their most
        telling terms that it has. The surest are those by the first three (feedback, as in RM3).
    """
    relevance = np.clip([each.hit.relevance for each in papers], 1e-6, 1 - 1e-6)
    known = {t: reader.rarity(t) ** 0.5 for t in set(reader.terms(query)) if reader.knows(t)}
    first = np.stack(
        [
            np.log(relevance / (1 - relevance)),
            _nearest(query, papers, reader),
            [_covered(known, each.title) for each in papers],
        ],
        axis=1,
    )
    certainty = first @ _SIGNS[:_FIRST_SIGNS]
    surest = np.argsort(-certainty, kind="stable")[:_N_SUREST]
    weights = np.exp(certainty[surest] - certainty.max())
    weights /= weights.sum()
    vectors = np.stack([each.vector for each in papers])
    alike = vectors @ unit(weights @ vectors[surest])
    words = _telling([papers[at] for at in surest], weights, reader)
    shared = [_covered(words, each.terms.keys()) for each in papers]
    return np.column_stack([first, alike, shared])


def overall_signs(query: str, papers: Sequence[ReadPaper], reader: Reader) -> Numbers:
    """Measure what tells whether a collection has anything on a topic.

    Returns:
        Of the best paper in each: the cosine of a sentence, the share of the topic's terms in the
        paper and in its title.
    """
    asked = {term: reader.rarity(term) for term in set(reader.terms(query))}
    return np.array(
        [
            _nearest(query, papers, reader).max(),
            max(_covered(asked, each.terms.keys()) for each in papers),
            max(_covered(asked, each.title) for each in papers),
        ]
    )


def _nearest(query: str, papers: Sequence[ReadPaper], reader: Reader) -> Numbers:
    """Cosine of the topic with the nearest sentence of each paper."""
    vector = reader.encode([query])[0]
    return np.array([(each.vectors @ vector).max(initial=0.0) for each in papers], np.float64)


def _covered(weights: Mapping[str, float], terms: Set[str]) -> float:
    """Share of a weight that lies on terms of a text, 0 to 1."""
    total = sum(weights.values())
    return sum(weights[term] for term in weights.keys() & terms) / total if total else 0.0


def _telling(papers: Sequence[ReadPaper], weights: Numbers, reader: Reader) -> dict[str, float]:
    """The terms that tell these papers from others, with their weight."""
    found: Counter[str] = Counter()
    for paper, weight in zip(papers, weights, strict=True):
        damping = _HALF * (0.25 + 0.75 * paper.terms.total() / _LONG)
        for term, n in paper.terms.items():
            found[term] += float(weight) * n / (n + damping)  # type: ignore[assignment]
    telling = {
        term: weight * reader.rarity(term) for term, weight in found.most_common(_N_FREQUENT_WORDS)
    }
    return dict(Counter(telling).most_common(_N_WORDS))


def _logistic(value: Numbers) -> Numbers:
    share: Numbers = 1.0 / (1.0 + np.exp(-value))
    return share
