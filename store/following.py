"""Keeping the indexes in step with the catalog.

What is durable: when ``ingest`` reports a paper as stored, it is in the catalog's SQLite file,
committed with a full sync. Each index remembers the last revision of the catalog it holds, and
writes that mark only behind the passages themselves. So after a crash at any moment an index is
at worst behind, never ahead unnoticed, and is brought up to date or built anew.

The words of a paper are indexed at once. Its vectors follow in small batches, each under a lock of
its own, so that others get their turn to write; until then a search goes by words.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from store.catalog import Catalog
from store.changes import Change
from store.errors import HomeBusyError, StoreError

__all__ = ["CatchingUp", "PassageIndex", "follow", "in_step"]

_log = logging.getLogger(__name__)
_BATCH_PAPERS = 500
"""With the default encoder this is about three seconds of encoding, well below the ten seconds
for which another one who wants to write will wait."""
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


def follow(catalog: Catalog, name: str, index: PassageIndex, max_papers: int | None = None) -> bool:
    """Bring an index up to date, in batches, or come nearer to it.

    An index that is ahead of the catalog (a catalog restored from a backup, say) is built anew.
    The caller holds the home for writing.

    Args:
        catalog: What is followed.
        name: The index's own.
        index: What follows.
        max_papers: How many changes to take; None for all.

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
    changes = catalog.changes(since=index.revision, limit=limit)
    while changes:
        coming = catalog.changes(since=changes[-1].revision, limit=limit)
        index.expect(coming)
        index.apply(changes)
        catalog.note_follower(name, index.revision)
        changes = [] if max_papers else coming
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
            done = [
                follow(self._catalog, name, index, _BATCH_PAPERS)
                for name, index in self._indexes.items()
            ]
        return all(done)

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
