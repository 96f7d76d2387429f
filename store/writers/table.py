"""A table for spreadsheets, where no text is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from store.types import Paper

__all__ = ["COLUMNS", "write"]

COLUMNS = ("title", "abstract", "authors", "published", "url", "identifiers", "listed_in")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""Source: OWASP, CSV injection."""


def write(papers: Iterable[Paper], columns: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """A row of column names, then a row a paper."""
    yield _row((*COLUMNS, *columns))
    for paper in papers:
        listed = (f"{listing.source} {listing.day}".strip() for listing in paper.listed)
        lists = ("; ".join(each) for each in (paper.identifiers, listed))
        authors = "; ".join(paper.authors)
        own = (paper.title, paper.abstract, authors, paper.published, paper.url, *lists)
        yield _row((*own, *(of.get(paper.paper_id, "") for of in columns.values())))


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_inert(cell) for cell in cells])
    return line.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
