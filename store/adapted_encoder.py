"""An encoder with a map behind it that was learned from a collection."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np

from store.adapting.linear import Matrix, mapped
from store.encoders import (
    ADAPTED,
    ADAPTED_FILE,
    BUNDLED,
    NOWHERE,
    Encoder,
    Endpoint,
    Spans,
    Vectors,
    encode_parts,
    encode_query,
    load_encoder,
    unmarked,
)
from store.errors import EncoderError

__all__ = ["AdaptedEncoder", "base_of", "write_adapted"]

_MATRIX = "matrix.npy"
_PROBE = "What tells other weights of the same name?"
_SAME = 0.99
_WAY_OUT = (
    "`paper-assistant train-encoder --restore` goes back to the encoder beneath, which can then be"
    " adapted again"
)


class AdaptedEncoder:
    """A folder that ``write_adapted`` wrote as an ``Encoder``; it names the encoder beneath."""

    def __init__(
        self, folder: Path, endpoint: Endpoint = NOWHERE, base: Encoder | None = None
    ) -> None:
        """Load the folder, and the encoder beneath.

        Args:
            folder: Where the map is.
            endpoint: Where the encoder beneath is asked, if it is not on this machine.
            base: The encoder beneath, where it is loaded already.

        Raises:
            EncoderError: The folder is damaged, or the encoder beneath is there no more.
        """
        try:
            about = json.loads((folder / ADAPTED_FILE).read_text(encoding="utf-8"))
            name, self.dimension = str(about["base"]), int(about["dimension"])
            written = (folder / _MATRIX).read_bytes()
            self._matrix: Matrix = np.load(BytesIO(written), allow_pickle=False)
            if self._matrix.shape != (self.dimension, self.dimension):
                raise ValueError(f"a matrix of shape {self._matrix.shape}")
            if not np.isfinite(self._matrix).all():
                raise ValueError("a matrix with values that are no numbers")
        except (OSError, ValueError, TypeError, KeyError, EOFError) as error:
            raise EncoderError(
                f"The adapted encoder in {folder} cannot be loaded: {error}; {_WAY_OUT}"
            ) from error
        self.base = base or load_encoder(unmarked(name), endpoint, self.dimension)
        if self.base.name != name or not self._is_probed(about.get("probe")):
            raise EncoderError(
                f"The encoder in {folder} was adapted from {name!r}, whose weights are others now;"
                f" {_WAY_OUT}"
            )
        self.name = _name(name, written)

    def _is_probed(self, probe: object) -> bool:
        """Whether the encoder beneath gives what it gave; where its name says so, no probe is."""
        if not isinstance(probe, list) or len(probe) != self.dimension:
            return probe is None
        return bool(self.base.encode([_PROBE])[0] @ np.array(probe, np.float32) > _SAME)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as the encoder beneath does, then send the vectors through the map."""
        return mapped(self.base.encode(texts), self._matrix)

    def encode_parts(self, texts: Sequence[str], parts: Sequence[Spans]) -> list[Vectors]:
        """Encode texts and pieces of each, likewise."""
        return [mapped(rows, self._matrix) for rows in encode_parts(self.base, texts, parts)]

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Encode queries, likewise."""
        vectors = [encode_query(self.base, text) for text in texts]
        none = np.empty((0, self.dimension), np.float32)
        return mapped(np.concatenate([none, *vectors]), self._matrix)


def write_adapted(within: Path, base: Encoder, matrix: Matrix, about: Mapping[str, object]) -> Path:
    """Write an adapted encoder into a folder of its own.

    Args:
        within: Where the folder goes, named like the encoder.
        base: The encoder beneath.
        matrix: The map.
        about: What else to keep of how it was made, as JSON types.

    Returns:
        The folder; the same map gives the same one.

    Raises:
        EncoderError: It cannot be written.
    """
    buffer = BytesIO()
    np.save(buffer, matrix)
    folder = within / _name(base.name, buffer.getvalue())
    described = {"base": base.name, "dimension": base.dimension, **about}
    if base.name in BUNDLED:  # another version of the project may bring others
        described["probe"] = [round(float(value), 4) for value in base.encode([_PROBE])[0]]
    try:
        folder.mkdir(exist_ok=True)
        (folder / _MATRIX).write_bytes(buffer.getvalue())
        (folder / ADAPTED_FILE).write_text(json.dumps(described, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise EncoderError(
            f"{folder} cannot be written ({error.strerror}); make room or make it writable"
        ) from error
    return folder


def base_of(folder: Path) -> str:
    """What ``load_encoder`` takes for the encoder beneath, however damaged the rest; "" if lost."""
    try:
        return unmarked(str(json.loads((folder / ADAPTED_FILE).read_text("utf-8"))["base"]))
    except (OSError, ValueError, TypeError, KeyError):
        return ""


def _name(base: str, matrix: bytes) -> str:
    """What homes record: the same wherever the folder is, another for each map and base."""
    return ADAPTED + hashlib.sha256(base.encode() + b"\0" + matrix).hexdigest()[:12]
