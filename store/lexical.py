"""The lexical index: BM25 over the stemmed words of titles and passages. Home of tantivy.

A title stands in one field with its passage. Extra weight in a field of its own lost questions
(docs/measurements.md).
"""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import tantivy

from store.changes import Change
from store.errors import damage_reported
from store.within import Within, paper_key

__all__ = ["LexicalIndex"]

_ANALYZER = "english"
_FUNCTION_WORDS = (  # noqa: SIM905 (a column of a hundred strings reads worse)
    "about after all also am any because been before being between both can could did do does"
    " doing done during each ever every few from get gets give had has have having he her here him"
    " his how i its itself just me more most much many my nor now off once only other our out over"
    " own per please s same she should since so some still t tell than them themselves those"
    " through too under until up us very via want was we were what whats when where whether which"
    " while who whom whose why within would yet you your"
).split()
"""English words that ask, join and point, beyond the few that tantivy leaves out."""
_REVISION = "revision"
_HEAP_BYTES = 64_000_000
_MAX_TERMS = 500
"""Papers that tantivy is told one by one; where more pass, all that is found is sifted instead.

Source: at 117,804 papers, 118 ids took 2.6 ms, 1,000 took 5 ms and 5,900 took 10 ms; the best
20,000 passages to sift took 6 ms.
"""


def _analyzer() -> tantivy.TextAnalyzer:
    """Words in lower case without accents and English inflection; function words left out."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.custom_stopword(_FUNCTION_WORDS))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("paper_id", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("paper_key", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """Passages by their words."""

    def __init__(self, folder: Path) -> None:
        """Open the index, or begin an empty one where there is none.

        Args:
            folder: The index's own folder.

        Raises:
            IndexDamagedError: The folder holds something that cannot be read.
        """
        self._folder = folder
        self._schema = _schema()
        with damage_reported(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
            # Files of a segment are opened by the first query; one that is missing shows here.
            self._index.searcher().search(tantivy.Query.term_query(self._schema, "text", "a"), 1)
        self._analyzer = _analyzer()
        self._index.register_tokenizer(_ANALYZER, self._analyzer)

    @property
    def revision(self) -> int:
        """The last change of the catalog that this index holds; 0 for none, or where unknown."""
        with damage_reported(self._folder), suppress(FileNotFoundError, ValueError):
            return int((self._folder / _REVISION).read_text(encoding="utf-8"))
        return 0

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring papers to their latest state and remember how far this has come.

        The marker follows the commit, so that a crash in between repeats a batch and skips none.
        """
        with damage_reported(self._folder):
            self._write(changes)
        self.refresh()

    def _write(self, changes: Sequence[Change]) -> None:
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for change in changes:
            writer.delete_documents_by_term("paper_id", change.paper.paper_id)
            for passage_id, (start, end) in zip(change.passage_ids, change.spans, strict=True):
                document = tantivy.Document()
                document.add_text("passage_id", passage_id)
                document.add_text("paper_id", change.paper.paper_id)
                document.add_unsigned("paper_key", paper_key(change.paper.paper_id))
                title, passage = change.paper.title, change.paper.abstract[start:end]
                document.add_text("text", f"{title}. {passage}")
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        staged = self._folder / f"{_REVISION}.new"
        staged.write_text(str(changes[-1].revision))
        staged.replace(self._folder / _REVISION)

    def query(self, text: str, k: int, within: Within | None = None) -> list[tuple[str, float]]:
        """Find the passages that share words with a text.

        Args:
            text: Any text; no character of it has a special meaning.
            k: Passages wanted.
            within: The papers to stay within; None for all.

        Returns:
            (passage id, BM25 value), best first, ties by id.
        """
        wanted = sorted(set(self.terms(text)))
        if not wanted or (within is not None and not len(within)):
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", term, "freq"))
                for term in wanted
            ]
        )
        with damage_reported(self._folder):
            searcher = self._index.searcher()
            found = self._best(searcher, query, k, within)
            hits = [(str(searcher.doc(at).get_first("passage_id")), float(v)) for v, at in found]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def _best(
        self, searcher: tantivy.Searcher, query: tantivy.Query, k: int, within: Within | None
    ) -> list[tuple[float, tantivy.DocAddress]]:
        """The best ``k`` that pass, as (value, address): tantivy is told the few, or it is sifted.

        Where many pass, more are asked for than are wanted, as many as hold ``k`` that pass if
        these are spread evenly and half as many again; four times that as long as it was too few.
        """
        if within is None:
            return _search(searcher, query, k)
        if len(within) <= _MAX_TERMS:
            keys = tantivy.Query.term_set_query(self._schema, "paper_key", within.keys.tolist())
            only = tantivy.Query.const_score_query(keys, 0.0)
            both = [(tantivy.Occur.Must, query), (tantivy.Occur.Must, only)]
            return _search(searcher, tantivy.Query.boolean_query(both), k)
        n_asked = 3 * k * max(1, searcher.num_docs // len(within)) // 2
        while True:
            found = _search(searcher, query, n_asked)
            keys_found = searcher.fast_field_values("paper_key", [at for _, at in found])
            passing = np.flatnonzero(within.holds(np.array(keys_found, np.int64)))[:k]
            if len(passing) == k or n_asked >= searcher.num_docs:
                return [found[at] for at in passing]
            n_asked *= 4

    def terms(self, text: str) -> list[str]:
        """Reduce a text to the terms it is indexed and searched by, in order, repeats kept."""
        return list(self._analyzer.analyze(text))

    def document_frequency(self, term: str) -> int:
        """How many passages hold a term of ``terms``, in their text or title."""
        # tantivy's own frequencies go on counting passages that were deleted.
        query = tantivy.Query.term_query(self._schema, "text", term, "freq")
        with damage_reported(self._folder):
            found = self._index.searcher().search(query, limit=1, count=True)
            return int(found.count)  # type: ignore[attr-defined]

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._index.searcher().num_docs)

    def refresh(self) -> None:
        """See what other processes have committed."""
        with damage_reported(self._folder):
            self._index.reload()

    def clear(self) -> None:
        """Forget everything; the next ``apply`` begins anew."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self.__init__(self._folder)  # type: ignore[misc]

    def close(self) -> None:
        """Nothing is held open."""


def _search(
    searcher: tantivy.Searcher, query: tantivy.Query, k: int
) -> list[tuple[float, tantivy.DocAddress]]:
    """The best ``k``, as (value, address)."""
    return searcher.search(query, limit=k, count=False).hits
