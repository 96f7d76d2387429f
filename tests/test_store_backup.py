"""A copy of a home: made while it is written to, opened as a home, and room given back."""

import shutil
import threading
from pathlib import Path

import pytest

from store.backup import copy_home
from store.collection import Collection
from store.errors import HomeError, PaperNotFoundError
from tests.papers import PAPERS, Fields, HashEncoder, write_papers
from tests.test_store_collection import assert_whole

_MANY: list[Fields] = [
    {"title": f"Title{n}", "abstract": f"Word{n} stands here. " * 20} for n in range(5_000)
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of the test papers."""
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    collection.close()
    return tmp_path / "home"


def _opened(folder: Path) -> Collection:
    return Collection(folder, HashEncoder(), starter=False)


def _n_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _entries(folder: Path) -> set[Path]:
    """All files but those that say who is writing."""
    there = set(folder.rglob("*"))
    return {path for path in there if "lock" not in path.name and path.name != "writing.turn"}


def test_a_copy_is_a_home_with_the_same_papers(home: Path, tmp_path: Path) -> None:
    assert copy_home(home, tmp_path / "new" / "copy") == _n_bytes(tmp_path / "new" / "copy")
    original = _opened(home)
    before = list(original.papers()), original.search("whale song", 5)
    original.close()
    shutil.rmtree(home)
    encoder = HashEncoder()
    copied = Collection(tmp_path / "new" / "copy", encoder, starter=False)
    assert encoder.encoded == []
    assert (list(copied.papers()), copied.search("whale song", 5)) == before
    assert_whole(copied)
    copied.close()


def test_a_copy_made_while_papers_are_stored_has_all_that_were_reported(
    home: Path, tmp_path: Path
) -> None:
    collection = _opened(home)
    source = write_papers(tmp_path / "many.jsonl", _MANY)
    told: list[int] = []
    stored = threading.Event()
    copies: list[tuple[int, Path]] = []

    def copy() -> None:
        assert stored.wait(60)
        for n in range(3):
            n_reported = told[-1]
            copy_home(home, tmp_path / f"copy{n}")
            copies.append((n_reported, tmp_path / f"copy{n}"))

    thread = threading.Thread(target=copy)
    thread.start()

    def tell(n_records: int) -> None:
        told.append(n_records)
        stored.set()

    collection.ingest([source], lambda progress: tell(progress.n_records))
    thread.join(60)
    collection.close()
    assert len(copies) == 3
    for n_reported, folder in copies:
        copied = _opened(folder)
        assert copied.count() >= len(PAPERS) + n_reported
        assert_whole(copied)
        copied.close()


@pytest.mark.parametrize(
    ("target", "reason"),
    [("full", "is not empty"), ("home/inside", "is inside the home"), ("a.jsonl/x", "cannot be")],
)
def test_a_copy_goes_nowhere_where_it_would_do_harm(
    home: Path, tmp_path: Path, target: str, reason: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    before = _entries(tmp_path)
    with pytest.raises(HomeError, match=reason):
        copy_home(home, tmp_path / target)
    assert _entries(tmp_path) == before
    with pytest.raises(HomeError, match="is no home yet"):
        copy_home(tmp_path / "nothing", tmp_path / "copy")


def test_compacting_gives_back_the_room_of_removed_papers(home: Path, tmp_path: Path) -> None:
    collection = _opened(home)
    collection.ingest([write_papers(tmp_path / "many.jsonl", _MANY)])
    before = _n_bytes(home)
    gone = [paper.paper_id for paper in collection.papers() if paper.title.startswith("Title")]
    collection.remove(*gone)
    collection.wait()
    assert_whole(collection)
    assert collection.compact() == len(gone) - 1, "the last change is kept for its number"
    assert _n_bytes(home) < before / 4
    assert_whole(collection)
    assert [hit.paper.title for hit in collection.search("camera on a kite", 1)] == [
        "Glacier Tongues Seen from Kites"
    ]
    with pytest.raises(PaperNotFoundError):
        collection.restore(gone[0])
    report = collection.ingest([tmp_path / "many.jsonl"])
    assert (report.added, report.papers) == (len(gone), len(gone) + len(PAPERS))
    assert_whole(collection)
    assert collection.compact() == 0
    collection.close()
    encoder = HashEncoder()
    collection = Collection(home, encoder, starter=False)
    assert (encoder.encoded, collection.count()) == ([], len(gone) + len(PAPERS))
    assert_whole(collection)
    collection.close()
