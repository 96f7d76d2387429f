"""Vectors kept on disk from one run of the table to the next, so that it is bearable.

They lie under a name that tells the weights, so that a changed encoder begins anew.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

import store.encoders
from store.encoders import BUNDLED, Encoder, Vectors

__all__ = ["KeptVectors", "weights_digest"]

_KEY_BYTES = 16


class KeptVectors:
    """An encoder that encodes only what it has never met, and keeps that."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.n_encoded = 0
        self._keys, self._rows = folder / "keys", folder / "rows"
        self._keys.touch()
        self._rows.touch()
        self._lock = Lock()
        self._at = {key: row for row, key in enumerate(self._known())}

    def _known(self) -> list[bytes]:
        """Keys whose vectors are there; what a cut-short run left behind them is dropped."""
        raw, row_bytes = self._keys.read_bytes(), 4 * self.dimension
        n_rows = min(len(raw) // _KEY_BYTES, self._rows.stat().st_size // row_bytes)
        for path, n_bytes in ((self._keys, _KEY_BYTES), (self._rows, row_bytes)):
            with path.open("r+b") as file:
                file.truncate(n_rows * n_bytes)
        return [raw[n * _KEY_BYTES : (n + 1) * _KEY_BYTES] for n in range(n_rows)]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, in order."""
        keys = [hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest() for text in texts]
        with self._lock:
            fresh = {
                key: text for key, text in zip(keys, texts, strict=True) if key not in self._at
            }
            if fresh:
                self._keep(list(fresh), self._encoder.encode(list(fresh.values())))
            if not keys:
                return np.empty((0, self.dimension), np.float32)
            rows = np.memmap(self._rows, np.float32, "r").reshape(-1, self.dimension)
            return np.asarray(rows[[self._at[key] for key in keys]])

    def _keep(self, keys: list[bytes], vectors: Vectors) -> None:
        with self._rows.open("ab") as file:
            file.write(np.ascontiguousarray(vectors, np.float32).tobytes())
        with self._keys.open("ab") as file:
            file.write(b"".join(keys))
        self._at |= {key: row for row, key in enumerate(keys, start=len(self._at))}
        self.n_encoded += len(keys)


def weights_digest(name: str) -> str:
    """Twelve characters that change with any file of an encoder's folder."""
    weights = Path(store.encoders.__file__).parent / "weights"
    folder = weights / name if name in BUNDLED else Path(name)
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
