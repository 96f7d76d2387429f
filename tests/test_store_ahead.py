"""Encoding ahead: the right thing is taken, whatever was begun with."""

import threading
from collections.abc import Iterator, Sequence

import pytest

from store.ahead import Ahead
from store.changes import Change
from store.types import Paper


def _changes(*revisions: int) -> list[Change]:
    return [Change(n, Paper(f"p{n}", "T", "Text."), ((0, 5),), 1) for n in revisions]


class _Making:
    """Notes what it is given and in which thread; waits where it is told to."""

    def __init__(self) -> None:
        self.given: list[tuple[str, list[int]]] = []
        self.began, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def __call__(self, changes: Sequence[Change]) -> list[int]:
        revisions = [change.revision for change in changes]
        self.given.append((threading.current_thread().name.partition("_")[0], revisions))
        self.began.set()
        assert self.go_on.wait(10)
        if revisions == [13]:
            raise ValueError("not this one")
        return revisions


@pytest.fixture
def making() -> _Making:
    return _Making()


@pytest.fixture
def ahead(making: _Making) -> Iterator[Ahead[list[int]]]:
    ahead = Ahead(making)
    yield ahead
    making.go_on.set()
    ahead.close()


def test_what_was_begun_is_made_once_in_a_thread_of_its_own(
    ahead: Ahead[list[int]], making: _Making
) -> None:
    ahead.begin(_changes(3, 4))
    assert ahead.take(_changes(1, 2)) == [1, 2]
    assert ahead.take(_changes(3, 4)) == [3, 4]
    assert sorted(making.given) == [("MainThread", [1, 2]), ("ahead", [3, 4])]


def test_a_state_that_changed_meanwhile_is_made_anew(
    ahead: Ahead[list[int]], making: _Making
) -> None:
    ahead.begin(_changes(3, 4))
    assert ahead.take(_changes(3, 5)) == [3, 5]
    assert ("MainThread", [3, 5]) in making.given


def test_no_more_is_kept_than_what_comes_next(ahead: Ahead[list[int]], making: _Making) -> None:
    making.go_on.clear()
    ahead.begin(_changes(1))
    assert making.began.wait(10)
    for n in range(2, 6):
        ahead.begin(_changes(n))
    making.go_on.set()
    assert [ahead.take(_changes(n)) for n in (4, 5)] == [[4], [5]]
    assert [revisions for _, revisions in making.given] == [[1], [4], [5]]


def test_nothing_is_begun_with_nothing_and_a_fault_comes_when_it_is_taken(
    ahead: Ahead[list[int]], making: _Making
) -> None:
    ahead.begin([])
    ahead.begin(_changes(13))
    with pytest.raises(ValueError, match="not this one"):
        ahead.take(_changes(13))
    assert making.given == [("ahead", [13])]
