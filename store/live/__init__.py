"""Sources on the network, read only when a user names one: daily papers and arXiv.

- ``hf:2024-03-11``, ``hf:2024-03-11..2024-03-15``: the daily papers of a day, or of each of some;
- ``arxiv:2403.01234``, ``arxiv:2403.01234,2403.05678``: papers by their ids;
- ``arxiv-search:graph kernels``: the first hundred that arXiv finds;
- the address of a paper's page or of a day's, as copied from a browser, means the same.
"""

import re
from collections.abc import Iterator

from store.errors import SourceError
from store.live.steps import Step
from store.readers.record import Record
from store.types import Rejection

__all__ = ["SCHEMES", "is_live", "read_live"]

SCHEMES = ("hf", "arxiv", "arxiv-search")

_PAGES = (
    (r"huggingface\.co/papers/date/(\d{4}-\d\d-\d\d)", "hf"),
    (r"(?:arxiv\.org/(?:abs|pdf|html)|huggingface\.co/papers)/([\w.-]+(?:/\d{7})?)", "arxiv"),
)


def is_live(source: str) -> bool:
    """Whether a source is one of these, and no file."""
    return bool(_scheme_and_wanted(source))


def read_live(source: str, n_before: int = 0) -> Iterator[Record | Rejection | Step]:
    """Read the papers of a source on the network.

    Args:
        source: In one of the forms above.
        n_before: How many of its days or requests were read at an earlier time.

    Yields:
        Records and rejections, and a step behind those of each day or request; a rejection of the
        source as a whole where it cannot be had.
    """
    from store.live import arxiv, daily_papers

    scheme, wanted = _scheme_and_wanted(source)
    read = {"hf": daily_papers.read, "arxiv": arxiv.read, "arxiv-search": arxiv.search}[scheme]
    try:
        yield from read(source, wanted, n_before)
    except SourceError as error:
        yield Rejection(source, 0, str(error))


def _scheme_and_wanted(source: str) -> tuple[str, ...]:
    """What is to be fetched how; () for a source that is not fetched."""
    for page, scheme in _PAGES:
        if found := re.fullmatch(rf"https?://(?:www\.)?{page}(?:\.pdf)?/?(?:[?#].*)?", source):
            return scheme, found[1].removesuffix(".pdf")
    scheme, colon, wanted = source.partition(":")
    return (scheme.lower(), wanted.strip()) if colon and scheme.lower() in SCHEMES else ()
