"""Papers as a summary looks at them: their words, their sentences, and a vector of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evidence import Reader
from assistant.types import Hit, Paper
from store.encoders import Vectors, encoded_text
from store.sentences import sentence_spans

__all__ = ["ReadPaper", "read_papers", "unit"]


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A paper that was found, and what was read of it.

    Attributes:
        hit: As it was found.
        title: The terms of its title.
        terms: Those of title and abstract, with how often each comes.
        spans: Where the sentences of its abstract are.
        vectors: One a sentence, (n_sentences, dimension); the paper's own for one not encoded.
        vector: The paper's, (dimension,), of unit length.
    """

    hit: Hit
    title: frozenset[str]
    terms: Counter[str]
    spans: Sequence[tuple[int, int]]
    vectors: Vectors
    vector: Vectors

    @property
    def paper(self) -> Paper:
        """The record."""
        return self.hit.paper


def read_papers(hits: Sequence[Hit], reader: Reader) -> list[ReadPaper]:
    """Read the papers found, in order."""
    known = reader.sentence_vectors([hit.paper.paper_id for hit in hits])
    # Papers whose sentences have no vectors, or none yet, are encoded as a whole.
    unknown = [hit.paper for hit in hits if hit.paper.paper_id not in known]
    encoded = reader.encode([encoded_text(paper.title, paper.abstract) for paper in unknown])
    whole = {paper.paper_id: encoded[at] for at, paper in enumerate(unknown)}
    return [_read(hit, known.get(hit.paper.paper_id), whole, reader) for hit in hits]


def _read(
    hit: Hit, vectors: Vectors | None, whole: Mapping[str, Vectors], reader: Reader
) -> ReadPaper:
    paper, spans = hit.paper, sentence_spans(hit.paper.abstract)
    title = reader.terms(paper.title)
    vector = unit(vectors.mean(axis=0)) if vectors is not None else whole[paper.paper_id]
    rows = np.tile(vector, (len(spans), 1))
    if vectors is not None and len(vectors) == len(spans):
        rows = np.where(vectors.any(axis=1, keepdims=True), vectors, rows)
    terms = Counter(title + reader.terms(paper.abstract))
    return ReadPaper(hit, frozenset(title), terms, spans, rows, vector)


def unit(vectors: Vectors) -> Vectors:
    """Vectors at unit length; one of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0.0, 1.0, lengths), np.float32)
