"""The ways in which a collection of ours is asked: whole, and with each part of ranking taken away.

To measure another part, add a way: a name, and what ranks paper ids for a query without that part.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import store.collection as ours
from store.retrieval import best_per_paper, rank_papers

__all__ = ["DENSE_ALONE", "WAYS", "WHOLE", "Way"]

Way = Callable[[ours.Collection, str], list[str]]
"""Ten paper ids for a query, best first."""

WHOLE = "whole"
DENSE_ALONE = "dense alone"
_K = 10


class _Without:
    """An index of which some questions are answered with nothing."""

    def __init__(self, index: object, parts: Collection[str]) -> None:
        self._index = index
        self._parts = parts

    def __getattr__(self, name: str) -> Any:
        return _nothing if name in self._parts else getattr(self._index, name)


def _nothing(*_: object) -> Mapping[str, float]:
    return {}


def _whole(collection: ours.Collection, query: str) -> list[str]:
    return [hit.paper.paper_id for hit in collection.search(query, k=_K)]


def _dense_alone(collection: ours.Collection, query: str) -> list[str]:
    return list(best_per_paper(collection._dense.query(query, ours._MIN_DEPTH)))[:_K]


def _without(
    *, dense: Collection[str] = (), lexical: Collection[str] = (), mends: bool = True
) -> Way:
    """Rank as ``Collection.search`` does, with some methods of the indexes giving nothing.

    Args:
        dense: Methods of the dense index.
        lexical: Methods of the lexical index.
        mends: Whether misspelt words are mended first.
    """

    def rank(collection: ours.Collection, query: str) -> list[str]:
        indexes: Any = (_Without(collection._dense, dense), _Without(collection._lexical, lexical))
        asked = collection.read_as(query).text if mends else query
        ranked = rank_papers(asked, indexes, ours._MIN_DEPTH, None, collection._pool)
        return [paper_id for paper_id, *_ in ranked[:_K]]

    return rank


WAYS: dict[str, Way] = {
    WHOLE: _whole,
    "without dense": _without(dense=("query", "closeness")),
    "without lexical": _without(lexical=("query", "coverage")),
    "without nearest sentences": _without(dense=("closeness",)),
    "without coverage of the question": _without(lexical=("coverage",)),
    "without either second look": _without(dense=("closeness",), lexical=("coverage",)),
    "without mending of words": _without(mends=False),
    DENSE_ALONE: _dense_alone,
}
