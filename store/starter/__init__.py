"""The starter collection: digests, written for this project, that a new home begins with."""

from dataclasses import replace
from pathlib import Path

from store.merge import STARTER
from store.readers import read_source
from store.readers.record import Record
from store.types import Listing

__all__ = ["starter_records"]

_PAPERS = Path(__file__).parent / "papers.jsonl"


def starter_records() -> list[Record]:
    """The digests as records; their papers were listed on the trending pages."""
    return [
        replace(
            record,
            source=STARTER,
            listed=tuple(Listing("trending", listing.day) for listing in record.listed),
        )
        for record in read_source(_PAPERS)
        if isinstance(record, Record)
    ]
