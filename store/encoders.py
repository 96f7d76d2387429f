"""Encoders: text to vectors. The protocol, and how one is found by its name."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.errors import StoreError

__all__ = ["BUNDLED", "DEFAULT_ENCODER", "Encoder", "Vectors", "load_encoder"]

Vectors = NDArray[np.float32]
"""Shape (n_texts, dimension), rows of unit length, so that a dot product is the cosine."""

DEFAULT_ENCODER = "static-256"
_WEIGHTS = Path(__file__).parent / "weights"
BUNDLED = ("static-256",)
"""Encoders that ship with the project."""


class Encoder(Protocol):
    """Turns texts into vectors. The next encoder is one class with these three members."""

    @property
    def name(self) -> str:
        """What a home records, to refuse vectors of another encoder."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts in order, also none of them; the same text gives the same vector."""
        ...


def load_encoder(name: str = DEFAULT_ENCODER) -> Encoder:
    """Load an encoder.

    Args:
        name: One of ``BUNDLED``, or the path of a Model2Vec folder.

    Raises:
        StoreError: There is no such encoder, or its folder cannot be loaded.
    """
    from store.static_encoder import StaticEncoder

    folder = _WEIGHTS / name if name in BUNDLED else Path(name)
    with suppress(RuntimeError):  # a person's folder that there is not
        folder = folder.expanduser()
    if not (folder / "model.safetensors").is_file():
        raise StoreError(
            f"There is no encoder {name!r}; use {', '.join(BUNDLED)} or the path of a Model2Vec"
            " folder"
        )
    return StaticEncoder(folder, name if name in BUNDLED else folder.name)
