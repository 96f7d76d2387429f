"""Evidence, and what is asked of a collection to find it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.types import Paper
from store.encoders import Encoder, Vectors

__all__ = ["Evidence", "Reader"]


class Reader(Protocol):
    """What evidence asks of a collection."""

    @property
    def encoder(self) -> Encoder:
        """What encodes its texts."""
        ...

    def terms(self, text: str) -> list[str]:
        """Reduce a text to stemmed words."""
        ...

    def rarity(self, term: str) -> float:
        """Weigh a term by how few passages have it."""
        ...

    def knows(self, term: str) -> bool:
        """Whether any passage has a term."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, rows of unit length."""
        ...

    def sentence_vectors(self, paper_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors of the sentences of papers, where the encoder can tell them in their context."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of an abstract chosen for an answer.

    Attributes:
        paper: The paper it stands in.
        start: Its offset in the abstract.
        end: The offset behind it.
        strength: Probability that it is the one sentence that answers, among all that were ranked
            with it; the sum over a paper's sentences is the probability of the paper.
        closeness: Cosine between the question and the sentence in its abstract, as it would be by
            the encoder that weights were learned with; see ``scale``.
    """

    paper: Paper
    start: int
    end: int
    strength: float
    closeness: float

    @property
    def quote(self) -> str:
        """The sentence itself."""
        return self.paper.abstract[self.start : self.end]
