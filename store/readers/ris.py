"""RIS files, as reference managers and libraries export them. Home of rispy."""

from collections.abc import Iterator
from pathlib import Path

from store.readers.fields import first_name_first, record_of
from store.readers.record import Record
from store.readers.text import lines_of
from store.types import Rejection

__all__ = ["NAME", "read", "recognizes"]

NAME = "RIS with abstracts (.ris)"

_BEGIN, _END = "TY  -", "ER  -"


def recognizes(path: Path, head: str) -> bool:  # noqa: ARG001 (as every reader's)
    """Recognize the file by its ending."""
    return path.suffix.lower() == ".ris"


def read(path: Path) -> Iterator[Record | Rejection]:
    """Read one file.

    Args:
        path: UTF-8.

    Yields:
        A record a reference; a rejection for each that does not begin with its type, or has no
        title or abstract.
    """
    import rispy

    for number, lines in _references(path):
        try:
            if not lines[0].startswith(_BEGIN):
                raise ValueError(f"does not begin with {_BEGIN!r}")
            items = rispy.loads("".join([*lines, f"\n{_END} \n"]))
            item = dict(items[0])
            item["authors"] = [
                first_name_first(name)
                for name in item.get("authors") or item.get("first_authors") or ()
            ]
            # "2024/03/14/Spring", or only its beginning
            day = "-".join(str(item.get("date", "")).split("/")[:3]).strip("- ")
            item["date"] = day if day[:4].isdecimal() else ""
            yield record_of(path.name, number, item)
        except (ValueError, OSError, IndexError) as error:
            yield Rejection(str(path), number, str(error) or "is no RIS reference")


def _references(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of each reference without its last, and where it begins."""
    begun: list[str] = []
    first = 0
    for number, line in lines_of(path):
        if begun and line.startswith(_BEGIN):
            yield first, begun
            begun = []
        if line.startswith(_END):
            if begun:
                yield first, begun
            begun = []
        elif begun or line.strip():
            first = first if begun else number
            begun.append(line)
    if begun:
        yield first, begun
