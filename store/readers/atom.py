"""Atom feeds as arXiv's API gives them. Home of defusedxml."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import Locator

from store.readers.fields import record_of
from store.readers.record import Record
from store.readers.text import MAX_LINE_CHARS
from store.types import Rejection

__all__ = ["NAME", "read", "read_chunks", "recognizes"]

NAME = "arXiv Atom feed (.xml, .atom)"

_ATOM = "http://www.w3.org/2005/Atom"
_ARXIV = "http://arxiv.org/schemas/atom"
_CHUNK_BYTES = 1_000_000
_MAX_DEPTH = 100
_FIELDS = {
    (_ATOM, "id"): "url",
    (_ATOM, "title"): "title",
    (_ATOM, "summary"): "abstract",
    (_ATOM, "published"): "published",
    (_ATOM, "name"): "authors",
    (_ARXIV, "doi"): "doi",
}


def recognizes(path: Path, head: str) -> bool:
    """Recognize the feed by its ending, or by its first element."""
    return path.suffix.lower() in (".xml", ".atom") or "<feed" in head


def read(path: Path) -> Iterator[Record | Rejection]:
    """Read one feed, in memory that does not grow with it.

    Args:
        path: XML; one that declares entities or refers to other documents is rejected.

    Yields:
        A record an entry; a rejection for each without a title or an abstract, and for the place
        where the feed stops to be XML.
    """
    with path.open("rb") as file:
        yield from read_chunks(path.name, iter(lambda: file.read(_CHUNK_BYTES), b""), str(path))


def read_chunks(
    source: str, chunks: Iterable[bytes], place: str = ""
) -> Iterator[Record | Rejection]:
    """Read a feed that comes in chunks, as ``read`` does.

    Args:
        source: What gave it.
        chunks: The feed.
        place: What rejections call it; ``source`` unless given.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    place = place or source
    parser = make_parser()
    entries = _Entries(parser)
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(entries)
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield from _records(source, place, entries)
        parser.close()
    except SAXParseException as error:
        yield from _records(source, place, entries)
        line, reason = error.getLineNumber() or 0, error.getMessage()
        yield Rejection(place, line, f"is no XML: {reason}")
    except DefusedXmlException:
        yield Rejection(place, 0, "declares entities or a document type; nothing is read")


class _Entries(ContentHandler):
    """Gathers the entries that have been closed, each with the line it began in."""

    def __init__(self, place: Locator) -> None:
        super().__init__()
        self.closed: list[tuple[int, dict[str, Any]]] = []
        self._place = place
        self._entry: dict[str, Any] | None = None
        self._line = 0
        self._text: list[str] = []
        self._n_chars = 0
        self._depth = 0

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: ANN401, ARG002, N802
        self._text, self._n_chars = [], 0
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise SAXParseException("elements within elements without end", None, self._place)
        if name == (_ATOM, "entry"):
            self._entry = {"authors": []}
            self._line = self._place.getLineNumber() or 0

    def characters(self, content: str) -> None:
        self._n_chars += len(content)
        if self._n_chars <= MAX_LINE_CHARS + len(content):
            self._text.append(content)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: ANN401, ARG002, N802
        self._depth -= 1
        if self._entry is None:
            return
        if name == (_ATOM, "entry"):
            self.closed.append((self._line, self._entry))
            self._entry = None
        elif field := _FIELDS.get(name):
            text = "".join(self._text).strip()
            if field == "authors":
                self._entry[field].append(text)
            else:
                self._entry[field] = text


def _records(source: str, place: str, entries: _Entries) -> Iterator[Record | Rejection]:
    """The entries closed since the last call."""
    closed, entries.closed = entries.closed, []
    for line, item in closed:
        try:
            if "/api/errors" in item.get("url", ""):  # how arXiv says what it did not understand
                raise ValueError(f"arXiv says: {item.get('abstract')}")
            yield record_of(source, line, item)
        except ValueError as error:
            yield Rejection(place, line, str(error))
