"""The lexical index: BM25 over the stemmed words of titles and passages. Home of tantivy.

A title stands in one field with its passage. Extra weight in a field of its own lost questions
(docs/measurements.md).
"""

import math
import shutil
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
import tantivy

from store.changes import Change
from store.errors import damage_reported
from store.expansion import Group, groups
from store.lexical_fields import FORMAT, analyzers, documents, schema
from store.lexical_queries import best, covering, holding
from store.spelling import ReadAs, Spelling
from store.within import Keys, Within, paper_key
from store.wording import FUNCTION_WORDS, names, plain

__all__ = ["LexicalIndex"]

_REVISION = "revision"
_HEAP_BYTES = 64_000_000
_MAX_ALIASES = 4
_MAX_REMEMBERED = 16
"""Queries whose groups are kept: a search comes back to its own."""

_MAX_TERMS_REMEMBERED = 20_000
"""Terms of which is kept what was looked up: most words of a query were in others before."""

_MAX_NAMED = 2
"""Passages that have a name, for it to tell which paper is meant. Source: tests/bench/names.py."""

_MAX_PASSAGES = 20
"""Of a paper that are looked at, to see how much of a query it has."""
_MAX_TERMS = 500
"""Papers that tantivy is told one by one; where more pass, all that is found is sifted instead.

Source: at 117,804 papers, 118 ids took 2.6 ms, 1,000 took 5 ms and 5,900 took 10 ms; the best
20,000 passages to sift took 6 ms.
"""


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
        self._schema = schema()
        with damage_reported(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
            # Files of a segment are opened by the first query; one that is missing shows here.
            self._searcher = self._index.searcher()
            self._searcher.search(tantivy.Query.term_query(self._schema, "text", "a"), 1)
        self._analyzers = analyzers()
        for field, analyzer in self._analyzers.items():
            self._index.register_tokenizer(field, analyzer)
        self._spelling = Spelling(self)
        self._groups_of = lru_cache(_MAX_REMEMBERED)(lambda text: list(groups(text, self)))
        remembering = lru_cache(_MAX_TERMS_REMEMBERED)
        self._n_holding = remembering(lambda term: int(self._searcher.doc_freq("text", term)))
        self._forms = remembering(self._forms_with)

    @property
    def revision(self) -> int:
        """The last change of the catalog that this index holds; 0 for none, or where unknown."""
        with damage_reported(self._folder), suppress(FileNotFoundError, ValueError):
            mark = (self._folder / _REVISION).read_text(encoding="utf-8")
            form, revision = map(int, mark.split())
            return revision if form == FORMAT else 0
        return 0

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring papers to their latest state and remember how far this has come.

        The marker follows the commit, so that a crash in between repeats a batch and skips none.
        """
        with damage_reported(self._folder):
            self._write(changes)
        self.refresh()

    def expect(self, changes: Sequence[Change]) -> None:
        """Nothing can be done ahead."""

    def _write(self, changes: Sequence[Change]) -> None:
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        writer.garbage_collect_files()  # what a killed commit left; the next would not overwrite it
        for change in changes:
            writer.delete_documents_by_term("paper_id", change.paper.paper_id)
            for document in documents(change, self._analyzers["text"].analyze):
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        staged = self._folder / f"{_REVISION}.new"
        staged.write_text(f"{FORMAT} {changes[-1].revision}")
        staged.replace(self._folder / _REVISION)

    def prepare(self, text: str) -> Sequence[Group]:
        """Look up the words of a text, for what is asked next."""
        return self._groups_of(text)

    def query(self, text: str, k: int, within: Within | None = None) -> list[tuple[str, float]]:
        """Find the passages that share words with a text.

        Args:
            text: Any text; no character of it has a special meaning.
            k: Passages wanted.
            within: The papers to stay within; None for all.

        Returns:
            (passage id, BM25 value), best first, ties by id.
        """
        with damage_reported(self._folder):
            asked = self._groups_of(text)
            if not asked or (within is not None and not len(within)):
                return []
            searcher = self._searcher
            found = self._best(searcher, best(asked, self._schema), k, within)
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
            passing = np.flatnonzero(within.holds(_keys(searcher, found)))[:k]
            if len(passing) == k or n_asked >= searcher.num_docs:
                return [found[at] for at in passing]
            n_asked *= 4

    def read_as(self, text: str) -> ReadAs:
        """Mend the misspelt words of a query."""
        with damage_reported(self._folder):
            return self._spelling.read_as(text)

    def terms(self, text: str) -> list[str]:
        """Reduce a text to the terms it is indexed and searched by, in order, repeats kept."""
        return list(self._analyzers["text"].analyze(plain(text)))

    def words(self, text: str) -> list[str]:
        """The words that ``terms`` are the stems of, one for one."""
        return list(self._analyzers["word"].analyze(plain(text)))

    def n_holding(self, term: str) -> int:
        """How many passages have a term, or had it until a little while ago; quick."""
        return self._n_holding(term)

    def aliases(self, form: str) -> list[tuple[str, int]]:
        """Other forms of some terms joined by spaces, those first that most passages tell of.

        What a removed passage has told stays true, and is forgotten in time.
        """
        return [(entry.partition("\t")[2], n) for entry, n in self._forms(f"{form}\t")]

    def has_forms(self, beginning: str) -> bool:
        """Whether there are other forms of any terms that begin with some joined by spaces."""
        return bool(self._forms(beginning))

    def _forms_with(self, beginning: str) -> list[tuple[str, int]]:
        return self._searcher.terms_with_prefix("alias", beginning, limit=_MAX_ALIASES)

    def words_with(self, letter: str) -> list[tuple[str, int]]:
        """Words that begin with a letter, each with the number of passages that have it."""
        function_words = [(word, 0) for word in FUNCTION_WORDS if word.startswith(letter)]
        present = tantivy.Query.all_query()  # else words of removed passages are among them
        found = self._searcher.terms_with_prefix("word", letter, filter_query=present)
        return found + function_words

    def coverage(self, text: str, paper_ids: Sequence[str]) -> dict[str, float]:
        """How much of a text some papers have, in any one passage or title.

        Args:
            text: A query.
            paper_ids: The papers.

        Returns:
            By paper id the share of the text's terms, weighed by their rarity, 0 to 1; papers
            without any are left out.
        """
        asked = self._groups_of(text)
        n_all = self.count()
        weights = {t: _rarity(self.n_holding(t), n_all) for each in asked for t in each.terms}
        total = sum(weights.values())
        if not total or not paper_ids:
            return {}
        shares = {term: weight / total for term, weight in weights.items()}
        query = covering(asked, shares, paper_ids, self._schema)
        with damage_reported(self._folder):
            searcher = self._searcher
            found = _search(searcher, query, _MAX_PASSAGES * len(paper_ids))
            keys = _keys(searcher, found).tolist()
        names = {paper_key(name): name for name in paper_ids}
        hits = [(names[key], value) for key, (value, _) in zip(keys, found, strict=True)]
        return dict(reversed(hits))

    def named(self, text: str) -> dict[str, float]:
        """Find the papers that have the names of a text which hardly another has.

        Returns:
            By paper id the share of these names that it has, above 0.
        """
        rarest = {min(terms, key=self.n_holding) for terms in map(self.terms, names(text)) if terms}
        rare = sorted(term for term in rarest if 0 < self.n_holding(term) <= _MAX_NAMED)
        shares: dict[str, float] = {}
        with damage_reported(self._folder):
            for term in rare:
                found = _search(self._searcher, holding(term, self._schema), _MAX_NAMED)
                for name in {_paper_id(self._searcher, at) for _, at in found}:
                    shares[name] = shares.get(name, 0.0) + 1 / len(rare)
        return shares

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term over passages, in nats; highest where unknown.

        A summary asks it of thousands of terms, so removed passages count for a little while.

        Source: the form that BM25 uses, ln(1 + (N - n + 0.5) / (n + 0.5)).
        """
        return _rarity(self.n_holding(term), self.count())

    def document_frequency(self, term: str) -> int:
        """How many passages hold a term of ``terms``, in their text or title."""
        # tantivy's own frequencies go on counting passages that were deleted.
        query = holding(term, self._schema)
        with damage_reported(self._folder):
            found = self._searcher.search(query, limit=1, count=True)
            return int(found.count)  # type: ignore[attr-defined]

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._searcher.num_docs)

    def refresh(self) -> None:
        """See what other processes have committed."""
        with damage_reported(self._folder):
            self._index.reload()
            self._searcher = self._index.searcher()
        self._spelling.forget()
        for remembered in (self._groups_of, self._n_holding, self._forms):
            remembered.cache_clear()

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


def _keys(searcher: tantivy.Searcher, found: Sequence[tuple[float, tantivy.DocAddress]]) -> Keys:
    """The numbers of the papers that were found."""
    return np.array(searcher.fast_field_values("paper_key", [at for _, at in found]), np.int64)


def _paper_id(searcher: tantivy.Searcher, at: tantivy.DocAddress) -> str:
    return str(searcher.doc(at).get_first("passage_id")).rpartition("#")[0]


def _rarity(n_with: int, n_all: int) -> float:
    return math.log(1 + (max(n_all - n_with, 0) + 0.5) / (n_with + 0.5))
