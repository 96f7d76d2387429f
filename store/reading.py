"""Several sources as one stream of records, in batches."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from store.live import is_live, read_live
from store.live.steps import Step, Unfinished
from store.readers import read_source
from store.readers.measured import MeasuredPath
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

    def __init__(
        self, sources: Iterable[str | Path], rejected: list[Rejection], unfinished: Unfinished
    ) -> None:
        """Begin to read.

        Args:
            sources: Files, or names of what is fetched; see ``store.live``.
            rejected: Gathers what cannot be read.
            unfinished: What is fetched goes on from there, and is noted in it.
        """
        self.source = ""
        self.n_records = 0
        self.n_by_source: dict[str, int] = {}
        self._sources = [_named(source) for source in sources]
        self._sizes = _sizes(self._sources)
        self._n_begun = 0
        self._rejected = rejected
        self._unfinished = unfinished
        self._share_fetched = 0.0

    def batches(self, n: int) -> Iterator[list[Record]]:
        """The records in order, n at a time; and whenever a day or a request has been fetched.

        A batch counts as stored when the next one is asked for.
        """
        batch: list[Record] = []
        for item in self._items():
            if isinstance(item, Rejection):
                self._rejected.append(item)
            elif isinstance(item, Record):
                self.n_records += 1
                self.n_by_source[self.source] += 1
                batch.append(item)
            if isinstance(item, Step) or len(batch) == n:
                yield batch
                batch = []
            if isinstance(item, Step):
                self._unfinished.note(self.source, item)
        if batch:
            yield batch

    def progress(self, n_encoded: int = 0, n_papers: int = 0) -> Progress:
        """How far it is, and the vectors."""
        counts = dict(self.n_by_source)
        return Progress(self.source, self.n_records, n_encoded, n_papers, counts, self._share())

    def _items(self) -> Iterator[Record | Rejection | Step]:
        for source in self._sources:
            self._n_begun += 1
            self.source = str(source)
            self.n_by_source.setdefault(self.source, 0)
            yield from read_source(source) if isinstance(source, Path) else self._fetched(source)

    def _fetched(self, source: str) -> Iterator[Record | Rejection | Step]:
        """The items of a source on the network, behind those that an earlier time has stored."""
        n_before = self._unfinished.steps(source)
        self._share_fetched = 0.0
        for item in read_live(source, n_before):
            if isinstance(item, Step):
                self._share_fetched = (item.n_done - n_before) / (item.n_all - n_before)
            yield item

    def _share(self) -> float:
        """The share of all sources that was read, 0 to 1."""
        if not self._n_begun:
            return 0.0
        *before, now = self._sizes[: self._n_begun]
        source = self._sources[self._n_begun - 1]
        share = source.share_read if isinstance(source, MeasuredPath) else self._share_fetched
        return (sum(before) + now * share) / sum(self._sizes)


def _named(source: str | Path) -> str | MeasuredPath:
    """What is fetched by its name, anything else as a file; a file of such a name comes first."""
    live = is_live(str(source)) and _n_bytes(source) is None
    return str(source) if live else MeasuredPath(source)


def _sizes(sources: list[str | MeasuredPath]) -> list[int]:
    """What each source counts beside the others: its bytes, or all the same where one has none."""
    sizes = [_n_bytes(source) or 0 for source in sources]
    return sizes if all(sizes) else [1] * len(sizes)


def _n_bytes(source: str | Path) -> int | None:
    """How large a file is; None where there is none, or can be none of such a name."""
    try:
        return Path(source).stat().st_size
    except (OSError, ValueError):
        return None
