"""Papers that are or may be set side by side, and what is asked of a collection to tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.types import Hit
from store.encoders import Vectors

__all__ = ["Beside", "Candidate", "Reader"]


class Reader(Protocol):
    """What comparing asks of a collection."""

    def terms(self, text: str) -> list[str]:
        """Reduce a text to stemmed words."""
        ...

    def rarity(self, term: str) -> float:
        """Weigh a term by how few passages have it."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, rows of unit length."""
        ...

    def sentence_vectors(self, paper_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors of the sentences of papers, where the encoder can tell them in their context."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that a question or a part of it has found.

    Attributes:
        hit: The paper, as the whole question found it, else the first part that did.
        features: What ``deciding`` looks at, by name.
        terms: The terms of its title and abstract.
    """

    hit: Hit
    features: Mapping[str, float]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """Papers to be set side by side.

    Attributes:
        hits: Two or more, or none where a question is about one paper.
        sure: Whether several are surely meant. Else the answer leads with what answers best.
    """

    hits: Sequence[Hit] = ()
    sure: bool = False
