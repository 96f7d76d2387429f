"""Several machines, one collection: on a real Chroma server, with real processes, some killed."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from store.collection import Collection
from store.encoders import Encoder
from store.errors import PaperNotFoundError
from store.server import log as server_log
from store.server import watching
from store.server.address import server_address
from tests.chroma_server import chroma, client_of, front
from tests.papers import write_papers
from tests.parts_encoder import PartsEncoder

_ROOT = Path(__file__).parents[1]
_names = count()

Opener = Callable[..., Collection]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture
def shared(server: str) -> str:
    """The address of a collection of the test's own."""
    return f"{server}?collection=papers-{next(_names)}"


@pytest.fixture
def machine(tmp_path: Path, shared: str) -> Iterator[Opener]:
    """Opens the collection as another machine, by the name of its home."""
    opened: list[Collection] = []

    def open_home(
        name: str, encoder: Encoder | None = None, url: str = shared, token: str = ""
    ) -> Collection:
        collection = Collection(
            tmp_path / name,
            encoder or PartsEncoder(),
            starter=False,
            server=server_address(url, token),
        )
        opened.append(collection)
        return collection

    yield open_home
    for each in opened:
        each.close()


def _written(path: Path, n: int, first: int = 0, n_sentences: int = 2) -> Path:
    """Papers of so many sentences."""
    papers = [
        {
            "title": f"Title {at}",
            "abstract": f"Word{at} stands here. " * n_sentences,
            "authors": ["Ada Keel"],
            "listed": ["2024-03-11"],
        }
        for at in range(first, first + n)
    ]
    return write_papers(path, papers)


def _papers(collection: Collection) -> list[dict[str, object]]:
    return [asdict(paper) for paper in collection.papers()]


def _agree(*collections: Collection) -> None:
    """Hold machines to the same papers, passages, words and vectors."""
    for each in collections:
        each.search("word", 1)
        each.wait()
    first, *others = collections
    names = [paper.paper_id for paper in first.papers()]
    for each in others:
        assert _papers(each) == _papers(first)
        assert each.encoded() == first.encoded() == (len(names), len(names))
        assert each._catalog.papers(names) == first._catalog.papers(names)  # spans too
        assert each._lexical.count() == first._lexical.count()
        mine, theirs = (one._dense.of_papers(names) for one in (each, first))
        assert mine.keys() == theirs.keys() == set(names)
        assert all(np.allclose(mine[name], theirs[name], atol=1e-6) for name in names)
        for name in names[:: max(1, len(names) // 5)]:
            title = first.paper(name).title
            found = [one.nearest_in_words(title) for one in (each, first)]
            assert [hit[0].paper_id for hit in found if hit] == [name, name]


def _ripe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every search look at the server, and wait for what it has."""
    monkeypatch.setattr(watching, "_MIN_PAUSE_S", 0.0)
    monkeypatch.setattr(watching, "_PAUSE_WITHOUT_S", 0.0)
    monkeypatch.setattr(watching, "_PATIENCE_S", 30.0)


# --- what a machine sees ---


def test_a_new_machine_gets_everything_and_encodes_nothing(machine: Opener, tmp_path: Path) -> None:
    first = machine("first")
    first.ingest([_written(tmp_path / "a.jsonl", 28), _written(tmp_path / "b.jsonl", 2, 28, 120)])
    encoder = PartsEncoder()
    second = machine("second", encoder)
    assert (second.count(), second.encoded(), encoder.encoded) == (30, (30, 30), [])
    _agree(first, second)
    some = [paper.paper_id for paper in second.papers()]
    ours, theirs = first.sentence_vectors(some), second.sentence_vectors(some)
    assert {name: rows.tolist() for name, rows in ours.items()} == {
        name: rows.tolist() for name, rows in theirs.items()
    }


def test_what_a_machine_does_is_seen_by_the_next_search_of_another(
    machine: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ripe(monkeypatch)
    first, second = machine("first"), machine("second")
    source = write_papers(tmp_path / "a.jsonl", [{"title": "Moss", "abstract": "It is green."}])
    first.ingest([source])
    assert [hit.paper.title for hit in second.search("green")] == ["Moss"]
    write_papers(source, [{"title": "Moss", "abstract": "It is red."}])
    second.ingest([source])
    assert [hit.passage.text for hit in first.search("red")] == ["It is red."]
    (moss,) = first.papers()
    first.remove(moss.paper_id)
    assert second.search("red") == []
    assert list(second.papers()) == []
    second.restore(moss.paper_id)
    assert [hit.passage.text for hit in first.search("red")] == ["It is red."]
    _agree(first, second, machine("third"))


def test_a_question_soon_after_another_does_not_ask_the_server(
    machine: Opener, server: str, tmp_path: Path
) -> None:
    with front(server) as told:
        collection = machine("first", url=f"{told.url}?collection=papers-{next(_names)}")
        collection.ingest([_written(tmp_path / "a.jsonl", 3)])
        n_seen = len(told.seen)
        for _ in range(20):
            collection.search("word2")
        assert len(told.seen) <= n_seen + 1


def test_what_is_ingested_again_sends_nothing(machine: Opener, server: str, tmp_path: Path) -> None:
    source = _written(tmp_path / "a.jsonl", 20)
    with front(server) as told:
        url = f"{told.url}?collection=papers-{next(_names)}"
        machine("first", url=url).ingest([source])
        second, encoder = machine("second", encoder := PartsEncoder(), url=url), encoder
        told.seen.clear()
        assert second.ingest([source]).unchanged == 20
        papers = second._indexes._log.server.collection_id  # type: ignore[union-attr]
        sent = [path for _, path, _ in told.seen if path.endswith(("upsert", "delete"))]
        assert not [path for path in sent if papers in path]
        assert encoder.encoded == []


def test_a_long_paper_that_becomes_short_leaves_no_passage(
    machine: Opener, shared: str, tmp_path: Path
) -> None:
    first = machine("first")
    text = "Barnacles grow here and there. " * 90
    source = write_papers(tmp_path / "a.jsonl", [{"title": "Moss", "abstract": text}])
    first.ingest([source])
    with client_of(shared) as client:
        there = client.get_collection(shared.partition("=")[2], embedding_function=None)
        assert there.count() > 1
        write_papers(source, [{"title": "Moss", "abstract": "Barnacles went."}])
        first.ingest([source])
        assert there.get()["documents"] == ["Barnacles went."]
    _agree(first, machine("second"))


# --- many at once ---


def test_two_machines_that_add_the_same_paper_at_once_lose_nothing(
    machine: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither sees the other before it has stored the paper."""
    _ripe(monkeypatch)
    first, second = machine("first"), machine("second")
    same = {"title": "Moss on Roofs", "abstract": "Moss grows.", "arxiv_id": "2403.01234"}
    sources = [
        write_papers(tmp_path / "a.jsonl", [same | {"listed": ["2024-03-11"], "url": "https://a"}]),
        write_papers(
            tmp_path / "b.jsonl",
            [
                same
                | {"abstract": "Moss grows on roofs.", "listed": ["2024-03-12"], "doi": "10.5555/x"}
            ],
        ),
    ]
    with monkeypatch.context() as blind:
        blind.setattr(server_log.ServerLog, "pull", lambda _: False)
        blind.setattr(server_log.ServerLog, "is_behind", lambda _: False)
        first.ingest([sources[0]])
        second.ingest([sources[1]])
    third = machine("third")
    _agree(first, second, third)
    (paper,) = third.papers()
    assert paper.abstract == "Moss grows on roofs."
    assert {each.day for each in paper.listed} == {"2024-03-11", "2024-03-12"}
    assert set(paper.identifiers) == {"arxiv:2403.01234", "doi:10.5555/x"}
    assert paper.url == "https://a"


def test_a_paper_that_two_machines_name_differently_becomes_one(
    machine: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ripe(monkeypatch)
    first, second = machine("first"), machine("second")
    untold = {"title": "Moss on Roofs", "abstract": "Moss grows.", "listed": ["2024-03-11"]}
    told = {"title": "Moss on roofs", "abstract": "Moss grows fast.", "doi": "10.5555/x"}
    with monkeypatch.context() as blind:
        blind.setattr(server_log.ServerLog, "pull", lambda _: False)
        blind.setattr(server_log.ServerLog, "is_behind", lambda _: False)
        first.ingest([write_papers(tmp_path / "a.jsonl", [untold])])
        second.ingest([write_papers(tmp_path / "b.jsonl", [told])])
    for _ in range(2):
        first.search("moss")
        second.search("moss")
    _agree(first, second, machine("third"))
    (paper,) = first.papers()
    assert (paper.paper_id, paper.abstract) == ("doi:10.5555/x", "Moss grows fast.")
    assert [each.day for each in paper.listed] == ["2024-03-11", ""]
    again = second.ingest([tmp_path / "a.jsonl"])
    assert (again.added, again.papers) == (0, 1)


def _anything(chance: random.Random) -> dict[str, object]:
    """A record of one of a few papers, with some of their names."""
    name = chance.choice(["Moss", "Fern", "Lichen"])
    words = " ".join(chance.choices(["grows", "sings", "waits"], k=chance.randint(2, 6)))
    told: dict[str, object] = {"title": name, "abstract": f"{words}."}
    extra = {"doi": f"10.5555/{name}", "listed": [f"2024-03-{chance.randint(10, 19)}"]}
    return told | {key: value for key, value in extra.items() if chance.random() < 0.5}


def test_machines_that_do_anything_at_once_come_to_the_same(
    machine: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They add, change, remove and restore, more than half of it without seeing the others."""
    _ripe(monkeypatch)
    chance = random.Random(5)
    machines = [machine(f"m{n}") for n in range(3)]
    for _ in range(16):
        each, unseen = chance.choice(machines), chance.random() < 0.6
        with monkeypatch.context() as blind, suppress(PaperNotFoundError):
            if unseen:
                blind.setattr(server_log.ServerLog, "pull", lambda _: False)
                blind.setattr(server_log.ServerLog, "is_behind", lambda _: False)
            names = [paper.paper_id for paper in each.papers()]
            if names and chance.random() < 0.35:
                each.remove(name := chance.choice(names))  # another may just have removed it
                if chance.random() < 0.3:
                    each.restore(name)
            else:
                source = tmp_path / f"{chance.choice('ab')}.jsonl"
                each.ingest([write_papers(source, [_anything(chance)])])
    for _ in range(3):  # what one finds to be the same paper, the others hear of
        for each in machines:
            each.search("moss")
    _agree(*machines, machine("fresh"))
    titles = [paper.title for paper in machines[0].papers()]
    assert len(set(titles)) == len(titles) > 0


_INGEST = """
import sys
from pathlib import Path
from store import following
from store.collection import Collection
from store.server.address import server_address
from tests.parts_encoder import PartsEncoder

following._BATCH_PAPERS = 100
home, url, *sources = sys.argv[1:]
server = server_address(url)
with_server = Collection(Path(home), PartsEncoder(), starter=False, server=server)
print("open", flush=True)
report = with_server.ingest(sources, lambda told: print("batch", told.n_encoded, flush=True))
print("done", report.papers, flush=True)
with_server.close()
"""


def _ingesting(home: Path, url: str, *sources: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _INGEST, str(home), url, *map(str, sources)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_share_it_and_one_is_killed_in_the_middle(
    machine: Opener, shared: str, tmp_path: Path
) -> None:
    """The vectors of 240 papers are sent in some batches; the kill comes after the first."""
    sources = [_written(tmp_path / f"{n}.jsonl", 240, 160 * n) for n in range(2)]
    killed = _ingesting(tmp_path / "killed", shared, sources[0])
    other = _ingesting(tmp_path / "other", shared, sources[1])
    with killed, other:
        assert killed.stdout is not None
        for line in killed.stdout:
            if line.startswith("batch") and int(line.split()[1]) > 0:
                break
        os.kill(killed.pid, signal.SIGKILL)
        out, err = other.communicate(timeout=60)
    assert killed.wait() == -signal.SIGKILL
    assert (other.returncode, err) == (0, "")
    assert out.splitlines()[-1].startswith("done")
    witness = machine("witness")
    n_there = witness.count()
    assert 240 <= n_there <= 400
    again = machine("killed")  # what it had not sent yet is sent now
    again.ingest([sources[0]])
    other_again = machine("other")
    assert again.count() == 400
    witness.wait()
    _agree(again, other_again, machine("fresh"))
