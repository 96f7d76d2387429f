"""From a query to ranked papers: dense and lexical side by side, then fused."""

from collections.abc import Callable, Container, Sequence
from concurrent.futures import Executor
from typing import Protocol

from store.fusion import fuse
from store.within import Within

__all__ = ["DENSE_WEIGHT", "LEXICAL_WEIGHT", "Candidates", "best_per_paper", "rank_papers"]

LEXICAL_WEIGHT = 1.0
DENSE_WEIGHT = 1.2
"""Source: tests/bench/passages.py, the development questions."""

Candidates = Sequence[tuple[str, float]]
"""(passage id, raw value), best first."""


class Searchable(Protocol):
    """What retrieval asks of an index."""

    def query(self, text: str, k: int, within: Within | None = None) -> Candidates:
        """Find the best ``k`` passages, within some papers only where they are given."""
        ...


def rank_papers(
    query: str,
    indexes: tuple[Searchable, Searchable],
    depth: int,
    within: Within | None,
    pool: Executor,
    lacking: Callable[[Sequence[str]], Container[str]] | None = None,
) -> list[tuple[str, float, str]]:
    """Rank papers for a query.

    Args:
        query: A stand-alone text.
        indexes: The dense and the lexical one.
        depth: Passages asked of each.
        within: The papers to stay within; None for all.
        pool: Runs the dense query while this thread runs the lexical one.
        lacking: Tells which of some papers have no vectors yet; None where all have.

    Returns:
        (paper id, relevance, id of its best passage), most relevant first, ties by paper id.
    """
    dense_index, lexical_index = indexes
    pending = pool.submit(dense_index.query, query, depth, within)
    lexical = lexical_index.query(query, depth, within)
    dense = pending.result()
    by_words, by_meaning = best_per_paper(lexical), best_per_paper(dense)
    ranked = fuse(
        [
            [(paper_id, value) for paper_id, (_, value) in by_words.items()],
            [(paper_id, value) for paper_id, (_, value) in by_meaning.items()],
        ],
        [LEXICAL_WEIGHT, DENSE_WEIGHT],
        [(), lacking(list(by_words)) if lacking else ()],
    )
    passage = {paper_id: name for paper_id, (name, _) in (by_words | by_meaning).items()}
    return [(paper_id, relevance, passage[paper_id]) for paper_id, relevance in ranked]


def best_per_paper(candidates: Candidates) -> dict[str, tuple[str, float]]:
    """Keep each paper's first passage: {paper id: (passage id, value)}, order kept."""
    best: dict[str, tuple[str, float]] = {}
    for passage_id, value in candidates:
        best.setdefault(passage_id.rpartition("#")[0], (passage_id, value))
    return best
