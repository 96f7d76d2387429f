"""The vectors of the sentences of all abstracts, in a SQLite file beside Chroma's.

A passage is found by its own vector; how near its nearest sentence is tells more about whether it
answers, so the first papers found are ranked by that too. Nobody searches here, vectors are looked
up by paper: one row each, its sentences in order, every number in 8 bits.
"""

import errno
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.catalog_file import read_only_address
from store.changes import Change
from store.encoders import Encoder, Spans, Vectors, encode_parts, encoded_text, encodes_parts
from store.sentences import sentence_spans

__all__ = ["PackedVectors", "SentenceVectors", "encode_changes", "nearest", "packed", "unpacked"]

PackedVectors = Mapping[str, bytes]
"""By paper, its sentences' vectors in order, every number in 8 bits; see ``SentenceVectors``."""

_SCHEMA = "CREATE TABLE IF NOT EXISTS sentences (paper_id TEXT PRIMARY KEY, vectors BLOB NOT NULL)"
_MAX_VARIABLES = 30_000
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_STEPS = 127


def encode_changes(
    encoder: Encoder, changes: Sequence[Change]
) -> tuple[Vectors, dict[str, Vectors]]:
    """Encode the passages of papers, and their sentences where the encoder can.

    Args:
        encoder: Any.
        changes: The papers.

    Returns:
        The vectors of all passages in order, (n_passages, dimension); and by paper id those of the
        abstract's sentences, (n_sentences, dimension), a zero vector for one that was not read.
    """
    texts, parts = [], []
    in_parts = encodes_parts(encoder)
    for change in changes:
        title, abstract = change.paper.title, change.paper.abstract
        texts += [encoded_text(title, abstract[slice(*span)]) for span in change.spans]
        spans = sentence_spans(abstract) if in_parts else []
        parts += _shares(spans, change.spans, len(encoded_text(title, "")))
    encoded = encode_parts(encoder, texts, parts)
    none = np.empty((0, encoder.dimension), np.float32)
    passages = np.concatenate([none, *(rows[:1] for rows in encoded)])
    sentences, at = {}, 0
    for change in changes:
        rows = encoded[at : at + len(change.spans)]
        told = np.concatenate([none, *(each[1:] for each in rows)]) if in_parts else none
        sentences[change.paper.paper_id] = told
        at += len(change.spans)
    return passages, sentences


def _shares(sentences: Spans, passages: Spans, shift: int) -> list[list[tuple[int, int]]]:
    """Which sentences each passage is to encode, as offsets in its text; each sentence once."""
    shares: list[list[tuple[int, int]]] = [[] for _ in passages]
    number = 0
    for start, end in sentences:
        # The last sentences of a passage may stand in the next one whole.
        while number + 1 < len(passages) and end > passages[number][1]:
            number += 1
        if passages:
            first = passages[number][0]
            shares[number].append((max(start - first, 0) + shift, end - first + shift))
    return shares


class SentenceVectors:
    """Vectors of sentences by paper; safe to use from several threads and processes.

    The file is opened for each use, so that nobody looks at one that was replaced meanwhile.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Name the file; the first ``apply``, be it of nothing, makes it.

        Args:
            path: The file.
            read_only: Whether it cannot be written to.
        """
        self._path = path
        self._read_only = read_only

    def apply(self, vectors: Mapping[str, Vectors]) -> None:
        """Take the vectors of papers in, in place of those they had; none where they are gone.

        Raises:
            OSError: The file cannot be written.
            ValueError: It is damaged.
        """
        rows = [(name, packed(rows)) for name, rows in vectors.items() if len(rows)]
        with self._opened("rwc") as database, database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute(_SCHEMA)
            database.executemany(
                "DELETE FROM sentences WHERE paper_id = ?", [(name,) for name in vectors]
            )
            database.executemany("INSERT INTO sentences VALUES (?, ?)", rows)

    def check(self) -> None:
        """Read all of the file.

        Raises:
            OSError: It cannot be read.
            ValueError: It is damaged.
        """
        with self._opened("ro") as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise ValueError(f"{self._path.name}: {found}")

    def of(self, paper_ids: Sequence[str], dimension: int) -> dict[str, Vectors]:
        """Look up the vectors of papers, rows of unit length; papers without any are left out.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is damaged.
        """
        return unpacked(self.packed_of(paper_ids, dimension), dimension)

    def packed_of(self, paper_ids: Sequence[str], dimension: int) -> PackedVectors:
        """Look them up as they are kept, likewise."""
        if not self._path.exists():
            return {}
        found: dict[str, bytes] = {}
        with self._opened("ro") as database:
            if not database.execute("SELECT 1 FROM sqlite_schema").fetchone():
                return {}  # another process has just begun to make it
            for at in range(0, len(paper_ids), _MAX_VARIABLES):
                some = paper_ids[at : at + _MAX_VARIABLES]
                wanted = f"paper_id IN ({','.join('?' * len(some))})"
                rows = database.execute(
                    f"SELECT paper_id, vectors FROM sentences WHERE {wanted}",
                    some,
                )
                found |= {
                    name: packed
                    for name, packed in rows
                    if len(packed) % dimension == 0  # else the home has just changed its encoder
                }
        return found

    @contextmanager
    def _opened(self, mode: str) -> Iterator[sqlite3.Connection]:
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        if self._read_only:
            address = read_only_address(self._path)
        try:
            with closing(sqlite3.connect(address, timeout=30, uri=True)) as database:
                yield database
        except sqlite3.Error as error:
            # The low byte tells the kind of an error, the rest of the number more of it.
            damaged = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGED
            message = f"{self._path.name}: {error}"
            if damaged:
                raise ValueError(message) from error
            raise OSError(errno.EACCES, message) from error  # it cannot be had now


def packed(vectors: Vectors) -> bytes:
    """Keep numbers as the nearest of 255 steps; a vector's length is not kept."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scaled = vectors / np.where(largest == 0.0, 1.0, largest) * _STEPS
    return np.round(scaled).astype(np.int8).tobytes()


def unpacked(packed: PackedVectors, dimension: int) -> dict[str, Vectors]:
    """Rows of unit length by paper."""
    vectors, starts = _in_one(packed, dimension)
    return dict(zip(packed, np.split(vectors, starts[1:]), strict=True)) if packed else {}


def nearest(packed: PackedVectors, vector: NDArray[np.float32]) -> dict[str, float]:
    """Cosine of a unit vector with the nearest sentence of each paper."""
    vectors, starts = _in_one(packed, len(vector))
    if not packed:
        return {}
    cosines = np.maximum.reduceat(vectors @ vector, starts)
    return dict(zip(packed, cosines.tolist(), strict=True))


def _in_one(packed: PackedVectors, dimension: int) -> tuple[Vectors, NDArray[np.int64]]:
    """The unit vectors of all papers, and the row at which each paper's begin.

    In one go this takes a fifth of the time of one paper after another.
    """
    steps: NDArray[np.int8] = np.frombuffer(b"".join(packed.values()), np.int8)
    vectors = steps.reshape(-1, dimension).astype(np.float32)
    squares = np.einsum("ij,ij->i", vectors, vectors)
    vectors /= np.sqrt(np.where(squares == 0.0, 1.0, squares))[:, None]
    n_rows = [len(each) // dimension for each in packed.values()]
    return vectors, np.cumsum([0, *n_rows[:-1]])
