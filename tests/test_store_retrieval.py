from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.retrieval import best_per_paper, rank_papers


class _Canned:
    """A fake index that gives what it was made with, and records what it was asked."""

    def __init__(self, *hits: tuple[str, float]) -> None:
        self._hits = hits
        self.asked: list[object] = []

    def query(
        self, text: str, k: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        self.asked.append((text, k, within))
        return list(self._hits)


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_both_indexes_are_asked_the_same(pool: ThreadPoolExecutor) -> None:
    dense, lexical = _Canned(), _Canned()
    assert rank_papers("whales", (dense, lexical), 7, {"a"}, pool) == []
    assert dense.asked == lexical.asked == [("whales", 7, {"a"})]


def test_papers_are_ranked_by_both_with_their_nearest_passage(pool: ThreadPoolExecutor) -> None:
    dense = _Canned(("a#1", 0.9), ("b#0", 0.5), ("a#0", 0.4), ("d#2", 0.1))
    lexical = _Canned(("a#0", 9.0), ("c#3", 2.0), ("b#1", 1.0))
    ranked = rank_papers("whales", (dense, lexical), 7, None, pool)
    assert [(paper, passage) for paper, _, passage in ranked] == [
        ("a", "a#1"),
        ("b", "b#0"),
        ("c", "c#3"),
        ("d", "d#2"),
    ]
    relevances = [relevance for _, relevance, _ in ranked]
    assert relevances == sorted(relevances, reverse=True)
    assert all(0 < relevance < 1 for relevance in relevances)


def test_one_index_that_finds_nothing_leaves_the_order_to_the_other(
    pool: ThreadPoolExecutor,
) -> None:
    hits = (("b#0", 3.0), ("a#0", 2.0), ("c#0", 1.0))
    for indexes in ((_Canned(*hits), _Canned()), (_Canned(), _Canned(*hits))):
        ranked = rank_papers("x", indexes, 7, None, pool)
        assert [paper for paper, _, _ in ranked] == ["b", "a", "c"]


def test_a_fault_of_the_dense_index_comes_out_as_it_is(pool: ThreadPoolExecutor) -> None:
    class Broken(_Canned):
        def query(
            self, text: str, k: int, within: Collection[str] | None = None
        ) -> list[tuple[str, float]]:
            raise OSError(f"no disk for {text}, {k}, {within}")

    with pytest.raises(OSError, match="no disk for x, 7, None"):
        rank_papers("x", (Broken(), _Canned(("a#0", 1.0))), 7, None, pool)


def test_a_papers_first_passage_is_its_best() -> None:
    candidates = [("a#1", 3.0), ("b/c#d#0", 2.0), ("a#0", 1.0)]
    assert best_per_paper(candidates) == {"a": ("a#1", 3.0), "b/c#d": ("b/c#d#0", 2.0)}
