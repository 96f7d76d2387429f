"""Papers of arXiv by id or query, from its public API."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from store.errors import SourceError
from store.live.steps import Step
from store.readers.record import Record
from store.types import Rejection

__all__ = ["read", "search"]

_API = "https://export.arxiv.org/api/query"
_TYPES = ("application/atom+xml", "application/xml", "text/xml")
_PER_REQUEST = 100
_MAX_IDS = 2_000
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?")


def read(source: str, wanted: str, n_before: int) -> Iterator[Record | Rejection | Step]:
    """Read papers by their ids.

    Args:
        source: As the user named it.
        wanted: "2403.01234", or several with commas between.
        n_before: Requests, of a hundred ids each, that are left out at its beginning.

    Yields:
        A record a paper; a rejection for an id that arXiv does not know.

    Raises:
        SourceError: One is no id, or nothing can be had.
    """
    ids = list(dict.fromkeys(each.strip() for each in wanted.split(",") if each.strip()))
    if odd := [each for each in ids if not _ID.fullmatch(each)]:
        raise SourceError(f"{odd[0]!r} is no arXiv id; write arxiv:2403.01234")
    if not 0 < len(ids) <= _MAX_IDS:
        raise SourceError(f"names {len(ids):,} ids; 1 to {_MAX_IDS:,} are fetched at once")
    requests = [ids[at : at + _PER_REQUEST] for at in range(0, len(ids), _PER_REQUEST)]
    for n_done, some in enumerate(requests[n_before:], start=n_before + 1):
        missing = {_bare(each) for each in some}
        for item in _asked(source, id_list=",".join(some), max_results=str(len(some))):
            if isinstance(item, Record):
                missing -= {_bare(name.removeprefix("arxiv:")) for name in item.identifiers}
            yield item
        for each in some:
            if _bare(each) in missing:
                yield Rejection(source, 0, f"arXiv gives no paper {each}")
        yield Step(n_done, len(requests))


def search(source: str, wanted: str, n_before: int) -> Iterator[Record | Rejection | Step]:
    """Read the first papers that arXiv finds.

    Args:
        source: As the user named it.
        wanted: Words, or a query in arXiv's own language such as "cat:cs.CL AND ti:retrieval".
        n_before: 0; there is one request.

    Raises:
        SourceError: There is no query, or nothing can be had.
    """
    if not wanted:
        raise SourceError("has no query; write arxiv-search:graph kernels")
    query = wanted if ":" in wanted else " AND ".join(f"all:{word}" for word in wanted.split())
    yield from _asked(source, search_query=query, max_results=str(_PER_REQUEST))
    yield Step(n_before + 1, n_before + 1)


def _asked(source: str, **parameters: str) -> Iterator[Record | Rejection]:
    from store.live.fetching import fetch
    from store.readers.atom import read_chunks

    body = fetch(f"{_API}?{urlencode(parameters)}", _TYPES)
    yield from read_chunks(source, [body])


def _bare(name: str) -> str:
    """An id without its version."""
    found = _ID.fullmatch(name)
    return found[1] if found else name
