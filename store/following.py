"""Keeping the indexes in step with the catalog.

What is durable: when ``ingest`` reports a paper as stored, it is in the catalog's SQLite file,
committed with a full sync. Each index remembers the last revision of the catalog it holds, and
writes that mark only behind the passages themselves. So after a crash at any moment an index is
at worst behind, never ahead unnoticed, and is brought up to date or built anew.

The words of a paper are indexed at once. Its vectors follow in small batches, beside the reading of
what comes next and then each under a lock of its own, so that others get their turn to write; until
then a search goes by words.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from store.catalog import Catalog
from store.changes import Change
from store.errors import HomeBusyError, StoreError

__all__ = ["CatchingUp", "PassageIndex", "follow", "in_step"]

_log = logging.getLogger(__name__)
_BATCH_PAPERS, _MIN_BATCH_PAPERS, _MAX_BATCH_PAPERS = 500, 50, 4_000
_BATCH_S = 3.0
"""What a batch should take, well below the ten seconds for which another one who wants to write
will wait. With the default encoder that is 500 papers, with a quick one thousands."""
_TRY_AGAIN_S = 2.0


class PassageIndex(Protocol):
    """What the catalog asks of an index that follows it."""

    @property
    def revision(self) -> int:
        """The last change that the index holds; 0 for none."""
        ...

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring papers to their latest state, then remember the last change's revision."""
        ...

    def expect(self, changes: Sequence[Change]) -> None:
        """Prepare what will be applied after the next ``apply``, or do nothing."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


def in_step(catalog: Catalog, indexes: Iterable[PassageIndex]) -> bool:
    """Whether every index holds exactly what the catalog holds."""
    revision = catalog.revision
    return all(index.revision == revision for index in indexes)


@dataclass(slots=True)
class _Coming:
    """Changes that were read, and begun to be encoded, behind those that were applied last."""

    since: int = -1
    changes: Sequence[Change] = ()


def follow(
    catalog: Catalog,
    name: str,
    index: PassageIndex,
    max_papers: int | None = None,
    coming: _Coming | None = None,
) -> bool:
    """Bring an index up to date, in batches, or come nearer to it.

    An index that is ahead of the catalog (a catalog restored from a backup, say) is built anew.
    The caller holds the home for writing.

    Args:
        catalog: What is followed.
        name: The index's own.
        index: What follows.
        max_papers: How many changes to take; None for all.
        coming: What the last call has read for this one, and this one for the next.

    Returns:
        Whether it is up to date now.
    """
    if index.revision > catalog.revision:
        _log.warning("An index is ahead of the papers; it is built anew.")
        index.clear()
    noted, _ = catalog.followers().get(name, (0, 0))
    if noted != index.revision:  # a crash came in between, or it is built anew
        catalog.note_follower(name, index.revision)
    limit = max_papers or _BATCH_PAPERS * 4
    coming = coming or _Coming()
    changes = coming.changes if coming.since == index.revision else ()
    changes = changes or catalog.changes(since=index.revision, limit=limit)
    while changes:
        coming.since = changes[-1].revision
        coming.changes = catalog.changes(coming.since, limit)
        index.expect(coming.changes)
        index.apply(changes)
        catalog.note_follower(name, index.revision)
        changes = () if max_papers else coming.changes
    return index.revision == catalog.revision


class CatchingUp:
    """Brings indexes up to date batch by batch, here or in a thread of its own."""

    def __init__(
        self,
        catalog: Catalog,
        indexes: Mapping[str, PassageIndex],
        writing: Callable[[float], AbstractContextManager[None]],
    ) -> None:
        """Do nothing yet.

        Args:
            catalog: What is followed.
            indexes: What follows, by name.
            writing: Holds the home for writing, given how many seconds to wait for it.
        """
        self._catalog = catalog
        self._indexes = indexes
        self._writing = writing
        self._n_papers = _BATCH_PAPERS
        self._coming: dict[str, _Coming] = defaultdict(_Coming)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def step(self, wait_s: float) -> bool:
        """Take one batch.

        Returns:
            Whether all indexes are up to date now.

        Raises:
            HomeBusyError: Another one was writing for all of ``wait_s``.
        """
        with self._writing(wait_s):
            return all([self._follow(name) for name in self._indexes])

    def _follow(self, name: str) -> bool:
        """Take a batch of as many papers as the last ones took time for."""
        began = time.monotonic()
        index, coming = self._indexes[name], self._coming[name]
        done = follow(self._catalog, name, index, self._n_papers, coming)
        took_s = time.monotonic() - began
        if not done and took_s < _BATCH_S / 2:
            self._n_papers = min(2 * self._n_papers, _MAX_BATCH_PAPERS)
        elif took_s > 2 * _BATCH_S:
            self._n_papers = max(self._n_papers // 2, _MIN_BATCH_PAPERS)
        return done

    @contextmanager
    def beside(self, name: str) -> Iterator[Callable[[], None]]:
        """Have an index follow in a thread while the caller, who is writing, stores more.

        What goes wrong in the thread ends it, and comes up again in the next ``step``.

        Args:
            name: The index's own.

        Yields:
            What to call whenever there is more to follow.
        """
        more, ended = threading.Event(), threading.Event()

        def run() -> None:
            while more.wait() and not ended.is_set():
                more.clear()
                with suppress(StoreError):
                    while not ended.is_set() and not self._follow(name):
                        pass

        with ThreadPoolExecutor(1, thread_name_prefix="beside") as apart:
            running = apart.submit(run)
            try:
                yield more.set
            finally:
                ended.set()
                more.set()
        running.result()

    def start(self) -> None:
        """Begin in the background, unless that is under way."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="following", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until the background has nothing more to do."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """End in the background after the batch under way; the next opening goes on."""
        self._stopped.set()
        self.wait()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                if self.step(wait_s=0.0):
                    return
            except HomeBusyError:
                # Whoever is writing brings the indexes up to date; see whether it was cut short.
                self._stopped.wait(_TRY_AGAIN_S)
            except StoreError as error:
                _log.warning("The vectors are not up to date: %s", error)
                return
