"""From a query to ranked papers.

1. The dense and the lexical index are asked side by side for passages.
2. Their rankings are fused.
3. The first papers are looked at once more: how near is the nearest sentence, how much of what
   was asked does the paper mention at all, and does it have a name that hardly another has?
"""

from collections.abc import Container, Mapping, Sequence
from concurrent.futures import Executor
from typing import Protocol

from store.changes import Spans
from store.filters import passes
from store.fusion import fuse
from store.reranking import N_LOOKED_AT, reranked
from store.types import Filters, Hit, Paper, Passage
from store.within import Within

__all__ = [
    "DENSE_WEIGHT",
    "LEXICAL_WEIGHT",
    "Candidates",
    "DenseSearch",
    "LexicalSearch",
    "best_per_paper",
    "hits_of",
    "nearest_in_words",
    "passage_of",
    "rank_papers",
]

LEXICAL_WEIGHT = 1.0
DENSE_WEIGHT = 0.9
"""Source: tests/bench/ranking.py."""
_N_NEAREST = 5

Candidates = Sequence[tuple[str, float]]
"""(passage id, raw value), best first."""


class DenseSearch(Protocol):
    """What retrieval asks of the dense index."""

    def query(self, text: str, k: int, within: Within | None = None) -> Candidates:
        """Find the best ``k`` passages, within some papers only where they are given."""
        ...

    def closeness(self, text: str, paper_ids: Sequence[str]) -> Mapping[str, float]:
        """Cosine with the nearest sentence of each paper, where that can be told."""
        ...

    def lacks(self, paper_ids: Sequence[str]) -> Container[str]:
        """Those of some papers that have no vector, or none yet."""
        ...


class LexicalSearch(Protocol):
    """What retrieval asks of the lexical index."""

    def prepare(self, text: str) -> object:
        """Look up the words of a text that will be asked for."""
        ...

    def query(self, text: str, k: int, within: Within | None = None) -> Candidates:
        """Find the best ``k`` passages, within some papers only where they are given."""
        ...

    def coverage(self, text: str, paper_ids: Sequence[str]) -> Mapping[str, float]:
        """Share of a text's weight on terms that each paper has, 0 to 1."""
        ...

    def named(self, text: str) -> Mapping[str, float]:
        """Share of a text's names, of such as hardly another has, that each paper has."""
        ...


def rank_papers(
    query: str,
    indexes: tuple[DenseSearch, LexicalSearch],
    depth: int,
    within: Within | None,
    pool: Executor,
) -> list[tuple[str, float, str]]:
    """Rank papers for a query.

    Args:
        query: A stand-alone text.
        indexes: Both, the dense one perhaps behind the other.
        depth: Passages asked of each.
        within: The papers to stay within; None for all.
        pool: Asks the dense index while this thread asks the lexical one.

    Returns:
        (paper id, relevance, id of its best passage), most relevant first, ties by paper id.
    """
    dense_index, lexical_index = indexes
    lexical_index.prepare(query)  # in many short steps, which would wait for the other thread
    pending = pool.submit(dense_index.query, query, depth, within)
    lexical = lexical_index.query(query, depth, within)
    dense = pending.result()
    by_words, by_meaning = best_per_paper(lexical), best_per_paper(dense)
    fused = fuse(
        [
            [(paper_id, value) for paper_id, (_, value) in by_words.items()],
            [(paper_id, value) for paper_id, (_, value) in by_meaning.items()],
        ],
        [LEXICAL_WEIGHT, DENSE_WEIGHT],
        [(), dense_index.lacks([paper_id for paper_id in by_words if paper_id not in by_meaning])],
    )
    passage = {paper_id: name for paper_id, (name, _) in (by_words | by_meaning).items()}
    named = lexical_index.named(query)
    first = _looked_at([paper_id for paper_id, _ in fused], named)
    near = pool.submit(dense_index.closeness, query, first)
    covered = lexical_index.coverage(query, first)
    ranked = reranked(fused, near.result(), covered, named=named)
    return [(paper_id, relevance, passage[paper_id]) for paper_id, relevance in ranked]


def _looked_at(paper_ids: Sequence[str], named: Container[str]) -> list[str]:
    """The papers of a ranking that are looked at: the first, and all that have a name."""
    rest = [paper_id for paper_id in paper_ids[N_LOOKED_AT:] if paper_id in named]
    return [*paper_ids[:N_LOOKED_AT], *rest]


def hits_of(
    ranked: Sequence[tuple[str, float, str]],
    known: Mapping[str, tuple[Paper, Spans]],
    k: int,
    filters: Filters,
) -> list[Hit]:
    """The best papers as hits.

    An index may lag behind the catalog for a moment; the catalog is right.

    Args:
        ranked: As ``rank_papers`` gives them.
        known: By id, those that are in the catalog.
        k: Hits wanted.
        filters: What to stay within.
    """
    hits: list[Hit] = []
    for paper_id, relevance, passage_id in ranked:
        if paper_id in known and len(hits) < k and passes(known[paper_id][0], filters):
            passage = passage_of(*known[paper_id], passage_id)
            hits.append(Hit(len(hits) + 1, known[paper_id][0], relevance, passage))
    return hits


def nearest_in_words(text: str, lexical: LexicalSearch) -> tuple[str, float]:
    """Name the paper that has most of a text's words, and the share that it has; "" for none."""
    found = best_per_paper(lexical.query(text, _N_NEAREST))
    shares = lexical.coverage(text, list(found))
    nearest = max(found, key=lambda paper_id: shares.get(paper_id, 0.0), default="")
    return nearest, shares.get(nearest, 0.0)


def best_per_paper(candidates: Candidates) -> dict[str, tuple[str, float]]:
    """Keep each paper's first passage: {paper id: (passage id, value)}, order kept."""
    best: dict[str, tuple[str, float]] = {}
    for passage_id, value in candidates:
        best.setdefault(passage_id.rpartition("#")[0], (passage_id, value))
    return best


def passage_of(paper: Paper, spans: Spans, passage_id: str) -> Passage:
    """The passage that an index named; the first where the abstract has changed meanwhile."""
    number = int(passage_id.rpartition("#")[2])
    start, end = spans[number if number < len(spans) else 0]
    return Passage(paper.paper_id, start, end, paper.abstract[start:end])
