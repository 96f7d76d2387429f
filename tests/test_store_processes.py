"""One process stores, others search, a page is served from the same home: none is in the way."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from store.collection import Collection
from store.types import Progress
from tests.papers import PAPERS, Fields, bundled_encoder, write_papers

_ROOT = Path(__file__).parents[1]
_N_COMMITS, _N_READERS = 8, 2
_WITHIN_S = 1.0

_READING = """
import sys, threading, time
from pathlib import Path
from store.collection import Collection
from tests.papers import bundled_encoder
collection = Collection(Path(sys.argv[1]), bundled_encoder(), starter=False)
stopped = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stopped.set())).start()
print("open", flush=True)
while not stopped.is_set():
    began = time.monotonic()
    hits = collection.search("marker of the day", 30)
    print(began, sum(hit.paper.title.startswith("Marker") for hit in hits), flush=True)
collection.close()
print("closed", flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of the test papers."""
    collection = Collection(tmp_path / "home", bundled_encoder(), starter=False)
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    collection.close()
    return tmp_path / "home"


@contextmanager
def _reader(home: Path, told: Path) -> Iterator[None]:
    """A process that searches all the time and tells what it finds."""
    with told.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", _READING, str(home)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with process:
            yield
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(60) == 0


@contextmanager
def _page(home: Path) -> Iterator[str]:
    """The page, served by a process of its own; gives its address."""
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0", "--home", str(home)]
    with subprocess.Popen(command, cwd=_ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "Opening the collection …\n"
        told = process.stderr.readline()
        assert told.startswith("Paper Assistant is at "), told
        yield told.removeprefix("Paper Assistant is at ").partition(" ")[0]
        process.send_signal(signal.SIGINT)
        assert "Traceback" not in process.stderr.read()


def _n_papers(address: str) -> int:
    with urllib.request.urlopen(f"{address}/", timeout=60) as response:
        assert response.status == 200
    with urllib.request.urlopen(f"{address}/readyz", timeout=60) as response:
        return int(json.load(response)["papers"])


def _stored(home: Path, folder: Path, address: str) -> list[float]:
    """Store papers one by one; gives when each was committed, as readers tell the time."""
    committed: list[float] = []
    collection = Collection(home, bundled_encoder(), starter=False)
    for n in range(_N_COMMITS):
        paper: Fields = {"title": f"Marker {n}", "abstract": f"The marker of the day is {n}."}
        moments: list[float] = []

        def note(_: Progress, moments: list[float] = moments) -> None:
            moments.append(time.monotonic())

        collection.ingest([write_papers(folder / f"{n}.jsonl", [paper])], note)
        committed.append(moments[0])
        assert _n_papers(address) == len(PAPERS) + n + 1
    collection.close()
    return committed


def test_readers_see_a_paper_within_a_second_of_its_commit_and_never_an_error(
    home: Path, tmp_path: Path
) -> None:
    told = [tmp_path / f"reader{n}.txt" for n in range(_N_READERS)]
    with _page(home) as address, ExitStack() as readers:
        for path in told:
            readers.enter_context(_reader(home, path))
        while not all(" 0\n" in path.read_text() for path in told):
            assert _n_papers(address) == len(PAPERS)
        committed = _stored(home, tmp_path, address)
        while not all(f" {_N_COMMITS}\n" in path.read_text() for path in told):
            assert time.monotonic() < committed[-1] + 60
    for path in told:
        first, *searches, last = path.read_text().splitlines()
        assert (first, last) == ("open", "closed")
        for search in searches:
            began_s, n_found = search.split()
            due = sum(at + _WITHIN_S <= float(began_s) for at in committed)
            assert due <= int(n_found) <= _N_COMMITS
