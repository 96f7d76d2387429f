"""The characters of a file, within bounds that memory can hold."""

from collections.abc import Iterator
from pathlib import Path

from store.errors import SourceError

__all__ = ["MAX_LINE_CHARS", "MAX_WHOLE_BYTES", "lines_of", "whole"]

MAX_LINE_CHARS = 1_000_000
MAX_WHOLE_BYTES = 64_000_000
"""Of a file in a format that can only be read as a whole."""


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a UTF-8 file.

    Bytes that are no text come as lone surrogates, so that they cost their own record and no
    other. Of a line longer than ``MAX_LINE_CHARS`` only one character more than that is given.

    Yields:
        (1 for the first line, the line with its end).
    """
    number = 0
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        while line := file.readline(MAX_LINE_CHARS + 1):
            number += 1
            yield number, line
            while len(line) > MAX_LINE_CHARS and not line.endswith("\n"):
                line = file.readline(MAX_LINE_CHARS + 1)


def whole(path: Path) -> str:
    """All of a UTF-8 file.

    Raises:
        SourceError: It is larger than ``MAX_WHOLE_BYTES``.
        UnicodeDecodeError: It is no UTF-8.
    """
    if (size := path.stat().st_size) > MAX_WHOLE_BYTES:
        raise SourceError(
            f"has {size / 1e6:,.0f} MB and {MAX_WHOLE_BYTES / 1e6:.0f} are allowed of its kind;"
            " split it, or save it as JSON Lines"
        )
    return path.read_text(encoding="utf-8-sig")
