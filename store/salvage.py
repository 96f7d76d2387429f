"""What can be used again of a damaged index of vectors, so that nothing is encoded twice.

The flat files and the vectors of sentences are brought to what Chroma holds after each of its
writes, and each in one step: what cuts Chroma's writing short leaves these as they were.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from store.sentence_vectors import SentenceVectors
from store.vector_file import VectorFile

__all__ = ["salvage", "salvaged_until", "spend"]

_NOTE = "salvaged"
_KEPT = ("flat.", "sentences.sqlite", _NOTE)


def salvage(folder: Path) -> None:
    """Remove a damaged index but for vectors that are whole, and note what they belong to."""
    if not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    vectors = VectorFile(folder)
    try:
        vectors.load()
        SentenceVectors(folder / "sentences.sqlite").check()
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        return
    until = max(vectors.view.about.revision, salvaged_until(folder))
    (folder / _NOTE).write_text(str(until), encoding="utf-8")
    # What says that it is damaged goes last ("unfinished").
    for each in sorted(folder.iterdir()):
        if each.is_dir():
            shutil.rmtree(each)
        elif not each.name.startswith(_KEPT):
            each.unlink()


def salvaged_until(folder: Path) -> int:
    """The last change of the catalog whose vectors need not be made again; 0 for none."""
    with suppress(OSError, ValueError):
        return int((folder / _NOTE).read_text("utf-8"))
    return 0


def spend(folder: Path) -> None:
    """Forget what was salvaged: it has been used, or cannot be."""
    (folder / _NOTE).unlink(missing_ok=True)
