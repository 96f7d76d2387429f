"""An encoder for tests that tells what pieces of a text mean where they stand."""

from collections.abc import Sequence

import numpy as np

from store.encoders import Spans, Vectors
from tests.papers import HashEncoder


class PartsEncoder(HashEncoder):
    """Reads the first characters of a text; a piece is its own words, and a little of the text's.

    ``pieces`` records, text by text, the pieces it was asked for.
    """

    def __init__(
        self, name: str = "parts", dimension: int = 64, n_read: int = 10_000, context: float = 0.0
    ) -> None:
        super().__init__(name, dimension)
        self._n_read = n_read
        self._context = context
        self.pieces: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode([text[: self._n_read] for text in texts])

    def encode_parts(self, texts: Sequence[str], parts: Sequence[Spans]) -> list[Vectors]:
        return [self._rows(text, some) for text, some in zip(texts, parts, strict=True)]

    def _rows(self, text: str, parts: Spans) -> Vectors:
        self.pieces.append([text[start:end] for start, end in parts])
        whole = self.encode([text])
        own = HashEncoder(dimension=self.dimension).encode(
            [text[: self._n_read][start:end] for start, end in parts]
        )
        there = own.any(axis=1, keepdims=True)
        rows = np.concatenate([whole, own + self._context * whole * there])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths == 0.0, 1.0, lengths), np.float32)
