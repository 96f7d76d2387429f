"""JSON Lines and JSON files of records, each with at least a title and an abstract."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from store.readers.fields import record_of
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
    for number, item in _items(path):
        if isinstance(item, Rejection):
            yield item
            continue
        try:
            yield record_of(path.name, number, item)
        except (ValueError, TypeError) as error:
            yield Rejection(str(path), number, str(error))


def _items(path: Path) -> Iterator[tuple[int, Any]]:
    """The numbered JSON values of a file."""
    if path.suffix.lower() == ".json":
        yield from enumerate(_array(path), start=1)
        return
    for number, line in lines_of(path):
        if len(line) > MAX_LINE_CHARS:
            reason = f"is longer than the {MAX_LINE_CHARS:,} characters that a line may have"
            yield number, Rejection(str(path), number, reason)
        elif line.strip():
            yield number, _parsed(path, number, line)


def _array(path: Path) -> list[Any]:
    """The values of a JSON file: of its array, or its one object."""
    parsed = _parsed(path, 0, whole(path))
    return parsed if isinstance(parsed, list) else [parsed]


def _parsed(path: Path, number: int, text: str) -> Any:  # noqa: ANN401 (any JSON value)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return Rejection(str(path), number, f"is no valid JSON: {error}")
