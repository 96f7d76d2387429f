"""What is looked at in the found abstracts: arrays of numbers, one row a sentence or a paper."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.scale import scale_of
from assistant.evidence.types import Reader
from assistant.types import Hit, Paper
from store.sentences import sentence_spans

__all__ = [
    "PAPER_FEATURES",
    "SENTENCE_FEATURES",
    "Read",
    "Values",
    "closenesses",
    "covered",
    "paper_features",
    "read",
    "sentence_features",
]

Values = NDArray[np.float64]

SENTENCE_FEATURES = (
    "closeness",
    "closeness before",
    "closeness after",
    "covered",
    "covered before",
    "covered after",
    "covered with the one before",
    "covered beyond the title",
    "new words",
    "first",
    "last",
    "position",
    "length",
)
PAPER_FEATURES = (
    "relevance",
    "closest sentence",
    "closeness of all sentences",
    "covered",
    "covered by the title",
)

_PER_CLOSENESS = 5.0
"""Brings differences between cosines to the size of the other features."""
_OUTSIDE = -1.0
"""Closeness of the sentence before the first and behind the last."""
_USUAL_CHARS = 150
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Read:
    """A paper as it is looked at.

    Attributes:
        paper: The paper.
        spans: Offsets of the abstract's sentences.
        title: The terms of its title.
        sentences: The terms of each sentence.
    """

    paper: Paper
    spans: Sequence[tuple[int, int]]
    title: frozenset[str]
    sentences: Sequence[Set[str]]

    @property
    def texts(self) -> list[str]:
        """The sentences."""
        return [self.paper.abstract[start:end] for start, end in self.spans]


def read(paper: Paper, reader: Reader) -> Read:
    """Cut a paper into sentences and these into terms."""
    spans = sentence_spans(paper.abstract)
    terms = [set(reader.terms(paper.abstract[start:end])) for start, end in spans]
    return Read(paper, spans, frozenset(reader.terms(paper.title)), terms)


def closenesses(question: str, query: str, papers: Sequence[Read], reader: Reader) -> list[Values]:
    """Cosines of the sentences of each paper with what was asked and what was searched for.

    They are on the scale of the encoder that weights were learned with.
    """
    both, scale = reader.encode([question, query]).sum(axis=0), scale_of(reader.encoder)
    known = reader.sentence_vectors([each.paper.paper_id for each in papers])
    found = []
    for each in papers:
        vectors: list[Any] = list(known.get(each.paper.paper_id, ()))
        if len(vectors) != len(each.spans):
            vectors = [()] * len(each.spans)
        # One that the encoder did not come to in its passage is encoded by itself, with the title,
        # because a sentence that says "our approach" is not understood without.
        titled = [f"{each.paper.title}. {text}" for text in each.texts]
        unread = [text for text, vector in zip(titled, vectors, strict=True) if not any(vector)]
        alone = iter(reader.encode(unread))
        rows = [vector if any(vector) else next(alone) for vector in vectors]
        found.append(scale.learned(np.array([float(row @ both) / 2 for row in rows])))
    return found


def sentence_features(asked: Mapping[str, float], one: Read, closeness: Values) -> Values:
    """Look at the sentences of one paper.

    Args:
        asked: The terms of a question with their weights.
        one: The paper.
        closeness: Of each sentence to the question.

    Returns:
        (n_sentences, n_features), in the order of ``SENTENCE_FEATURES``; what tells nothing about
        which sentence of the paper it is, is not in them.
    """
    n = len(one.spans)
    if not n:
        return np.empty((0, len(SENTENCE_FEATURES)))
    near = _PER_CLOSENESS * (closeness - closeness.max())
    shares = np.array([covered(asked, each) for each in one.sentences])
    before = [set[str](), *one.sentences[:-1]]
    place = np.arange(n)
    lengths = [(end - start) / _USUAL_CHARS for start, end in one.spans]
    columns = (
        near,
        np.append(_OUTSIDE, near[:-1]),
        np.append(near[1:], _OUTSIDE),
        shares,
        np.append(0.0, shares[:-1]),
        np.append(shares[1:], 0.0),
        [covered(asked, {*a, *b}) for a, b in zip(before, one.sentences, strict=True)],
        [covered(asked, each - one.title) for each in one.sentences],
        [len(each - asked.keys() - one.title) / 10 for each in one.sentences],
        place == 0,
        place == n - 1,
        place / max(1, n - 1),
        np.log(lengths),
    )
    return np.column_stack(columns).astype(np.float64)


def paper_features(
    asked: Mapping[str, float],
    hits: Sequence[Hit],
    papers: Sequence[Read],
    closeness: Sequence[Values],
) -> Values:
    """Look at the papers of one search, some of it against the first and the nearest of them.

    Args:
        asked: The terms of a question with their weights.
        hits: The papers, most relevant first.
        papers: The same.
        closeness: Of the sentences of each to the question.

    Returns:
        (n_papers, n_features), in the order of ``PAPER_FEATURES``.
    """
    odds = np.array([_log_odds(hit.relevance) for hit in hits])
    # An abstract of no sentence is near to nothing.
    near = _PER_CLOSENESS * np.array(
        [(each.max(), each.mean()) if len(each) else (-1.0, -1.0) for each in closeness]
    )
    columns = (
        odds - odds[0],
        near[:, 0] - near[:, 0].max(),
        near[:, 1] - near[:, 0].max(),
        [covered(asked, one.title.union(*one.sentences)) for one in papers],
        [covered(asked, one.title) for one in papers],
    )
    return np.column_stack(columns).astype(np.float64)


def covered(weights: Mapping[str, float], terms: Set[str]) -> float:
    """Share of the query's weight that lies on terms of a text, 0 to 1."""
    total = sum(weights.values())
    return sum(weights[term] for term in weights.keys() & terms) / total if total else 0.0


def _log_odds(share: float) -> float:
    bounded = min(max(share, _TINY), 1 - _TINY)
    return math.log(bounded / (1 - bounded))
