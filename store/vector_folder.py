"""The vectors of passages and sentences in files on this machine, searched where they lie.

They are a copy of what Chroma holds, in the same folder (``store.chroma_folder``) or on a server
(``store.server.folder``); this is what both have in common: who may write, what was cut short,
and what other processes have written since.
"""

import shutil
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from store.changes import Change
from store.compacting import shrink
from store.encoders import Vectors
from store.errors import IndexDamagedError, damage_reported
from store.salvage import salvage
from store.sentence_vectors import PackedVectors, SentenceVectors
from store.vector_file import VectorFile, View

__all__ = ["Encoded", "VectorFolder", "cut_short"]

_UNFINISHED = "unfinished"


def cut_short(folder: Path) -> bool:
    """Whether writing to a folder ended before its end."""
    return (folder / _UNFINISHED).exists()


@dataclass(frozen=True, slots=True)
class Encoded:
    """Changes of papers, with what an encoder made of them.

    Attributes:
        changes: In order.
        vectors: Of all their passages, in order; shape (n_passages, dimension).
        sentences: By paper id, of the abstract's sentences; see ``encode_changes``.
    """

    changes: Sequence[Change]
    vectors: Vectors
    sentences: Mapping[str, Vectors]

    @property
    def revision(self) -> int:
        """The last change."""
        return self.changes[-1].revision

    @property
    def ids(self) -> list[str]:
        """Ids of the passages, in the order of ``vectors``."""
        return [name for change in self.changes for name in change.passage_ids]

    @property
    def stale_ids(self) -> list[str]:
        """Ids of passages that are there no more."""
        return [name for change in self.changes for name in change.stale_ids]


class VectorFolder(ABC):
    """Where passages are kept, with a copy of their vectors that this process looks at."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, or make it.

        Raises:
            IndexDamagedError: It cannot be read.
        """
        self.folder = folder
        self._sentences = SentenceVectors(folder / "sentences.sqlite")
        self._lock = threading.RLock()
        self._writing = False
        self._unfinished = folder / _UNFINISHED
        self._other_processes = FileLock(folder.with_name(f"{folder.name}.lock"))
        self._open()

    @property
    def view(self) -> View:
        """The vectors as this process last saw them."""
        return self._vectors.view

    @abstractmethod
    def keep(self, encoded: Encoded) -> None:
        """Keep papers in their latest state, and remember how far this has come.

        The marker follows the passages, so that a crash in between repeats a batch and skips none.
        """

    def known(self, changes: Sequence[Change]) -> Mapping[str, tuple[Vectors, Vectors]]:  # noqa: ARG002
        """Vectors that need not be made any more: by paper id of its passages and its sentences."""
        return {}

    @abstractmethod
    def _begin(self) -> None:
        """Make the flat files anew, from what they are a copy of."""

    @abstractmethod
    def _is_current(self) -> bool:
        """Whether the flat files hold what they are a copy of."""

    @abstractmethod
    def _disconnect(self) -> None:
        """Let go of what was opened besides the files."""

    def _open(self) -> None:
        with damage_reported(self.folder), self._other_processes:
            self._connect()

    def _connect(self) -> None:
        """Open the files; whoever overrides it does that first which these are a copy of."""
        if self._unfinished.exists():
            raise OSError("writing to it was cut short")
        self.folder.mkdir(exist_ok=True)
        self._sentences.apply({})  # so that nobody finds it half made; damage shows too
        self._vectors = VectorFile(self.folder)
        with suppress(OSError, ValueError):
            self._vectors.load()
            if self._is_current():
                self._last_seen = self.view.about
                return
        self._begin()
        self._last_seen = self.view.about

    @contextmanager
    def _marked_unfinished(self) -> Iterator[None]:
        """Have the index built anew if writing ends before its end."""
        self._writing = True
        try:
            self._unfinished.touch()
            yield
            self._unfinished.unlink()
        finally:
            self._writing = False

    def note(self, encoded: Encoded) -> None:
        """Bring the files to what was just kept."""
        self.note_sentences(encoded.sentences)
        self.note_vectors(encoded.stale_ids, encoded.ids, encoded.vectors, encoded.revision)

    def note_vectors(
        self, gone: Sequence[str], ids: Sequence[str], vectors: Vectors, revision: int
    ) -> None:
        """Bring the flat files to what was just kept."""
        self._vectors.apply(gone, ids, vectors, revision)
        self._last_seen = self.view.about

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
        with self._lock, damage_reported(self.folder), suppress(Timeout):
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
        """See it in order to write.

        Raises:
            IndexDamagedError: A process that wrote was cut short.
        """
        with self._lock:
            current = False
            with suppress(OSError, ValueError):
                current = self._vectors.on_disk() == self._last_seen
            if not current or self._unfinished.exists():
                self._disconnect()
                self._open()

    def compact(self) -> None:
        """Give back the room on disk that is not used."""
        with self._lock, self._other_processes, damage_reported(self.folder, sqlite3.Error):
            is_last_seen = self._last_seen == self.view.about
            with self._marked_unfinished():
                self._vectors.compact()
            if is_last_seen:
                self._last_seen = self.view.about
            for path in self.folder.glob("*.sqlite*"):
                if path.suffix in (".sqlite", ".sqlite3"):
                    with closing(sqlite3.connect(path, timeout=30)) as database:
                        shrink(database)

    def mend(self) -> None:
        """Begin anew where it is damaged, with what can be used again."""
        with self._lock, self._other_processes:
            self._disconnect()
            salvage(self.folder)
            try:
                self._open()
            except IndexDamagedError:
                shutil.rmtree(self.folder, ignore_errors=True)
                self._open()

    def clear(self) -> None:
        """Begin anew with nothing."""
        with self._lock, self._other_processes:
            self._disconnect()
            shutil.rmtree(self.folder, ignore_errors=True)
            self._open()

    def release(self) -> None:
        """Let go of it."""
        self._disconnect()
