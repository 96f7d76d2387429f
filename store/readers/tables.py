"""Tables with a line of column names, as spreadsheets and reference managers export them."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from store.readers.fields import first_name_first, record_of
from store.readers.record import Record
from store.readers.text import MAX_LINE_CHARS, lines_of
from store.types import Rejection

__all__ = ["NAME", "read", "recognizes"]

NAME = "table with a title and an abstract column (.csv, .tsv)"

_MAX_ROW_LINES = 1_000
_DELIMITERS = ",;\t"


def recognizes(path: Path, head: str) -> bool:  # noqa: ARG001 (as every reader's)
    """Recognize the file by its ending."""
    return path.suffix.lower() in (".csv", ".tsv")


def read(path: Path) -> Iterator[Record | Rejection]:
    """Read one file.

    Args:
        path: UTF-8; the first row names the columns, see ``store.readers.fields.FIELDS``.

    Yields:
        A record a row; a rejection for each with a quotation mark that is never closed, more
        cells than there are columns, a formula, or no title or abstract.
    """
    rows = _rows(path)
    header = next(rows, None)
    if header is None or isinstance(header, Rejection):
        yield header or Rejection(str(path), 0, "has no row of column names")
        return
    names = header[1]
    for row in rows:
        if isinstance(row, Rejection):
            yield row
            continue
        number, cells = row
        try:
            yield record_of(path.name, number, _item(names, cells))
        except ValueError as error:
            yield Rejection(str(path), number, str(error))


def _item(names: Sequence[str], cells: Sequence[str]) -> dict[str, str | list[str]]:
    if len(cells) > len(names):
        raise ValueError(f"has {len(cells)} cells for {len(names)} columns")
    item: dict[str, str | list[str]] = dict(zip(names, cells, strict=False))
    for name in names:
        parted = _PARTED.get(name.strip().lower())
        if parted and (cell := item.get(name)):
            item[name] = parted(str(cell))
    return item


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";")]


def _names_in(cell: str) -> list[str]:
    """The authors of a cell, parted by semicolons, by "and", or by commas."""
    if ";" in cell:
        return [first_name_first(name) for name in _parts(cell)]
    if " and " in cell:
        last = cell.replace(", and ", " and ").split(" and ")
        return [name.strip() for part in last for name in part.split(",")]
    return [first_name_first(cell)] if cell.count(",") == 1 else cell.split(",")


_PARTED = {"authors": _names_in, "author": _names_in, "identifiers": _parts}
"""Columns whose cells hold several values."""


def _rows(path: Path) -> Iterator[tuple[int, list[str]] | Rejection]:
    """The numbered rows of a file that hold anything; one that is broken ends with its line.

    Every row is parsed by itself, so that a quotation mark that is never closed does not take the
    rest of the file with it.
    """
    lines = lines_of(path)
    ahead: deque[tuple[int, str]] = deque(islice(lines, 1))
    head = ahead[0][1] if ahead else ""
    delimiter = max(_DELIMITERS, key=head.count)
    csv.field_size_limit(MAX_LINE_CHARS)
    while ahead:
        number = ahead[0][0]
        reader = csv.reader(_taking(ahead, lines), delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
            used = reader.line_num
        except csv.Error as error:
            yield Rejection(str(path), number, f"is no row of a table: {error}")
            cells, used = [], 1
        for _ in range(used):
            ahead.popleft()
        ahead.extend(islice(lines, 1 if not ahead else 0))
        if any(cell.strip() for cell in cells):
            yield number, cells


def _taking(ahead: deque[tuple[int, str]], lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    """The lines from the first ahead on, each remembered there until its row is known."""
    for at in range(_MAX_ROW_LINES):
        if at == len(ahead):
            ahead.extend(islice(lines, 1))
        if at == len(ahead):
            return
        yield ahead[at][1].replace("\0", " ")
