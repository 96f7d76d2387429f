"""The server over a real uvicorn on loopback."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from assistant.assistant import Assistant
from assistant.errors import ServerError
from assistant.server import listening_socket
from tests.papers import PAPERS, bundled_encoder, write_papers

_ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server, and its home."""
    home = tmp_path_factory.mktemp("server") / "home"
    with Assistant(home, starter=False, encoder=bundled_encoder()) as assistant:
        assistant.ingest(write_papers(home.parent / "papers.jsonl"))
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0", "--home", str(home)]
    with subprocess.Popen(command, cwd=_ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "Opening the collection …\n"
        welcome = process.stderr.readline()
        url = welcome.removeprefix("Paper Assistant is at ").partition(" ")[0]
        assert welcome == f"Paper Assistant is at {url} with 12 papers. Ctrl-C stops it.\n"
        yield url, home
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert "Traceback" not in rest


def _get(url: str) -> tuple[int, object]:
    with urllib.request.urlopen(url, timeout=30) as response:
        assert response.headers["content-type"] == "application/json"
        return response.status, json.load(response)


def test_the_server_is_bound_to_this_machine_alone(served: tuple[str, Path]) -> None:
    url, _ = served
    assert url.startswith("http://127.0.0.1:")


def test_it_is_alive_and_ready_with_its_papers(served: tuple[str, Path]) -> None:
    url, _ = served
    assert _get(f"{url}/healthz") == (200, {"status": "ok"})
    assert _get(f"{url}/readyz") == (200, {"papers": len(PAPERS)})


def test_papers_that_another_process_stores_are_counted(
    served: tuple[str, Path], tmp_path: Path
) -> None:
    url, home = served
    new = write_papers(tmp_path / "new.jsonl", [{"title": "New", "abstract": "Brand new."}])
    with Assistant(home, encoder=bundled_encoder()) as assistant:
        assert assistant.ingest(new).added == 1
        assert _get(f"{url}/readyz") == (200, {"papers": len(PAPERS) + 1})
        assistant.remove(assistant.search("brand new")[0].paper.paper_id)
    assert _get(f"{url}/readyz") == (200, {"papers": len(PAPERS)})


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_that_loads_from_elsewhere_is_served(served: tuple[str, Path], path: str) -> None:
    url, _ = served
    with pytest.raises(HTTPError) as caught:
        urllib.request.urlopen(url + path, timeout=30)
    assert caught.value.code == 404
    caught.value.close()


def test_a_port_that_is_taken_is_named_before_anything_is_opened() -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError) as caught, listening_socket("127.0.0.1", port):
            pass
    assert str(caught.value).startswith(f"127.0.0.1:{port} cannot be listened on (Address already")
    assert str(caught.value).endswith("; name another with --port")
    assert taken.fileno() == -1
