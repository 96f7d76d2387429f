"""What every reader yields: a paper as its source gives it, checked and tidied."""

import re
import unicodedata
from dataclasses import dataclass

from store.types import Listing

__all__ = ["Record", "tidy_abstract", "tidy_line"]

MAX_TITLE_CHARS = 1_000
MAX_ABSTRACT_CHARS = 20_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as one source gives it; the collection decides which paper it is.

    Attributes:
        source: What gave the abstract; a later record from the same source replaces it.
        line: Where it begins in the source, 1 for the first line.
        title: One line.
        abstract: As it will be stored.
        listed: Where and when the source lists it.
        paper_id: The id that it had in the collection which exported it; "" for most.

    The others are as in ``store.types.Paper``.

    Raises:
        ValueError: No title, no abstract, one of them is beyond all bounds, or some text cannot be
            written as UTF-8: a reader opens its file with ``errors="surrogateescape"``, so that
            bytes that are no text cost their own record and no other.
    """

    source: str
    line: int
    title: str
    abstract: str
    listed: tuple[Listing, ...]
    authors: tuple[str, ...] = ()
    published: str = ""
    url: str = ""
    links: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    paper_id: str = ""

    def __post_init__(self) -> None:
        """Check what every paper must have."""
        for name, text, limit in (
            ("title", self.title, MAX_TITLE_CHARS),
            ("abstract", self.abstract, MAX_ABSTRACT_CHARS),
        ):
            if not text.strip():
                raise ValueError(f"has no {name}")
            if len(text) > limit:
                raise ValueError(f"its {name} has {len(text):,} characters; {limit:,} are allowed")
        listed = (text for listing in self.listed for text in (listing.source, listing.day))
        texts = (self.title, self.abstract, self.published, self.url, *self.authors, *self.links)
        try:
            "".join((*texts, *self.identifiers, *listed, self.paper_id)).encode()
        except UnicodeEncodeError as error:
            raise ValueError("is not UTF-8 text; save it as UTF-8 and try again") from error


def tidy_line(text: str) -> str:
    """Bring a title or a name onto one line: composed characters, single spaces, no controls."""
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split())


def tidy_abstract(text: str) -> str:
    """Clean an abstract without touching its words: spaces run together, paragraphs kept."""
    if text.isprintable():
        return tidy_line(text)  # it has no paragraphs
    text = _CONTROL.sub(" ", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip("\n"))
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)
