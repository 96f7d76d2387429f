"""Chroma's folder, shared by all that use it in this process. Home of chromadb.

Chroma is always given vectors: a collection that somebody else prepared may name an embedding
function that would send texts elsewhere, so none is stored and none is ever called.

Chroma's embedded form keeps the vectors in memory as it found them on opening and does not see
what other processes write. So each process shares one client a folder, opens it anew when the
catalog says that something was written, and both opening and writing are done under a lock.
"""

import json
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError
from filelock import FileLock, Timeout

from store.encoders import Vectors
from store.errors import damage_reported
from store.sentence_vectors import PackedVectors, SentenceVectors
from store.vector_file import VectorFile, View

__all__ = ["REVISION", "ChromaFolder", "batches"]

REVISION = "revision"
"""What Chroma's collection is told to remember: the last change of the catalog that it holds."""

_COLLECTION = "passages"
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 128}}
_MAX_BATCH = 4_000


class ChromaFolder:
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
        self.folder = folder
        self.n_users = 0
        self._sentences = SentenceVectors(folder / "sentences.sqlite")
        self._lock = threading.RLock()
        self._writing = False
        self._unfinished = folder / "unfinished"
        self._sizes = folder / "sizes.json"
        self._other_processes = FileLock(folder.with_name(f"{folder.name}.lock"))
        self._open()

    @property
    def view(self) -> View:
        """The vectors as this process last saw them."""
        return self._vectors.view

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
        self._sentences.apply({})  # so that nobody finds it half made; damage shows too
        self._vectors = VectorFile(self.folder)
        self._load_vectors()
        self._client_saw = self.view.about

    def _load_vectors(self) -> None:
        """See the vectors in their flat file; where it differs from Chroma it is made anew.

        Chroma is not asked how many passages it has where it tells its revision: it would load its
        own index of the vectors, 300 MB of 117,804 papers, which only a write needs.
        """
        revision = (self._collection.metadata or {}).get(REVISION, 0)
        revision = revision if isinstance(revision, int) else 0  # somebody else's is no number
        with suppress(OSError, ValueError):
            self._vectors.load()
            told = self.view.about.revision == revision
            if told and (revision or self.view.count == self._collection.count()):
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
            with self._other_processes, self._marked_unfinished():
                yield self._collection

    @contextmanager
    def _marked_unfinished(self) -> Iterator[None]:
        """Have the index built anew if writing ends before its end.

        Chroma's files of vectors are not written in one step: cut short, they lack some without
        a word.
        """
        self._writing = True
        try:
            self._unfinished.touch()
            yield
            self._settle()
            self._sizes.write_text(json.dumps(self._sizes_now()), encoding="utf-8")
            self._unfinished.unlink()
        finally:
            self._writing = False

    def note_vectors(
        self, gone: Sequence[str], ids: Sequence[str], vectors: Vectors, revision: int
    ) -> None:
        """Bring the flat file to what Chroma was just given."""
        self._vectors.apply(gone, ids, vectors, revision)
        self._client_saw = self.view.about

    def note_sentences(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep the vectors of papers' sentences, in place of those they had."""
        self._sentences.apply(vectors)

    def sentences_of(self, paper_ids: Sequence[str], dimension: int) -> PackedVectors:
        """Look up vectors of sentences; where damage shows, the next opening finds it marked.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is damaged.
        """
        try:
            return self._sentences.packed_of(paper_ids, dimension)
        except ValueError:
            self._unfinished.touch()
            raise

    def refresh(self) -> bool:
        """See what other processes have written; False where one is writing or was cut short."""
        if self._writing:
            return True  # it is this process that writes, and sees what it wrote
        with self._lock, damage_reported(self.folder, ChromaError), suppress(Timeout):
            with self._other_processes.acquire(timeout=0):
                if self._unfinished.exists():
                    return False  # cut short; whoever writes next builds it anew
                try:
                    self._vectors.load()
                except (OSError, ValueError):
                    return False  # damaged; likewise
            return True
        return False

    def prepare(self) -> None:
        """See it with Chroma too.

        Raises:
            IndexDamagedError: A process that wrote was cut short.
        """
        with self._lock:
            current = False
            with suppress(OSError, ValueError):
                current = self._vectors.on_disk() == self._client_saw
            if not current or self._unfinished.exists():
                self._client.close()  # type: ignore[attr-defined]
                self._open()

    def clear(self) -> None:
        """Begin anew with nothing."""
        with self._lock, self._other_processes:
            self._client.close()  # type: ignore[attr-defined]
            shutil.rmtree(self.folder, ignore_errors=True)
            self._open()

    def release(self) -> None:
        """Do without the client; the last one to say so closes it."""
        with self._registry:
            self.n_users -= 1
            if self.n_users == 0:
                del self._all[self.folder]
                self._client.close()  # type: ignore[attr-defined]


def batches(n: int) -> Iterator[slice]:
    """Cut n items into runs that Chroma takes in one call."""
    for at in range(0, n, _MAX_BATCH):
        yield slice(at, at + _MAX_BATCH)
