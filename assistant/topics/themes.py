"""Papers of a topic into themes: groups of papers that share a phrase, which is their name."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Reader
from assistant.topics.phrases import Phrase, phrases, written
from assistant.topics.reading import ReadPaper

__all__ = ["MIN_PAPERS", "Theme", "themes"]

MIN_PAPERS = 6
"""Fewer are told one after the other."""

_MAX_THEMES = 5
_MAX_SHARE = 0.6
"""A phrase that more of the papers have than this tells none of them from the others."""

_MAX_REST = 0.65
"""Where more of the papers share nothing, none of them is told apart from the others."""

_MIN_RARITY = 1.8
_MIN_ALONE_RARITY = 2.5
_MIN_ALONE_TITLES = 2
"""In nats: a word that every sixth paper of a collection has tells nothing. One that stands
alone must be rarer, and stand in several titles: else "Simple" and "Maps" would be themes."""

_NEARER = 0.15
"""A paper without a theme joins one whose papers it is so much nearer to than to all of them, as
a share of what there is between those and the same paper."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Some papers of a topic.

    Attributes:
        name: A phrase that they share; "" for those that share none.
        papers: The surest first.
    """

    name: str
    papers: tuple[ReadPaper, ...]


def themes(topic: str, papers: Sequence[ReadPaper], reader: Reader) -> list[Theme]:
    """Group papers by the phrases they share.

    One phrase after the other is taken, the one first that names most papers that have no theme
    yet, tells them best from the others, and holds papers that are near each other.

    Args:
        topic: Its own words name no theme.
        papers: On the topic, the surest first.
        reader: Reduces and weighs words.

    Returns:
        The largest theme first; last, without a name, the papers that share no phrase with others
        and are near to no theme. One theme without a name where the papers are few, or share too
        little.
    """
    if len(papers) < MIN_PAPERS:
        return [Theme("", tuple(papers))]
    vectors = np.stack([each.vector for each in papers])
    cosines = vectors @ vectors.T
    groups = _joined(_named(topic, papers, cosines, reader), cosines)
    rest = sorted(set(range(len(papers))).difference(*groups.values()))
    if len(rest) > _MAX_REST * len(papers):
        return [Theme("", tuple(papers))]
    ordered = sorted(groups.items(), key=lambda theme: (-len(theme[1]), min(theme[1])))
    if rest:
        ordered.append(("", set(rest)))
    return [Theme(name, tuple(papers[at] for at in sorted(group))) for name, group in ordered]


def _named(
    topic: str, papers: Sequence[ReadPaper], cosines: NDArray[np.float32], reader: Reader
) -> dict[str, set[int]]:
    """Take phrases one by one, each with the papers that have it and none of those before."""
    topic_terms = set(reader.terms(topic))
    worth = [(each, _worth(each, topic_terms, cosines, reader)) for each in phrases(papers, reader)]
    groups: dict[str, set[int]] = {}
    left = set(range(len(papers)))
    while worth and len(groups) < _MAX_THEMES:
        gains = [(value * (len(each.papers & left) - 1), each) for each, value in worth]
        gain, phrase = max(gains, key=lambda pair: (pair[0], pair[1].form))
        if gain <= 0.0:
            break
        groups[written(phrase.form)] = set(phrase.papers & left)
        left -= phrase.papers
        # "Multi-head" beside "Multi-head attention" would be the same theme twice.
        worth = [(each, value) for each, value in worth if not _akin(each, phrase)]
    return groups


def _joined(groups: Mapping[str, Set[int]], cosines: NDArray[np.float32]) -> dict[str, set[int]]:
    """Let each paper that has no theme join the nearest, if that is near."""
    joined = {name: set(group) for name, group in groups.items()}
    for at in set(range(len(cosines))).difference(*groups.values()):
        others = (cosines[at].sum() - 1.0) / (len(cosines) - 1)
        near = {name: float(cosines[at, sorted(group)].mean()) for name, group in groups.items()}
        name = max(near, key=lambda name: (near[name], name), default="")
        if name and near[name] >= others + _NEARER * (1.0 - others):
            joined[name].add(at)
    return joined


def _worth(phrase: Phrase, topic: Set[str], cosines: NDArray[np.float32], reader: Reader) -> float:
    """How well a phrase would name the papers that have it; 0 where it would not."""
    holders = sorted(phrase.papers)
    tells_apart = 1 < len(holders) <= _MAX_SHARE * len(cosines)
    if not tells_apart or not phrase.whole or phrase.terms <= topic:
        return 0.0
    rarity = fmean(reader.rarity(term) for term in phrase.terms)
    alone = " " not in phrase.form  # "General-purpose" too
    if rarity < (_MIN_ALONE_RARITY if alone else _MIN_RARITY):
        return 0.0
    if alone and len(phrase.titles) < _MIN_ALONE_TITLES:
        return 0.0
    among = float(cosines[np.ix_(holders, holders)][np.triu_indices(len(holders), 1)].mean())
    everywhere = float(cosines[np.triu_indices(len(cosines), 1)].mean())
    return rarity * max(0.0, among - everywhere)


def _akin(phrase: Phrase, other: Phrase) -> bool:
    return phrase.terms <= other.terms or phrase.terms >= other.terms
