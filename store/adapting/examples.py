"""What a collection itself teaches: which sentence belongs to which abstract, which title to it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.encoders import Encoder, Vectors, encoded_text
from store.sentences import sentence_spans
from store.types import Paper

__all__ = ["Examples", "Texts", "encoded", "example_texts", "split"]

_SENTENCES = 2
_MIN_WORDS = 5
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Texts:
    """Pairs of texts: what might be asked, and what should then be found.

    Attributes:
        queries: Sentences of abstracts, and titles.
        passages: For a sentence the title with the rest of its abstract, for a title the abstract.
        papers: The number of each pair's paper.
        first_of: By paper, the pair whose passage stands for it where it is searched for.
    """

    queries: tuple[str, ...]
    passages: tuple[str, ...]
    papers: tuple[int, ...]
    first_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """The pairs of ``Texts`` as vectors, shape (n_pairs, dimension)."""

    queries: Vectors
    passages: Vectors
    papers: NDArray[np.int64]
    candidates: Vectors
    """A passage a paper, shape (n_papers, dimension)."""


def example_texts(papers: Sequence[Paper], rng: random.Random) -> Texts:
    """Take two sentences and the title of each paper that has an abstract to take them from."""
    pairs: list[tuple[str, str, int]] = []
    first_of: list[int] = []
    for paper in papers:
        taken = _taken(paper, rng)
        if taken:
            pairs_of_paper = [(query, passage, len(first_of)) for query, passage in taken]
            first_of.append(len(pairs))
            pairs += pairs_of_paper
    queries, passages, numbers = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Texts(queries, passages, numbers, tuple(first_of))


def _taken(paper: Paper, rng: random.Random) -> list[tuple[str, str]]:
    """Sentences with what is left without them, and the title with the abstract."""
    abstract = paper.abstract
    spans = [
        (start, end)
        for start, end in sentence_spans(abstract)
        if len(abstract[start:end].split()) >= _MIN_WORDS
    ]
    if len(spans) < 2:
        return []
    sentences = [
        (abstract[start:end], encoded_text(paper.title, abstract[:start] + abstract[end:]))
        for start, end in rng.sample(spans, _SENTENCES)
    ]
    return [*sentences, (paper.title, abstract)]


def encoded(texts: Texts, encoder: Encoder, on_progress: Callable[[int, int], None]) -> Examples:
    """Encode all texts; ``on_progress`` is told how many of how many are done."""
    everything = [*texts.queries, *texts.passages]
    vectors = np.empty((len(everything), encoder.dimension), np.float32)
    for at in range(0, len(everything), _BATCH):
        vectors[at : at + _BATCH] = encoder.encode(everything[at : at + _BATCH])
        on_progress(min(at + _BATCH, len(everything)), len(everything))
    n = len(texts.queries)
    return Examples(
        vectors[:n], vectors[n:], np.array(texts.papers), vectors[n:][list(texts.first_of)]
    )


def split(n_papers: int, rng: random.Random) -> tuple[set[int], set[int]]:
    """Papers that are kept from training: some to know when to stop, as many for the figures."""
    n_each = min(_MAX_HELD_OUT, n_papers // 8)
    drawn = rng.sample(range(n_papers), 2 * n_each)
    return set(drawn[:n_each]), set(drawn[n_each:])


_MAX_HELD_OUT = 1_000
