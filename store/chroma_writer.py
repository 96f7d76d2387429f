"""A process of its own that writes to Chroma's folder, for as long as there is much to write.

Chroma holds Python's lock for all of a write, seconds in a large ingest: meanwhile nothing else
would go on in this process, neither the encoding of what comes next nor an answer on the page. A
process of its own also ends what it has begun where this one is killed, so that Chroma's files are
not left half written.
"""

import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from store.errors import HomeError

if TYPE_CHECKING:
    from store.vector_folder import Encoded

__all__ = ["ChromaWriter"]

_IDLE_S = 5.0
"""For how long it waits for more before it is ended."""


class ChromaWriter:
    """Has passages kept by another process, which is started by the first and ended by itself."""

    def __init__(self, folder: Path) -> None:
        """Name Chroma's folder; nothing is started yet."""
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._idle = threading.Timer(_IDLE_S, self.close)

    @property
    def is_running(self) -> bool:
        """Whether the other process is there."""
        return self._process is not None

    def keep(self, encoded: "Encoded") -> None:
        """Have it do what ``ChromaFolder.keep`` does, and wait for that.

        Raises:
            IndexDamagedError: A process that wrote before was cut short.
            HomeError: The other process was ended from outside.
        """
        self._idle.cancel()
        with self._lock:
            self._process = self._process or _started(self._folder)
            try:
                _put(encoded, self._process.stdin)
                fault = _taken(self._process.stdout)
            except (EOFError, OSError) as error:
                self._end()
                raise HomeError(
                    f"The process that writes to {self._folder} was ended. Nothing is lost; do the"
                    " same again to go on"
                ) from error
        self._idle = threading.Timer(_IDLE_S, self.close)
        self._idle.daemon = True
        self._idle.start()
        if isinstance(fault, Exception):
            raise fault

    def close(self) -> None:
        """End the other process, which has nothing to do."""
        self._idle.cancel()
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._process:
            self._process.communicate()
            self._process = None


def _started(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,  # a person's Ctrl-C is not for it
    )


def _put(message: object, file: IO[bytes] | None) -> None:
    assert file is not None
    pickle.dump(message, file, pickle.HIGHEST_PROTOCOL)
    file.flush()


def _taken(file: IO[bytes] | None) -> object:
    assert file is not None
    return pickle.load(file)  # only ever from the process that we started, or were started by


def _main() -> None:
    """Keep what comes in, one batch after the other, and say of each what went wrong, or None."""
    from store.chroma_folder import ChromaFolder

    _stay_on_one_core()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed
    folder = ChromaFolder.of(Path(sys.argv[1]))
    while True:
        try:
            encoded = cast("Encoded", _taken(sys.stdin.buffer))
        except EOFError:
            break
        fault: Exception | None = None
        try:
            folder.keep(encoded, here=True)
        except Exception as error:  # noqa: BLE001
            fault = error
        _put(fault, replies)
    folder.release()


def _stay_on_one_core() -> None:
    """Chroma hands every row from one thread to another, which costs less on one core.

    Source: 30,000 passages took 8.5 s of processor time instead of 11.7 to 13.1.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


if __name__ == "__main__":
    _main()
