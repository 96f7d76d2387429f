"""A Chroma server as a person names it: in the shell, from Python, and in doctor."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from tests.chroma_server import Front, chroma, front
from tests.papers import PAPERS, write_papers
from tests.shell import run_apart, run_here

_TOKEN = "s3cret-token"
_QUERY = "graph networks that forget edges"
_FOUND = "Graph Networks That Forget on Purpose"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A server behind something that wants a token."""
    with chroma(tmp_path_factory.mktemp("chroma")) as server, front(server) as told:
        told.token = _TOKEN
        yield told


def _run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_here(*arguments, PAPER_ASSISTANT_HOME=str(home), **environment)


def test_a_machine_that_knows_the_address_alone_has_the_collection(
    told: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_ASSISTANT_CHROMA_TOKEN", _TOKEN)
    source = write_papers(tmp_path / "papers.jsonl")
    first, second = tmp_path / "first", tmp_path / "second"
    with Assistant(first, starter=False, encoder="static-256", chroma_url=told.url) as assistant:
        assert assistant.ingest(source).added == len(PAPERS)
        hits = assistant.search(_QUERY)
    assert hits[0].paper.title == _FOUND
    done = _run(second, "--chroma-url", told.url, "search", _QUERY, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = [
        (hit["paper"]["paper_id"], hit["relevance"]) for hit in json.loads(done.stdout)["hits"]
    ]
    assert [name for name, _ in found] == [hit.paper.paper_id for hit in hits]
    relevances = [hit.relevance for hit in hits]
    assert [relevance for _, relevance in found] == pytest.approx(relevances, abs=1e-3)
    assert json.loads((second / "home.json").read_text("utf-8"))["encoder"] == "static-256"
    assert _TOKEN not in "".join(
        path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()
    )


def test_doctor_looks_at_the_server(told: Front, tmp_path: Path) -> None:
    url = f"{told.url}?collection=another"
    named = {"PAPER_ASSISTANT_CHROMA_URL": url, "PAPER_ASSISTANT_CHROMA_TOKEN": _TOKEN}
    done = _run(tmp_path / "home", "doctor", **named)
    assert done.returncode == 0
    assert f"ok    server: {told.url} (version 1.0.0): nothing there yet" in done.stdout
    _run(tmp_path / "home", "papers", "list", **named, PAPER_ASSISTANT_ENCODER="static-256")
    done = _run(tmp_path / "home", "doctor", **named)
    assert "passages, encoder static-256" in done.stdout
    assert done.returncode == 0
    done = _run(tmp_path / "home", "doctor", **named | {"PAPER_ASSISTANT_CHROMA_TOKEN": "wr0ng"})
    assert done.returncode == 1
    assert "WRONG server: The Chroma server" in done.stdout
    assert "set another PAPER_ASSISTANT_CHROMA_TOKEN" in done.stdout
    assert "ok    collection: 464 papers" in done.stdout
    assert "wr0ng" not in done.stdout + done.stderr
    elsewhere = named | {"PAPER_ASSISTANT_CHROMA_URL": f"{told.url}?collection=never"}
    done = _run(tmp_path / "home", "doctor", **elsewhere)
    assert done.returncode == 1
    assert "nothing there yet" in done.stdout
    assert "WRONG copy: The Chroma server" in done.stdout
    assert "has no collection 'never' any more" in done.stdout


def test_without_its_server_a_copy_answers_and_says_so(told: Front, tmp_path: Path) -> None:
    url = f"{told.url}?collection=third"
    named = {"PAPER_ASSISTANT_CHROMA_URL": url, "PAPER_ASSISTANT_CHROMA_TOKEN": _TOKEN}
    source = write_papers(tmp_path / "papers.jsonl")
    new = _run(tmp_path / "home", "search", _QUERY, PAPER_ASSISTANT_CHROMA_URL="http://127.0.0.1:9")
    assert (new.returncode, new.stdout) == (1, "")
    assert new.stderr.startswith("The Chroma server at http://127.0.0.1:9 cannot be reached")
    assert new.stderr.count("\n") == 1
    done = _run(
        tmp_path / "home", "ingest", str(source), **named, PAPER_ASSISTANT_ENCODER="static-256"
    )
    assert done.returncode == 0, done.stderr
    gone = named | {"PAPER_ASSISTANT_CHROMA_URL": "http://127.0.0.1:9?collection=third"}
    untold = gone | {"PAPER_ASSISTANT_CHROMA_TOKEN": ""}
    asked = run_apart("search", _QUERY, "--home", tmp_path / "home", **untold)
    assert asked.returncode == 0
    assert _FOUND in asked.stdout
    assert asked.stderr.rstrip().endswith("The copy in the home answers meanwhile.")
    assert asked.stderr.count("\n") == 1
    done = _run(tmp_path / "home", "ingest", str(source), **gone)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("The Chroma server at http://127.0.0.1:9")
