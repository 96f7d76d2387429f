"""The dense index: passages with their vectors in Chroma, searched there or one by one."""

from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from store.changes import Change
from store.chroma_folder import MAX_LOOKED_AT, REVISION, ChromaFolder, batches
from store.encoders import Encoder, Vectors, encode_query
from store.errors import damage_reported
from store.sentence_vectors import encode_changes
from store.vector_file import View
from store.within import Within, paper_of

__all__ = ["DenseIndex"]

_MIN_SHARE = 3
"""A filter that lets through less than the third part is no broad one. Source: see
``MAX_LOOKED_AT``; for 1,000 hits Chroma took 6 ms."""

_MAX_REMEMBERED = 64
"""Queries whose vectors are kept: a search comes back to its own."""


class DenseIndex:
    """Passages by the cosine between their vectors and a query's."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open the collection, or begin an empty one where there is none.

        Args:
            folder: Chroma's own folder.
            encoder: Encodes passages and queries.

        Raises:
            IndexDamagedError: Chroma cannot read the folder.
        """
        self._encoder = encoder
        self._vector_of = lru_cache(_MAX_REMEMBERED)(partial(encode_query, encoder))
        self._folder = folder
        self._shared = ChromaFolder.of(folder)
        self._closed = False

    @property
    def revision(self) -> int:
        """The last change of the catalog that this index holds; 0 for none."""
        return self._shared.view.about.revision

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring papers to their latest state and remember how far this has come.

        The marker follows the passages, so that a crash in between repeats a batch and skips none.
        """
        passages = [
            (passage_id, change.paper, span)
            for change in changes
            for passage_id, span in zip(change.passage_ids, change.spans, strict=True)
        ]
        vectors, sentences = encode_changes(self._encoder, changes)
        stale = [old for change in changes for old in change.stale_ids]
        with self._shared.collection(writing=True) as collection:
            for some in batches(len(stale)):
                collection.delete(ids=stale[some])
            for some in batches(len(passages)):
                collection.upsert(
                    ids=[passage_id for passage_id, _, _ in passages[some]],
                    embeddings=vectors[some],
                    documents=[paper.abstract[slice(*span)] for _, paper, span in passages[some]],
                    metadatas=[
                        {"paper_id": p.paper_id, "title": p.title, "start": start, "end": end}
                        for _, p, (start, end) in passages[some]
                    ],
                )
            collection.modify(metadata={REVISION: changes[-1].revision})
            ids = [passage_id for passage_id, _, _ in passages]
            self._shared.note_sentences(sentences)
            self._shared.note_vectors(stale, ids, vectors, changes[-1].revision)

    def query(self, text: str, k: int, within: Within | None = None) -> list[tuple[str, float]]:
        """Find the passages nearest to a text.

        Args:
            text: The query; encoded here.
            k: Passages wanted.
            within: The papers to stay within; None for all.

        Returns:
            (passage id, cosine similarity), best first, ties by id.
        """
        vector = self._vector_of(text)
        if not np.any(vector):
            return []
        with damage_reported(self._folder):
            view = self._shared.view
            found = self._found_by_chroma(vector, k, within, view)
            return view.nearest(vector[0], k, within) if found is None else found

    def _found_by_chroma(
        self, vector: Vectors, k: int, within: Within | None, view: View
    ) -> list[tuple[str, float]] | None:
        """The nearest of very many passages; None where each had better be looked at.

        Chroma is not told of a filter: where it is broad, more are asked for and sifted.
        """
        n_passing = view.count_of(within)
        if n_passing <= max(MAX_LOOKED_AT, view.count // _MIN_SHARE):
            return None
        if within is None:
            return self._shared.nearest(vector, k, view)
        found = self._shared.nearest(vector, 2 * k * view.count // n_passing, view) or []
        passing = within.holds_papers([paper_of(passage_id) for passage_id, _ in found])
        kept = [hit for hit, passes in zip(found, passing, strict=True) if passes]
        return kept[:k] if len(kept) >= k else None

    def sentence_vectors(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors of the sentences of papers, in the order of ``sentence_spans``.

        Returns:
            By paper id (n_sentences, dimension), rows of unit length, of zeros for a sentence
            that was not read; papers without any are left out.
        """
        with damage_reported(self._folder):
            return self._shared.sentences_of(paper_ids, self._encoder.dimension)

    def closeness(self, text: str, paper_ids: Sequence[str]) -> dict[str, float]:
        """Cosine of a query with the nearest sentence of each paper, where these have vectors."""
        vectors = self.sentence_vectors(paper_ids)
        if not vectors:  # an endpoint need not be asked again
            return {}
        vector = self._vector_of(text)[0]
        return {paper_id: float((rows @ vector).max()) for paper_id, rows in vectors.items()}

    def lacks(self, paper_ids: Sequence[str]) -> set[str]:
        """Those of some papers that have no vector, or none yet."""
        return self._shared.view.lacks(paper_ids)

    def count(self) -> int:
        """How many passages the index holds."""
        return self._shared.view.count

    def refresh(self, *, more_to_come: bool = False) -> bool:
        """See what other processes have written.

        Args:
            more_to_come: Whether they are still at it, so that Chroma, which takes long to open,
                is left as it is; each vector is looked at until then.

        Returns:
            False where one of them is writing at this moment, so that nothing is to be seen yet.
        """
        return self._shared.refresh(reopen=not more_to_come)

    def prepare(self) -> None:
        """See what other processes have written, in order to write; the caller holds the home.

        Raises:
            IndexDamagedError: One of them was cut short.
        """
        self._shared.prepare()

    def clear(self) -> None:
        """Forget everything; the next ``apply`` begins anew."""
        self._shared.clear()

    def close(self) -> None:
        """Let go of the client; the last user in the process closes it. A second time is none."""
        if not self._closed:
            self._closed = True
            self._shared.release()
