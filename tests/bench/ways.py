"""The ways in which a collection of ours is asked: whole, and with each part of ranking taken away.

To measure another part, add a way: a name, and what ranks paper ids for a query without that part.
"""

from collections.abc import Callable

from store.collection import Collection
from store.retrieval import best_per_paper

__all__ = ["WAYS", "WHOLE", "Way"]

Way = Callable[[Collection, str], list[str]]
"""Ten paper ids for a query, best first."""

WHOLE = "whole"
_K = 10
_DEPTH = 200


def _whole(collection: Collection, query: str) -> list[str]:
    return [hit.paper.paper_id for hit in collection.search(query, k=_K)]


def _dense(collection: Collection, query: str) -> list[str]:
    return list(best_per_paper(collection._dense.query(query, _DEPTH)))[:_K]


def _lexical(collection: Collection, query: str) -> list[str]:
    return list(best_per_paper(collection._lexical.query(query, _DEPTH)))[:_K]


WAYS: dict[str, Way] = {
    WHOLE: _whole,
    "without lexical": _dense,
    "without dense": _lexical,
}
