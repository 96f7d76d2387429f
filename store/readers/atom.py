"""Atom feeds as arXiv's API gives them. Home of defusedxml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import Locator

from store.readers.fields import record_of
from store.readers.record import Record
from store.types import Rejection

__all__ = ["NAME", "read", "recognizes"]

NAME = "arXiv Atom feed (.xml, .atom)"

_ATOM = "http://www.w3.org/2005/Atom"
_ARXIV = "http://arxiv.org/schemas/atom"
_CHUNK_BYTES = 65_536
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
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    parser = make_parser()
    entries = _Entries(parser)
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(entries)
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK_BYTES):
                parser.feed(chunk)
                yield from _records(path, entries)
            parser.close()
        except SAXParseException as error:
            yield from _records(path, entries)
            line, reason = error.getLineNumber() or 0, error.getMessage()
            yield Rejection(str(path), line, f"is no XML: {reason}")
        except DefusedXmlException:
            yield Rejection(str(path), 0, "declares entities or a document type; nothing is read")


class _Entries(ContentHandler):
    """Gathers the entries that have been closed, each with the line it began in."""

    def __init__(self, place: Locator) -> None:
        super().__init__()
        self.closed: list[tuple[int, dict[str, Any]]] = []
        self._place = place
        self._entry: dict[str, Any] | None = None
        self._line = 0
        self._text: list[str] = []

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: ANN401, ARG002, N802
        self._text = []
        if name == (_ATOM, "entry"):
            self._entry = {"authors": []}
            self._line = self._place.getLineNumber() or 0

    def characters(self, content: str) -> None:
        self._text.append(content)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: ANN401, ARG002, N802
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


def _records(path: Path, entries: _Entries) -> Iterator[Record | Rejection]:
    """The entries closed since the last call."""
    closed, entries.closed = entries.closed, []
    for line, item in closed:
        try:
            yield record_of(path.name, line, item)
        except ValueError as error:
            yield Rejection(str(path), line, str(error))
