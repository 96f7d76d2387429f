"""The nouns of the store: a paper, its listings, its passages, and what a search gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Filters", "Hit", "IngestReport", "Listing", "Paper", "Passage", "Progress", "Rejection"]


@dataclass(frozen=True, slots=True, order=True)
class Listing:
    """One appearance of a paper in a list of papers.

    Attributes:
        source: The list's short name, such as "trending", or the name of the file.
        day: "YYYY-MM-DD", "--MM-DD" where the list gives no year (ISO 8601), "" where unknown.
    """

    source: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One record of the collection.

    Attributes:
        paper_id: Stable for the life of a collection; letters, digits and ``:./-`` only.
        title: One line of plain text.
        abstract: Plain text exactly as stored; every offset in the project counts its characters.
        authors: Names in the order of the source; empty where unknown.
        published: "YYYY", "YYYY-MM", "YYYY-MM-DD" or "" where unknown.
        listed: Where and when it was listed, in sorted order.
        url: The paper's own page, or "".
        links: Other addresses given with it, such as its code.
        identifiers: Names it has elsewhere, such as "arxiv:2403.01234" or "doi:10.1000/182".
    """

    paper_id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    published: str = ""
    listed: tuple[Listing, ...] = ()
    url: str = ""
    links: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is indexed and retrieved: ``text == paper.abstract[start:end]``."""

    paper_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper found by a search.

    Attributes:
        rank: 1 for the most relevant.
        paper: The whole record.
        relevance: What the list is ordered by, 0 to 1; comparable within one search only.
        passage: The passage of the paper nearest to the query.
    """

    rank: int
    paper: Paper
    relevance: float
    passage: Passage


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may be narrowed to; "" and () mean no narrowing.

    Days are "YYYY", "YYYY-MM", "YYYY-MM-DD" or "--MM-DD", both ends included.
    A paper without the date that a filter asks for is left out.
    """

    listed_from: str = ""
    listed_to: str = ""
    published_from: str = ""
    published_to: str = ""
    source: str = ""

    def __bool__(self) -> bool:
        """Whether anything is narrowed at all."""
        return any(
            (self.listed_from, self.listed_to, self.published_from, self.published_to, self.source)
        )


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something a source held that could not be stored.

    Attributes:
        source: The path or name as it was given.
        line: 1 for the first line; 0 where the whole source is meant.
        reason: One sentence for the person who gave the source.
    """

    source: str
    line: int
    reason: str

    def __str__(self) -> str:
        """Place and reason, as ``source:line: reason``."""
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.reason}"


@dataclass(slots=True)
class IngestReport:
    """What an ingest did, counted in papers (a paper listed five times counts once)."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    papers: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest has come; first papers and their words are stored, then vectors made.

    Attributes:
        source: What is read, or was last.
        n_records: Records read in all.
        n_encoded: Papers of the collection that have their vectors; 0 while records are read.
        n_papers: Papers of the collection; 0 while records are read.
        n_by_source: Records read of each source that was begun, in order.
        share: How much of the sources is read, 0 to 1, by bytes, days or requests.
    """

    source: str
    n_records: int
    n_encoded: int = 0
    n_papers: int = 0
    n_by_source: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    share: float = field(default=0.0, compare=False)
