"""From ranked papers to the sentences of their abstracts that bear on a question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.types import Hit, Paper
from store.encoders import Vectors
from store.sentences import sentence_spans

__all__ = ["Evidence", "Reader", "covered", "rank_evidence"]

_PAPER_RELEVANCE = 2.0
_IN_ABSTRACT = 1.0
_IN_SENTENCE_OR_TITLE = 1.0
_IN_SENTENCE = 0.5
_CLOSENESS = 1.0
"""What each feature weighs. Source: tests/bench/answers.py, the development questions."""

_FOLLOW_UP = 3.0
"""How much more the words of a follow-up weigh than those it is joined to, in its sentences."""


class Reader(Protocol):
    """What evidence asks of a collection."""

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
        strength: What the ranking is ordered by; comparable within one question only.
        closeness: Cosine between the question and the sentence under its title, -1 to 1.
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


def rank_evidence(question: str, query: str, hits: Sequence[Hit], reader: Reader) -> list[Evidence]:
    """Rank all sentences of the found abstracts by how well they answer.

    Args:
        question: What the user typed. Sentences are judged by it more than by the query, so that
            a follow-up does not get the sentences of the question before it again.
        query: What was searched for.
        hits: The papers found.
        reader: Reduces, weighs and encodes texts.

    Returns:
        Strongest first, ties by paper id and offset.
    """
    searched = {term: reader.rarity(term) for term in set(reader.terms(query))}
    asked = searched | {
        term: _FOLLOW_UP * reader.rarity(term) for term in set(reader.terms(question))
    }
    closenesses = _closenesses(question, query, hits, reader)
    ranked = []
    for hit in hits:
        title, abstract = set(reader.terms(hit.paper.title)), hit.paper.abstract
        in_abstract = covered(searched, title | set(reader.terms(abstract)))
        for start, end in sentence_spans(abstract):
            own, closeness = set(reader.terms(abstract[start:end])), next(closenesses)
            strength = (
                _PAPER_RELEVANCE * hit.relevance
                + _IN_ABSTRACT * in_abstract
                + _IN_SENTENCE_OR_TITLE * covered(asked, own | title)
                + _IN_SENTENCE * covered(asked, own)
                + _CLOSENESS * closeness
            )
            ranked.append(Evidence(hit.paper, start, end, strength, closeness))
    return sorted(ranked, key=lambda each: (-each.strength, each.paper.paper_id, each.start))


def _closenesses(question: str, query: str, hits: Sequence[Hit], reader: Reader) -> Iterator[float]:
    """Cosines of all sentences of the hits, in order, with what was asked and searched for."""
    asked, searched = reader.encode([question, query])
    known = reader.sentence_vectors([hit.paper.paper_id for hit in hits])
    for hit in hits:
        # A sentence that says "our approach" is understood with its paper's title.
        titled = [
            f"{hit.paper.title}. {hit.paper.abstract[start:end]}"
            for start, end in sentence_spans(hit.paper.abstract)
        ]
        vectors: list[Any] = list(known.get(hit.paper.paper_id, ()))
        if len(vectors) != len(titled):
            vectors = [()] * len(titled)
        # One that the encoder did not come to in its passage is encoded by itself.
        unread = [text for text, vector in zip(titled, vectors, strict=True) if not any(vector)]
        alone = iter(reader.encode(unread))
        for vector in vectors:
            one = vector if any(vector) else next(alone)
            yield float(one @ (asked + searched)) / 2


def covered(weights: dict[str, float], terms: set[str]) -> float:
    """Share of the query's weight that lies on terms of a text, 0 to 1."""
    total = sum(weights.values())
    return sum(weights[term] for term in weights.keys() & terms) / total if total else 0.0
