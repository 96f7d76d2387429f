"""JSON Lines and JSON files of records, each with at least a title and an abstract."""

import json
from collections.abc import Iterator
from pathlib import Path

from store.readers.fields import record_of
from store.readers.json_array import values_of
from store.readers.record import Record
from store.readers.text import MAX_LINE_CHARS, lines_of, whole
from store.types import Rejection

__all__ = ["NAME", "read", "recognizes"]

NAME = "JSON Lines or JSON with title and abstract (.jsonl, .json)"


def recognizes(path: Path, head: str) -> bool:  # noqa: ARG001 (as every reader's)
    """Recognize the file by its ending: of broken records, none speaks for the others."""
    return path.suffix.lower() in (".jsonl", ".ndjson", ".json")


def read(path: Path) -> Iterator[Record | Rejection]:
    """Read one file.

    Args:
        path: UTF-8; one JSON object a line, or a JSON array of objects.

    Yields:
        A record an object; a rejection for each that is no JSON, no object, or has no title or
        abstract.

    Raises:
        SourceError: The array is too large to be held.
    """
    for number, text in _texts(path):
        try:
            yield record_of(path.name, number, _parsed(text))
        except (ValueError, TypeError) as error:
            yield Rejection(str(path), number, str(error))


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered JSON texts of a file."""
    if path.suffix.lower() == ".json":
        yield from values_of(whole(path))
    else:
        yield from ((number, line) for number, line in lines_of(path) if line.strip())


def _parsed(text: str) -> object:
    """The value of a JSON text.

    Raises:
        ValueError: It is none, or too long.
    """
    if not text:
        raise ValueError("is no valid JSON: the array is cut short")
    if len(text) > MAX_LINE_CHARS:
        raise ValueError(f"is longer than the {MAX_LINE_CHARS:,} characters that a line may have")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no valid JSON: {error}") from error
