"""Whether a question is about several papers, and which of those found belong to its answer."""

import math
from collections.abc import Mapping, Sequence

from assistant.comparing.candidates import log_odds
from assistant.comparing.types import Candidate
from assistant.comparing.wording import signs
from assistant.types import Hit

__all__ = [
    "BELONGS",
    "COMPARES",
    "LIKELY",
    "MAY",
    "MIN_BELONGS",
    "MIN_PERHAPS",
    "PERHAPS",
    "SURE",
    "compares",
    "features",
    "first_features",
    "likeliest",
    "may_compare",
    "odds_of",
    "those_that_belong",
]

LIKELY = {
    "behind": 0.26,
    "relevance to a side": 0.17,
    "lead in a side": 0.44,
    "share of a side": -1.32,
    "weight of a side": 1.31,
    "sides": 0.21,
    "closeness": 0.42,
    "likeness": 0.65,
    "title": 7.32,
    "": -3.76,
}
BELONGS = {
    "behind": 0.28,
    "relevance to a side": 0.1,
    "lead in a side": 0.28,
    "share of a side": -0.48,
    "weight of a side": 1.56,
    "sides": 0.16,
    "closeness": 0.14,
    "likeness": 0.54,
    "title": 3.8,
    "title's closeness": 0.37,
    "title's closeness to a side": 0.53,
    "": -3.89,
}
COMPARES = {
    "several": 2.39,
    "comparing": 0.77,
    "than": 0.88,
    "or": 2.1,
    "colon": 2.6,
    "words": -1.52,
    "weight": -5.44,
    "first": 0.4,
    "second": 0.61,
    "third": 0.21,
    "second adds": 4.22,
    "second's share of a side": 2.65,
    "first found is nearer": -1.1,
    "": 6.21,
}
MAY = {
    "several": 1.33,
    "comparing": 1.23,
    "than": 1.17,
    "or": 1.86,
    "and": 1.12,
    "colon": 2.91,
    "words": -2.73,
    "weight": -3.23,
    "second behind": -0.91,
    "third behind": 0.47,
    "": 9.32,
}
"""Weights of features in log-odds, "" for what is always added.

``LIKELY`` is what ``BELONGS`` is before titles are encoded: that takes time, and is done only for
questions that are taken for such.

Source: `python -m tests.bench.comparisons_fit`, which also says what they give.
"""

_MIN_MAY = -2.5
SURE = 0.25
PERHAPS = -0.75
_MIN_LIKELY = -2.8
MIN_BELONGS = -2.3
MIN_PERHAPS = -1.3
"""Log-odds from which on. Source: the same, its table for other values. Where it is only perhaps
about several, a paper must be surer: `python -m tests.bench.answers` cites all papers of as many of
the development set's comparisons with -1.0 to -2.3, by 2.9 to 3.5 papers."""
_NONE = -6.0
"""Log-odds of the third paper where there are two."""
_ONE_HAS_ALL = 1.5
"""How much surer the rest must be, in log-odds, where one paper has all words that others have."""
_TELLING = 0.1
_MIN_PAPERS = 2
_MAX_PAPERS = 8
_N_TITLED = 16


def may_compare(question: str, weights: Mapping[str, float], hits: Sequence[Hit]) -> bool:
    """Whether a question is worth a search for each of its parts: most are not.

    Args:
        question: What was searched for.
        weights: Its terms with their weights.
        hits: What it found, most relevant first.
    """
    return odds_of(MAY, first_features(question, weights, hits)) >= _MIN_MAY


def first_features(
    question: str, weights: Mapping[str, float], hits: Sequence[Hit]
) -> dict[str, float]:
    """What ``MAY`` looks at, see ``may_compare``."""
    odds = [*log_odds(hits).values(), _NONE, _NONE, _NONE]
    return {
        **_said(question, weights),
        "second behind": odds[0] - odds[1],
        "third behind": odds[0] - odds[2],
    }


def compares(question: str, weights: Mapping[str, float], candidates: Sequence[Candidate]) -> float:
    """Log-odds that a question is about several of the papers that it and its parts found.

    Args:
        question: What was searched for.
        weights: Its terms with their weights.
        candidates: The papers, first what the whole question found.
    """
    if len(candidates) < _MIN_PAPERS:
        return -math.inf
    odds = odds_of(COMPARES, features(question, weights, candidates))
    alone = not signs(question)["several"] and _has_all(weights, candidates)
    return odds - _ONE_HAS_ALL * alone


def _has_all(weights: Mapping[str, float], candidates: Sequence[Candidate]) -> bool:
    """Whether the first paper found has all words of a question that those that belong have."""
    chosen = those_that_belong(candidates, LIKELY, _MIN_LIKELY)
    added = weights.keys() & frozenset[str]().union(*(each.terms for each in chosen))
    return sum(weights[term] for term in added - candidates[0].terms) < _TELLING


def those_that_belong(
    candidates: Sequence[Candidate],
    learned: Mapping[str, float] = BELONGS,
    least: float = MIN_BELONGS,
) -> list[Candidate]:
    """Choose the papers that are set side by side, two to eight, most probable first.

    Args:
        candidates: The papers.
        learned: The weights that rank them.
        least: The log-odds that more than two must have.
    """
    ranked = _ranked(candidates, learned)
    enough = [each for each in ranked if odds_of(learned, each.features) >= least]
    return enough[:_MAX_PAPERS] if len(enough) >= _MIN_PAPERS else ranked[:_MIN_PAPERS]


def features(
    question: str,
    weights: Mapping[str, float],
    candidates: Sequence[Candidate],
    learned: Mapping[str, float] = LIKELY,
) -> dict[str, float]:
    """What ``COMPARES`` looks at.

    Args:
        question: What was searched for.
        weights: Its terms with their weights.
        candidates: Two or more, first what the whole question found.
        learned: The weights that rank the candidates.
    """
    ranked = _ranked(candidates, learned)
    odds = [odds_of(learned, each.features) for each in ranked] + [_NONE]
    leader, *others = (each.features["closeness"] for each in candidates)
    adds = weights.keys() & ranked[1].terms - candidates[0].terms
    return {
        **_said(question, weights),
        "first": odds[0],
        "second": odds[1],
        "third": odds[2],
        "second adds": sum(weights[term] for term in adds) / (sum(weights.values()) or 1.0),
        "second's share of a side": ranked[1].features["share of a side"],
        "first found is nearer": leader - max(others),
    }


def _said(question: str, weights: Mapping[str, float]) -> dict[str, float]:
    """What a question itself tells."""
    return {
        **{kind: float(has) for kind, has in signs(question).items()},
        "words": math.log1p(len(question.split())),
        "weight": math.log1p(sum(weights.values())),
    }


def likeliest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The papers whose titles are worth encoding, which takes time; most probable first."""
    return _ranked(candidates, LIKELY)[:_N_TITLED]


def _ranked(candidates: Sequence[Candidate], learned: Mapping[str, float]) -> list[Candidate]:
    """Most probable first, ties by paper id."""
    odds = {each.hit.paper.paper_id: odds_of(learned, each.features) for each in candidates}
    names = sorted(odds, key=lambda name: (-odds[name], name))
    by_name = {each.hit.paper.paper_id: each for each in candidates}
    return [by_name[name] for name in names]


def odds_of(learned: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Log-odds by learned weights."""
    return learned[""] + sum(weight * features[name] for name, weight in learned.items() if name)
