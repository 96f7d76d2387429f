import pytest
from rich.status import Status

from assistant.shell import show_progress
from store.types import Progress


def test_progress_is_told_in_papers_read_and_then_in_papers_with_vectors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(Status, "update", lambda _, text: said.append(str(text)))
    with show_progress(lambda: (0, 0)) as show:
        show(Progress("a.jsonl", 2_000))
        show(Progress("a.jsonl", 2_000, 1_500, 3_000))
    assert said[0].startswith("2,000 papers, ")
    assert said[0].endswith(" a second: a.jsonl")
    assert said[1] == ("Stored, and found by words; vectors for 1,500 of 3,000 papers are made")
