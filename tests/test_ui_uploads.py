"""What is uploaded to the page: where it lands, its size, and paths that were made up."""

import json
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import Assistant
from tests.ui_server import served
from ui import page

_PAPER = {"title": "Tides of a secret bay", "abstract": "The bay is secret. Its tide rises."}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant(tmp_path / "home", starter=False, encoder="static-256") as assistant:
        yield assistant


@pytest.fixture
def client(home: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setattr(page, "_MAX_UPLOAD", "2kb")
    with served(home) as address, httpx.Client(base_url=address) as client:
        yield client


def _added(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    """What the page is told when it adds a file at a path, as a browser would say it."""
    config = client.get("config").json()
    names = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
    (button,) = (number for number, name in names.items() if name == "pa-add-button")
    (event,) = (each for each in config["dependencies"] if [button, "click"] in each["targets"])
    file = {"path": path, "orig_name": "a.jsonl", "meta": {"_type": "gradio.FileData"}}
    values = {"pa-files": [file], "pa-pasted": ""}
    session = uuid.uuid4().hex
    sent = {
        "data": [values[names[number]] for number in event["inputs"]],
        "fn_index": event["id"],
        "session_hash": session,
        "trigger_id": button,
    }
    client.post("gradio_api/queue/join", json=sent).raise_for_status()
    messages = client.get(f"gradio_api/queue/data?session_hash={session}", timeout=60).text
    lines = [line.removeprefix("data: ") for line in messages.splitlines() if line]
    return [each for each in map(json.loads, lines) if each["msg"] == "process_completed"]


@pytest.mark.parametrize("name", ["../../../etc/a.jsonl", "/etc/a.jsonl", f"{'a' * 200}.jsonl"])
def test_an_upload_lands_in_a_folder_of_its_own(
    client: httpx.Client, home: Assistant, name: str
) -> None:
    content = json.dumps(_PAPER).encode()
    answer = client.post("gradio_api/upload", files={"files": (name, content)})
    (path,) = (Path(each) for each in answer.raise_for_status().json())
    assert path.read_bytes() == content
    assert path.resolve().is_relative_to(Path(tempfile.gettempdir()).resolve())
    assert ".." not in path.parts
    (ended,) = _added(client, str(path))
    assert ended["success"]
    assert [paper.title for paper in home.papers()] == [_PAPER["title"]]


@pytest.mark.parametrize("way", ["absolute", "relative", "link", "nul"])
def test_a_path_that_was_never_uploaded_is_not_read(
    client: httpx.Client, home: Assistant, tmp_path: Path, way: str
) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_text(json.dumps(_PAPER))
    link = tmp_path / "link.jsonl"
    link.symlink_to(secret)
    paths = {
        "absolute": str(secret),
        "relative": f"../../../../../../../..{secret}",
        "link": str(link),
        "nul": f"{secret}\0.jsonl",
    }
    (ended,) = _added(client, paths[way])
    assert home.count() == 0
    assert str(tmp_path) not in json.dumps(ended["output"])


def test_a_file_that_is_too_large_is_refused_and_the_server_goes_on(client: httpx.Client) -> None:
    answer = client.post("gradio_api/upload", files={"files": ("a.jsonl", b"x" * 3_000)})
    assert answer.status_code == 413
    assert client.get("config").status_code == 200


def test_neither_home_nor_catalog_is_served(client: httpx.Client, home: Assistant) -> None:
    folder = home.settings.home
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert files
    for path in (*files, folder, folder / "../secret.jsonl"):
        assert client.get(f"gradio_api/file={path}").status_code in (403, 404)
