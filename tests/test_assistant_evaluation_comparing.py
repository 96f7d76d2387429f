"""Two runs compared question by question, and what chance alone would do."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.errors import EvaluationError
from assistant.evaluation.comparing import Earlier, chance, changes, read_earlier
from assistant.evaluation.judging import Record
from tests.evaluation_records import record


def _earlier(records: list[Record]) -> Earlier:
    return Earlier(12, {(r.kind, r.name, r.query): r.measures for r in records}, {})


def _run(values: list[float]) -> list[Record]:
    return [record(str(at), {"found": value}) for at, value in enumerate(values)]


def test_a_change_is_over_the_questions_that_both_runs_asked() -> None:
    before = [
        record("a", {"found": 0.0}),
        record("b", {"found": 1.0}),
        record("gone", {"found": 1}),
    ]
    after = [
        record("a", {"found": 1.0, "said": 1.0}),
        record("b", {"found": 1.0}),
        record("new", {"found": 0.0}),
        record("gone", {"found": 0.0}, query="asked in other words"),
    ]
    (change,) = changes(_earlier(before), after)
    assert (change.measure, change.n, change.before, change.after) == ("found", 2, 0.5, 1.0)
    assert not change.beyond_chance


def test_a_change_of_many_questions_is_beyond_chance() -> None:
    before, after = [0.0] * 30 + [1.0] * 70, [1.0] * 20 + [0.0] * 10 + [1.0] * 70
    (change,) = changes(_earlier(_run(before)), _run(after))
    assert (change.before, change.after) == (0.7, 0.9)
    assert 0.1 < change.low < 0.2 < change.high < 0.3
    assert (change.p < 0.001, change.beyond_chance) == (True, True)
    (back,) = changes(_earlier(_run(after)), _run(before))
    assert (back.low, back.high) == (pytest.approx(-change.high), pytest.approx(-change.low))


def test_as_many_won_as_lost_is_chance() -> None:
    before, after = [0.0, 1.0] * 50, [1.0, 0.0] * 50
    (change,) = changes(_earlier(_run(before)), _run(after))
    assert (change.after - change.before, change.p, change.beyond_chance) == (0.0, 1.0, False)


def test_no_change_is_chance() -> None:
    (change,) = changes(_earlier(_run([0.5] * 9)), _run([0.5] * 9))
    assert (change.low, change.high, change.p) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize("n", [1, 4, 6, 8])
def test_chance_is_that_of_as_many_coins_falling_alike(n: int) -> None:
    p = chance([1.0] * n + [0.0] * 50, [str(at) for at in range(n + 50)])
    assert p == pytest.approx(2 / 2**n, abs=0.02)


def test_turns_of_one_conversation_are_one_coin() -> None:
    assert chance([1.0] * 8, ["c1"] * 8) == 1.0


def _document(records: list[Record]) -> dict[str, object]:
    took = {"question": {"p50": 1.0, "p95": 2.0}}
    return {"papers": 12, "latency_ms": took, "records": [asdict(each) for each in records]}


def test_what_was_printed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(_document([record("a", {"found": 0.25})])))
    earlier = read_earlier(path)
    assert earlier == Earlier(
        12, {("question", "a", "what?"): {"found": 0.25}}, {"question": {"p50": 1.0, "p95": 2.0}}
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"papers": 1, "latency_ms": {}}',
        b'{"papers": 1, "latency_ms": {}, "records": [{"kind": "question"}]}',
        b'{"papers": 1, "latency_ms": {}, "records": [{"kind": "", "name": "", "query": "",'
        b' "measures": {"found": "often"}}]}',
        b'{"papers": 1, "latency_ms": {"question": 5}, "records": []}',
        b'{"papers": 1, "latency_ms": {"question": {"p50": 5}}, "records": []}',
        b'{"papers": Infinity, "latency_ms": {}, "records": []}',
    ],
)
def test_what_was_not_printed_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "earlier.json"
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as told:
        read_earlier(path)
    assert str(told.value).startswith(f"{path}: is not what `paper-assistant evaluate --json`")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"gone\.json: cannot be read: No such file"):
        read_earlier(tmp_path / "gone.json")
