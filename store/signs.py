"""The signs of vectors' numbers: which of very many vectors are likely to be near to one?

Two vectors are the nearer, the more of their numbers agree in sign. Signs are compared 64 at a
time, which takes a thirtieth of the memory of the numbers and a tenth of the time.
"""

import numpy as np
from numpy.typing import NDArray

from store.encoders import Vectors

__all__ = ["Signs", "likely", "n_words", "signs_of"]

Signs = NDArray[np.uint64]
"""Bits of vectors, 1 where a number is above zero, filled up with 0; shape (n_vectors, n_words)."""

_WORD_BITS = 64


def n_words(dimension: int) -> int:
    """How many words of 64 bits the signs of a vector take."""
    return -(-dimension // _WORD_BITS)


def signs_of(vectors: Vectors) -> Signs:
    """Which numbers of vectors are above zero."""
    n_vectors, dimension = vectors.shape
    bits = np.zeros((n_vectors, n_words(dimension) * _WORD_BITS), np.bool_)
    bits[:, :dimension] = vectors > 0.0
    return np.packbits(bits, axis=1).view(np.uint64).reshape(n_vectors, n_words(dimension))


def likely(
    columns: Signs, rows: NDArray[np.int64], vector: NDArray[np.float32], n: int
) -> NDArray[np.int64]:
    """Find those of some vectors that agree with one in most signs.

    Args:
        columns: The signs of all vectors the other way round, shape (n_words, n_vectors), for each
            word to be compared in one run.
        rows: Numbers of the vectors to choose among, in order.
        vector: What they are compared with, shape (dimension,).
        n: How many to find, fewer than there are.

    Returns:
        ``n`` of the rows, and those that agree as much as the last of them, in order.

    Source:
        Charikar, "Similarity estimation techniques from rounding algorithms", 2002.
    """
    n_apart = np.zeros(columns.shape[1], np.uint16)
    for column, bits in zip(columns, signs_of(vector[None])[0], strict=True):
        n_apart += np.bitwise_count(column ^ bits)
    if len(rows) < len(n_apart):
        n_apart = n_apart[rows]
    limit = np.searchsorted(np.bincount(n_apart).cumsum(), n)
    return rows[n_apart <= limit]
