"""The starter collection: digests, written for this project, that a new home begins with.

They come encoded: ``<encoder>.npy`` holds the vectors of papers.jsonl, in its order, for each
encoder that is worth the wait. `python -m store.starter` writes them anew.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from store.encoders import BUNDLED, Encoder, Spans, Vectors, encode_parts, encoded_text
from store.merge import STARTER
from store.readers import read_source
from store.readers.record import Record
from store.sentences import sentence_spans
from store.types import Listing

__all__ = ["encoded_starter", "starter_records", "starter_texts", "vectors_file"]

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
    """Where the vectors of an encoder are, if there are any.

    float16, (n, dimension): of each paper in turn its passage, then the sentences of its abstract.
    """
    return _PAPERS.with_name(f"{encoder}.npy")


def starter_texts() -> tuple[list[str], list[Spans]]:
    """What is encoded of the papers, with the places of the abstracts' sentences in it."""
    texts: list[str] = []
    parts: list[Spans] = []
    for record in starter_records():
        shift = len(encoded_text(record.title, ""))
        texts.append(encoded_text(record.title, record.abstract))
        spans = sentence_spans(record.abstract)
        parts.append([(start + shift, end + shift) for start, end in spans])
    return texts, parts


def encoded_starter(encoder: Encoder) -> Encoder:
    """An encoder that need not encode the starter collection; itself where nothing ships for it."""
    if encoder.name not in BUNDLED or not vectors_file(encoder.name).is_file():
        return encoder
    return _StarterKnown(encoder)


class _StarterKnown:
    """An encoder beside the vectors of the starter collection."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.encode = encoder.encode
        texts, parts = starter_texts()
        vectors = np.load(vectors_file(encoder.name)).astype(np.float32)
        ends = np.cumsum([1 + len(some) for some in parts])
        self._known = dict(zip(texts, np.split(vectors, ends[:-1]), strict=True))

    def encode_parts(self, texts: Sequence[str], parts: Sequence[Spans]) -> list[Vectors]:
        """Encode what does not come encoded."""
        unknown = [n for n, text in enumerate(texts) if text not in self._known]
        fresh = encode_parts(
            self._encoder, [texts[n] for n in unknown], [parts[n] for n in unknown]
        )
        encoded = dict(zip(unknown, fresh, strict=True))
        return [encoded[n] if n in encoded else self._known[text] for n, text in enumerate(texts)]
