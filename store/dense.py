"""The dense index: passages with their vectors in Chroma. Home of chromadb.

Chroma is always given vectors: a collection that somebody else prepared may name an embedding
function that would send texts elsewhere, so none is stored and none is ever called.

Chroma's embedded form keeps the vectors in memory as it found them on opening and does not see
what other processes write. So each process shares one client a folder, opens it anew when the
catalog says that something was written, and both opening and writing are done under a lock.
"""

import json
import shutil
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError
from filelock import FileLock

from store.catalog import Change
from store.encoders import Encoder, Vectors, encoded_text
from store.errors import damage_reported

__all__ = ["DenseIndex"]

_COLLECTION = "passages"
_REVISION = "revision"
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 128}}
_MAX_BATCH = 4_000
_MAX_IN = 30_000
"""Ids that Chroma takes in one filter, below SQLite's limit of 32,766 variables."""


class DenseIndex:
    """Passages by the cosine between their vectors and a query's."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open the collection, or begin an empty one where there is none.

        Args:
            folder: Chroma's own folder.
            encoder: Encodes passages and queries.

        Raises:
            IndexDamagedError: Chroma cannot read the folder.
        """
        self._encoder = encoder
        self._folder = folder
        self._shared = _Shared.of(folder)
        self._closed = False

    @property
    def revision(self) -> int:
        """The last change of the catalog that this index holds; 0 for none."""
        with self._shared.collection() as collection:
            revision = (collection.metadata or {}).get(_REVISION, 0)
            return revision if isinstance(revision, int) else 0  # somebody else's is no number

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring papers to their latest state and remember how far this has come.

        The marker follows the passages, so that a crash in between repeats a batch and skips none.
        """
        passages = [
            (passage_id, change.paper, span)
            for change in changes
            for passage_id, span in zip(change.passage_ids, change.spans, strict=True)
        ]
        vectors = self._encoder.encode(
            [encoded_text(paper.title, paper.abstract[slice(*span)]) for _, paper, span in passages]
        )
        stale = [old for change in changes for old in change.stale_ids]
        with self._shared.collection(writing=True) as collection:
            for some in _batches(len(stale)):
                collection.delete(ids=stale[some])
            for some in _batches(len(passages)):
                collection.upsert(
                    ids=[passage_id for passage_id, _, _ in passages[some]],
                    embeddings=vectors[some],
                    documents=[paper.abstract[slice(*span)] for _, paper, span in passages[some]],
                    metadatas=[
                        {"paper_id": p.paper_id, "title": p.title, "start": start, "end": end}
                        for _, p, (start, end) in passages[some]
                    ],
                )
            collection.modify(metadata={_REVISION: changes[-1].revision})

    def query(
        self, text: str, k: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Find the passages nearest to a text.

        Args:
            text: The query; encoded here.
            k: Passages wanted.
            within: Paper ids to stay within; None for all.

        Returns:
            (passage id, cosine similarity), best first, ties by id.
        """
        if within is not None and not within:
            return []
        vector = self._encoder.encode([text])
        if not np.any(vector):
            return []
        if within is None:
            return self._nearest(vector, k)
        if len(within) > _MAX_IN:
            return self._nearest_within(vector, k, set(within))
        return self._nearest_of_each(vector, k, sorted(within))

    def _nearest_of_each(
        self, vector: Vectors, k: int, paper_ids: list[str]
    ) -> list[tuple[str, float]]:
        """The nearest of some papers, by looking at each.

        Chroma's own search goes from neighbour to neighbour and does not come to the few that
        pass a narrow filter where those lie far from the query.
        """
        where: Any = {"paper_id": {"$in": paper_ids}}
        with self._shared.collection() as collection:
            found = collection.get(where=where, include=["embeddings"])
        if not found["ids"]:
            return []
        vectors = np.asarray(found["embeddings"], np.float32)
        lengths = np.linalg.norm(vectors, axis=1)
        cosines = (vectors @ vector[0]) / np.where(lengths == 0.0, 1.0, lengths)
        hits = zip(found["ids"], map(float, cosines), strict=True)
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        with self._shared.collection() as collection:
            found = collection.query(query_embeddings=vector, n_results=k, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        hits = [(name, 1.0 - far) for name, far in zip(found["ids"][0], distances, strict=True)]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def _nearest_within(self, vector: Vectors, k: int, within: set[str]) -> list[tuple[str, float]]:
        """The nearest of so many papers that Chroma cannot be told them: ask for more, and sift."""
        n_asked = 4 * k
        while True:
            found = self._nearest(vector, n_asked)
            kept = [hit for hit in found if hit[0].rpartition("#")[0] in within]
            if len(kept) >= k or n_asked >= self.count():
                return kept[:k]
            n_asked *= 4

    def count(self) -> int:
        """How many passages the index holds."""
        with self._shared.collection() as collection:
            return collection.count()

    def refresh(self) -> None:
        """See what other processes have written."""
        self._shared.reopen()

    def clear(self) -> None:
        """Forget everything; the next ``apply`` begins anew."""
        self._shared.clear()

    def close(self) -> None:
        """Let go of the client; the last user in the process closes it. A second time is none."""
        if not self._closed:
            self._closed = True
            self._shared.release()


class _Shared:
    """The one client that this process has on a folder."""

    _all: ClassVar[dict[Path, "_Shared"]] = {}
    _registry = threading.Lock()

    @classmethod
    def of(cls, folder: Path) -> "_Shared":
        """Find or open the client of a folder."""
        with cls._registry:
            shared = cls._all.get(folder.resolve()) or cls(folder.resolve())
            cls._all[shared.folder] = shared
            shared.n_users += 1
            return shared

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.n_users = 0
        self._lock = threading.RLock()
        self._unfinished = folder / "unfinished"
        self._sizes = folder / "sizes.json"
        self._other_processes = FileLock(folder.with_name(f"{folder.name}.lock"))
        self._open()

    def _open(self) -> None:
        try:
            with damage_reported(self.folder, ChromaError), self._other_processes:
                self._connect()
        except BaseException:
            # Chroma would hand a client that failed to start to whoever asks for the folder next.
            SharedSystemClient._identifier_to_system.pop(str(self.folder), None)
            SharedSystemClient._identifier_to_refcount.pop(str(self.folder), None)
            raise

    def _connect(self) -> None:
        if self._unfinished.exists():
            raise OSError("writing to it was cut short")
        self._check_sizes()
        self._client = chromadb.PersistentClient(
            str(self.folder), settings=Settings(anonymized_telemetry=False)
        )
        self._collection = self._client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration=_CONFIGURATION,  # type: ignore[arg-type]
        )
        self._settle()

    def _settle(self) -> None:
        """Have Chroma bring its vectors from its log to memory and disk, which a query does.

        Only ever where no other process writes.
        """
        if self._collection.count():
            some = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            self._collection.query(query_embeddings=some, n_results=1, include=[])

    def _sizes_now(self) -> dict[str, int]:
        """Sizes of Chroma's files of vectors, in bytes."""
        files = self.folder.glob("*/*")
        return {str(each.relative_to(self.folder)): each.stat().st_size for each in files}

    def _check_sizes(self) -> None:
        """Refuse files of vectors that have become shorter: reading them ends the process.

        Raises:
            OSError: One of them is gone or shorter than it was written.
            ValueError: The list of their sizes is damaged.
        """
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
            with self._other_processes:
                # Chroma's files of vectors are not written in one step: cut short, they lack
                # some without a word, so that the mark of it has the index built anew.
                self._unfinished.touch()
                yield self._collection
                self._settle()
                self._sizes.write_text(json.dumps(self._sizes_now()), encoding="utf-8")
                self._unfinished.unlink()

    def reopen(self) -> None:
        with self._lock:
            self._client.close()  # type: ignore[attr-defined]
            self._open()

    def clear(self) -> None:
        with self._lock, self._other_processes:
            self._client.close()  # type: ignore[attr-defined]
            shutil.rmtree(self.folder, ignore_errors=True)
            self._open()

    def release(self) -> None:
        with self._registry:
            self.n_users -= 1
            if self.n_users == 0:
                del self._all[self.folder]
                self._client.close()  # type: ignore[attr-defined]


def _batches(n: int) -> Iterator[slice]:
    """Cut n items into runs that Chroma takes in one call."""
    for at in range(0, n, _MAX_BATCH):
        yield slice(at, at + _MAX_BATCH)
