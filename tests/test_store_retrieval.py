from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.fusion import fuse
from store.reranking import N_LOOKED_AT, reranked
from store.retrieval import DENSE_WEIGHT, LEXICAL_WEIGHT, best_per_paper, rank_papers
from store.within import Within


class _Canned:
    """A fake index, of either kind, that gives what it was made with and records what it was asked.

    What it tells of papers on a second look is ``seen``; papers ``without`` have no vector, and
    those ``named`` have a name of the query.
    """

    def __init__(
        self,
        *hits: tuple[str, float],
        seen: Mapping[str, float] | None = None,
        without: Sequence[str] = (),
        named: Sequence[str] = (),
    ) -> None:
        self._hits = hits
        self._named = named
        self._seen = dict(seen or {})
        self._without = set(without)
        self.asked: list[object] = []
        self.looked_at: list[tuple[str, list[str]]] = []

    def prepare(self, text: str) -> None:
        self.asked.append(text)

    def query(self, text: str, k: int, within: Within | None = None) -> list[tuple[str, float]]:
        self.asked.append((text, k, within))
        return list(self._hits)

    def closeness(self, text: str, paper_ids: Sequence[str]) -> dict[str, float]:
        self.looked_at.append((text, list(paper_ids)))
        return {name: self._seen[name] for name in paper_ids if name in self._seen}

    coverage = closeness

    def named(self, text: str) -> dict[str, float]:
        self.asked.append(text)
        return dict.fromkeys(self._named, 1.0)

    def lacks(self, paper_ids: Sequence[str]) -> set[str]:
        return self._without & set(paper_ids)


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_both_indexes_are_asked_the_same(pool: ThreadPoolExecutor) -> None:
    dense, lexical, within = _Canned(), _Canned(), Within.of({"a"})
    assert rank_papers("whales", (dense, lexical), 7, within, pool) == []
    assert dense.asked == [("whales", 7, within)]
    assert lexical.asked == ["whales", *dense.asked, "whales"]


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
        def query(self, text: str, k: int, within: Within | None = None) -> list[tuple[str, float]]:
            raise OSError(f"no disk for {text}, {k}, {within}")

    with pytest.raises(OSError, match="no disk for x, 7, None"):
        rank_papers("x", (Broken(), _Canned(("a#0", 1.0))), 7, None, pool)


def test_a_papers_first_passage_is_its_best() -> None:
    candidates = [("a#1", 3.0), ("b/c#d#0", 2.0), ("a#0", 1.0)]
    assert best_per_paper(candidates) == {"a": ("a#1", 3.0), "b/c#d": ("b/c#d#0", 2.0)}


def _fused(dense: Mapping[str, float], lexical: Mapping[str, float]) -> list[tuple[str, float]]:
    return fuse([list(lexical.items()), list(dense.items())], [LEXICAL_WEIGHT, DENSE_WEIGHT])


def test_the_first_papers_are_moved_by_what_a_second_look_tells(pool: ThreadPoolExecutor) -> None:
    near = {"a": 0.2, "b": 0.3, "c": 0.9}
    mentioned = {"a": 0.1, "c": 1.0, "d": 0.4}
    dense = _Canned(("a#0", 0.9), ("b#0", 0.6), ("c#1", 0.5), seen=near)
    lexical = _Canned(("a#0", 9.0), ("d#0", 6.0), ("c#0", 5.0), seen=mentioned)
    ranked = rank_papers("whales", (dense, lexical), 7, None, pool)
    before = _fused({"a": 0.9, "b": 0.6, "c": 0.5}, {"a": 9.0, "d": 6.0, "c": 5.0})
    assert before[0][0] == "a"
    assert ranked[0][0] == "c"
    assert [(name, relevance) for name, relevance, _ in ranked] == reranked(before, near, mentioned)
    assert {name: passage for name, _, passage in ranked} == {
        "a": "a#0",
        "b": "b#0",
        "c": "c#1",
        "d": "d#0",
    }
    order = [name for name, _ in before]
    assert dense.looked_at == lexical.looked_at == [("whales", order)]


def test_no_more_than_the_first_papers_are_looked_at_again(pool: ThreadPoolExecutor) -> None:
    values = {f"p{at:02}": 100.0 - at for at in range(N_LOOKED_AT + 7)}
    last = f"p{N_LOOKED_AT - 1:02}"
    dense = _Canned(*((f"{name}#0", value) for name, value in values.items()), seen={last: 1.0})
    lexical = _Canned(seen=dict.fromkeys(values, 0.0) | {last: 1.0})
    ranked = rank_papers("x", (dense, lexical), 99, None, pool)
    first = sorted(values)[:N_LOOKED_AT]
    assert dense.looked_at == lexical.looked_at == [("x", first)]
    assert ranked[0][0] == last
    assert sorted(name for name, _, _ in ranked) == sorted(values)
    unseen = dict(_fused(values, {}))
    for name, relevance, _ in ranked:
        if name not in first:
            assert relevance == pytest.approx(unseen[name], abs=1e-12)


def test_a_paper_whose_vector_is_still_to_be_made_is_not_held_against_it(
    pool: ThreadPoolExecutor,
) -> None:
    lexical = _Canned(("new#0", 9.0), ("old#0", 8.0), ("other#0", 1.0))
    hits = (("old#0", 0.9), ("other#0", 0.8), ("third#0", 0.1))
    known = rank_papers("x", (_Canned(*hits), lexical), 7, None, pool)
    unknown = rank_papers("x", (_Canned(*hits, without=["new"]), lexical), 7, None, pool)
    relevance, before = ({n: r for n, r, _ in ranked} for ranked in (unknown, known))
    assert relevance["new"] > before["new"]


def test_a_paper_with_a_name_of_the_query_is_looked_at_and_moved_up(
    pool: ThreadPoolExecutor,
) -> None:
    hits = [(f"p{number:02}#0", 1.0 / (1 + number)) for number in range(N_LOOKED_AT + 5)]
    lexical = _Canned(*hits, named=["p34", "filtered out"])
    ranked = rank_papers("HMPB-2", (_Canned(), lexical), 50, None, pool)
    assert lexical.looked_at[0][1][-1] == "p34"
    assert len(lexical.looked_at[0][1]) == N_LOOKED_AT + 1
    assert [name for name, _, _ in ranked].index("p34") < 10
    assert "filtered out" not in [name for name, _, _ in ranked]
