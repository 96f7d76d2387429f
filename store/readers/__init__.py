"""Readers of sources: one file each, behind one small registry.

A reader is a module with

- ``NAME``: what the format is called in messages;
- ``recognizes(path, head)``: whether a file is in this format, by its name and first characters;
- ``read(path)``: the papers of the file, each as a Record, and what could not be read as a
  Rejection, lazily and in order.

To add a format, write such a module and name it in ``readers``.
"""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from store.errors import SourceError
from store.readers.record import Record
from store.types import Rejection

__all__ = ["read_source", "readers"]

_HEAD_CHARS = 4096
_MAX_IN_A_ROW = 20_000


def readers() -> tuple[ModuleType, ...]:
    """All readers, in the order they are asked: the first that recognizes a file reads it."""
    from store.readers import atom, bibtex, records, ris, saved_html, tables, trending

    return trending, saved_html, records, tables, bibtex, ris, atom


def read_source(path: Path) -> Iterator[Record | Rejection]:
    """Read the papers of one file with the reader that recognizes it.

    Args:
        path: A file in any of the formats of ``readers``.

    Yields:
        Records and rejections in the order of the file. The file as a whole is rejected, with the
        reason, where it cannot be opened, is no text, no reader recognizes it, or it holds nothing;
        what is left of it, where there were too many rejections in a row.
    """
    n_items = n_in_a_row = 0
    try:
        for item in _reader_for(path).read(path):
            n_items += 1
            n_in_a_row = n_in_a_row + 1 if isinstance(item, Rejection) else 0
            yield item
            if n_in_a_row == _MAX_IN_A_ROW:
                raise SourceError(f"has {n_in_a_row:,} bad records in a row; the rest is not read")
        if not n_items:
            raise SourceError("holds no papers")
    except (SourceError, OSError) as error:
        yield Rejection(str(path), 0, _reason(error))


def _reader_for(path: Path) -> ModuleType:
    """Find the reader of a file.

    Raises:
        SourceError: There is no such file, it is empty, or in no format that is known.
    """
    if path.is_dir():
        raise SourceError(f"is a folder; name the files in it, as in {path}/*")
    if not path.exists():
        raise SourceError("there is no such file; check the path")
    if not path.is_file():
        raise SourceError("is no file on disk; save what it gives to one")
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.read(_HEAD_CHARS)
    if not head.strip():
        raise SourceError("is empty")
    if "\0" in head:
        raise SourceError("is not UTF-8 text; save it as UTF-8 and try again")
    for reader in readers():
        if reader.recognizes(path, head):
            return reader
    known = ", ".join(reader.NAME for reader in readers())
    raise SourceError(f"is in no known format; known are: {known}")


def _reason(error: SourceError | OSError) -> str:
    """Put an error of reading a file into one sentence."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error}); check its permissions"
    return str(error)
