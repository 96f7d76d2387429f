"""The papers of a home, as a Python program, the shell and the page work with them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.alike import like
from assistant.condense import checked_question
from assistant.counts import checked_k
from assistant.each import Said, ask_each
from assistant.types import Hit, IngestReport, Paper, Progress
from store.appearances import Appearances
from store.collection import Collection
from store.encoders import Encoder
from store.filters import make_filters

__all__ = ["Library"]


class Library:
    """Papers: added, listed, found, asked one by one, removed and taken back."""

    def __init__(self, collection: Collection) -> None:
        """Take an open collection.

        Args:
            collection: Whoever opened it closes it.
        """
        self._collection = collection

    def search(self, query: str, k: int = 10, **filters: str | None) -> list[Hit]:
        """Find papers, most relevant first, one hit a paper.

        Args:
            query: What to look for.
            k: Papers wanted, 1 to 200.
            filters: ``listed_from``, ``listed_to``, ``published_from``, ``published_to`` (dates),
                ``source``.

        Raises:
            QuestionError: The query is empty or too long.
            FilterError: A filter is unknown or no date.
        """
        return self._collection.search(checked_question(query), checked_k(k), make_filters(filters))

    def like(self, paper_id: str, k: int = 10, **filters: str | None) -> list[Hit]:
        """Find the papers nearest to one, without itself, most alike first.

        Args:
            paper_id: The paper.
            k: Papers wanted, 1 to 200.
            filters: As for ``search``.

        Raises:
            PaperNotFoundError: There is none of that id.
            FilterError: A filter is unknown or no date.
        """
        paper = self._collection.paper(paper_id)
        return like(self._collection, paper, checked_k(k), make_filters(filters))

    def ask_each(
        self, question: str, paper_ids: Sequence[str] | None = None, **filters: str | None
    ) -> list[Said]:
        """Ask one question of each of many papers, by itself: a column of a table.

        Args:
            question: Such as "Which datasets is it tested on?"; misspelt words are mended.
            paper_ids: Of which papers, in this order; all that pass the filters unless given.
            filters: As for ``search``.

        Returns:
            One a paper: the sentence of its abstract that answers; none where it does not say.

        Raises:
            QuestionError: The question is empty or too long.
            PaperNotFoundError: There is no paper of one of the ids.
            FilterError: A filter is unknown or no date.
        """
        read_as = self._collection.read_as(checked_question(question)).text
        papers = self.papers(**filters)
        if paper_ids is not None:
            papers = [self._collection.paper(paper_id) for paper_id in paper_ids]
        return ask_each(read_as, papers, self._collection)

    def ingest(
        self, *sources: str | Path, on_progress: Callable[[Progress], None] | None = None
    ) -> IngestReport:
        """Add papers from files, or from the network where a source names it.

        Args:
            sources: Paths of files in a format of ``store.readers``; or "hf:2024-03-11",
                "arxiv:2403.01234", "arxiv-search:QUERY", see ``store.live``.
            on_progress: Called after every batch.

        Returns:
            What was done; a source or record that cannot be read is in its ``rejected``.

        Raises:
            StoreError: The home cannot be written to.
        """
        return self._collection.ingest(sources, on_progress)

    def papers(self, **filters: str | None) -> list[Paper]:
        """All papers that pass the filters (see ``search``), by id."""
        return list(self._collection.papers(make_filters(filters)))

    def recent(self, **filters: str | None) -> list[Paper]:
        """The same papers, those first that came or changed last."""
        return list(self._collection.papers(make_filters(filters), recent_first=True))

    def paper(self, paper_id: str) -> Paper:
        """Look up one paper.

        Raises:
            PaperNotFoundError: There is none of that id.
        """
        return self._collection.paper(paper_id)

    def remove(self, *paper_ids: str) -> None:
        """Remove papers from the collection, all or, where one is not there, none.

        Raises:
            PaperNotFoundError: There is none of one of the ids.
        """
        self._collection.remove(*paper_ids)

    def restore(self, *paper_ids: str) -> None:
        """Take the removal of papers back: they are there again as they were.

        Raises:
            PaperNotFoundError: No paper of one of the ids was removed.
        """
        self._collection.restore(*paper_ids)

    @property
    def encoder(self) -> Encoder:
        """What encodes passages and queries."""
        return self._collection.encoder

    def count(self, **filters: str | None) -> int:
        """How many papers the collection holds, or how many of them pass (see ``search``)."""
        return self._collection.count(make_filters(filters))

    def appearances(self) -> Appearances:
        """The days, dates of publication and sources that there are to filter by."""
        return self._collection.survey.appearances()

    def encoded(self) -> tuple[int, int]:
        """How many papers have their vectors, the others being found by words, of how many."""
        return self._collection.encoded()

    def changed(self) -> int:
        """A number that grows with every change of a paper, removals included."""
        return self._collection.survey.changed()

    @property
    def server_fault(self) -> str:
        """Why the Chroma server cannot be had, so that the copy answers; "" where all is well."""
        return self._collection.server_fault
