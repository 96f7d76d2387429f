"""Many passages are written to Chroma by a process of its own: all of them, whatever ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from store.changes import Change
from store.chroma_folder import ChromaFolder
from store.collection import Collection
from store.errors import HomeError
from store.vector_folder import Encoded, cut_short
from tests.papers import Fields, HashEncoder, write_papers
from tests.test_store_collection import assert_whole

_N_PAPERS = 5_000


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A source with more papers than are written here."""
    papers: list[Fields] = [
        {"title": f"Title{n}", "abstract": f"Word{n} stands here."} for n in range(_N_PAPERS)
    ]
    return write_papers(tmp_path / "many.jsonl", papers)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    yield collection
    collection.close()


def _chroma(collection: Collection) -> ChromaFolder:
    shared = collection._dense._shared
    assert isinstance(shared, ChromaFolder)
    return shared


def _while_it_writes(chroma: ChromaFolder, act: Callable[[], object]) -> Callable[[object], None]:
    """Do something once, as soon as the process that writes is there."""
    waiting = [act]

    def look(_: object) -> None:
        if chroma._writer.is_running and waiting:
            waiting.pop()()

    return look


def test_many_passages_come_from_another_process_and_a_few_later_ones_join_them(
    collection: Collection, many: Path, tmp_path: Path
) -> None:
    writers: list[int] = []
    chroma = _chroma(collection)
    look = _while_it_writes(chroma, lambda: writers.append(_writer_of(chroma)))
    assert collection.ingest([many], look).added == _N_PAPERS
    assert writers[0] != os.getpid()
    assert_whole(collection)
    chroma._writer.close()
    # Chroma's client in this process has seen nothing of it.
    few = write_papers(tmp_path / "few.jsonl", [{"title": "Gull", "abstract": "A gull cries."}])
    assert collection.ingest([few]).added == 1
    assert not chroma._writer.is_running
    assert_whole(collection)
    with chroma.collection() as passages:
        assert passages.count() == _N_PAPERS + 1
        paper = collection.search("Title7")[0].paper
        held = passages.get(f"{paper.paper_id}#0")["metadatas"]
    told = {"paper_id": paper.paper_id, "title": "Title7", "text": "Word7 stands here."}
    assert held == [told]


def _writer_of(chroma: ChromaFolder) -> int:
    process = chroma._writer._process
    assert process
    return process.pid


def test_a_process_that_is_killed_while_it_writes_loses_nothing(
    collection: Collection, many: Path
) -> None:
    chroma = _chroma(collection)
    killed: list[int] = []

    def kill() -> None:
        killed.append(_writer_of(chroma))
        os.kill(killed[0], signal.SIGKILL)

    with suppress(HomeError):  # where it comes while papers are read, the next batch mends it
        collection.ingest([many], _while_it_writes(chroma, kill))
    assert killed
    collection.ingest([many])
    assert collection.count() == _N_PAPERS
    assert_whole(collection)


def test_that_it_was_killed_is_told(collection: Collection, many: Path) -> None:
    collection.ingest([many])
    chroma = _chroma(collection)
    os.kill(_writer_of(chroma), signal.SIGKILL)
    papers = [collection.paper(each.paper_id) for each in collection.papers()][:2]
    spans = ((0, 5),)
    changes = [Change(_N_PAPERS + n, paper, spans, 1) for n, paper in enumerate(papers, 1)]
    vectors = np.ones((2, 64), np.float32)
    with pytest.raises(HomeError, match=r"was ended\. Nothing is lost"):
        chroma.keep(Encoded(changes, vectors, {}))
    assert not chroma._writer.is_running


def test_what_the_process_finds_damaged_is_made_anew(collection: Collection, many: Path) -> None:
    chroma = _chroma(collection)
    spoil = _while_it_writes(chroma, (chroma.folder / "unfinished").touch)
    assert collection.ingest([many], spoil).added == _N_PAPERS
    assert_whole(collection)


def test_a_process_with_nothing_more_to_write_ends(collection: Collection, many: Path) -> None:
    collection.ingest([many])
    process = _chroma(collection)._writer._process
    assert process
    assert process.wait(30) == 0


_INGESTING = """
import sys
from pathlib import Path
from store.collection import Collection
from tests.papers import HashEncoder
collection = Collection(Path(sys.argv[1]), HashEncoder(), starter=False)
def look(_):
    print(collection._dense._shared._writer.is_running, flush=True)
collection.ingest([Path(sys.argv[2])], look)
"""


@pytest.mark.parametrize("n_more", [0, 1, 2])
def test_what_is_begun_is_ended_where_the_process_that_asked_for_it_is_killed(
    tmp_path: Path, many: Path, n_more: int
) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-c", _INGESTING, str(home), str(many)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        while process.stdout.readline() == "False\n":
            pass
        for _ in range(n_more):
            process.stdout.readline()
        process.kill()
    collection = Collection(home, HashEncoder(), starter=False)
    assert not cut_short(home / "chroma")
    collection.ingest([many])
    assert collection.count() == _N_PAPERS
    assert_whole(collection)
    collection.close()
