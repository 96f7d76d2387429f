"""What a collection holds, at a glance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.days import days_of, span
from assistant.types import Hit, Paper

__all__ = ["Holdings", "holdings_of"]

_MAX_READ = 5_000
"""A larger collection is not read whole for a glance; its days are then left out."""

_ANYTHING = "a method and its results"
_MAX_FOUND = 200


class Holder(Protocol):
    """What is asked of a collection, or of an assistant."""

    def count(self) -> int:
        """How many papers there are."""
        ...

    def papers(self) -> Iterable[Paper]:
        """All of them."""
        ...

    def search(self, query: str, k: int) -> Sequence[Hit]:
        """Find papers."""
        ...


@dataclass(frozen=True, slots=True)
class Holdings:
    """A collection at a glance.

    Attributes:
        n_papers: How many papers there are.
        days: The days they were listed on, as "Mar 11–14"; "" where unknown.
        papers: All of them, or some where there are many.
    """

    n_papers: int
    days: str
    papers: tuple[Paper, ...]


def holdings_of(holder: Holder) -> Holdings:
    """Look at a collection."""
    n_papers = holder.count()
    if n_papers > _MAX_READ:
        found = (hit.paper for hit in holder.search(_ANYTHING, _MAX_FOUND))
        return Holdings(n_papers, "", tuple(found))
    papers = tuple(holder.papers())
    return Holdings(n_papers, span(days_of(papers)), papers)
