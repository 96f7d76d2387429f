"""Questions about several papers: set side by side ("A vs B"), or asked for ("which papers …")."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.types import Hit

__all__ = ["side_by_side", "sides"]

_SEVERAL = re.compile(
    r"""
      \b(?:which|what|do|the|these|different|various|several|other|analysis)\s
        (?:\w+\s)?(?:papers|studies|works|authors)\b
    | \bwhat\s(?:work|research)\b | \bpapers\s(?:on|about|that|which)\b
    | (?:^|[?.,;:]\s*)(?:compare|contrast|list)\b
    | \b(?:findings|conclusions|evidence)\s(?:of|from|across)\b | \bcombine\sthe\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Says that more than one paper is meant."""

_COMPARING = re.compile(
    r"\b(?:vs|versus|compar(?:e|es|ed|ing|ison)|differs?\sfrom|differences?\sbetween|each)\b",
    re.IGNORECASE,
)
"""May say so; mostly it is one paper that has compared the two itself."""

_BETWEEN_SIDES = re.compile(
    r"[,;:?]|\b(?:vs\.?|versus|or|and|than|from|beat|with|to|against)(?!\w)", re.IGNORECASE
)
_AMONG = 4
_NEARLY = 0.8
"""A side's own best paper is among so many first ones of the whole question, and nearly as relevant
as the first. Source: the comparisons of the development set, and its 232 questions about one paper.
"""
_MAX_SIDES = 8
_MAX_PAPERS = 6
_SIDE_WEIGHT = 0.5
"""A paper's places count 1 / (rank + 1), for a side half of that. Source: the comparisons of the
development set, where 0.3 to 1 gave the same first six papers."""


def side_by_side(
    question: str, hits: Sequence[Hit], search: Callable[[str], Sequence[Hit]]
) -> list[Hit]:
    """Find the papers that a question sets side by side.

    Args:
        question: What is searched for.
        hits: What it found, most relevant first.
        search: Finds papers for a part of it.

    Returns:
        Up to six papers, those first that the question and its sides find first, and only the
        sides' own where nothing else says that several are meant; none where the question is about
        one paper.
    """
    meant = bool(_SEVERAL.search(question))
    if not hits or not (meant or _COMPARING.search(question)):
        return []
    found = [search(side) for side in sides(question)]
    first = _joined([hits, *found])
    if not meant:
        own = _own(found, hits)
        first = [hit for hit in first if hit.paper.paper_id in own]
        if len(first) < 2:
            return []
    first = first[:_MAX_PAPERS]
    return [replace(hit, rank=rank) for rank, hit in enumerate(first, start=1)]


def sides(question: str) -> list[str]:
    """The parts of a question between the words and signs that set them apart."""
    parts = (part.strip() for part in _BETWEEN_SIDES.split(question))
    return [part for part in dict.fromkeys(parts) if len(part) > 2][:_MAX_SIDES]


def _joined(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """All papers of some rankings, of which the first weighs most, ties by paper id."""
    values: dict[str, float] = {}
    hits: dict[str, Hit] = {}
    for number, ranking in enumerate(rankings):
        for hit in ranking:
            name = hit.paper.paper_id
            weight = _SIDE_WEIGHT if number else 1.0
            values[name] = values.get(name, 0.0) + weight / (hit.rank + 1)
            hits.setdefault(name, hit)
    return [hits[name] for name in sorted(values, key=lambda name: (-values[name], name))]


def _own(found: Sequence[Sequence[Hit]], hits: Sequence[Hit]) -> set[str]:
    """Papers that are a side's best one, and near the first ones of the whole question."""
    near = {
        hit.paper.paper_id for hit in hits[:_AMONG] if hit.relevance >= _NEARLY * hits[0].relevance
    }
    return {ranking[0].paper.paper_id for ranking in found if ranking} & near
