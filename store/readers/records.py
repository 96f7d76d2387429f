"""JSON Lines and JSON files of records, each with at least a title and an abstract."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from store.dates import parse_date
from store.readers.record import Record, tidy_abstract, tidy_line
from store.types import Listing, Rejection

__all__ = ["FIELDS", "NAME", "read", "recognizes"]

NAME = "JSON Lines or JSON with title and abstract (.jsonl, .json)"

FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "abstract": ("abstract", "text", "summary"),
    "authors": ("authors", "author"),
    "published": ("published", "date", "year"),
    "url": ("url", "link"),
    "links": ("links",),
    "listed": ("listed",),
    "arxiv": ("arxiv_id", "arxiv"),
    "doi": ("doi",),
    "identifiers": ("identifiers",),
}
"""Our name of a field, and the names it is found under in a file, the first one present."""

_MAX_LINE_CHARS = 1_000_000


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
    """
    for number, item in _items(path):
        if isinstance(item, Rejection):
            yield item
            continue
        try:
            yield _record(path.name, number, item)
        except (ValueError, TypeError) as error:
            yield Rejection(str(path), number, str(error))


def _items(path: Path) -> Iterator[tuple[int, Any]]:
    """The numbered JSON values of a file."""
    if path.suffix.lower() == ".json":
        yield from enumerate(_array(path), start=1)
        return
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        for number, line in enumerate(file, start=1):
            if len(line) > _MAX_LINE_CHARS:
                yield number, Rejection(str(path), number, f"is {len(line):,} characters long")
            elif line.strip():
                yield number, _parsed(path, number, line)


def _array(path: Path) -> list[Any]:
    """The values of a JSON file: of its array, or its one object."""
    parsed = _parsed(path, 0, path.read_text(encoding="utf-8-sig"))
    return parsed if isinstance(parsed, list) else [parsed]


def _parsed(path: Path, number: int, text: str) -> Any:  # noqa: ANN401 (any JSON value)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return Rejection(str(path), number, f"is no valid JSON: {error}")


def _record(name: str, number: int, item: object) -> Record:
    """Make a record of one JSON object.

    Raises:
        ValueError: It is no object, or lacks what a paper must have.
    """
    if not isinstance(item, dict):
        raise ValueError("is no JSON object with a title and an abstract")
    value = {ours: _first(item, theirs) for ours, theirs in FIELDS.items()}
    return Record(
        source=name,
        line=number,
        title=tidy_line(_text(value["title"])),
        abstract=tidy_abstract(_text(value["abstract"])),
        listed=_listed(name, value["listed"]),
        authors=tuple(tidy_line(author) for author in _texts(value["authors"])),
        published=parse_date(str(value["published"])) if value["published"] else "",
        url=tidy_line(_text(value["url"])),
        links=tuple(tidy_line(link) for link in _texts(value["links"])),
        identifiers=_identifiers(value),
    )


def _identifiers(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of a record elsewhere: by scheme, or as the export writes them."""
    named = [f"{scheme}:{value[scheme]}" for scheme in ("arxiv", "doi") if _text(value[scheme])]
    return tuple(dict.fromkeys(map(tidy_line, [*named, *_texts(value["identifiers"])])))


def _listed(name: str, value: object) -> tuple[Listing, ...]:
    """Listings of a record: days of this file, or {"source", "day"} as the export writes them."""
    values = value if isinstance(value, list) else [value]
    exported = [item for item in values if isinstance(item, dict)]
    listed = [
        Listing(tidy_line(_text(item.get("source"))), _day(item.get("day"))) for item in exported
    ]
    listed += [Listing(name, parse_date(day)) for day in _texts(value)]
    return tuple(listed) or (Listing(name),)


def _day(value: object) -> str:
    return parse_date(value) if isinstance(value, str) and value else ""


def _first(item: Mapping[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401
    return next((item[name] for name in names if item.get(name)), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts, also where the file gives a single one."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str) and text)
