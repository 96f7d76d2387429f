"""A record of named fields, as JSON, tables and reference managers give it, into a Record."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from store.dates import parse_date
from store.readers.record import Record, tidy_abstract, tidy_line
from store.types import Listing, Paper

__all__ = ["FIELDS", "first_name_first", "record_of"]

FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "primary_title"),
    "abstract": ("abstract", "text", "summary", "abstract_note", "notes_abstract"),
    "authors": ("authors", "author", "first_authors"),
    "published": ("published", "publication_date", "date", "publication_year", "year"),
    "url": ("url", "urls", "link"),
    "links": ("links",),
    "listed": ("listed",),
    "arxiv": ("arxiv_id", "arxiv"),
    "doi": ("doi",),
    "identifiers": ("identifiers",),
}
"""Our name of a field, and the names it is found under in a file, the first one present.

Capitals do not matter, nor whether words are joined by spaces, hyphens or underscores.
"""

_EXPORTED = frozenset(Paper.__slots__)
"""What every paper of an export has; its identifiers and id are taken as they are."""

_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html)/|10\.48550/arxiv\.|arxiv:\s*)"
    r"(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[a-z]{2})?/\d{7}(?:v\d+)?)",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_FORMULA = re.compile(r"=\w+[-+*/&!(]|[=+@-]\s*(?:[A-Za-z.]+\s*\(|\w+\s*\|)")
_NOT_IN_NAME = re.compile(r"[\s_-]+")


def record_of(source: str, line: int, item: object) -> Record:
    """Make a record of one object.

    Args:
        source: What the file is called.
        line: Where the object begins in it, 1 for the first line.
        item: Values by the file's names for them.

    Raises:
        ValueError: It is no mapping, or lacks what a paper must have.
    """
    if not isinstance(item, Mapping):
        raise ValueError("is no JSON object with a title and an abstract")
    given = {_plain_name(name): value for name, value in item.items()}
    value = {ours: _first(given, theirs) for ours, theirs in FIELDS.items()}
    exported = given.keys() >= _EXPORTED
    for name in ("title", "abstract"):
        if not exported and _FORMULA.match(_text(value[name])):
            raise ValueError(f"its {name} is a spreadsheet's formula; save the values instead")
    source = _readable(source)
    url, *links = (*_texts(value["url"]), "") if value["url"] else ("",)
    return Record(
        source=source,
        line=line,
        title=tidy_line(_text(value["title"])),
        abstract=tidy_abstract(_text(value["abstract"])),
        listed=_listed(source, value["listed"]),
        authors=tuple(tidy_line(author) for author in _texts(value["authors"])),
        published=parse_date(str(value["published"])) if value["published"] else "",
        url=tidy_line(url),
        links=tuple(tidy_line(link) for link in (*links, *_texts(value["links"])) if link),
        identifiers=tuple(_texts(value["identifiers"])) if exported else _identifiers(value),
        paper_id=_text(given["paper_id"]) if exported else "",
    )


def first_name_first(name: str) -> str:
    """Write "Keel, Ada" as "Ada Keel"; a name without one comma stays."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first else name.strip()


def _readable(name: str) -> str:
    """The name of a file with what is no text in it written out."""
    return tidy_line(name.encode(errors="surrogateescape").decode(errors="backslashreplace"))


def _identifiers(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of a record elsewhere: by scheme, in an address, or as the export writes them."""
    named = [f"arxiv:{_text(value['arxiv'])}"] if _text(value["arxiv"]) else []
    addresses = [_text(value["doi"]), *_texts(value["url"])]
    named += [f"arxiv:{found[1]}" for found in map(_ARXIV.search, addresses) if found]
    if found := _DOI.search(_text(value["doi"])):
        named.append(f"doi:{found[0]}")
    return tuple(dict.fromkeys(map(tidy_line, [*named, *_texts(value["identifiers"])])))


def _listed(source: str, value: object) -> tuple[Listing, ...]:
    """Listings of a record: days of this file, or {"source", "day"} as the export writes them."""
    values = value if isinstance(value, list) else [value]
    exported = [item for item in values if isinstance(item, dict)]
    listed = [
        Listing(tidy_line(_text(item.get("source"))), _day(item.get("day"))) for item in exported
    ]
    listed += [Listing(source, parse_date(day)) for day in _texts(value)]
    return tuple(listed) or (Listing(source),)


def _day(value: object) -> str:
    return parse_date(value) if isinstance(value, str) and value else ""


def _plain_name(name: object) -> str:
    return _NOT_IN_NAME.sub("_", str(name).strip().lower())


def _first(item: Mapping[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401
    return next((item[name] for name in names if item.get(name)), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Sequence[str]:
    """A list of texts, also where the file gives a single one."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text]
