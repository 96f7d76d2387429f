"""Events as they come; text that comes faster than people can see is told together."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from assistant.answering import Answering
from assistant.types import Delta, Event

__all__ = ["Paced"]

_News = queue.SimpleQueue[Event | Exception | None]
"""Events; at the end why there are no more, None where all was told."""


class Paced:
    """Events in groups: the first words at once, further ones at most every so often.

    No word is held back for longer than that, also where nothing comes after it: a thread reads
    the events, and the next is waited for only until the words that are there are due.
    """

    def __init__(self, events: Answering, every_s: float) -> None:
        """Begin nothing before the first group is asked for.

        Args:
            events: Of the assistant; closed when they are told, or nobody wants more.
            every_s: Between two groups of nothing but text.
        """
        self._events = events
        self._every_s = every_s
        self._news: _News = queue.SimpleQueue()

    def __iter__(self) -> Iterator[list[Event]]:
        """One or more events at a time, in order."""
        read, given = _read, (self._events, self._news)
        threading.Thread(target=read, args=given, name="page-answer", daemon=True).start()
        due = -self._every_s  # of text alone: the first words never wait for what came before
        try:
            come = self._news.get()
            while isinstance(come, Event):
                group = [come]
                while isinstance(come, Delta) and (more := _until(due, self._news)):
                    come = more[0]
                    group += [come] if isinstance(come, Event) else []
                due = time.monotonic() + self._every_s if isinstance(group[-1], Delta) else due
                yield group
                come = self._news.get() if isinstance(come, Event) else come
            if isinstance(come, Exception):
                raise come
        finally:
            self.close()

    def close(self) -> None:
        """End it, from any thread: nobody waits for what the events still do."""
        self._news.put(None)
        with suppress(ValueError):  # a plain generator that the thread waits for ends with it
            self._events.close()


def _until(due: float, news: _News) -> list[Event | Exception | None]:
    """What comes next, if anything does until then."""
    left_s = due - time.monotonic()
    if left_s <= 0:
        return []
    try:
        return [news.get(timeout=left_s)]
    except queue.Empty:
        return []


def _read(events: Answering, news: _News) -> None:
    try:
        for event in events:
            news.put(event)
    except Exception as error:  # noqa: BLE001 (raised where the events are wanted)
        news.put(error)
    else:
        news.put(None)
