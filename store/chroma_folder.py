"""Chroma's folder, shared by all that use it in this process. Home of chromadb.

Chroma's embedded form keeps the vectors in memory as it found them on opening and does not see
what other processes write. So each process shares one client a folder, opens it anew when the
catalog says that something was written, and both opening and writing are done under a lock.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import ClassVar

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.errors import ChromaError

from store.changes import Change
from store.chroma_collection import opened_collection, quiet_settings
from store.chroma_writer import ChromaWriter
from store.encoders import Vectors
from store.errors import damage_reported
from store.salvage import salvaged_until, spend
from store.types import Paper
from store.vector_folder import Encoded, VectorFolder, cut_short

__all__ = ["REVISION", "ChromaFolder", "batches"]

REVISION = "revision"
"""What Chroma's collection is told to remember: the last change of the catalog that it holds."""

_COLLECTION = "passages"
_MAX_BATCH = 4_000
_FIRST, _MANY = 1_000, 400
"""Passages that are kept here before a process is started for more, which takes a second or two;
and how many at once are worth one."""


class ChromaFolder(VectorFolder):
    """The one client that this process has on a folder, and its view of the vectors."""

    _all: ClassVar[dict[Path, "ChromaFolder"]] = {}
    _registry = threading.Lock()

    @classmethod
    def of(cls, folder: Path) -> "ChromaFolder":
        """Find or open the client of a folder."""
        with cls._registry:
            shared = cls._all.get(folder.resolve()) or cls(folder.resolve())
            cls._all[shared.folder] = shared
            shared.n_users += 1
            return shared

    def __init__(self, folder: Path) -> None:
        """Open the folder; ``of`` is what calls this."""
        self.n_users = 0
        self._sizes = folder / "sizes.json"
        self._writer = ChromaWriter(folder)
        self._n_kept_here = 0
        super().__init__(folder)

    def _open(self) -> None:
        try:
            with damage_reported(self.folder, ChromaError):
                super()._open()
        except BaseException:
            # Chroma would hand a client that failed to start to whoever asks for the folder next.
            SharedSystemClient._identifier_to_system.pop(str(self.folder), None)
            SharedSystemClient._identifier_to_refcount.pop(str(self.folder), None)
            raise

    def _connect(self) -> None:
        self._check_sizes()
        _begin_with_large_pages(self.folder / "chroma.sqlite3")
        self._client = chromadb.PersistentClient(str(self.folder), settings=quiet_settings())
        self._collection = opened_collection(self._client, _COLLECTION)
        super()._connect()

    def _disconnect(self) -> None:
        self._writer.close()
        self._client.close()  # type: ignore[attr-defined]

    def _revision(self) -> int:
        revision = (self._collection.metadata or {}).get(REVISION, 0)
        return revision if isinstance(revision, int) else 0  # somebody else's is no number

    def _is_current(self) -> bool:
        """Whether the flat files hold what Chroma does.

        Chroma is not asked how many passages it has where it tells its revision: it would load its
        own index of the vectors, 300 MB of 117,804 papers, which only a write needs.
        """
        revision = self._revision()
        told = self.view.about.revision == revision
        return told and bool(revision or self.view.count == self._collection.count())

    def _begin(self) -> None:
        revision = self._revision()
        if salvaged_until(self.folder):
            self._vectors.load()
            self._vectors.rewind(revision)
            return
        self._vectors.begin(revision)
        for some in batches(self._collection.count()):
            found = self._collection.get(
                limit=_MAX_BATCH, offset=some.start, include=["embeddings"]
            )
            vectors = np.asarray(found["embeddings"], np.float32)
            self._vectors.apply((), found["ids"], vectors, revision)

    def _settle(self) -> None:
        """Have Chroma bring its vectors from its log to memory and disk, which a query does.

        Only ever where no other process writes.
        """
        if self._collection.count():
            some = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            self._collection.query(query_embeddings=some, n_results=1, include=[])

    def _sizes_now(self) -> dict[str, int]:
        """Sizes of the files of vectors that Chroma does not check, and of sentences, in bytes."""
        files = [*self.folder.glob("*/*"), *self.folder.glob("sentences.sqlite")]
        return {str(each.relative_to(self.folder)): each.stat().st_size for each in files}

    def _check_sizes(self) -> None:
        """Refuse files of vectors that have become shorter: reading them ends the process.

        Raises:
            OSError: One of them is gone or shorter than it was written.
            ValueError: The list of their sizes is damaged.
        """
        if self._unfinished.exists():
            raise OSError("writing to it was cut short")
        written = json.loads(self._sizes.read_text("utf-8")) if self._sizes.exists() else {}
        now = self._sizes_now()
        for name, n_bytes in written.items():
            if now.get(name, -1) < n_bytes:
                raise OSError(f"{name} was cut short")

    @contextmanager
    def collection(self, *, writing: bool = False) -> Iterator[chromadb.Collection]:
        """Use the collection, alone among threads and, to write, among processes."""
        with self._lock, damage_reported(self.folder, ChromaError):
            if not writing:
                yield self._collection
                return
            # Chroma's files of vectors are not written in one step: cut short, they lack some
            # without a word.
            with self._other_processes, self._marked_unfinished():
                yield self._collection
                self._settle()
                self._sizes.write_text(json.dumps(self._sizes_now()), encoding="utf-8")

    def prepare(self) -> None:
        """See it in order to write, unless that is left to a process that does so itself."""
        if not self._writer.is_running or cut_short(self.folder):
            super().prepare()

    def keep(self, encoded: Encoded, *, here: bool = False) -> None:
        """Keep papers in their latest state, then remember how far this has come.

        Args:
            encoded: They.
            here: Whether to do it in this process even where they are many.
        """
        n_passages = len(encoded.vectors)
        many = self._n_kept_here >= _FIRST and n_passages >= _MANY
        if not here and (many or self._writer.is_running):
            self._writer.keep(encoded)
            with self._lock, damage_reported(self.folder):
                self._vectors.load()  # but not "last seen": Chroma's client here has not seen it
            return
        super().prepare()  # the other process may have been ended a moment ago
        self._keep(encoded)
        self._n_kept_here += n_passages

    def known(self, changes: Sequence[Change]) -> Mapping[str, tuple[Vectors, Vectors]]:
        """Vectors that were salvaged, of papers that have not changed since."""
        until, dimension = salvaged_until(self.folder), self.view.about.dimension
        same = [each for each in changes if each.revision <= until and each.spans]
        names = [each.paper.paper_id for each in same]
        if not names:
            return {}
        vectors, sentences = self.view.of_passages(names), self._sentences.of(names, dimension)
        none = np.empty((0, dimension), np.float32)
        return {
            name: (np.stack([vectors[each] for each in change.passage_ids]),
                   sentences.get(name, none))
            for name, change in zip(names, same, strict=True)
            if vectors.keys() >= {*change.passage_ids}
        }  # fmt: skip

    def _is_salvaged(self, encoded: Encoded) -> bool:
        """Whether the flat files hold all of some papers already."""
        names = [each.paper.paper_id for each in encoded.changes if each.spans]
        return encoded.revision <= salvaged_until(self.folder) and not self.view.lacks(names)

    def _keep(self, encoded: Encoded) -> None:
        passages = sorted(_passages(encoded), key=lambda each: each[2]["text"])
        salvaged = self._is_salvaged(encoded)
        with self.collection(writing=True) as collection:
            if not salvaged:
                spend(self.folder)
            old = [] if salvaged else encoded.stale_ids + self._replaced(encoded.changes)
            for some in batches(len(old)):
                collection.delete(ids=old[some])
            for some in batches(len(passages)):
                rows, names, described = zip(*passages[some], strict=True)
                collection.upsert(
                    ids=list(names),
                    embeddings=encoded.vectors[list(rows)],
                    metadatas=list(described),
                )
            collection.modify(metadata={REVISION: encoded.revision})
            if salvaged:
                self._vectors.rewind(encoded.revision)
                self._last_seen = self.view.about
            else:
                self.note(encoded)

    def _replaced(self, changes: Sequence[Change]) -> list[str]:
        """Passages that are there already: they may have texts where earlier versions kept them."""
        new = self.view.lacks([change.paper.paper_id for change in changes])
        known = [change for change in changes if change.paper.paper_id not in new]
        return [name for change in known for name in change.passage_ids]

    def release(self) -> None:
        """Do without the client; the last one to say so closes it."""
        with self._registry:
            self.n_users -= 1
            if self.n_users == 0:
                del self._all[self.folder]
                self._disconnect()


def _passages(encoded: Encoded) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Each passage's row among the vectors, its id, and what Chroma holds of it besides.

    They are given to Chroma in the order of their texts: it has an index of these in SQLite, and
    would come to each of its pages many times.
    """
    rows = count()
    for change in encoded.changes:
        for name, span in zip(change.passage_ids, change.spans, strict=True):
            yield next(rows), name, _described(change.paper, span)


def _described(paper: Paper, span: tuple[int, int]) -> dict[str, str]:
    """What Chroma holds of a passage besides its vector.

    Its text is here and not a document of Chroma's, which would be cut into all its runs of three
    letters for a search that nobody makes: that took two thirds of the time of writing, and half
    of the room.
    """
    text = paper.abstract[slice(*span)]
    return {"paper_id": paper.paper_id, "title": paper.title, "text": text}


def _begin_with_large_pages(path: Path) -> None:
    """Make Chroma's SQLite file, where it is not there, for texts of a thousand letters.

    Source: with pages of SQLite's own size most texts need one to themselves in the index of them:
    30,000 passages took 205 MB instead of 133, and a tenth more time.
    """
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA page_size = 16384")
            database.execute("VACUUM")


def batches(n: int) -> Iterator[slice]:
    """Cut n items into runs that Chroma takes in one call."""
    for at in range(0, n, _MAX_BATCH):
        yield slice(at, at + _MAX_BATCH)
