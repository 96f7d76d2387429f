"""A collection as a whole: some of its papers, or all, with one vector each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from store.appearances import Appearances
from store.catalog import Catalog
from store.encoders import Vectors
from store.types import Paper

if TYPE_CHECKING:
    from store.dense import DenseIndex

__all__ = ["Survey", "Surveying"]


@dataclass(frozen=True, slots=True)
class Survey:
    """Papers and their vectors.

    Attributes:
        papers: In order.
        vectors: One each, rows of unit length; shape (n_papers, dimension).
    """

    papers: tuple[Paper, ...]
    vectors: Vectors

    def part(self, numbers: Sequence[int]) -> "Survey":
        """Those of some numbers, from 0."""
        return Survey(tuple(self.papers[at] for at in numbers), self.vectors[list(numbers)])


class Surveying:
    """Looks at the papers that have vectors."""

    def __init__(self, catalog: Catalog, dense: "DenseIndex", refresh: Callable[[], None]) -> None:
        """Take what is looked at.

        Args:
            catalog: The papers.
            dense: Their vectors.
            refresh: Sees what other processes have written.
        """
        self._catalog = catalog
        self._dense = dense
        self._refresh = refresh

    def changed(self) -> int:
        """A number that grows with every change of a paper, removals included."""
        self._refresh()
        return self._catalog.revision

    def revision(self) -> str:
        """A name for the papers and vectors as they are now; another one after every change."""
        self._refresh()
        return f"{self._catalog.revision}.{self._dense.revision}"

    def appearances(self) -> Appearances:
        """The days, dates and sources that the papers have."""
        self._refresh()
        return self._catalog.appearances()

    def some(self, n_papers: int) -> Survey:
        """Take papers by chance, all where there are no more, by id.

        Where the collection grows, most of those taken before are taken again.
        """
        self._refresh()
        return self.of(sorted(self._dense.sample(n_papers)))

    def of(self, paper_ids: Sequence[str]) -> Survey:
        """Take certain papers; those without a vector, or that are not there, are left out."""
        vectors = self._dense.of_papers(paper_ids)
        known = self._catalog.papers(list(vectors))
        there = [name for name in paper_ids if name in known]
        rows = [vectors[name] for name in there]
        return Survey(
            tuple(known[name][0] for name in there),
            np.stack(rows) if rows else np.empty((0, 0), np.float32),
        )
