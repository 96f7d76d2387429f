"""A home that cannot be written to: its files as they lie, and copies where even a reader writes.

SQLite makes files beside the one that it reads, unless it is told that nobody writes; so it is told
that where none of them is there, and looks again whenever the file has changed. tantivy makes a
lock; so the words, a small part of a home, are copied to a temporary folder. Chroma is not opened:
what a search needs of it lies in flat files.
"""

import shutil
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from store.errors import HomeError, damage_reported
from store.lexical import LexicalIndex
from store.sentence_vectors import SentenceVectors
from store.vector_file import VectorFile
from store.vector_folder import Encoded, VectorFolder

__all__ = ["ReadOnlyVectors", "ReadOnlyWords"]

_INDEX = "meta.json"


class ReadOnlyVectors(VectorFolder):
    """The flat files of vectors, without the Chroma that they are a copy of."""

    def _open(self) -> None:
        with damage_reported(self.folder):
            self._vectors = VectorFile(self.folder)
            self._vectors.load()
        self._sentences = SentenceVectors(self.folder / "sentences.sqlite", read_only=True)

    def refresh(self) -> bool:
        """See what those have written who may."""
        with self._lock, damage_reported(self.folder):
            if not self._unfinished.exists():
                self._vectors.load()
                return True
        return False

    def keep(self, encoded: Encoded) -> None:  # noqa: ARG002
        """Refuse.

        Raises:
            HomeError: Always.
        """
        raise HomeError(f"{self.folder} cannot be written to")

    def _begin(self) -> None:
        """Nothing can be made anew."""

    def _is_current(self) -> bool:
        return True

    def _disconnect(self) -> None:
        """Nothing is held open."""


class ReadOnlyWords(LexicalIndex):
    """The words of a home, in a copy."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        """Copy them.

        Args:
            folder: Where they are.
            files: Removes the copy.

        Raises:
            IndexDamagedError: The folder holds something that cannot be read.
        """
        self._original = folder
        self._copy = Path(files.enter_context(TemporaryDirectory(prefix="paper-assistant-")))
        self._take_over()
        super().__init__(self._copy)

    def refresh(self) -> None:
        """See what those have written who may."""
        self._take_over()
        super().refresh()

    def _take_over(self) -> None:
        """Copy what is new, the list of what counts at the end; files never change otherwise."""
        with damage_reported(self._original):
            names = {path.name for path in self._original.iterdir() if path.is_file()}
            for name in sorted(names, key=(_INDEX, "revision").__contains__):
                copy = self._copy / name
                if not copy.exists() or name in (_INDEX, "revision", ".managed.json"):
                    shutil.copyfile(self._original / name, copy)
