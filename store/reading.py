"""Several sources as one stream of records."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from store.live import is_live, read_live
from store.readers import read_source
from store.readers.record import Record
from store.types import Progress, Rejection

__all__ = ["Reading"]


class Reading:
    """The records of several sources, one after the other; what cannot be read is put aside.

    Attributes:
        source: The one being read.
        n_records: Records given so far.
        n_by_source: The same of each source that was begun.
    """

    def __init__(self, sources: Iterable[str | Path], rejected: list[Rejection]) -> None:
        """Begin to read.

        Args:
            sources: Files, or names of what is fetched; see ``store.live``.
            rejected: Gathers what cannot be read.
        """
        self.source = ""
        self.n_records = 0
        self.n_by_source: dict[str, int] = {}
        self._items = self._read(sources)
        self._rejected = rejected

    def _read(self, sources: Iterable[str | Path]) -> Iterator[Record | Rejection]:
        for source in sources:
            self.source = str(source)
            self.n_by_source.setdefault(self.source, 0)
            live = is_live(self.source) and not Path(source).exists()
            yield from read_live(self.source) if live else read_source(Path(source))

    def progress(self, n_encoded: int = 0, n_papers: int = 0) -> Progress:
        """How far it is, and the vectors."""
        counts = dict(self.n_by_source)
        return Progress(self.source, self.n_records, n_encoded, n_papers, counts)

    def __iter__(self) -> Iterator[Record]:
        """The records in order."""
        for item in self._items:
            if isinstance(item, Rejection):
                self._rejected.append(item)
            else:
                self.n_records += 1
                self.n_by_source[self.source] += 1
                yield item
