"""The characters of a file, within bounds that memory can hold."""

from collections.abc import Callable, Iterator
from pathlib import Path

from store.errors import SourceError

__all__ = ["MAX_LINE_CHARS", "MAX_WHOLE_BYTES", "TOO_LONG", "lines_of", "parts_of", "whole"]

MAX_LINE_CHARS = 1_000_000
_MAX_PART_CHARS = 200_000
"""Of an entry of several lines; parsers take time out of proportion to what they are given."""
TOO_LONG = f"is longer than the {_MAX_PART_CHARS:,} characters that an entry may have"
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


def parts_of(
    path: Path, begins: Callable[[str], object], ends: Callable[[str], object] = lambda _: False
) -> Iterator[tuple[int, str]]:
    """The numbered parts of a file, each of several lines; blank lines between parts are dropped.

    Args:
        path: UTF-8; see ``lines_of``.
        begins: Whether a part begins with a line, which ends the one before.
        ends: Whether a part ends with a line, which is the last of it.

    Yields:
        (line that it begins in, its text); "" for one that is too long to be held.
    """
    first, part = 0, ""
    for number, line in lines_of(path):
        if part and begins(line):
            yield first, _bounded(part)
            part = ""
        if part or line.strip():
            first = first if part else number
            # Adding to a text in place takes time in proportion to what is added.
            part += line if len(part) <= _MAX_PART_CHARS else ""
        if part and ends(line):
            yield first, _bounded(part)
            part = ""
    if part:
        yield first, _bounded(part)


def _bounded(part: str) -> str:
    return part if len(part) <= _MAX_PART_CHARS else ""


def whole(path: Path) -> str:
    """All of a UTF-8 file; bytes that are no text come as from ``lines_of``.

    Raises:
        SourceError: It is larger than ``MAX_WHOLE_BYTES``.
    """
    if (size := path.stat().st_size) > MAX_WHOLE_BYTES:
        raise SourceError(
            f"has {size / 1e6:,.0f} MB and {MAX_WHOLE_BYTES / 1e6:.0f} are allowed of its kind;"
            " split it, or save it as JSON Lines"
        )
    return path.read_text(encoding="utf-8-sig", errors="surrogateescape")
