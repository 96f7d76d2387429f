"""What can go wrong in the store.

StoreError
├── HomeError            the home folder cannot be used as it is
│   ├── HomeBusyError    another process is writing to it (retryable)
│   └── EncoderMismatchError   it was made with another encoder
├── SourceError          a source cannot be read at all
├── FilterError          a filter is unknown, or its value no date
├── EncoderError         an encoder cannot be loaded, or does not encode
├── PaperNotFoundError   no paper has that id
├── ServerError          a Chroma server does not do what is asked of it
└── IndexDamagedError    an index cannot be read; it can be rebuilt
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "EncoderError",
    "EncoderMismatchError",
    "FilterError",
    "HomeBusyError",
    "HomeError",
    "IndexDamagedError",
    "PaperNotFoundError",
    "ServerError",
    "SourceError",
    "StoreError",
    "damage_reported",
]


class StoreError(Exception):
    """Anything the store cannot do; catch it to handle all of them.

    The message is written for the person at the keyboard: the thing, the value and the way out.
    """

    retryable = False


class HomeError(StoreError):
    """The home folder cannot be opened, read or written; catch it to ask for another folder."""


class HomeBusyError(HomeError):
    """Another process holds the home for writing; catch it to try again later."""

    retryable = True


class EncoderMismatchError(HomeError):
    """The home's vectors come from another encoder; catch it to offer re-encoding."""


class SourceError(StoreError):
    """A source cannot be read at all; ``ingest`` turns it into a rejection."""


class FilterError(StoreError):
    """A filter's value makes no sense; catch it to show the person the forms that do."""


class EncoderError(StoreError):
    """An encoder cannot be loaded, or gives no vectors; catch it to name another one.

    ``retryable`` is True where an endpoint may answer later.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        """Say what is wrong, and whether it may pass."""
        super().__init__(message)
        self.retryable = retryable


class PaperNotFoundError(StoreError):
    """No paper of the collection has the id that was asked for."""

    def __init__(self, paper_id: str) -> None:
        """Say which, and where the ids are."""
        super().__init__(f"There is no paper {paper_id!r}; `papers list` shows the ids")


class ServerError(StoreError):
    """A Chroma server cannot be used; catch it to go on with the copy in the home.

    ``retryable`` is True where it may answer later.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        """Say what is wrong, and whether it may pass."""
        super().__init__(message)
        self.retryable = retryable


class IndexDamagedError(StoreError):
    """An index on disk cannot be read; catch it to rebuild it from the papers."""


_PASSING = frozenset(
    (errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENOMEM)
)
"""What says nothing of a file, only that it cannot be had now."""


@contextmanager
def damage_reported(folder: Path, *vendors: type[Exception]) -> Iterator[None]:
    """Turn what goes wrong over an index's folder into ``IndexDamagedError``.

    Args:
        folder: The index's own folder.
        vendors: The vendor's own errors. Python's that it uses count besides, and so does a panic
            of its Rust core, which is no ``Exception``.
    """
    try:
        yield
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"
        if not panic and not isinstance(error, (*vendors, OSError, ValueError, RuntimeError)):
            raise
        if isinstance(error, OSError) and error.errno in _PASSING:
            raise HomeError(
                f"The index in {folder} cannot be opened now: {error.strerror}. Nothing is lost;"
                " try again when that is mended"
            ) from error
        raise IndexDamagedError(
            f"The index in {folder} cannot be used: {error}. Check the disk and the folder's"
            " permissions; opened again, it is built anew from the papers"
        ) from error
