"""What is told while papers are stored."""

import pytest

from assistant.progress import Telling, time_as_text
from store.types import Progress


def test_reading_is_told_with_its_rate() -> None:
    telling = Telling(100.0)
    assert telling.line(Progress("a.jsonl", 0), 100.0) == "0 papers, 0 a second: a.jsonl"
    line = telling.line(Progress("a.jsonl", 4_000), 102.5)
    assert line == "4,000 papers, 1,600 a second: a.jsonl"
    line = telling.line(Progress("a.jsonl", 4_000, share=0.2), 102.5)
    assert line == "4,000 papers, 1,600 a second, 10 s left: a.jsonl"
    assert telling.reading_left(Progress("hf:2024", 40, share=0.25), 160.0) == ", 3 min left"
    assert telling.reading_left(Progress("a.jsonl", 4_000, share=1.0), 102.5) == ""


def test_vectors_are_told_with_their_own_rate_and_the_time_left() -> None:
    telling = Telling(0.0)
    telling.line(Progress("a.jsonl", 4_000), 2.0)
    stored = "Stored, and found by words; vectors for"
    first, then, last = (
        telling.line(Progress("a.jsonl", 4_000, n, 4_000), now)
        for n, now in ((500, 5.0), (1_500, 10.0), (4_000, 20.0))
    )
    assert first == f"{stored} 500 of 4,000 papers are made"
    assert then == f"{stored} 1,500 of 4,000 papers are made, 200 a second, 12 s left"
    assert last == f"{stored} 4,000 of 4,000 papers are made, 233 a second, 0 s left"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.0, "59 s"), (150.0, "2 min"), (3_599.0, "60 min"), (7_500.0, "2 h 5 min")],
)
def test_a_time_is_told_as_people_would(seconds: float, text: str) -> None:
    assert time_as_text(seconds) == text
