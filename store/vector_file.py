"""The vectors of all passages in flat files beside Chroma's, to search by looking at each.

Of many passages first the signs of their vectors' numbers are compared with the query's; only those
that agree most are then compared number by number. A filter costs next to nothing so. Chroma's
own search goes from neighbour to neighbour instead; told to stay within a few papers it took 67 ms
where it took 2 ms otherwise, and did not come to all of them.

The files are a copy of what Chroma holds and are made anew where they are missing or differ. Rows
are only ever added at the end, and that of a passage that changed or went is marked, so a view
stays whole while another process writes. Whoever writes holds the folder's lock.

flat.json       how many rows there are, their dimension, the bytes of the ids, the last change
flat.vectors    float32, n rows of unit length
flat.signs      uint64, n rows of bits, see store.signs
flat.keys       int64, each row's paper, see store.within; -1 where the passage is there no more
flat.ids        each row's passage id, as JSON strings, one a line, with a comma behind
"""

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.encoders import Vectors
from store.signs import Signs, likely, n_words, signs_of
from store.within import Keys, Within, paper_key, paper_of

__all__ = ["VectorFile", "View"]

_ABOUT, _VECTORS, _SIGNS = "flat.json", "flat.vectors", "flat.signs"
_KEYS, _IDS = "flat.keys", "flat.ids"
_GONE = -1
_MIN_LIKELY, _TIMES_LIKELY = 1_000, 10
"""Passages that are compared number by number: so many times as many as are wanted.

Source: of the nearest 10, 50, 200 among 133,248 passages, the 2,000 that agree most in signs held
0.999, 0.989 and 0.944 with mini3; 4,000 held 1.000, 0.998 and 0.982. To compare the signs of all
took 0.7 ms, the numbers of 2,000 took 0.4 ms; all numbers of all passages took 10 ms.
"""
_BLOCK_ROWS = 256
"""Rows copied together at a time. Source: of 2,167 rows among 133,248, in one go 2.4 ms, in blocks
0.4 ms; a block of 384 dimensions is 400 kB and stays in a core's cache."""
_MAX_REMEMBERED = 8
_SLACK_ROWS = 10_000
"""Marked rows that are left where they are, beyond as many as there are others."""


@dataclass(frozen=True, slots=True)
class _About:
    n_rows: int
    dimension: int
    n_id_bytes: int
    revision: int


class View:
    """All passages as they were after some change."""

    def __init__(
        self, about: _About, ids: list[str], keys: Keys, vectors: Vectors, signs: Signs
    ) -> None:
        """Take what the files hold; ``ids`` may be longer, of rows that came later."""
        self.about = about
        self.ids = ids
        self.keys = keys
        self.vectors = vectors
        self._signs = signs
        self.count = int(np.count_nonzero(keys != _GONE))
        self._rows: dict[Within | None, NDArray[np.int64]] = {}

    def nearest(
        self, vector: NDArray[np.float32], k: int, within: Within | None = None
    ) -> list[tuple[str, float]]:
        """Find the passages nearest to a vector: exactly among few, among many nearly so.

        Args:
            vector: Of unit length, shape (dimension,).
            k: Passages wanted.
            within: The papers to stay within; None for all.

        Returns:
            (passage id, cosine), best first, ties by id.

        Raises:
            ValueError: The vector is of another dimension.
        """
        rows = self._rows_of(within)
        if not len(rows):
            return []
        n_likely = max(_MIN_LIKELY, _TIMES_LIKELY * k)
        if len(rows) > 2 * n_likely:
            rows = likely(self._columns, rows, vector, n_likely)
        cosines = self._cosines(rows, vector)
        n = min(k, len(rows))
        best = np.flatnonzero(cosines >= np.partition(cosines, -n)[-n])
        hits = ((self.ids[rows[at]], float(cosines[at])) for at in best)
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:k]

    def lacks(self, paper_ids: Sequence[str]) -> set[str]:
        """Those of some papers that have no vector here."""
        held = self._there.holds_papers(paper_ids)
        return {name for name, here in zip(paper_ids, held, strict=True) if not here}

    def sample(self, n_papers: int) -> list[str]:
        """Name some papers, all where there are no more: of these each stays while others come."""
        rows = self._rows_of(None)
        _, first = np.unique(self.keys[rows], return_index=True)  # by a digest, as good as chance
        return [paper_of(self.ids[rows[at]]) for at in first[:n_papers]]

    def of_papers(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        """Look up the mean of each paper's vectors, at unit length; some may have none."""
        rows = np.flatnonzero(Within.of(paper_ids).holds(self.keys))
        names = [paper_of(self.ids[row]) for row in rows]
        numbers = {name: at for at, name in enumerate(dict.fromkeys(names))}
        sums = np.zeros((len(numbers), self.about.dimension), np.float32)
        np.add.at(sums, [numbers[name] for name in names], self.vectors[rows])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return dict(zip(numbers, sums / np.where(lengths == 0.0, 1.0, lengths), strict=True))

    def of_passages(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        """Look up the vectors of papers' passages, by passage id."""
        rows = np.flatnonzero(Within.of(paper_ids).holds(self.keys))
        return {self.ids[row]: self.vectors[row] for row in rows}

    @cached_property
    def _there(self) -> Within:
        return Within(self.keys)

    def _rows_of(self, within: Within | None) -> NDArray[np.int64]:
        """Rows of some papers, in order; those last asked for are remembered."""
        rows = self._rows.get(within)
        if rows is None:
            passing = self.keys != _GONE if within is None else within.holds(self.keys)
            rows = np.flatnonzero(passing)
            kept = list(self._rows.items())[1 - _MAX_REMEMBERED :]
            self._rows = dict([*kept, (within, rows)])  # in one step: other threads ask as well
        return rows

    @cached_property
    def _columns(self) -> Signs:
        """The signs with the first 64 of all rows in front; shape (n_words, n_rows)."""
        return np.ascontiguousarray(self._signs.T)

    def _cosines(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        cosines = np.empty(len(rows), np.float32)
        for at in range(0, len(rows), _BLOCK_ROWS):
            some = rows[at : at + _BLOCK_ROWS]
            first, last = int(some[0]), int(some[-1]) + 1
            together = last - first == len(some)
            block = self.vectors[first:last] if together else self.vectors[some]
            cosines[at : at + _BLOCK_ROWS] = block @ vector
        return cosines


class VectorFile:
    """The files, and the view that this process has of them."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; ``load`` or ``begin`` comes before anything else."""
        self._folder = folder
        self.view = self._seen(_About(0, 0, 0, 0), [], np.empty(0, np.int64))

    def load(self) -> None:
        """See what the files hold now.

        Raises:
            OSError: One of them cannot be read.
            ValueError: They do not fit each other.
        """
        about = self.on_disk()
        if about == self.view.about and about.n_rows:
            return
        keys = np.fromfile(self._folder / _KEYS, np.int64, about.n_rows)
        with (self._folder / _IDS).open("rb") as file:
            listed = file.read(about.n_id_bytes).decode("utf-8")
        ids = json.loads(f"[{listed.rstrip().rstrip(',')}]")
        if not len(ids) == len(keys) == about.n_rows:
            raise ValueError(f"{_IDS} or {_KEYS} in {self._folder} was cut short")
        self.view = self._seen(about, ids, keys)

    def on_disk(self) -> _About:
        """What the files say of themselves.

        Raises:
            OSError: There are none.
            ValueError: It makes no sense.
        """
        try:
            about = _About(**json.loads((self._folder / _ABOUT).read_text("utf-8")))
        except TypeError as error:
            raise ValueError(f"{self._folder / _ABOUT} is damaged") from error
        return about

    def begin(self, revision: int) -> None:
        """Forget all rows; ``revision`` is what Chroma holds that they will be copied from."""
        (self._folder / _ABOUT).unlink(missing_ok=True)
        for name in (_VECTORS, _SIGNS, _KEYS, _IDS):
            # Views of this and other processes go on with the old files.
            (self._folder / name).unlink(missing_ok=True)
            (self._folder / name).touch()
        self._note(_About(0, 0, 0, revision), [], np.empty(0, np.int64))

    def apply(
        self, gone: Iterable[str], ids: Sequence[str], vectors: Vectors, revision: int
    ) -> None:
        """Take passages in, in place of those of the same ids, and leave some out.

        Args:
            gone: Ids of passages that are there no more.
            ids: Ids of new or changed passages.
            vectors: Theirs, of any length; shape (len(ids), dimension).
            revision: The change of the catalog that this brings the files to.
        """
        about, keys = self.view.about, self.view.keys
        old = self._rows_to_mark({*gone, *ids})
        keys = np.concatenate([keys, np.fromiter(map(_key_of, ids), np.int64, len(ids))])
        keys[old] = _GONE
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = np.asarray(vectors / np.where(lengths == 0.0, 1.0, lengths), np.float32)
        listed = "".join(f"{json.dumps(name)},\n" for name in ids).encode()
        dimension = unit.shape[1] if ids else about.dimension
        _put(self._folder / _VECTORS, 4 * dimension * about.n_rows, unit.tobytes())
        _put(self._folder / _SIGNS, 8 * n_words(dimension) * about.n_rows, signs_of(unit).tobytes())
        _put(self._folder / _KEYS, 0, keys.tobytes())
        _put(self._folder / _IDS, about.n_id_bytes, listed)
        n_id_bytes = about.n_id_bytes + len(listed)
        del self.view.ids[about.n_rows :]
        self.view.ids.extend(ids)
        self._note(_About(len(keys), dimension, n_id_bytes, revision), self.view.ids, keys)
        if len(keys) > 2 * self.view.count + _SLACK_ROWS:
            self.compact()

    def rewind(self, revision: int) -> None:
        """Say that only so much of what the rows come from is there, which comes again."""
        self._note(replace(self.view.about, revision=revision), self.view.ids, self.view.keys)

    def compact(self) -> None:
        """Leave marked rows out, where there are any."""
        if len(self.view.keys) > self.view.count:
            there = np.flatnonzero(self.view.keys != _GONE)
            ids, vectors = [self.view.ids[row] for row in there], self.view.vectors[there]
            revision = self.view.about.revision
            self.begin(revision)
            self.apply((), ids, vectors, revision)

    def _rows_to_mark(self, names: set[str]) -> list[int]:
        """The rows that hold some passages now."""
        keys = self.view.keys
        of_papers = np.flatnonzero(Within(map(_key_of, names)).holds(keys)) if names else ()
        return [int(row) for row in of_papers if self.view.ids[row] in names]

    def _note(self, about: _About, ids: list[str], keys: Keys) -> None:
        """Say what the files hold, in one step, and look at it."""
        staged = self._folder / f"{_ABOUT}.new"
        staged.write_text(json.dumps(asdict(about)), encoding="utf-8")
        staged.replace(self._folder / _ABOUT)
        self.view = self._seen(about, ids, keys)

    def _seen(self, about: _About, ids: list[str], keys: Keys) -> View:
        vectors = self._mapped(_VECTORS, np.float32, (about.n_rows, about.dimension))
        signs = self._mapped(_SIGNS, np.uint64, (about.n_rows, n_words(about.dimension)))
        return View(about, ids, keys, vectors, signs)

    def _mapped(self, name: str, kind: type, shape: tuple[int, int]) -> NDArray[Any]:
        if not all(shape):
            return np.empty(shape, kind)
        return np.asarray(np.memmap(self._folder / name, kind, "r", shape=shape))


def _key_of(passage_id: str) -> int:
    return paper_key(paper_of(passage_id))


def _put(path: Path, at: int, content: bytes) -> None:
    """Write from a place to the end of a file, and to the disk."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
        file.truncate()
        with suppress(OSError):  # a file system that cannot
            os.fsync(file.fileno())
