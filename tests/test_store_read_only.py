"""A home that cannot be written to: asked as ever, by a process that may not write, root or not."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.collection import Collection
from tests.papers import PAPERS, Fields, HashEncoder, write_papers
from tests.read_only import set_writable, without_power

_ROOT = Path(__file__).parents[1]
_BETA: Fields = {"title": "Beta", "abstract": "Volcanoes rumble loudly."}

_ASKING = """
import logging, sys
from pathlib import Path
from store.collection import Collection
from store.errors import StoreError
from store.types import Filters
from tests.papers import HashEncoder
logging.basicConfig(format="logged: %(message)s", stream=sys.stdout)
home = Path(sys.argv[1])
try:
    (home / "trial").touch()
    print("may write")
except OSError:
    print("may not write")
collection = Collection(home, HashEncoder(), starter=False)
for line in sys.stdin:
    command, _, text = line.strip().partition(" ")
    try:
        if command == "search":
            print([hit.paper.title for hit in collection.search(text, 1)], collection.encoded())
        if command == "vectors":
            (hit,) = collection.search(text, 1)
            print(collection._dense.query(text, 1)[0][0] == f"{hit.paper.paper_id}#0")
        if command == "filter":
            found = collection.search("whale song", 99, Filters(published_from=text))
            print(sorted(hit.paper.title.split()[0] for hit in found))
        if command == "count":
            print(collection.count(), len(list(collection.papers())))
        if command == "remove":
            collection.remove(collection.search(text, 1)[0].paper.paper_id)
    except StoreError as error:
        print(type(error).__name__, error)
    sys.stdout.flush()
collection.close()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home of the test papers that nobody may write to."""
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    collection.close()
    set_writable(tmp_path / "home", writable=False)
    yield tmp_path / "home"
    set_writable(tmp_path / "home", writable=True)


class _Asking:
    """Another process that may not write, asked line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.read()

    def read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def _asking(home: Path) -> Iterator[_Asking]:
    process = subprocess.Popen(
        [sys.executable, "-c", _ASKING, str(home)],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=without_power,
    )
    with process:
        asking = _Asking(process)
        assert asking.read() == "may not write"
        yield asking
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_read_only_home_is_asked_and_nothing_in_it_changes(home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    with _asking(home) as asking:
        n = len(PAPERS)
        found = asking.ask("search camera on a kite maps a glacier tongue")
        assert found == f"['Glacier Tongues Seen from Kites'] {n, n}"
        assert asking.ask("vectors camera on a kite maps a glacier tongue") == "True"
        assert asking.ask("filter 2023") == "['Sparse', 'Whale']"
        assert asking.ask("count") == f"{n} {n}"
        refused = asking.ask("remove camera on a kite")
        assert refused.startswith(f"HomeError {home} cannot be written to (Permission denied);")
        assert asking.ask("count") == f"{n} {n}"
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_what_others_store_who_may_write_is_seen(home: Path, tmp_path: Path) -> None:
    with _asking(home) as asking:
        assert asking.ask("count") == f"{len(PAPERS)} {len(PAPERS)}"
        set_writable(home, writable=True)
        collection = Collection(home, HashEncoder(), starter=False)
        collection.ingest([write_papers(tmp_path / "b.jsonl", [_BETA])])
        n = len(PAPERS) + 1
        for closed in (False, True):
            if closed:
                collection.close()
            assert asking.ask("search volcanoes rumble") == f"['Beta'] {n, n}"
            assert asking.ask("vectors volcanoes rumble") == "True"
            assert asking.ask("count") == f"{n} {n}"


def test_indexes_that_are_behind_are_asked_as_they_are(home: Path) -> None:
    set_writable(home, writable=True)
    (home / "lexical" / "revision").unlink()
    set_writable(home, writable=False)
    with _asking(home) as asking:
        told = "logged: The indexes are behind the papers, and the home cannot be written to."
        assert asking.read() == told
        assert asking.ask("search camera on a kite maps").startswith("['Glacier Tongues")


@pytest.mark.parametrize("lost", ["flat.vectors", "flat.json"])
def test_a_damaged_index_is_one_clear_error(home: Path, lost: str) -> None:
    set_writable(home, writable=True)
    (home / "chroma" / lost).unlink()
    set_writable(home, writable=False)
    run = subprocess.run(
        [sys.executable, "-c", _ASKING, str(home)],
        cwd=_ROOT,
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=without_power,
    )
    assert run.returncode == 1
    assert f"HomeError: {home} cannot be written to (Permission denied);" in run.stderr
