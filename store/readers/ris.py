"""RIS files, as reference managers and libraries export them. Home of rispy."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from store.readers.fields import first_name_first, record_of
from store.readers.record import Record
from store.readers.text import TOO_LONG, parts_of
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

    for number, text in parts_of(path, _begins, _ends):
        try:
            if not _begins(text):
                raise ValueError(f"does not begin with {_BEGIN!r}" if text else TOO_LONG)
            items = rispy.loads(f"{text.rstrip().removesuffix(_END)}\n{_END} \n")
            yield record_of(path.name, number, _item(items[0]))
        except (ValueError, OSError, IndexError) as error:
            yield Rejection(str(path), number, str(error) or "is no RIS reference")


def _begins(line: str) -> bool:
    return line.startswith(_BEGIN)


def _ends(line: str) -> bool:
    return line.startswith(_END)


def _item(reference: Mapping[str, Any]) -> dict[str, Any]:
    """A reference by the names that a record of fields has."""
    authors = reference.get("authors") or reference.get("first_authors") or ()
    # "2024/03/14/Spring", or only its beginning
    day = "-".join(str(reference.get("date", "")).split("/")[:3]).strip("- ")
    return dict(reference) | {
        "authors": [first_name_first(name) for name in authors],
        "date": day if day[:4].isdecimal() else "",
    }
