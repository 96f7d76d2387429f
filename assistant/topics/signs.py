"""What tells of a paper whether it is on a topic, whichever encoder the collection has."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Reader
from assistant.topics.reading import ReadPaper, unit

__all__ = ["N_OWN", "Numbers", "company_signs", "overall_signs", "own_signs", "signs"]

Numbers = NDArray[np.float64]

N_OWN = 3
"""Signs that a paper has of its own; the others are known when other papers have been judged."""

_N_SUREST = 4
_N_WORDS = 15
_N_FREQUENT_WORDS = 100
"""The papers that others are likened to, and how many of their words, sought among how many."""

_N_NEIGHBOURS = 8
_N_LIKELY = 12
_N_COMMON_WORDS = 20
"""The company of a paper, and the papers whose common words tell what the topic is made of.

Source: `python -m tests.bench.topics fit` with 3 to 12 neighbours and 12 or 20 likely papers, which
differ by less than .01 of the average precision.
"""

_HALF, _LONG = 1.2, 170
"""BM25's k1, and the terms of an abstract of middling length."""

_NEAREST_USUAL = (0.22, 0.08)
_ALIKE_USUAL = (0.23, 0.13)
_N_USUAL = 10
"""Cosines of the papers looked at, mean and deviation, with the default encoder, and how many
papers of that kind are put beside those of a collection, which may be few and all on the topic.

Source: means over the topics of tests/bench/topics.py.
"""


def own_signs(query: str, papers: Sequence[ReadPaper], reader: Reader) -> Numbers:
    """Measure what a topic and a paper have in common.

    Args:
        query: The topic.
        papers: The candidates, at least one.
        reader: Weighs and encodes texts.

    Returns:
        Shape (n_papers, 3). Log-odds of the relevance; cosine of the nearest sentence, in
        deviations of the candidates; share of the topic's known terms in the title.
    """
    relevance = np.clip([each.hit.relevance for each in papers], 1e-6, 1 - 1e-6)
    known = {t: reader.rarity(t) ** 0.5 for t in set(reader.terms(query)) if reader.knows(t)}
    nearest = _deviations(_nearest(query, papers, reader), *_NEAREST_USUAL)
    titled = [_covered(known, each.title) for each in papers]
    return np.column_stack([np.log(relevance / (1 - relevance)), nearest, titled])


def signs(own: Numbers, certainty: Numbers, papers: Sequence[ReadPaper], reader: Reader) -> Numbers:
    """Add to their own signs what papers have in common with the surest of them.

    Args:
        own: Of ``own_signs``.
        certainty: What these alone say, in log-odds, (n_papers,).
        papers: The same.
        reader: Weighs terms.

    Returns:
        Shape (n_papers, 5): their own; cosine with the surest papers, in deviations; share of
        their most telling terms (feedback, as in RM3).
    """
    surest = np.argsort(-certainty, kind="stable")[:_N_SUREST]
    weights = np.exp(certainty[surest] - certainty.max())
    weights /= weights.sum()
    vectors = np.stack([each.vector for each in papers])
    alike = _deviations(vectors @ unit(weights @ vectors[surest]), *_ALIKE_USUAL)
    words = _telling([papers[at] for at in surest], weights, reader)
    shared = [_covered(words, each.terms.keys()) for each in papers]
    return np.column_stack([own, alike, shared])


def company_signs(odds: Numbers, papers: Sequence[ReadPaper], reader: Reader) -> Numbers:
    """Measure the company that each paper keeps: what is on a topic tells what else is.

    A paper may say a topic in other words, and yet be near to papers on it or have their words.

    Args:
        odds: That each paper is on the topic as far as known, in log-odds, (n_papers,).
        papers: The candidates.
        reader: Weighs terms.

    Returns:
        Shape (n_papers, 4). These odds; mean share of the nearest other candidates that is on the
        topic; share of the words common to the likely papers in the paper, and in its title.
    """
    shares = 1.0 / (1.0 + np.exp(-odds))
    vectors = np.stack([each.vector for each in papers])
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, : min(_N_NEIGHBOURS, len(papers) - 1)]
    company = shares[nearest].mean(axis=1) if nearest.size else np.zeros(len(papers))
    likely = np.argsort(-odds, kind="stable")[:_N_LIKELY]
    words = _common([papers[at] for at in likely], shares[likely], reader)
    # What one likely paper has is common to nobody.
    others = min(1.0, shares[likely[1:]].sum())
    inside = [others * _covered(words, each.terms.keys()) for each in papers]
    titled = [others * _covered(words, each.title) for each in papers]
    return np.column_stack([odds, company, inside, titled])


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


def _deviations(cosines: NDArray[np.floating], usual: float, usual_spread: float) -> Numbers:
    """How far above the mean each is, in deviations: encoders differ in both."""
    n = len(cosines) + _N_USUAL
    mean = (cosines.sum() + _N_USUAL * usual) / n
    squares = ((cosines - mean) ** 2).sum() + _N_USUAL * (usual_spread**2 + (usual - mean) ** 2)
    deviations: Numbers = (cosines - mean) / np.sqrt(squares / n)
    return deviations


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


def _common(papers: Sequence[ReadPaper], shares: Numbers, reader: Reader) -> dict[str, float]:
    """The terms that several of some papers have and few others do, with their weight."""
    held = Counter(term for each in papers for term in each.terms)
    weights: Counter[str] = Counter()
    for each, share in zip(papers, shares, strict=True):
        for term in each.terms:
            if held[term] > 1:
                weights[term] += float(share)  # type: ignore[assignment]
    frequent = weights.most_common(_N_FREQUENT_WORDS)
    telling = Counter({term: weight * reader.rarity(term) for term, weight in frequent})
    return dict(telling.most_common(_N_COMMON_WORDS))
