"""The curve of both errors of refusing."""

import pytest

from assistant.evaluation.judging import Record
from assistant.evaluation.refusing import refusal_curve
from tests.evaluation_records import record


def _told(kind: str, *probabilities: float | None, group: str = "") -> list[Record]:
    return [
        record(f"{kind}{group}{at}", kind=kind, group=group, answerable=probability)
        for at, probability in enumerate(probabilities)
    ]


def test_the_curve_tells_both_errors_at_each_threshold() -> None:
    answerable = _told("question", *(at / 100 for at in range(100, 0, -1)))
    near = _told("unanswerable", 0.03, 0.30, group="near")
    out = _told("unanswerable", 0.005, 0.015, 0.055, 0.99, group="out")
    curve = refusal_curve([*answerable, *near, *out])
    assert [point.threshold for point in curve] == pytest.approx(
        [0.01, 0.02, 0.03, 0.06, 0.11, 0.21, 0.31, 0.51]
    )
    assert [point.wrongly_refused for point in curve] == [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5]
    assert curve[0].refused == {"": pytest.approx(1 / 6), "near": 0.0, "out": 0.25}
    assert curve[3].refused == {"": pytest.approx(4 / 6), "near": 0.5, "out": 0.75}
    assert curve[6].refused == {"": pytest.approx(5 / 6), "near": 1.0, "out": 0.75}


def test_a_threshold_never_refuses_more_than_it_may() -> None:
    tied = _told("question", *[0.2] * 50, *[0.9] * 50)
    for point in refusal_curve([*tied, *_told("unanswerable", 0.1, 0.3)]):
        assert point.wrongly_refused in (0.0, 0.5)
        assert point.refused[""] == (0.5 if point.threshold == 0.2 else 1.0)


@pytest.mark.parametrize(
    "records",
    [
        [],
        _told("question", 0.5),
        _told("unanswerable", 0.5),
        [*_told("question", None), *_told("unanswerable", 0.5)],
        [*_told("question", 0.5), *_told("unanswerable", None)],
    ],
)
def test_there_is_no_curve_without_probabilities_of_both(records: list[Record]) -> None:
    assert refusal_curve(records) == []
