"""An encoder that does not encode twice what it has just encoded."""

from collections.abc import Sequence
from threading import Lock

import numpy as np

from store.encoders import Encoder, Vectors

__all__ = ["Remembering"]


class Remembering:
    """An encoder around another one, with the vectors of the texts it met last."""

    def __init__(self, encoder: Encoder, max_texts: int = 20_000) -> None:
        """Wrap an encoder.

        Args:
            encoder: Encodes what is not known.
            max_texts: How many are kept; beyond it the oldest goes. 20,000 of 384 dimensions take
                30 MB.
        """
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self._max_texts = max_texts
        self._lock = Lock()
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, in order."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        unknown = [text for text in dict.fromkeys(texts) if text not in found]
        fresh = dict(zip(unknown, self._encoder.encode(unknown), strict=True))
        with self._lock:
            self._known |= fresh
            while len(self._known) > self._max_texts:
                del self._known[next(iter(self._known))]
        found |= fresh
        vectors = [found[text] for text in texts]
        return np.stack(vectors) if vectors else np.empty((0, self.dimension), np.float32)
