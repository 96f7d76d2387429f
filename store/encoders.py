"""Encoders: text to vectors. The protocol, and how one is found by its name."""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.errors import EncoderError

__all__ = [
    "ADAPTED",
    "ADAPTED_FILE",
    "BUNDLED",
    "DEFAULT_ENCODER",
    "ENDPOINT",
    "LLAMA_INDEX",
    "NOWHERE",
    "ONNX_FILES",
    "Encoder",
    "Endpoint",
    "Spans",
    "Vectors",
    "checked_vectors",
    "encode_parts",
    "encode_query",
    "encoded_text",
    "encodes_parts",
    "load_encoder",
    "unmarked",
    "well_formed",
]

Vectors = NDArray[np.float32]
"""Shape (n_texts, dimension), rows of unit length, so that a dot product is the cosine."""

Spans = Sequence[tuple[int, int]]
"""Pieces of a text, as offsets (start, end)."""

DEFAULT_ENCODER = "mini3"
_WEIGHTS = Path(__file__).parent / "weights"
BUNDLED = ("mini3", "static-256")
"""Encoders that ship with the project: a small transformer, and a static model for great haste."""

ONNX_FILES = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx")
"""Where a folder may keep its graph: as this project writes it, or sentence-transformers."""

STATIC_FILES = ("model.safetensors", "0_StaticEmbedding/model.safetensors")
"""Where a folder may keep a static model: as Model2Vec writes it, or sentence-transformers."""

ADAPTED = "adapted-"
ADAPTED_FILE = "adapted.json"
"""What names an encoder that was adapted to a home's papers, and what its folder there holds."""

_DIGEST = re.compile(r"@[0-9a-f]{12}$")

ENDPOINT = "endpoint:"
LLAMA_INDEX = "llama-index:"
"""What the names of encoders begin with that are not on this machine, or not ours to load."""


def encoded_text(title: str, passage: str) -> str:
    """What of a passage is encoded: its paper's title goes with it."""
    return f"{title}. {passage}"


class Encoder(Protocol):
    """Turns texts into vectors. The next encoder is one class with these three members.

    One that encodes queries in a way of their own has a method ``encode_query`` besides, of the
    same form as ``encode``; one that can tell what pieces of a text mean where they stand has
    ``encode_parts``, of the form of the function below.
    """

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


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an encoder that is not on this machine is asked.

    Attributes:
        base_url: Its address, as OpenAI's clients take it: it mostly ends in /v1.
        api_key: Its key; never shown.
    """

    base_url: str = ""
    api_key: str = field(default="", repr=False)


NOWHERE = Endpoint()
"""No address at all: what would need one is refused."""


def encode_query(encoder: Encoder, query: str) -> Vectors:
    """Encode one query, shape (1, dimension): as a passage, unless the encoder knows better."""
    encode: Callable[[Sequence[str]], Vectors] = getattr(encoder, "encode_query", encoder.encode)
    return encode([query])


def encodes_parts(encoder: Encoder) -> bool:
    """Whether an encoder gives vectors of a text's pieces in one go with the text's own."""
    return hasattr(encoder, "encode_parts")


def encode_parts(encoder: Encoder, texts: Sequence[str], parts: Sequence[Spans]) -> list[Vectors]:
    """Encode texts, and pieces of each, where the encoder does that in one go.

    Args:
        encoder: Any.
        texts: Passages.
        parts: The pieces of each.

    Returns:
        For each text (1 + n_parts, dimension), the whole first; only the whole, (1, dimension),
        where the encoder would have to be asked for each piece. A piece of which nothing was read
        gets the zero vector.
    """
    own: Callable[[Sequence[str], Sequence[Spans]], list[Vectors]] | None
    own = getattr(encoder, "encode_parts", None)
    return own(texts, parts) if own else [vector[np.newaxis] for vector in encoder.encode(texts)]


def load_encoder(
    name: str = DEFAULT_ENCODER, endpoint: Endpoint = NOWHERE, dimension: int = 0
) -> Encoder:
    """Load an encoder.

    Args:
        name: One of ``BUNDLED``, the path of a Model2Vec, an ONNX or an adapted folder, or
            "endpoint:MODEL" for a model that an OpenAI-compatible endpoint serves.
        endpoint: Where that model is asked.
        dimension: Length of its vectors where it is known; it is asked for otherwise, once.

    Raises:
        EncoderError: There is no such encoder, or its folder cannot be loaded.
    """
    if name.startswith(ENDPOINT):
        from store.endpoint_encoder import endpoint_encoder

        return endpoint_encoder(name, endpoint, dimension)
    if name.startswith(LLAMA_INDEX):
        raise EncoderError(
            f"The encoder {name!r} lives in a Python program; pass the embedding to Assistant("
            "encoder=...) there, or name another --home"
        )
    folder = _WEIGHTS / name if name in BUNDLED else Path(name)
    with suppress(RuntimeError):  # a person's folder that there is not
        folder = folder.expanduser()
    return _load_folder(name, folder, endpoint)


def _load_folder(name: str, folder: Path, endpoint: Endpoint) -> Encoder:
    if (folder / ADAPTED_FILE).is_file():
        from store.adapted_encoder import AdaptedEncoder

        return AdaptedEncoder(folder, endpoint)
    if graph := _first(folder, ONNX_FILES):
        from store.onnx_encoder import OnnxEncoder

        return OnnxEncoder(folder, graph, _known_as(name, folder, graph))
    if weights := _first(folder, STATIC_FILES):
        from store.static_encoder import StaticEncoder

        return StaticEncoder(folder, _known_as(name, folder, weights))
    raise EncoderError(
        f"There is no encoder {name!r}; use {', '.join(BUNDLED)} or the path of a Model2Vec or an"
        " ONNX folder, or endpoint:MODEL"
    )


def _first(folder: Path, names: Sequence[str]) -> Path | None:
    return next((folder / each for each in names if (folder / each).is_file()), None)


def _known_as(name: str, folder: Path, weights: Path) -> str:
    """What homes record: the path of a user's folder, with a digest that tells other weights."""
    if name in BUNDLED:
        return name
    with weights.open("rb") as file:
        return f"{folder.resolve()}@{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"


def unmarked(recorded: str) -> str:
    """The name by which a recorded encoder is loaded: without the digest of its weights."""
    return _DIGEST.sub("", recorded)


def well_formed(text: str) -> str:
    """A text as UTF-8 can carry it: halves of a surrogate pair, which mean nothing, become "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def checked_vectors(values: object, n_texts: int, dimension: int, encoder: str) -> Vectors:
    """Check what came out of a model, and bring its rows to unit length.

    Args:
        values: What should be (n_texts, dimension) numbers.
        n_texts: How many texts went in.
        dimension: How long vectors must be; 0 where that is not known yet.
        encoder: Its name, for the message.

    Raises:
        EncoderError: It is something else; a row of zeros stays one.
    """
    try:
        vectors = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise EncoderError(f"The encoder {encoder!r} gave no vectors of one length") from error
    if vectors.ndim != 2 or len(vectors) != n_texts or not vectors.shape[1]:
        raise EncoderError(
            f"The encoder {encoder!r} gave an array of shape {vectors.shape} for {n_texts} texts;"
            " it cannot be used, name another one"
        )
    if dimension and vectors.shape[1] != dimension:
        raise EncoderError(
            f"The encoder {encoder!r} gave vectors of {vectors.shape[1]} numbers where {dimension}"
            " were recorded; name the encoder that the home was made with, or another --home"
        )
    if not np.isfinite(vectors).all():
        raise EncoderError(
            f"The encoder {encoder!r} gave values that are no numbers (NaN or infinite); its"
            " weights are damaged, restore them or name another encoder"
        )
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0.0, 1.0, lengths)).astype(np.float32)
