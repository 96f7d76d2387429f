"""How a question stands to the collection: what the refusal is decided by."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence, Reader, covered

__all__ = ["Bearing", "bearing"]

_EDGES = "\"'“”‘’.,;:!?()[]{}"


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a question stands to the collection.

    Attributes:
        closeness: Cosine between the question and the nearest sentence, -1 to 1; 0 without any.
        unknown: Share of the question's weight on terms that no abstract has, 0 to 1.
        missing: Those of its words, as typed, in order.
    """

    closeness: float
    unknown: float
    missing: tuple[str, ...]


def bearing(query: str, ranked: Sequence[Evidence], reader: Reader) -> Bearing:
    """Measure how a question stands to the collection."""
    words = {word.strip(_EDGES): reader.terms(word) for word in query.split()}
    weights = {term: reader.rarity(term) for terms in words.values() for term in terms}
    known = {term for term in weights if reader.knows(term)}
    return Bearing(
        closeness=max((each.closeness for each in ranked), default=0.0),
        unknown=1.0 - covered(weights, known) if weights else 1.0,
        missing=tuple(
            word
            for word, terms in words.items()
            if len(word) > 2 and terms and not known & set(terms)
        ),
    )
