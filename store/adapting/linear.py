"""A linear map behind an encoder: whitened first, then trained to tell a paper from the others.

Both steps need the encoder's vectors alone, so that any encoder can be adapted, on a CPU in
seconds once its texts are encoded.

Source: whitening, Su et al., "Whitening Sentence Representations" (2021); the loss, van den Oord
et al., "Representation Learning with Contrastive Predictive Coding" (2018). The settings:
tests/bench/own_field.py, with figures in docs/measurements.md.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.encoders import Vectors

__all__ = ["EPOCHS", "Matrix", "mapped", "trained", "whitening"]

Matrix = NDArray[np.float32]
"""Shape (dimension, dimension); a vector goes through as ``vector @ matrix``."""

_POWER = 0.25
_FLOOR = 0.01
"""How far directions that vary much are brought down to the others; the least variance counted."""

EPOCHS = 10
_BATCH = 512
_RATE = 3e-4
_TEMPERATURE = 0.05
_MOMENTUM, _SQUARES, _TINY = 0.9, 0.999, 1e-8
"""Of the optimizer Adam."""


def mapped(vectors: Vectors, matrix: Matrix) -> Vectors:
    """Send vectors through a map, back to unit length; rows of zeros stay what they are."""
    sent = vectors @ matrix
    return np.asarray(sent / _lengths(sent), np.float32)


def _lengths(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shape (n, 1); 1 for rows of zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.where(lengths == 0.0, 1.0, lengths), np.float32)


def whitening(vectors: Vectors) -> Matrix:
    """The map that makes directions more equal, so that what all papers share counts for less."""
    variances, directions = np.linalg.eigh(np.cov(vectors.T.astype(np.float64)))
    scaled = (np.maximum(variances, 0.0) / variances.mean() + _FLOOR) ** (-_POWER / 2)
    return np.asarray((directions * scaled) @ directions.T, np.float32)


def trained(
    queries: Vectors, passages: Vectors, papers: NDArray[np.int64], seed: int = 0
) -> Iterator[Matrix]:
    """Train a map, beginning with the one that changes nothing.

    Args:
        queries: Shape (n_pairs, dimension).
        passages: Those they belong to, likewise.
        papers: The paper of each pair; pairs of one paper are not held against each other.
        seed: Of the order in which pairs are met.

    Yields:
        The map after each epoch.
    """
    rng = np.random.default_rng(seed)
    n, dimension = queries.shape
    size = min(_BATCH, n)
    matrix = np.eye(dimension, dtype=np.float32)
    momentum, squares = np.zeros_like(matrix), np.zeros_like(matrix)
    n_steps, step = EPOCHS * (n // size), 0
    for _ in range(EPOCHS):
        order = rng.permutation(n)
        for at in range(0, n - size + 1, size):
            some = order[at : at + size]
            slope = _slope(matrix, queries[some], passages[some], papers[some])
            rate = _RATE * (1 - step / n_steps)
            step += 1
            momentum = _MOMENTUM * momentum + (1 - _MOMENTUM) * slope
            squares = _SQUARES * squares + (1 - _SQUARES) * slope**2
            steady = np.sqrt(squares / (1 - _SQUARES**step)) + _TINY
            matrix = matrix - rate * (momentum / (1 - _MOMENTUM**step)) / steady
        yield matrix


def _slope(
    matrix: Matrix, queries: Vectors, passages: Vectors, papers: NDArray[np.int64]
) -> Matrix:
    """The gradient of the loss: each query should be nearest to its own passage, and back."""
    asked, found = queries @ matrix, passages @ matrix
    n_asked, n_found = _lengths(asked), _lengths(found)
    asked, found = asked / n_asked, found / n_found
    likeness = asked @ found.T / _TEMPERATURE
    siblings = papers[:, None] == papers[None, :]
    np.fill_diagonal(siblings, False)
    likeness[siblings] = -np.inf
    both_ways = (_shares(likeness, 1) + _shares(likeness, 0)) / 2
    blame = (both_ways - np.eye(len(papers), dtype=np.float32)) / (_TEMPERATURE * len(papers))
    to_asked, to_found = blame @ found, blame.T @ asked
    to_asked -= asked * (asked * to_asked).sum(axis=1, keepdims=True)
    to_found -= found * (found * to_found).sum(axis=1, keepdims=True)
    return np.asarray(
        queries.T @ (to_asked / n_asked) + passages.T @ (to_found / n_found), np.float32
    )


def _shares(likeness: NDArray[Any], axis: int) -> NDArray[Any]:
    """Softmax."""
    raised = np.exp(likeness - likeness.max(axis=axis, keepdims=True))
    return np.asarray(raised / raised.sum(axis=axis, keepdims=True))
