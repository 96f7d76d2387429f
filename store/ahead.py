"""Encoding what is stored next while what comes before it is being written."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from store.changes import Change

__all__ = ["Ahead"]

_Made = TypeVar("_Made")
_MAX_BEGUN = 2
"""Batches: the one that is taken next, and the one behind it."""


class Ahead(Generic[_Made]):
    """Makes something of changes, in a thread of its own where it is told which come next."""

    def __init__(self, make: Callable[[Sequence[Change]], _Made]) -> None:
        """Do nothing yet.

        Args:
            make: What is done with changes; called from two threads at once.
        """
        self._make = make
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._begun: dict[tuple[int, ...], Future[_Made]] = {}

    def begin(self, changes: Sequence[Change]) -> None:
        """Begin with what is likely to be taken after the next ``take``."""
        if changes:
            self._begun[_revisions(changes)] = self._thread.submit(self._make, changes)
        while len(self._begun) > _MAX_BEGUN:
            self._begun.pop(next(iter(self._begun))).cancel()

    def take(self, changes: Sequence[Change]) -> _Made:
        """What was made of changes, or is made of them now if others were begun with."""
        begun = self._begun.pop(_revisions(changes), None)
        return begun.result() if begun else self._make(changes)

    def close(self) -> None:
        """Wait for what is being made, and begin no more."""
        self._thread.shutdown(cancel_futures=True)


def _revisions(changes: Sequence[Change]) -> tuple[int, ...]:
    """What tells states of papers apart: any change of one has a number of its own."""
    return tuple(change.revision for change in changes)
