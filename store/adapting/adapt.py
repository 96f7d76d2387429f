"""Adapt an encoder to papers, and say honestly whether that helps."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.adapting.examples import Examples, encoded, example_texts, split
from store.adapting.linear import EPOCHS, Matrix, mapped, trained, whitening
from store.encoders import Encoder
from store.errors import EncoderError
from store.types import Paper

__all__ = ["MIN_PAPERS", "Adaptation", "Figures", "adapt"]

MIN_PAPERS = 1_000
"""Of 464 the pairs kept from training were found better, but people's questions were not: 0.938
for 0.945 (MRR@10). Of 5,000, both were. Source: tests/bench/own_field.py.
"""

_MAX_PAPERS = 4_000
_MIN_GAIN = 0.01
_SURE = 2.0
"""Standard errors that the gain must be from nothing."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how much of how much."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the right paper is found for pairs that were kept from training.

    Attributes:
        first: Share of queries whose paper comes first.
        mrr: Mean of 1/rank, 0 beyond the tenth.
    """

    first: float
    mrr: float


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What came of it.

    Attributes:
        matrix: The map behind the encoder.
        n_papers: Papers that were learned from or judged by.
        n_queries: Pairs that the figures are of.
        before: With the encoder as it was.
        after: With the map behind it.
        sure: Whether the gain stands out from chance.
    """

    matrix: Matrix
    n_papers: int
    n_queries: int
    before: Figures
    after: Figures
    sure: bool

    @property
    def helps(self) -> bool:
        """Whether it is worth encoding the collection anew."""
        return self.sure and self.after.mrr - self.before.mrr >= _MIN_GAIN


def adapt(papers: Sequence[Paper], encoder: Encoder, on_progress: Progress) -> Adaptation:
    """Learn a map from papers and compare it with none.

    Args:
        papers: Those of a collection; of more than 4,000 a sample is taken.
        encoder: What is adapted; it is not changed.
        on_progress: Called every second or so, more often if need be.

    Returns:
        The map with its figures; whether to use it is for the caller to decide by ``helps``.

    Raises:
        EncoderError: There are fewer than ``MIN_PAPERS`` papers with an abstract.
    """
    rng = random.Random(0)
    some = sorted(papers, key=lambda paper: paper.paper_id)
    texts = example_texts(rng.sample(some, min(len(some), _MAX_PAPERS)), rng)
    n_papers = len(texts.first_of)
    if n_papers < MIN_PAPERS:
        raise EncoderError(
            f"Of the {len(papers):,} papers {n_papers:,} have an abstract of two sentences, and"
            f" {MIN_PAPERS:,} are needed to adapt an encoder to them; ingest more"
        )
    examples = encoded(texts, encoder, lambda done, n: on_progress("Encoding", done, n))
    stopping, judging = split(n_papers, rng)
    matrix = _learned(examples, stopping, judging, on_progress)
    judged = _of(examples, judging)
    before, after = _ranks(examples, judged, None), _ranks(examples, judged, matrix)
    gains = _reciprocal(after) - _reciprocal(before)
    error = float(gains.std(ddof=1)) / np.sqrt(len(gains))
    return Adaptation(
        matrix=matrix,
        n_papers=n_papers,
        n_queries=len(gains),
        before=_figures(before),
        after=_figures(after),
        sure=bool(gains.mean() > _SURE * error),
    )


def _learned(
    examples: Examples, stopping: set[int], judging: set[int], on_progress: Progress
) -> Matrix:
    """The map of the epoch that finds best what is kept for stopping."""
    train = ~(_of(examples, stopping) | _of(examples, judging))
    white = whitening(np.concatenate([examples.queries[train], examples.passages[train]]))
    watched = _of(examples, stopping)
    best, best_mrr = white, _figures(_ranks(examples, watched, white)).mrr
    on_progress("Training", 0, EPOCHS)
    epochs = trained(
        mapped(examples.queries[train], white),
        mapped(examples.passages[train], white),
        examples.papers[train],
    )
    for n_done, step in enumerate(epochs, start=1):
        matrix = white @ step
        mrr = _figures(_ranks(examples, watched, matrix)).mrr
        if mrr > best_mrr:
            best, best_mrr = matrix, mrr
        on_progress("Training", n_done, EPOCHS)
    return best


def _of(examples: Examples, papers: set[int]) -> NDArray[np.bool_]:
    """Which pairs are of some papers."""
    return np.isin(examples.papers, list(papers))


def _ranks(
    examples: Examples, pairs: NDArray[np.bool_], matrix: Matrix | None
) -> NDArray[np.int64]:
    """The rank of each pair's own passage among one passage of every other paper, from 1."""
    queries, passages = examples.queries[pairs], examples.passages[pairs]
    candidates = examples.candidates
    if matrix is not None:
        queries, passages = mapped(queries, matrix), mapped(passages, matrix)
        candidates = mapped(candidates, matrix)
    own = (queries * passages).sum(axis=1, keepdims=True)
    others = queries @ candidates.T
    others[np.arange(len(queries)), examples.papers[pairs]] = -np.inf
    return np.asarray(1 + (others > own).sum(axis=1))


def _reciprocal(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(ranks <= 10, 1.0 / ranks, 0.0)


def _figures(ranks: NDArray[np.int64]) -> Figures:
    return Figures(float((ranks == 1).mean()), float(_reciprocal(ranks).mean()))
