"""The events of an answer that is under way, which any thread can end."""

from collections.abc import Iterator
from contextlib import suppress

from assistant.chat.model import Stop
from assistant.errors import AssistantError
from assistant.types import Event

__all__ = ["Answering"]


class Answering:
    """An iterator over events.

    ``close`` ends it from any thread, also while another one waits for the next event: a request to
    a chat model is then closed at once.
    """

    def __init__(self, events: Iterator[Event], stop: Stop) -> None:
        """Begin nothing before the first event is asked for.

        Args:
            events: What there is to tell; a generator.
            stop: Ends what they wait for.
        """
        self._events = events
        self._stop = stop

    def __iter__(self) -> "Answering":
        """Itself."""
        return self

    def __next__(self) -> Event:
        """The next event."""
        if not self._stop:
            try:
                event = next(self._events)
            except AssistantError:
                if not self._stop:
                    raise
            # What a request that was closed has come to is no news to whoever closed it.
            if not self._stop:
                return event
        self.close()
        raise StopIteration

    def close(self) -> None:
        """End it; whoever waits for an event is told that there are no more."""
        self._stop.set()
        with suppress(ValueError):  # it is about to give an event to another thread, and then ends
            getattr(self._events, "close", lambda: None)()
