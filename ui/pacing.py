"""Events as they come; text that comes faster than people can see is told together."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from assistant.answering import Answering
from assistant.types import Delta, Event

__all__ = ["paced"]

_News = queue.SimpleQueue[Event | Exception | None]
"""Events; at the end why there are no more, None where all was told."""


def paced(events: Answering, every_s: float) -> Iterator[list[Event]]:
    """Give events in groups: the first words at once, further ones at most every so often.

    No word is held back for longer than that, also where nothing comes after it: a thread reads
    the events, and the next is waited for only until the words that are there are due.

    Args:
        events: Of the assistant; closed when they are told, or nobody wants more.
        every_s: Between two groups of nothing but text.

    Yields:
        One or more events, in order.
    """
    news: _News = queue.SimpleQueue()
    threading.Thread(target=_read, args=(events, news), name="page-answer", daemon=True).start()
    due = -every_s  # of text alone: the first words never wait for what came before
    try:
        come = news.get()
        while isinstance(come, Event):
            group = [come]
            while isinstance(come, Delta) and (more := _until(due, news)):
                come = more[0]
                group += [come] if isinstance(come, Event) else []
            due = time.monotonic() + every_s if isinstance(group[-1], Delta) else due
            yield group
            come = news.get() if isinstance(come, Event) else come
        if isinstance(come, Exception):
            raise come
    finally:
        with suppress(ValueError):  # a plain generator that the thread waits for ends with it
            events.close()


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
