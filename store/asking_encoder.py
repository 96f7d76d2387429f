"""Encoding by asking something that is not ours: an endpoint, or an embedding of LlamaIndex."""

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from store.encoders import Vectors, checked_vectors, well_formed

__all__ = ["MAX_CHARS", "Ask", "AskingEncoder"]

Ask = Callable[[list[str]], object]
"""Gives a vector for each text, in order, or raises ``EncoderError``; no text is blank."""

MAX_CHARS = 6_000
"""Of a text; endpoints refuse those beyond their limit of tokens, commonly 8,192."""

_PROBE = "How long are the vectors?"


class AskingEncoder:
    """An ``Encoder`` around a function; blank texts get the zero vector and are not sent."""

    def __init__(
        self, name: str, ask: Ask, ask_query: Ask | None = None, dimension: int = 0
    ) -> None:
        """Wrap a function; it is not called yet.

        Args:
            name: What homes record.
            ask: Encodes passages.
            ask_query: Encodes queries, where that is done in another way.
            dimension: Length of the vectors, where a home has recorded it.
        """
        self.name = name
        self._ask = ask
        self._ask_query = ask_query or ask
        self._dimension = dimension
        self._probing = Lock()

    @property
    def dimension(self) -> int:
        """Length of every vector; asked with a probe where nothing has told it yet."""
        with self._probing:
            if not self._dimension:
                self._dimension = self._vectors([_PROBE], self._ask, 0).shape[1]
            return self._dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode passages; what is behind a text's first 6,000 characters does not count."""
        return self._encode(texts, self._ask)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Encode queries, likewise."""
        return self._encode(texts, self._ask_query)

    def _encode(self, texts: Sequence[str], ask: Ask) -> Vectors:
        sent = {at: well_formed(text[:MAX_CHARS]) for at, text in enumerate(texts) if text.strip()}
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if sent:
            vectors[list(sent)] = self._vectors(list(sent.values()), ask, self.dimension)
        return vectors

    def _vectors(self, texts: list[str], ask: Ask, dimension: int) -> Vectors:
        return checked_vectors(ask(texts), len(texts), dimension, self.name)
