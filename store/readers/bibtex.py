"""BibTeX files whose entries have an abstract. Home of bibtexparser and pylatexenc."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from store.readers.fields import first_name_first, record_of
from store.readers.record import Record
from store.readers.text import TOO_LONG, parts_of
from store.types import Rejection

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry, String

__all__ = ["NAME", "read", "recognizes"]

NAME = "BibTeX with abstracts (.bib)"

_MATH_OR_SIGN = re.compile(r"(?<!\\)(\$(?=[^\s$])[^$]*(?<=[^\s\\])\$(?!\d))|(?<!\\)([$%&#])")
"""A formula, told from two prices as pandoc tells it; or a sign that LaTeX would not print."""
_BEGIN = re.compile(r"\s*@\s*\w+\s*[{(]")
_LITERAL = ("url", "doi", "eprint", "archiveprefix", "month", "year")


def recognizes(path: Path, head: str) -> bool:  # noqa: ARG001 (as every reader's)
    """Recognize the file by its ending."""
    return path.suffix.lower() in (".bib", ".bibtex")


def read(path: Path) -> Iterator[Record | Rejection]:
    """Read one file.

    Args:
        path: UTF-8.

    Yields:
        A record an entry, LaTeX read as the characters it stands for; a rejection for each with
        broken braces, or without a title or an abstract.
    """
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.library import Library
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # a rejection says it
    named: list[String] = []
    for number, text in parts_of(path, _BEGIN.match):
        if not text:
            yield Rejection(str(path), number, TOO_LONG)
        known: list[Block] = [each for each in named if each.key in text]
        library = parse_string(text, library=Library(known))
        named += [each for each in library.strings if each not in known]
        for block in library.blocks:
            # Two entries under one key are two papers, unless their names say otherwise.
            entry = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
            if isinstance(entry, Entry):
                yield _read(path, number + (entry.start_line or 0), entry)
            elif isinstance(block, ParsingFailedBlock):
                line = number + (block.start_line or 0)
                yield Rejection(
                    str(path), line, "is broken BibTeX: its braces or quotes do not match"
                )


def _read(path: Path, line: int, entry: "Entry") -> Record | Rejection:
    try:
        return record_of(path.name, line, _item(entry))
    except ValueError as error:
        return Rejection(str(path), line, f"{entry.key!r} {error}")
    except RecursionError:
        return Rejection(str(path), line, f"{entry.key!r} has braces within braces without end")


def _item(entry: "Entry") -> dict[str, object]:
    """The fields of an entry, by our names where these differ."""
    given = {field.key.lower(): str(field.value) for field in entry.fields}
    authors = _authors(given.pop("author", ""))
    item: dict[str, object] = {name: _plain(name, value) for name, value in given.items()}
    item["authors"] = authors
    if (month := _month(str(item.get("month", "")))) and "date" not in item:
        item["date"] = f"{item.get('year', '')}-{month}"
    if str(item.get("archiveprefix", "")).lower() == "arxiv" and item.get("eprint"):
        item["arxiv_id"] = item["eprint"]
    return item


def _authors(value: str) -> list[str]:
    """The names of a field; one in braces stands as it is."""
    from bibtexparser.middlewares.names import split_multiple_persons_names

    names = split_multiple_persons_names(value)
    return [
        _plain("author", name if name.startswith("{") else first_name_first(name)) for name in names
    ]


def _plain(name: str, value: str) -> str:
    """A value as it would be printed."""
    if name in _LITERAL:
        return value.strip("{} ")
    from pylatexenc.latex2text import LatexNodes2Text

    escaped = _MATH_OR_SIGN.sub(lambda found: found[1] or f"\\{found[2]}", value)
    text = str(LatexNodes2Text(math_mode="text").latex_to_text(escaped))
    return text.replace("\N{MODIFIER LETTER CIRCUMFLEX ACCENT}", "^")


def _month(text: str) -> str:
    """A month's number, 01 to 12, of its name or number; "" where it is neither."""
    names = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    if text[:3].lower() in names:
        return f"{names.index(text[:3].lower()) + 1:02}"
    return f"{int(text):02}" if text.isdecimal() and 1 <= int(text) <= len(names) else ""
