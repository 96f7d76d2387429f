"""One paper from several records of it: the best text, all names, all listings."""

from collections.abc import Iterable
from dataclasses import replace

from store.identity import contradict, identity_keys
from store.readers.record import Record
from store.types import Listing, Paper

__all__ = ["STARTER", "as_record", "folded", "may_go_by", "merged", "new_paper"]

STARTER = "starter"
"""The source of the digests that a new home begins with; any other text is better."""


def new_paper(record: Record, paper_id: str) -> Paper:
    """Make a paper of its first record."""
    return Paper(
        paper_id=paper_id,
        title=record.title,
        abstract=record.abstract,
        authors=record.authors,
        published=record.published,
        listed=_listings(record.listed),
        url=record.url,
        links=record.links,
        identifiers=record.identifiers,
    )


def as_record(paper: Paper, text_from: str) -> Record:
    """A paper as a record of the source that its text is from, to be merged into another."""
    fields = {name: getattr(paper, name) for name in Paper.__slots__}
    return Record(source=text_from, line=0, **fields)


def may_go_by(paper: Paper, names: Iterable[str]) -> bool:
    """Whether no identifier of a paper denies that it goes by some names."""
    return not contradict(names, identity_keys("", paper.identifiers))


def folded(records: Iterable[Record]) -> list[Record]:
    """Make one record of those that a source has of the same paper.

    The last one's text stays, so that reading the source again changes nothing; listings add up.
    """
    last: dict[tuple[str, ...], Record] = {}
    for record in records:
        key = (record.source, *identity_keys(record.title, record.identifiers))
        listed = last[key].listed if key in last else ()
        last[key] = replace(record, listed=listed + record.listed)
    return list(last.values())


def merged(paper: Paper, text_from: str, record: Record) -> tuple[Paper, str]:
    """Bring another record of a paper into it.

    A digest gives way to any abstract; a source replaces its own text; of two sources the longer
    text stays. Listings and names add up. Other fields keep what they have, or take what comes
    with the better text.

    Args:
        paper: What is known so far.
        text_from: The source of its abstract.
        record: What comes in.

    Returns:
        The paper, and the source of its abstract now.
    """
    better = _is_better(paper, text_from, record)
    both = (record, paper) if better else (paper, record)
    return replace(
        paper,
        title=both[0].title,
        abstract=both[0].abstract,
        authors=both[0].authors or both[1].authors,
        published=max(both[0].published, both[1].published, key=len),
        url=both[0].url or both[1].url,
        links=tuple(dict.fromkeys(paper.links + record.links)),
        identifiers=tuple(dict.fromkeys(paper.identifiers + record.identifiers)),
        listed=_listings(paper.listed + record.listed),
    ), record.source if better else text_from


def _is_better(paper: Paper, text_from: str, record: Record) -> bool:
    if STARTER in (record.source, text_from):
        return text_from == STARTER
    mine, theirs = ((len(text), text) for text in (paper.abstract, record.abstract))
    return record.source == text_from or theirs > mine  # of the same length: any, but always that


def _listings(listed: tuple[Listing, ...]) -> tuple[Listing, ...]:
    """Sort listings; one without a day says nothing where the same source gives a day."""
    dated = {listing.source for listing in listed if listing.day}
    return tuple(
        sorted({listing for listing in listed if listing.day or listing.source not in dated})
    )
