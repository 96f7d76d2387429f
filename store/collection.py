"""A collection of papers: opened, fed and searched as one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from store.catalog import Catalog
from store.cutting import Cutting
from store.encoders import Encoder, Vectors
from store.errors import PaperNotFoundError
from store.filters import passes
from store.home import Home, MadeWith
from store.indexes import Indexes
from store.live.steps import Unfinished
from store.outcomes import Outcomes
from store.reading import Reading
from store.remembering import Remembering
from store.retrieval import hits_of, nearest_in_words, rank_papers
from store.server.address import ServerAddress
from store.spelling import ReadAs
from store.starter import encoded_starter, starter_records
from store.types import Filters, Hit, IngestReport, Paper, Progress

if TYPE_CHECKING:
    from store.surveying import Surveying

__all__ = ["Collection"]

CHUNK_SIZE = 200
CHUNK_OVERLAP = 50
"""Words in a passage and shared by neighbours. Source: tests/bench/passages.py."""

_BATCH_PAPERS = 2_000
_MIN_DEPTH = 200
_SPARE = 5
"""Papers looked up beyond those wanted: some may have been removed a moment ago."""


class Collection:
    """The papers of one home folder."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        *,
        starter: bool = True,
        chunk_size: int = CHUNK_SIZE,
        chunk_overlap: int = CHUNK_OVERLAP,
        server: ServerAddress | None = None,
    ) -> None:
        """Open a home, or make one.

        Args:
            folder: The home folder.
            encoder: Encodes passages and queries; a home keeps to the one it was made with.
            starter: Whether a new home begins with the starter collection.
            chunk_size: Words in a passage, at most; a home keeps to its first.
            chunk_overlap: Words that neighbouring passages may share, likewise.
            server: A Chroma server that keeps the papers; the home is then a copy.

        Raises:
            HomeError: The folder cannot be used, or belongs to another encoder.
        """
        self._home = Home(folder)
        self._made_with = MadeWith(encoder.name, encoder.dimension, chunk_size, chunk_overlap)
        if not self._home.is_new:
            self._home.check(self._made_with)
        self._split = Cutting(chunk_size, chunk_overlap)
        self.encoder = encoder
        # The same sentences come up in question after question.
        self._remembering = Remembering(encoder)
        with ExitStack() as files:
            self._open(files, server)
            if self._home.is_new:
                self._begin(starter=starter)
            elif self._home.is_outdated:
                self._renew()
            self._indexes.repair()
            self._files = files.pop_all()

    def _open(self, files: ExitStack, server: ServerAddress | None) -> None:
        """Open what the home holds; ``files`` closes it, also where a later step fails."""
        self._catalog = Catalog(self._home.catalog, read_only=self._home.is_read_only)
        files.callback(self._catalog.close)
        encoder = encoded_starter(self.encoder) if self._home.is_new else self.encoder
        self._indexes = Indexes(self._home, self._catalog, encoder, files, server)
        self._dense, self._lexical = self._indexes.dense, self._indexes.lexical
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="dense")
        files.callback(self._pool.shutdown)

    def _begin(self, *, starter: bool) -> None:
        """Fill a new home, unless another process was faster."""
        with self._home.writing():
            if not self._home.is_new:
                self._home.check(self._made_with)
                return
            if self._catalog.revision:
                self._dense.clear()  # begun before and cut short, perhaps with another encoder
            if starter and self._indexes.begins_with_nothing():
                self._catalog.add(starter_records(), self._split)
                self._indexes.follow_at_once("lexical", "dense")
            self._home.mark(self._made_with)

    def _renew(self) -> None:
        """Have vectors of an earlier version made anew; until then a search goes by words."""
        with self._indexes.writing():
            if self._home.is_outdated:
                self._dense.clear()
                self._home.mark(self._made_with)

    def ingest(
        self,
        sources: Iterable[str | Path],
        on_progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Store the papers of some sources, then make their vectors.

        Papers can be searched by their words as soon as ``on_progress`` tells of them; a search
        in another thread or process finds them.

        Args:
            sources: Files in any of the formats of ``store.readers``, or names of what is fetched,
                see ``store.live``.
            on_progress: Called after every batch, and every day or request that was fetched.

        Returns:
            What was done, in papers; what could not be read is in ``rejected``.

        Raises:
            HomeError: Another process is writing, or the disk is full; what was stored stays.
            ServerError: The server that has the papers does not answer, or may only be read.
        """
        report = IngestReport()
        outcomes = Outcomes()
        read = Reading(sources, report.rejected, Unfinished(self._home.folder / "fetching.json"))
        tell = on_progress or (lambda _: None)
        with self._indexes.writing(), self._indexes.follow_beside() as follow_more:
            self._check_writable()
            for batch in read.batches(_BATCH_PAPERS):
                if read.n_records > _BATCH_PAPERS:
                    follow_more()  # a large source; the vectors of a small one are made at once
                outcomes.note(self._catalog.add(batch, self._split))
                self._indexes.follow_at_once("lexical")
                tell(read.progress())
        self._indexes.follow_in_turns(lambda: tell(read.progress(*self.encoded())))
        outcomes.count_into(report)
        report.papers = self.count()
        return report

    def search(self, query: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:  # noqa: B008
        """Find the papers that bear on a query.

        Args:
            query: A stand-alone text.
            k: Papers wanted.
            filters: What to stay within.

        Returns:
            One hit a paper, most relevant first, ties by paper id.
        """
        self._indexes.refresh()
        query = self.read_as(query).text
        within = self._catalog.matching(filters) if filters else None
        ranked = rank_papers(
            query, (self._dense, self._lexical), max(_MIN_DEPTH, 4 * k), within, self._pool
        )
        known = self._catalog.papers([paper_id for paper_id, _, _ in ranked[: k + _SPARE]])
        return hits_of(ranked, known, k, filters)

    def nearest_in_words(self, text: str) -> tuple[Paper, float] | None:
        """Find the paper that has most of the words of a sentence or two, and the share of them.

        Vectors are not asked, so that this is quick; None where no paper has any.
        """
        nearest, share = nearest_in_words(text, self._lexical)
        paper = self._catalog.papers([nearest]).get(nearest)
        return (paper[0], share) if paper else None

    def encoded(self) -> tuple[int, int]:
        """How many papers have their vectors, and how many papers there are."""
        self._indexes.refresh()
        return self._catalog.count_until(self._dense.revision), self.count()

    @cached_property
    def survey(self) -> "Surveying":
        """Looks at the papers as a whole, by their vectors."""
        from store.surveying import Surveying

        return Surveying(self._catalog, self._dense, self._indexes.refresh)

    def wait(self) -> None:
        """Wait until what an opening or a removal left to be done behind it is done."""
        self._indexes.wait()

    def read_as(self, query: str) -> ReadAs:
        """Mend the misspelt words of a query by those of the collection; ``search`` does it too."""
        return self._lexical.read_as(query)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts with the home's encoder; shape (n_texts, dimension), rows of unit length."""
        return self._remembering.encode(texts)

    def sentence_vectors(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        """Vectors of the abstracts' sentences in their context; see ``DenseIndex``."""
        return self._dense.sentence_vectors(paper_ids)

    def terms(self, text: str) -> list[str]:
        """Reduce a text to the stemmed words that it is searched by, in order, repeats kept."""
        return self._lexical.terms(text)

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term over passages, in nats; highest where unknown."""
        return self._lexical.rarity(term)

    def knows(self, term: str) -> bool:
        """Whether any passage or title holds a term."""
        return self._lexical.document_frequency(term) > 0

    def paper(self, paper_id: str) -> Paper:
        """Look up one paper.

        Raises:
            PaperNotFoundError: There is none of that id.
        """
        found = self._catalog.papers([paper_id])
        if not found:
            raise PaperNotFoundError(paper_id)
        return found[paper_id][0]

    def papers(
        self,
        filters: Filters = Filters(),  # noqa: B008
        *,
        recent_first: bool = False,
    ) -> Iterator[Paper]:
        """All papers that pass the filters, by id; or those first that came or changed last."""
        self._indexes.refresh()
        every = self._catalog.every(recent_first=recent_first)
        return (paper for paper in every if passes(paper, filters))

    def remove(self, *paper_ids: str) -> None:
        """Remove papers and their passages, all or none.

        Raises:
            PaperNotFoundError: There is none of one of the ids.
        """
        with self._indexes.writing():
            self._check_writable()
            self._catalog.remove(paper_ids)
            self._indexes.follow_soon()

    def restore(self, *paper_ids: str) -> None:
        """Take removals back, all or none.

        Raises:
            PaperNotFoundError: No paper of one of the ids was removed.
        """
        with self._indexes.writing():
            self._check_writable()
            self._catalog.restore(paper_ids, self._split)
            self._indexes.follow_soon()

    def _check_writable(self) -> None:
        """Change nothing here that the server would not take."""
        if log := self._indexes._log:
            log.check_writable()

    @property
    def server_fault(self) -> str:
        """Why the server cannot be had, so that the copy answers; "" where it can, or is none."""
        return self._indexes._watching.fault

    def compact(self) -> int:
        """Give back the room on disk of removed papers, whose removal cannot be taken back then.

        Returns:
            How many removed papers are forgotten.

        Raises:
            HomeBusyError: Another process is writing.
        """
        with self._indexes.writing():
            self._indexes.follow_at_once("lexical", "dense")
            n_forgotten = self._catalog.forget_removed()
            self._catalog.shrink()
            self._dense.compact()
        return n_forgotten

    def count(self, filters: Filters | None = None) -> int:
        """How many papers there are, or how many of them pass."""
        return self._catalog.count(filters)

    def close(self) -> None:
        """Let go of the files; the collection cannot be used afterwards."""
        self._files.close()
