"""Several sources as one stream of records."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from store.readers import read_source
from store.readers.record import Record
from store.types import Rejection

__all__ = ["Reading"]


class Reading:
    """The records of several sources, one after the other; what cannot be read is put aside.

    Attributes:
        source: The one being read.
        n_records: Records given so far.
    """

    def __init__(self, paths: Iterable[Path], rejected: list[Rejection]) -> None:
        """Begin to read.

        Args:
            paths: The sources.
            rejected: Gathers what cannot be read.
        """
        self.source = ""
        self.n_records = 0
        self._items = self._read(paths)
        self._rejected = rejected

    def _read(self, paths: Iterable[Path]) -> Iterator[Record | Rejection]:
        for path in paths:
            self.source = str(path)
            yield from read_source(path)

    def __iter__(self) -> Iterator[Record]:
        """The records in order."""
        for item in self._items:
            if isinstance(item, Rejection):
                self._rejected.append(item)
            else:
                self.n_records += 1
                yield item
