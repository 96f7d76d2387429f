"""What holds for both indexes that follow the catalog, and how they follow it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from store.catalog import Catalog
from store.changes import Change, Spans
from store.dense import DenseIndex
from store.errors import HomeBusyError, IndexDamagedError
from store.following import CatchingUp, follow, in_step
from store.lexical import LexicalIndex
from store.readers.record import Record
from store.types import Listing, Paper
from store.within import Within
from tests.papers import HashEncoder

_Index = DenseIndex | LexicalIndex

_ENCODER = HashEncoder()
_OPEN = {
    "dense": lambda folder: DenseIndex(folder, _ENCODER),
    "lexical": LexicalIndex,
}


@pytest.fixture(params=_OPEN)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path, kind: str) -> Path:
    return tmp_path / kind


@pytest.fixture
def index(folder: Path, kind: str) -> Iterator[_Index]:
    opened: _Index = _OPEN[kind](folder)
    yield opened
    opened.close()


def _change(
    revision: int, name: str, text: str, spans: Spans | None = None, most: int = 0
) -> Change:
    spans = ((0, len(text)),) if spans is None else spans
    return Change(revision, Paper(name, f"On {name}", text), spans, max(most, len(spans)))


def _found(index: _Index, query: str, k: int = 10, **within: Within) -> list[str]:
    return [passage_id for passage_id, _ in index.query(query, k, **within)]


def test_an_empty_index_finds_nothing(index: _Index) -> None:
    assert (index.revision, index.count(), index.query("whales", 5)) == (0, 0, [])


def test_the_passage_that_says_it_is_found_first(index: _Index) -> None:
    index.apply([_change(1, "a", "whales sing songs"), _change(2, "b", "lava flows down")])
    assert (index.revision, index.count()) == (2, 2)
    assert _found(index, "whales sing")[0] == "a#0"
    assert _found(index, "lava flows down", k=1) == ["b#0"]


def test_values_fall_and_ties_are_broken_by_id(index: _Index) -> None:
    index.apply([_change(n, name, "the same words") for n, name in enumerate("dbca", start=1)])
    hits = index.query("same words", 10)
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert len(hits) == 4
    assert index.query("same words", 10) == hits


def test_the_title_is_searched_with_every_passage(index: _Index) -> None:
    text = "First half here. Second half there."
    index.apply([_change(1, "unicorns", text, ((0, 16), (17, 35))), _change(2, "b", "other words")])
    assert set(_found(index, "unicorns", k=2)) == {"unicorns#0", "unicorns#1"}


def test_a_changed_text_leaves_no_old_passage(index: _Index) -> None:
    index.apply([_change(1, "a", "whales sing. songs end.", ((0, 12), (13, 23)))])
    index.apply([_change(2, "a", "bread turns stale", most=2)])
    assert (index.revision, index.count()) == (2, 1)
    assert _found(index, "bread stale") == ["a#0"]
    assert [value for _, value in index.query("whales", 9) if value > 0.5] == []


def test_a_removed_paper_is_found_no_more_and_can_come_back(index: _Index) -> None:
    index.apply([_change(1, "a", "whales sing"), _change(2, "b", "whales hum")])
    index.apply([_change(3, "a", "whales sing", (), 1)])
    assert (_found(index, "whales"), index.count()) == (["b#0"], 1)
    index.apply([_change(4, "a", "whales sing")])
    assert sorted(_found(index, "whales")) == ["a#0", "b#0"]


def test_only_the_papers_asked_for_are_found(index: _Index) -> None:
    index.apply([_change(n, name, "whales sing") for n, name in enumerate("abc", start=1)])
    assert sorted(_found(index, "whales", within=Within.of({"a", "c", "none"}))) == ["a#0", "c#0"]
    assert _found(index, "whales", within=Within.of({"none"})) == []
    assert _found(index, "whales", within=Within.of(())) == []


def test_applying_the_same_changes_again_changes_nothing(index: _Index) -> None:
    changes = [_change(1, "a", "whales sing"), _change(2, "b", "lava flows")]
    index.apply(changes)
    hits = index.query("whales", 9)
    index.apply(changes)
    assert (index.query("whales", 9), index.count(), index.revision) == (hits, 2, 2)


def test_what_was_applied_is_there_after_reopening(index: _Index, folder: Path, kind: str) -> None:
    index.apply([_change(7, "a", "whales sing")])
    hits = index.query("whales", 9)
    index.close()
    again: _Index = _OPEN[kind](folder)
    assert (again.query("whales", 9), again.revision, again.count()) == (hits, 7, 1)
    again.close()


def test_another_opening_sees_what_was_applied_once_it_looks_again(
    index: _Index, folder: Path, kind: str
) -> None:
    other: _Index = _OPEN[kind](folder)
    index.apply([_change(1, "a", "whales sing")])
    other.refresh()
    assert _found(other, "whales") == ["a#0"]
    other.close()


def test_a_cleared_index_is_empty_and_can_be_filled(index: _Index) -> None:
    index.apply([_change(1, "a", "whales sing")])
    index.clear()
    assert (index.revision, index.count(), index.query("whales", 9)) == (0, 0, [])
    index.apply([_change(1, "b", "whales hum")])
    assert (_found(index, "whales"), index.revision) == (["b#0"], 1)


@pytest.mark.parametrize(
    "query",
    ["", " ", "the of and", "***", 'title:"x" AND (', "a" * 5_000, "שלום 😀 e\u0301", "\x00", "-a"],
)
def test_any_text_is_a_query_without_special_signs(index: _Index, query: str) -> None:
    index.apply([_change(1, "a", "whales sing")])
    assert set(_found(index, query)) <= {"a#0"}


def test_more_papers_than_one_batch_are_taken(index: _Index) -> None:
    index.apply([_change(n, f"p{n}", f"word{n} text") for n in range(1, 4_203)])
    assert index.count() == 4_202
    index.apply([_change(4_202 + n, f"p{n}", "", (), 1) for n in range(1, 4_202)])
    assert (index.count(), _found(index, "word4202")) == (1, ["p4202#0"])


# --- following ---


class _Log:
    """A fake index that records what it is told."""

    def __init__(self, revision: int = 0) -> None:
        self.revision = revision
        self.told: list[object] = []

    def apply(self, changes: list[Change]) -> None:
        self.told.append([change.revision for change in changes])
        self.revision = changes[-1].revision

    def expect(self, changes: list[Change]) -> None:
        self.expected = [change.revision for change in changes]

    def clear(self) -> None:
        self.told.append("clear")
        self.revision = 0


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path / "papers.sqlite3")
    records = [Record("s", n, f"T{n}", "Some text.", (Listing("s"),)) for n in range(1, 4)]
    catalog.add(records, lambda text: ((0, len(text)),))
    return catalog


def test_each_index_gets_exactly_the_changes_it_lacks(catalog: Catalog) -> None:
    logs = {"new": _Log(0), "behind": _Log(2), "level": _Log(3)}
    assert not in_step(catalog, logs.values())
    assert all(follow(catalog, name, log) for name, log in logs.items())
    assert [log.told for log in logs.values()] == [[[1, 2, 3]], [[3]], []]
    assert in_step(catalog, logs.values())
    assert {name: held for name, (held, _) in catalog.followers().items()} == dict.fromkeys(logs, 3)


def test_an_index_comes_nearer_by_as_much_as_is_asked(catalog: Catalog) -> None:
    log = _Log(0)
    assert [follow(catalog, "log", log, 2) for _ in range(2)] == [False, True]
    assert log.told == [[1, 2], [3]]


def test_an_index_that_is_ahead_is_built_anew(
    catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    ahead = _Log(9)
    follow(catalog, "log", ahead)
    assert ahead.told == ["clear", [1, 2, 3]]
    assert caplog.messages == ["An index is ahead of the papers; it is built anew."]


def test_a_fault_of_an_index_is_told_and_its_mark_stays_behind(catalog: Catalog) -> None:
    class Broken(_Log):
        def apply(self, changes: list[Change]) -> None:
            raise OSError(f"disk full after {len(changes)}")

    with pytest.raises(OSError, match="disk full after 3"):
        follow(catalog, "log", Broken())
    assert catalog.followers() == {}


def test_who_opens_while_an_index_is_built_anew_sees_that_more_is_to_come(
    catalog: Catalog,
) -> None:
    class Looking(_Log):
        def apply(self, changes: list[Change]) -> None:
            self.told.append(catalog.followers()["log"][0])
            super().apply(changes)

    follow(catalog, "log", _Log(0))
    assert catalog.followers() == {"log": (3, 1)}
    looking = Looking(0)
    follow(catalog, "log", looking)
    assert looking.told == [0, [1, 2, 3]]
    assert catalog.followers() == {"log": (3, 3)}


def test_catching_up_goes_on_in_a_thread_until_all_are_in_step(catalog: Catalog) -> None:
    held: list[float] = []

    @contextmanager
    def writing(wait_s: float) -> Iterator[None]:
        held.append(wait_s)
        yield

    logs = {"one": _Log(0), "two": _Log(1)}
    catching_up = CatchingUp(catalog, logs, writing)
    catching_up.wait()
    assert (held, logs["one"].told) == ([], [])
    catching_up.start()
    catching_up.wait()
    assert (held, logs["one"].told, logs["two"].told) == ([0.0], [[1, 2, 3]], [[2, 3]])
    catching_up.stop()
    catching_up.start()
    catching_up.wait()
    assert held == [0.0]


def test_catching_up_waits_for_its_turn_and_ends_when_told(catalog: Catalog) -> None:
    tried = threading.Event()

    @contextmanager
    def busy(_: float) -> Iterator[None]:
        tried.set()
        raise HomeBusyError("another one writes")
        yield

    log = _Log(0)
    catching_up = CatchingUp(catalog, {"log": log}, busy)
    catching_up.start()
    assert tried.wait(10)
    catching_up.stop()
    assert log.told == []
    with pytest.raises(HomeBusyError):
        catching_up.step(1.0)


def test_what_goes_wrong_in_the_thread_is_logged_and_ends_it(
    catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(_Log):
        def apply(self, changes: list[Change]) -> None:
            raise IndexDamagedError(f"no room for {len(changes)}")

    catching_up = CatchingUp(catalog, {"log": Broken()}, lambda _: nullcontext())
    catching_up.start()
    catching_up.wait()
    assert caplog.messages == ["The vectors are not up to date: no room for 3"]
