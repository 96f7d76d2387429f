"""Means, their confidence intervals, latencies and the worst cases."""

import random
from statistics import NormalDist, fmean

import pytest

from assistant.evaluation.figures import figures, interval, latencies, worst
from tests.evaluation_records import record


def test_a_figure_is_the_mean_of_a_kind_and_of_each_group() -> None:
    records = [
        record("a", {"found": 1.0, "said": 0.5}, group="x"),
        record("b", {"found": 0.0}, group="y"),
        record("c", {"found": 0.0, "said": 0.25}, group="y"),
        record("d", {"refused": 1.0}, kind="unanswerable"),
    ]
    told = {(f.kind, f.group, f.measure): (f.value, f.n) for f in figures(records)}
    assert told == {
        ("question", "", "found"): (pytest.approx(1 / 3), 3),
        ("question", "", "said"): (0.375, 2),
        ("question", "x", "found"): (1.0, 1),
        ("question", "x", "said"): (0.5, 1),
        ("question", "y", "found"): (0.0, 2),
        ("question", "y", "said"): (0.25, 1),
        ("unanswerable", "", "refused"): (1.0, 1),
    }
    assert all(0 <= f.low <= f.value <= f.high <= 1 for f in figures(records))
    assert figures([]) == []


def test_the_interval_is_that_of_the_normal_distribution_where_there_is_much() -> None:
    values = [float(at % 10 < 3) for at in range(1_000)]
    low, high = interval(values, [str(at) for at in range(1_000)])
    half = NormalDist().inv_cdf(0.975) * (0.3 * 0.7 / 1_000) ** 0.5
    assert (low, high) == (
        pytest.approx(0.3 - half, abs=0.003),
        pytest.approx(0.3 + half, abs=0.003),
    )


def test_an_interval_holds_the_truth_about_nineteen_times_in_twenty() -> None:
    rng = random.Random(1)
    holds = []
    for _ in range(300):
        values = [float(rng.random() < 0.7) for _ in range(60)]
        low, high = interval(values, [str(at) for at in range(60)])
        holds.append(low <= 0.7 <= high)
    assert 0.90 <= fmean(holds) <= 0.98


def test_what_belongs_together_counts_once_for_the_doubt() -> None:
    values = [1.0, 0.0] * 20
    low, high = interval(values, [str(at) for at in range(40)])
    lower, higher = interval([1.0] * 20 + [0.0] * 20, [str(at // 10) for at in range(40)])
    assert higher - lower > 2 * (high - low)


@pytest.mark.parametrize(("n", "doubt"), [(6, 0.459), (3, 0.708), (100, 0.036)])
def test_some_doubt_is_left_where_all_went_well_or_none(n: int, doubt: float) -> None:
    together = [str(at) for at in range(n)]
    assert interval([1.0] * n, together) == (pytest.approx(1 - doubt, abs=0.001), 1.0)
    assert interval([0.0] * n, together) == (0.0, pytest.approx(doubt, abs=0.001))


def test_the_same_records_give_the_same_figures() -> None:
    records = [record(str(at), {"found": at % 7 / 7}) for at in range(50)]
    assert figures(records) == figures(records)


def test_latencies_are_told_in_milliseconds_by_kind() -> None:
    records = [record(str(ms), seconds=ms / 1000) for ms in range(101)]
    records.append(record("t", kind="topic", seconds=2.0))
    told = latencies(records)
    assert told["question"] == {"p50": pytest.approx(50), "p95": pytest.approx(95)}
    assert told["topic"] == {"p50": pytest.approx(2_000), "p95": pytest.approx(2_000)}


def test_the_worst_of_each_kind_come_first_and_none_that_is_right() -> None:
    records = [
        record("right", {"found": 1.0, "wrongly_refused": 0.0}),
        record("half", {"found": 0.5, "wrongly_refused": 0.0}),
        record("none", {"found": 0.0, "wrongly_refused": 1.0}),
        record("little", {"found": 0.0, "wrongly_refused": 0.0}),
        record("answered", {"refused": 0.0}, kind="unanswerable"),
    ]
    assert [each.name for each in worst(records, 2)] == ["none", "little", "answered"]
    assert [each.name for each in worst(records, 9)] == ["none", "little", "half", "answered"]
    assert worst(records, 0) == []
