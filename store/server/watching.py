"""Seeing what other machines have stored, while questions are asked."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from contextlib import suppress

from store.errors import HomeBusyError, StoreError

__all__ = ["Watching"]

_MIN_PAUSE_S = 0.5
_PAUSE_WITHOUT_S = 5.0
_PATIENCE_S = 0.3
"""A question waits so long for the server, then goes on with the copy; what comes later is in the
next answer."""
_log = logging.getLogger(__name__)


class Watching:
    """Looks at the server when somebody asks, not more than twice a second."""

    def __init__(self, take_in: Callable[[], None]) -> None:
        """Do nothing yet.

        Args:
            take_in: Brings the home to what is on the server.
        """
        self._take_in = take_in
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="server")
        self._lock = threading.Lock()
        self._looking: Future[None] | None = None
        self._next = 0.0
        self.fault = ""
        """Why the server cannot be had at present; "" where it can."""

    def glance(self) -> None:
        """See what is new, if that is not known yet and does not take long."""
        with self._lock:
            if self._looking is None or self._looking.done():
                if time.monotonic() < self._next:
                    return
                self._looking = self._pool.submit(self._look)
        with suppress(StillRunning):
            self._looking.result(_PATIENCE_S)

    def looked(self) -> None:
        """Note that this has just been done."""
        self._next = time.monotonic() + _MIN_PAUSE_S
        if self.fault:
            _log.warning("The Chroma server answers again.")
        self.fault = ""

    def lost(self, error: StoreError) -> None:
        """Note that the server does not answer; said once until it does."""
        self._next = time.monotonic() + _PAUSE_WITHOUT_S
        if not self.fault:
            _log.warning("%s. The copy in the home answers meanwhile.", str(error).rstrip("."))
        self.fault = str(error)

    def _look(self) -> None:
        try:
            self._take_in()
            self.looked()
        except HomeBusyError:
            self.looked()  # whoever is writing takes it in
        except StoreError as error:
            self.lost(error)

    def stop(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown()
