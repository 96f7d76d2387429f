"""Keeping the indexes in step with the catalog.

What is durable: when ``ingest`` reports a paper as stored, it is in the catalog's SQLite file,
committed with a full sync. Each index remembers the last revision of the catalog it holds, and
writes that mark only behind the passages themselves. So after a crash at any moment an index is
at worst behind, never ahead unnoticed, and ``follow`` brings it up to date or builds it anew.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from store.catalog import Catalog, Change

__all__ = ["PassageIndex", "follow", "in_step"]

_log = logging.getLogger(__name__)
_BATCH_PAPERS = 2_000


class PassageIndex(Protocol):
    """What the catalog asks of an index that follows it."""

    @property
    def revision(self) -> int:
        """The last change that the index holds; 0 for none."""
        ...

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring papers to their latest state, then remember the last change's revision."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


def in_step(catalog: Catalog, indexes: Sequence[PassageIndex]) -> bool:
    """Whether every index holds exactly what the catalog holds."""
    revision = catalog.revision
    return all(index.revision == revision for index in indexes)


def follow(catalog: Catalog, indexes: Sequence[PassageIndex]) -> None:
    """Bring the indexes up to date, side by side, in batches.

    An index that is ahead of the catalog (a catalog restored from a backup, say) is built anew.
    The caller holds the home for writing.
    """
    for index in indexes:
        if index.revision > catalog.revision:
            _log.warning("An index is ahead of the papers; it is built anew.")
            index.clear()
    # Whoever opens the home meanwhile sees that there is more to come, also where an index is
    # built anew for papers that were followed before.
    catalog.followed = min(catalog.followed, *(index.revision for index in indexes))
    with ThreadPoolExecutor(len(indexes)) as pool:
        list(pool.map(lambda index: _catch_up(catalog, index), indexes))
    catalog.followed = catalog.revision


def _catch_up(catalog: Catalog, index: PassageIndex) -> None:
    while changes := catalog.changes(since=index.revision, limit=_BATCH_PAPERS):
        index.apply(changes)
