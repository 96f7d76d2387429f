"""Vectors kept on disk from one run of the table to the next, so that it is bearable.

They lie under a name that tells the weights, so that a changed encoder begins anew.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

import store.encoders
from store.encoders import BUNDLED, Encoder, Spans, Vectors

__all__ = ["KeptVectors", "weights_digest"]

_ENTRY = struct.Struct("<16sQI")
"""A digest of what was encoded, the row where its vectors begin, and how many they are."""


class KeptVectors:
    """An encoder that encodes only what it has never met, and keeps that.

    It has what the encoder has besides: a text and its pieces are kept together, the text's own
    vector under the text as well; queries are not kept.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.n_encoded = 0
        self._entries, self._rows = folder / "entries", folder / "rows"
        self._entries.touch()
        self._rows.touch()
        self._lock = Lock()
        self._n_rows = self._rows.stat().st_size // (4 * self.dimension)
        self._at = dict(self._known())

    def __getattr__(self, name: str) -> Any:
        own = getattr(self.__dict__["_encoder"], name)
        return self._encode_parts if name == "encode_parts" else own

    def _known(self) -> Iterator[tuple[bytes, slice]]:
        """Digests whose vectors are there; what a run cut short half wrote is forgotten."""
        written = self._entries.read_bytes()
        entries = _ENTRY.iter_unpack(written[: len(written) // _ENTRY.size * _ENTRY.size])
        there = [*takewhile(lambda entry: entry[1] + entry[2] <= self._n_rows, entries)]
        for path, n_bytes in (
            (self._entries, len(there) * _ENTRY.size),
            (self._rows, 4 * self.dimension * self._n_rows),
        ):
            with path.open("r+b") as file:
                file.truncate(n_bytes)
        return ((key, slice(at, at + n)) for key, at, n in there)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, in order."""
        kept = self._kept(
            [_digest(text) for text in texts],
            lambda wanted: [
                row[np.newaxis] for row in self._encoder.encode([*map(texts.__getitem__, wanted)])
            ],
        )
        return np.concatenate(kept) if kept else np.empty((0, self.dimension), np.float32)

    def _encode_parts(self, texts: Sequence[str], parts: Sequence[Spans]) -> list[Vectors]:
        """Encode texts and pieces of them, as ``store.encoders.encode_parts``."""
        encoder: Any = self._encoder
        keys = [_digest(text, spans) for text, spans in zip(texts, parts, strict=True)]
        return self._kept(
            keys,
            lambda wanted: encoder.encode_parts(
                [texts[n] for n in wanted], [parts[n] for n in wanted]
            ),
            {key: _digest(text) for key, text in zip(keys, texts, strict=True)},
        )

    def _kept(
        self,
        keys: Sequence[bytes],
        encode: Callable[[list[int]], list[Vectors]],
        whole: dict[bytes, bytes] | None = None,
    ) -> list[Vectors]:
        """The vectors of each key; ``encode`` is given the numbers of those that are not known."""
        with self._lock:
            numbers = {key: n for n, key in enumerate(keys) if key not in self._at}
            if numbers:
                self._keep([*numbers], encode([*numbers.values()]), whole or {})
            if not keys:
                return []
            rows = np.memmap(self._rows, np.float32, "r").reshape(-1, self.dimension)
            return [np.array(rows[self._at[key]]) for key in keys]

    def _keep(self, keys: list[bytes], vectors: list[Vectors], whole: dict[bytes, bytes]) -> None:
        entries = []
        for key, rows in zip(keys, vectors, strict=True):
            entries.append((key, self._n_rows, len(rows)))
            if key in whole:
                entries.append((whole[key], self._n_rows, 1))
            self._n_rows += len(rows)
        with self._rows.open("ab") as file:
            file.writelines(np.ascontiguousarray(rows, np.float32).tobytes() for rows in vectors)
        with self._entries.open("ab") as file:
            file.writelines(_ENTRY.pack(*entry) for entry in entries)
        self._at |= {key: slice(at, at + n) for key, at, n in entries}
        self.n_encoded += len(keys)


def _digest(text: str, spans: Spans = ()) -> bytes:
    said = f"{text}\0{list(map(tuple, spans))}" if spans else text
    return hashlib.blake2b(said.encode(), digest_size=16).digest()


def weights_digest(name: str) -> str:
    """Twelve characters that change with any file of an encoder's folder, and with our encoding."""
    ours = Path(store.encoders.__file__).parent
    folder = ours / "weights" / name if name in BUNDLED else Path(name)
    digest = hashlib.sha256()
    for path in sorted([*ours.glob("*encode*.py"), *folder.rglob("*")]):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
