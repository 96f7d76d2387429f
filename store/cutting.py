"""Cutting abstracts into passages: most are one, and cost nothing."""

from functools import cached_property
from typing import TYPE_CHECKING

from store.changes import Spans

if TYPE_CHECKING:
    from store.splitting import Splitter

__all__ = ["Cutting"]


class Cutting:
    """Gives the passages of an abstract; what cuts long ones is loaded when the first comes."""

    def __init__(self, chunk_size: int, chunk_overlap: int) -> None:
        """Set the sizes; see ``Splitter``."""
        self._chunk_size = chunk_size
        self._chunk_overlap = chunk_overlap

    def __call__(self, abstract: str) -> Spans:
        """The passages, as (start, end) in order."""
        if len(abstract.split()) <= self._chunk_size:
            return ((0, len(abstract)),)
        return self._splitter.split(abstract)

    @cached_property
    def _splitter(self) -> "Splitter":
        from store.splitting import Splitter

        return Splitter(self._chunk_size, self._chunk_overlap)
