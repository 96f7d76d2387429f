import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.fusion import fuse

_VALUES = st.floats(-1e6, 1e6, allow_nan=False)
_RANKING = st.dictionaries(st.sampled_from("abcdefgh"), _VALUES).map(
    lambda values: sorted(values.items(), key=lambda hit: (-hit[1], hit[0]))
)


def test_two_rankings_that_agree_keep_their_order() -> None:
    fused = fuse([[("a", 9.0), ("b", 5.0), ("c", 1.0)], [("a", 0.9), ("b", 0.5)]], [1.0, 1.0])
    assert [paper_id for paper_id, _ in fused] == ["a", "b", "c"]


def test_the_weight_decides_between_rankings_that_disagree() -> None:
    rankings = [[("a", 2.0), ("b", 1.0)], [("b", 0.2), ("a", 0.1)]]
    assert [paper_id for paper_id, _ in fuse(rankings, [2.0, 1.0])] == ["a", "b"]
    assert [paper_id for paper_id, _ in fuse(rankings, [1.0, 2.0])] == ["b", "a"]
    assert [paper_id for paper_id, _ in fuse(rankings, [0.0, 1.0])] == ["b", "a"]


def test_ties_are_broken_by_id() -> None:
    rankings = [[("b", 2.0), ("a", 1.0)], [("a", 2.0), ("b", 1.0)]]
    assert fuse(rankings, [1.0, 1.0]) == [("a", 0.5), ("b", 0.5)]


def test_nothing_found_is_nothing() -> None:
    assert fuse([[], []], [1.0, 0.7]) == []


def test_the_only_paper_that_a_ranking_finds_outweighs_those_it_does_not_find() -> None:
    meaning = [("b", 0.9), ("c", 0.5), ("d", 0.4), ("a", 0.3)]
    assert fuse([[("a", 7.0)], meaning], [1.0, 0.7])[0][0] == "a"
    assert fuse([[("a", 7.0)], meaning], [0.0, 0.7])[0][0] == "b"


@pytest.mark.parametrize(
    ("n_rankings", "weights"), [(2, [1.0]), (1, [1.0, 1.0]), (2, [0.0, 0.0]), (0, [])]
)
def test_weights_that_do_not_fit_are_refused(n_rankings: int, weights: list[float]) -> None:
    with pytest.raises(ValueError, match=f"^{n_rankings} rankings need as many weights"):
        fuse([[("a", 1.0)]] * n_rankings, weights)


@given(_RANKING, _RANKING, st.floats(0, 10), st.floats(0.1, 10))
def test_every_paper_is_there_once_best_first_within_0_and_1(
    one: list[tuple[str, float]], two: list[tuple[str, float]], weight: float, other: float
) -> None:
    fused = fuse([one, two], [weight, other])
    assert fused == sorted(fused, key=lambda hit: (-hit[1], hit[0]))
    assert sorted(paper_id for paper_id, _ in fused) == sorted(dict(one) | dict(two))
    assert all(0.0 <= relevance <= 1.0 for _, relevance in fused)
    assert fuse([list(reversed(one)), two], [weight, other]) == fused


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=8, unique=True), st.floats(0.01, 50))
def test_one_ranking_alone_keeps_its_order_on_any_scale(values: list[int], scale: float) -> None:
    ranking = sorted(zip("abcdefgh", values, strict=False), key=lambda hit: -hit[1])
    scaled = [(paper_id, value * scale) for paper_id, value in ranking]
    order = [paper_id for paper_id, _ in ranking]
    assert [paper_id for paper_id, _ in fuse([scaled, []], [1.0, 0.5])] == order


def test_a_paper_that_a_ranking_could_not_know_counts_as_its_average() -> None:
    words = [("new", 9.0), ("old", 8.0), ("other", 1.0)]
    vectors = [("old", 0.9), ("far", 0.1)]
    assert next(name for name, _ in fuse([words, vectors], [1, 1])) == "old"
    known = dict(fuse([words, vectors], [1, 1]))
    unjudged = dict(fuse([words, vectors], [1, 1], [(), {"new"}]))
    assert unjudged["new"] > known["new"]
    assert {name: unjudged[name] for name in ("old", "other", "far")} == {
        name: known[name] for name in ("old", "other", "far")
    }
    assert unjudged == dict(fuse([words, [*vectors]], [1, 1], [(), {"new", "old"}]))


def test_the_only_paper_that_a_ranking_could_know_does_not_win_by_that() -> None:
    words = [("right", 9.0), *((f"p{n}", 1.0) for n in range(50))]
    fused = fuse([words, [("alone", 0.2)]], [1, 1.2], [(), {name for name, _ in words}])
    assert fused[0][0] == "right"
