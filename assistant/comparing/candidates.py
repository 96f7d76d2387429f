"""The papers that a question and its parts find, and how each stands to them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from assistant.comparing.types import Candidate, Reader
from assistant.comparing.wording import weights_of
from assistant.types import Hit
from store.fusion import deviation

__all__ = ["candidates", "log_odds", "with_titles"]

_TINY = 1e-6
_NOT_FOUND = 0.5
"""How far behind the last paper, in log-odds, one is counted that was not found."""
_N_FIRST = 5
"""Hits that a paper should be like, the first most: what belongs to one answer is alike."""
_LONE_LEAD = 2.0
_NO_SIDE = -2.0


@dataclass(frozen=True, slots=True)
class _Side:
    """A part of a question with what it found.

    Attributes:
        weights: Its terms with their weights.
        odds: Of each paper found, the log-odds of its relevance, the first paper first.
    """

    weights: Mapping[str, float]
    odds: Mapping[str, float]


def candidates(
    question: str,
    weights: Mapping[str, float],
    hits: Sequence[Hit],
    found: Sequence[tuple[str, Sequence[Hit]]],
    reader: Reader,
) -> list[Candidate]:
    """Look at all papers that were found.

    Args:
        question: What was searched for.
        weights: Its terms with their weights.
        hits: What it found, most relevant first.
        found: The parts of the question, and what each found.
        reader: Reduces, weighs and encodes texts.

    Returns:
        A candidate a paper, with the features of ``LIKELY``; those first that the whole question
        found.
    """
    first: dict[str, Hit] = {}
    for hit in [*hits, *(hit for _, own in found for hit in own)]:
        first.setdefault(hit.paper.paper_id, hit)
    whole = _Side(weights, log_odds(hits))
    sides = [_Side(weights_of(part, reader), log_odds(own)) for part, own in found]
    near = _closenesses(question, hits, list(first), reader)
    return [_candidate(hit, whole, sides, near[name], reader) for name, hit in first.items()]


def with_titles(
    question: str, parts: Sequence[str], some: Sequence[Candidate], reader: Reader
) -> list[Candidate]:
    """Add how near each title is to the question, and to the part that it is nearest to.

    Both in deviations from their mean; what was known of a paper before is kept.

    Args:
        question: What was searched for.
        parts: Its parts.
        some: The papers.
        reader: Encodes texts.
    """
    if not some:
        return []
    names = [each.hit.paper.paper_id for each in some]
    titles = reader.encode([each.hit.paper.title for each in some])
    cosines = titles @ reader.encode([question, *parts]).T
    whole, *sides = (_standard(dict(zip(names, each, strict=True))) for each in cosines.T)
    return [
        replace(each, features={**each.features, **_titled(whole[name], [s[name] for s in sides])})
        for name, each in zip(names, some, strict=True)
    ]


def _titled(whole: float, sides: Sequence[float]) -> dict[str, float]:
    return {"title's closeness": whole, "title's closeness to a side": max(sides, default=0.0)}


def _candidate(
    hit: Hit, whole: _Side, sides: Sequence[_Side], near: Mapping[str, float], reader: Reader
) -> Candidate:
    name, title = hit.paper.paper_id, frozenset(reader.terms(hit.paper.title))
    terms = title | frozenset(reader.terms(hit.paper.abstract))
    own = [side for side in sides if name in side.odds]
    best, last = max(whole.odds.values(), default=0.0), min(whole.odds.values(), default=0.0)
    features = {
        "behind": whole.odds.get(name, last - _NOT_FOUND) - best,
        "relevance to a side": max((side.odds[name] for side in own), default=_NO_SIDE),
        "lead in a side": max((_lead(side.odds, name) for side in own), default=_NO_SIDE),
        "share of a side": max((_share(side.weights, terms) for side in own), default=0.0),
        "weight of a side": max((_weight(side.weights, terms) for side in own), default=0.0),
        "sides": float(len(own)),
        "title": _share(whole.weights, title),
        **near,
    }
    return Candidate(hit, features, terms)


def _lead(odds: Mapping[str, float], name: str) -> float:
    """How far a paper is before the best other one."""
    others = [value for other, value in odds.items() if other != name]
    return odds[name] - max(others, default=odds[name] - _LONE_LEAD)


def _weight(weights: Mapping[str, float], terms: Iterable[str]) -> float:
    """Weight of the terms that a text has."""
    return sum(weights[term] for term in weights.keys() & terms)


def _share(weights: Mapping[str, float], terms: Iterable[str]) -> float:
    """The same as a share of all, 0 to 1."""
    return _weight(weights, terms) / (sum(weights.values()) or 1.0)


def log_odds(hits: Sequence[Hit]) -> dict[str, float]:
    """By paper id the log-odds of its relevance, order kept."""
    bounded = {hit.paper.paper_id: min(max(hit.relevance, _TINY), 1 - _TINY) for hit in hits}
    return {name: math.log(share / (1 - share)) for name, share in bounded.items()}


def _closenesses(
    question: str, hits: Sequence[Hit], paper_ids: Sequence[str], reader: Reader
) -> dict[str, dict[str, float]]:
    """By paper id how near its nearest sentence is to the question, and it to the first hits.

    Both in deviations from the mean of all; a paper whose sentences have no vectors has the mean.
    """
    asked = reader.encode([question])[0]
    known = {name: rows for name, rows in reader.sentence_vectors(paper_ids).items() if len(rows)}
    whole = {
        name: rows.mean(0) / (np.linalg.norm(rows.mean(0)) or 1.0) for name, rows in known.items()
    }
    first = [
        whole[hit.paper.paper_id] / hit.rank
        for hit in hits[:_N_FIRST]
        if hit.paper.paper_id in whole
    ]
    middle = np.sum(first, axis=0) if first else np.zeros_like(asked)
    near = _standard({name: float((rows @ asked).max()) for name, rows in known.items()})
    like = _standard({name: float(row @ middle) for name, row in whole.items()})
    return {
        name: {"closeness": near.get(name, 0.0), "likeness": like.get(name, 0.0)}
        for name in paper_ids
    }


def _standard(values: Mapping[str, float]) -> dict[str, float]:
    """Values with mean 0 and deviation 1, because encoders differ in their cosines."""
    mean, spread = fmean(values.values() or [0.0]), deviation(values.values())
    return {
        name: (value - mean) / (spread if spread > _TINY else 1.0) for name, value in values.items()
    }
