"""Figures worked out by hand, and what no ranking may do to them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.ranking import ndcg, recall, reciprocal_rank, success

_GRADES = {"a": 2, "b": 1, "c": 1, "z": 0}
_RANKINGS = st.permutations([*"abcdefgz"])


@pytest.mark.parametrize(
    ("found", "k", "expected"),
    [(["x", "b"], 1, 0.0), (["x", "b"], 2, 1.0), (["z"], 5, 0.0), ([], 5, 0.0)],
)
def test_success_is_any_relevant_paper_in_time(found: list[str], k: int, expected: float) -> None:
    assert success(found, _GRADES, k) == expected


@pytest.mark.parametrize(
    ("found", "k", "expected"),
    [(["a", "x", "c"], 2, 1 / 3), (["a", "x", "c"], 3, 2 / 3), ([*"cba"], 10, 1.0), (["z"], 1, 0)],
)
def test_recall_is_the_share_of_relevant_papers(found: list[str], k: int, expected: float) -> None:
    assert recall(found, _GRADES, k) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("found", "expected"),
    [(["b", "a"], 1.0), (["x", "z", "c"], 1 / 3), ([*"wxyvutsrqpa"], 0.0), ([], 0.0)],
)
def test_the_reciprocal_rank_is_that_of_the_first_relevant_paper(
    found: list[str], expected: float
) -> None:
    assert reciprocal_rank(found, _GRADES, 10) == pytest.approx(expected)


def test_gains_are_discounted_by_the_logarithm_of_the_rank() -> None:
    gained = 1 / math.log2(2) + 2 / math.log2(4)
    best = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(["b", "x", "a"], _GRADES, 10) == pytest.approx(gained / best)


def test_what_is_behind_the_first_k_gains_nothing() -> None:
    assert ndcg(["x", "y", "a"], _GRADES, 2) == 0.0
    assert ndcg(["a"], {"a": 1, "b": 1}, 1) == 1.0


def test_a_paper_that_is_listed_again_counts_once() -> None:
    assert ndcg(["a", "a", "b"], _GRADES, 10) == ndcg(["a", "b"], _GRADES, 10)
    assert recall(["a", "a", "a"], _GRADES, 3) == pytest.approx(1 / 3)


@pytest.mark.parametrize("grades", [{}, {"a": 0}])
def test_nothing_can_be_found_where_nothing_is_relevant(grades: dict[str, int]) -> None:
    assert [each(["a"], grades, 10) for each in (success, recall, reciprocal_rank, ndcg)] == [0] * 4


@given(_RANKINGS, st.integers(1, 10))
def test_no_ranking_beats_the_one_in_order_of_the_grades(found: list[str], k: int) -> None:
    ideal = ["a", "b", "c"]
    for each in (success, recall, reciprocal_rank, ndcg):
        assert 0.0 <= each(found, _GRADES, k) <= each(ideal, _GRADES, k) <= 1.0
    assert ndcg(ideal, _GRADES, k) == pytest.approx(1.0)
