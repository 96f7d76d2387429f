"""A thread in which requests wait for their endpoints, many at once, each easy to stop."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any
from weakref import finalize

__all__ = ["Loop"]


class Loop:
    """An event loop in a thread of its own; it begins with the first thing to do."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._running: asyncio.AbstractEventLoop | None = None
        self._end: finalize[[asyncio.AbstractEventLoop, threading.Thread], Loop] | None = None

    def submit(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        """Have something done; to cancel the future is to cancel the work."""
        with self._lock:
            if self._running is None:
                self._running = asyncio.new_event_loop()
                thread = threading.Thread(
                    target=self._running.run_forever, name="chat-model", daemon=True
                )
                thread.start()
                self._end = finalize(self, _end, self._running, thread)
            return asyncio.run_coroutine_threadsafe(work, self._running)

    def close(self) -> None:
        """Cancel what is under way and end the thread."""
        with self._lock:
            end, self._running, self._end = self._end, None, None
        if end:
            end()


def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    async def cancelled() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await loop.shutdown_asyncgens()

    if thread is threading.current_thread() or not thread.is_alive():
        return
    asyncio.run_coroutine_threadsafe(cancelled(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
