"""The starter collection: digests, written for this project, that a new home begins with.

They come encoded: ``<encoder>.npy`` holds the vectors of papers.jsonl, in its order, for each
encoder that is worth the wait. `python -m store.starter` writes them anew.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from store.encoders import BUNDLED, Encoder, encoded_text
from store.merge import STARTER
from store.readers import read_source
from store.readers.record import Record
from store.remembering import Remembering
from store.types import Listing

__all__ = ["encoded_starter", "starter_records", "vectors_file"]

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


def vectors_file(encoder: str) -> Path:
    """Where the vectors of an encoder are, if there are any: float16, (n_papers, dimension)."""
    return _PAPERS.with_name(f"{encoder}.npy")


def encoded_starter(encoder: Encoder) -> Encoder:
    """An encoder that need not encode the starter collection; itself where nothing ships for it."""
    if encoder.name not in BUNDLED or not vectors_file(encoder.name).is_file():
        return encoder
    texts = [encoded_text(record.title, record.abstract) for record in starter_records()]
    vectors = np.load(vectors_file(encoder.name)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Remembering(encoder, dict(zip(texts, vectors, strict=True)))
