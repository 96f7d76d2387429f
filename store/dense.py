"""The dense index: passages with their vectors in Chroma, searched in flat files beside it."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from pathlib import Path

import numpy as np

from store.ahead import Ahead
from store.changes import Change
from store.chroma_folder import ChromaFolder
from store.encoders import Encoder, Vectors, encode_query
from store.errors import damage_reported
from store.sentence_vectors import encode_changes, nearest, unpacked
from store.vector_folder import Encoded, VectorFolder
from store.within import Within

__all__ = ["DenseIndex"]

_MAX_REMEMBERED = 64
"""Queries whose vectors are kept: a search comes back to its own."""


class DenseIndex:
    """Passages by the cosine between their vectors and a query's."""

    def __init__(
        self, folder: Path, encoder: Encoder, kept: Callable[[Path], VectorFolder] = ChromaFolder.of
    ) -> None:
        """Open the collection, or begin an empty one where there is none.

        Args:
            folder: The index's own folder.
            encoder: Encodes passages and queries.
            kept: Opens what keeps the passages: Chroma in the folder, unless given.

        Raises:
            IndexDamagedError: Chroma cannot read the folder.
        """
        self._encoder = encoder
        self._vector_of = lru_cache(_MAX_REMEMBERED)(partial(encode_query, encoder))
        self._folder = folder
        self._shared = kept(folder)
        self._ahead = Ahead(self._encoded)
        self._closed = False

    @property
    def revision(self) -> int:
        """The last change of the catalog that this index holds; 0 for none."""
        return self._shared.view.about.revision

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring papers to their latest state and remember how far this has come.

        The marker follows the passages, so that a crash in between repeats a batch and skips none.
        """
        self._shared.keep(self._ahead.take(changes))

    def expect(self, changes: Sequence[Change]) -> None:
        """Encode changes that will be applied after the next ones, while those are written."""
        self._ahead.begin(changes)

    def _encoded(self, changes: Sequence[Change]) -> Encoded:
        known = self._shared.known(changes)
        unknown = [change for change in changes if change.paper.paper_id not in known]
        made, sentences = encode_changes(self._encoder, unknown)
        ends = accumulate(len(change.spans) for change in unknown)
        vectors = {
            change.paper.paper_id: made[end - len(change.spans) : end]
            for change, end in zip(unknown, ends, strict=True)
        }
        for name, (of_passages, of_sentences) in known.items():
            vectors[name], sentences[name] = of_passages, of_sentences
        none = np.empty((0, self._encoder.dimension), np.float32)
        in_order = np.concatenate([none, *(vectors[each.paper.paper_id] for each in changes)])
        return Encoded(changes, in_order, sentences)

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
            return self._shared.view.nearest(vector[0], k, within)

    def sentence_vectors(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors of the sentences of papers, in the order of ``sentence_spans``.

        Returns:
            By paper id (n_sentences, dimension), rows of unit length, of zeros for a sentence
            that was not read; papers without any are left out.
        """
        with damage_reported(self._folder):
            packed = self._shared.sentences_of(paper_ids, self._encoder.dimension)
        return unpacked(packed, self._encoder.dimension)

    def closeness(self, text: str, paper_ids: Sequence[str]) -> dict[str, float]:
        """Cosine of a query with the nearest sentence of each paper, where these have vectors."""
        with damage_reported(self._folder):
            packed = self._shared.sentences_of(paper_ids, self._encoder.dimension)
        # An endpoint need not be asked again where there is nothing to compare.
        return nearest(packed, self._vector_of(text)[0]) if packed else {}

    def lacks(self, paper_ids: Sequence[str]) -> set[str]:
        """Those of some papers that have no vector, or none yet."""
        return self._shared.view.lacks(paper_ids)

    def sample(self, n_papers: int) -> list[str]:
        """Name some papers that have vectors; see ``View``."""
        with damage_reported(self._folder):
            return self._shared.view.sample(n_papers)

    def of_papers(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        """Look up one vector a paper, of unit length; papers without any are left out."""
        with damage_reported(self._folder):
            return self._shared.view.of_papers(paper_ids)

    def count(self) -> int:
        """How many passages the index holds."""
        return self._shared.view.count

    def refresh(self) -> bool:
        """See what other processes have written.

        Returns:
            False where one of them is writing at this moment, so that nothing is to be seen yet.
        """
        return self._shared.refresh()

    def prepare(self) -> None:
        """See what other processes have written, in order to write; the caller holds the home.

        Raises:
            IndexDamagedError: One of them was cut short.
        """
        self._shared.prepare()

    def compact(self) -> None:
        """Give back the room on disk that is not used; the caller holds the home."""
        self._shared.compact()

    def mend(self) -> None:
        """Begin anew where it is damaged; no vector that is whole is made again."""
        self._shared.mend()

    def clear(self) -> None:
        """Forget everything; the next ``apply`` begins anew."""
        self._shared.clear()

    def close(self) -> None:
        """Let go of the client; the last user in the process closes it. A second time is none."""
        if not self._closed:
            self._closed = True
            self._ahead.close()
            self._shared.release()
