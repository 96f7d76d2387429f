"""Encoders: text to vectors. The protocol, and how one is found by its name."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.errors import StoreError

__all__ = [
    "BUNDLED",
    "DEFAULT_ENCODER",
    "ONNX_FILES",
    "Encoder",
    "Vectors",
    "encoded_text",
    "load_encoder",
]

Vectors = NDArray[np.float32]
"""Shape (n_texts, dimension), rows of unit length, so that a dot product is the cosine."""

DEFAULT_ENCODER = "mini3"
_WEIGHTS = Path(__file__).parent / "weights"
BUNDLED = ("mini3", "static-256")
"""Encoders that ship with the project: a small transformer, and a static model for great haste."""

ONNX_FILES = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx")
"""Where a folder may keep its graph: as this project writes it, or sentence-transformers."""


def encoded_text(title: str, passage: str) -> str:
    """What of a passage is encoded: its paper's title goes with it."""
    return f"{title}. {passage}"


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
        name: One of ``BUNDLED``, or the path of a Model2Vec or an ONNX folder.

    Raises:
        StoreError: There is no such encoder, or its folder cannot be loaded.
    """
    folder = _WEIGHTS / name if name in BUNDLED else Path(name)
    with suppress(RuntimeError):  # a person's folder that there is not
        folder = folder.expanduser()
    graph = next((folder / each for each in ONNX_FILES if (folder / each).is_file()), None)
    weights = folder / "model.safetensors"
    if graph:
        from store.onnx_encoder import OnnxEncoder

        return OnnxEncoder(folder, graph, _known_as(name, folder, graph))
    if weights.is_file():
        from store.static_encoder import StaticEncoder

        return StaticEncoder(folder, _known_as(name, folder, weights))
    raise StoreError(
        f"There is no encoder {name!r}; use {', '.join(BUNDLED)} or the path of a Model2Vec or an"
        " ONNX folder"
    )


def _known_as(name: str, folder: Path, weights: Path) -> str:
    """What homes record: the path of a user's folder, with a digest that tells other weights."""
    if name in BUNDLED:
        return name
    with weights.open("rb") as file:
        return f"{folder.resolve()}@{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"
