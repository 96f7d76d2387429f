"""What to call groups of papers: by phrases of their titles that the other papers seldom have."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.topics.phrases import forms_of, written
from assistant.types import Paper

__all__ = ["name_groups"]

_Terms = frozenset[str]

_MIN_TITLES = 3
"""A phrase that fewer titles have names no theme of a collection."""

_SEVERAL_WORDS = 1.5
_NOT_WHOLE = 0.3
"""What a phrase of several words is worth against a single word, and one that always breaks off,
such as "Diverse neural", against a whole one."""

_N_ALSO = 3


@dataclass(slots=True)
class _Phrase:
    """Neighbouring words of titles.

    Attributes:
        forms: How often it is written how.
        n_whole: How often it ends where a noun phrase does.
        titled: Numbers of the papers that have it in their titles.
        holders: Of those that have all of its terms anywhere.
    """

    forms: Counter[str] = field(default_factory=Counter)
    n_whole: int = 0
    titled: set[int] = field(default_factory=set)
    holders: set[int] = field(default_factory=set)

    @property
    def form(self) -> str:
        """How it is written most."""
        return max(self.forms, key=lambda form: (self.forms[form], form))


def name_groups(
    groups: Sequence[Sequence[int]], papers: Sequence[Paper], terms: Callable[[str], Sequence[str]]
) -> list[list[str]]:
    """Name groups of papers, no two the same.

    Args:
        groups: Numbers of papers; those that come first choose first.
        papers: All of them.
        terms: Reduces a text to stemmed words.

    Returns:
        Phrases for each group, the best first; none where its titles share none.
    """
    phrases = _phrases(papers, terms)
    taken: set[_Terms] = set()
    names = []
    for group in groups:
        worth = {
            each: _worth(phrase, len(each), frozenset(group), len(papers))
            for each, phrase in phrases.items()
        }
        found = _best(worth, taken)
        taken.update(found[:1])
        names.append([written(phrases[each].form) for each in found])
    return names


def _phrases(
    papers: Sequence[Paper], terms: Callable[[str], Sequence[str]]
) -> dict[_Terms, _Phrase]:
    """The phrases of several titles, by their terms."""
    phrases: dict[_Terms, _Phrase] = defaultdict(_Phrase)
    having: dict[str, set[int]] = defaultdict(set)
    for at, paper in enumerate(papers):
        for term in terms(f"{paper.title}\n{paper.abstract}"):
            having[term].add(at)
        for form, whole in forms_of(paper.title):
            phrase = phrases[frozenset(terms(form))]
            phrase.forms[form] += 1
            phrase.n_whole += whole
            phrase.titled.add(at)
    kept = {
        each: phrase
        for each, phrase in phrases.items()
        if len(phrase.titled) >= _MIN_TITLES and any(map(str.isalpha, "".join(each)))
    }
    for each, phrase in kept.items():
        phrase.holders = set.intersection(*(having[term] for term in each))
    return kept


def _worth(phrase: _Phrase, n_terms: int, group: frozenset[int], n_papers: int) -> float:
    """How much more of a group than of the others has a phrase, in titles and anywhere."""
    whole = phrase.n_whole / phrase.forms.total()
    told = sum(_told(having, group, n_papers) for having in (phrase.titled, phrase.holders))
    return told * (_NOT_WHOLE + (1.0 - _NOT_WHOLE) * whole) * (_SEVERAL_WORDS if n_terms > 1 else 1)


def _told(having: set[int], group: frozenset[int], n_papers: int) -> float:
    """The group's share of the divergence between where a phrase is and where papers are."""
    n_inside = len(having & group)
    inside = n_inside / len(group)
    outside = (len(having) - n_inside + 0.5) / (n_papers - len(group) + 1.0)
    return inside * math.log(inside / outside) if inside > outside else 0.0


def _best(worth: dict[_Terms, float], taken: set[_Terms]) -> list[_Terms]:
    """The phrases worth most, of those that share a term only the first."""
    found: list[_Terms] = []
    for each in sorted(worth, key=lambda each: (-worth[each], sorted(each))):
        if worth[each] <= 0.0 or len(found) > _N_ALSO:
            break
        if each not in taken and not any(each & other for other in found):
            found.append(each)
    return found
