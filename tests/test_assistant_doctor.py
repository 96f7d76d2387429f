"""What the doctor says of each thing that may be wrong, and what to type."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant
from assistant.cli import app
from assistant.doctor import Check, examine
from tests.chat_server import KEY, MODEL, ChatServer, Reply, Script, chat_server
from tests.papers import bundled_encoder, write_papers
from tests.read_only import set_writable, without_power

_ROOT = Path(__file__).parents[1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    with Assistant(home, starter=False, encoder=bundled_encoder()) as assistant:
        assistant.ingest(write_papers(tmp_path / "papers.jsonl"))
    return home


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    with chat_server() as running:
        monkeypatch.setenv("PAPER_ASSISTANT_BASE_URL", running.base_url)
        monkeypatch.setenv("PAPER_ASSISTANT_API_KEY", KEY)
        running.always = Script(("one", " two"), usage=(3200, 2))
        yield running


def _checks(home: Path, model: str | None = MODEL) -> dict[str, Check]:
    return {check.name: check for check in examine(home, model)}


def test_without_a_model_nothing_is_asked(home: Path) -> None:
    assert list(examine(home, None)) == [
        Check("home", True, str(home)),
        Check("collection", True, "12 papers"),
        Check("encoder", True, "static-256"),
        Check("writer", True, "extractive; no chat model is named, and nothing is sent"),
    ]


def test_a_model_that_works_is_said_to(home: Path, server: ChatServer) -> None:
    checks = _checks(home)
    assert all(check.ok for check in checks.values())
    assert list(checks) == [
        *("home", "collection", "encoder", "endpoint", "model", "streaming", "context")
    ]
    assert checks["endpoint"].said == f"{server.base_url} lists 2 models"
    assert checks["streaming"].said.startswith("2 pieces, the first after 0.")
    assert checks["context"].said == "4,096 tokens are used"
    short, long = (request["messages"][0]["content"] for request in server.requests)
    assert short == "Count from one to ten in words."
    assert long.count(" moss") == 4096 - 1000 - 100
    assert set(server.authorizations) == {f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("listing", "name", "said"),
    [
        (Reply.of({"error": {"message": KEY}}, 401), "endpoint", "refuses the key; set the right"),
        (Reply(200, b"<html>", {"Content-Type": "text/html"}), "endpoint", "mostly ends in /v1"),
        (Reply.of({"data": [{"id": "small-chart"}]}), "model", "type: --model small-chart"),
        (Reply.of({"data": [{"id": MODEL, "max_model_len": 2048}]}), "context",
         "2,048 tokens; type: export PAPER_ASSISTANT_CONTEXT_TOKENS=2048"),
        (Reply.of({"data": [{"id": MODEL, "meta": {"n_ctx_train": 3000}}]}), "context",
         "3,000 tokens; type: export PAPER_ASSISTANT_CONTEXT_TOKENS=3000"),
    ],
)  # fmt: skip
def test_what_the_listing_shows_to_be_wrong_is_told(
    home: Path, server: ChatServer, listing: Reply, name: str, said: str
) -> None:
    server.listing = listing
    check = _checks(home)[name]
    assert not check.ok
    assert said in check.said
    assert KEY not in check.said


@pytest.mark.parametrize(
    ("script", "name", "said"),
    [
        (Script.failing(404, "none"), "streaming", "has no model 'small-chat'"),
        (Script(("one", " two"), usage=(1800, 2)), "context",
         "only 1,800 of 2,996 tokens were read; raise the server's limit (Ollama: num_ctx), or"
         " type: export PAPER_ASSISTANT_CONTEXT_TOKENS=1800"),
    ],
)  # fmt: skip
def test_what_asking_shows_to_be_wrong_is_told(
    home: Path, server: ChatServer, script: Script, name: str, said: str
) -> None:
    server.always = script
    check = _checks(home)[name]
    assert (check.ok, said in check.said) == (False, True)


def test_a_context_that_is_too_long_is_told(home: Path, server: ChatServer) -> None:
    server.scripts = [server.always]
    server.always = Script.failing(400, "maximum context length", "context_length_exceeded")
    assert "type: export PAPER_ASSISTANT_CONTEXT_TOKENS=2048" in _checks(home)["context"].said


def test_an_answer_in_one_piece_and_a_longer_context_are_said(
    home: Path, server: ChatServer
) -> None:
    server.always = Script(("one two",), usage=None)
    server.listing = Reply.of({"data": [{"id": MODEL, "context_length": 32_000}]})
    checks = _checks(home)
    assert checks["streaming"].said.startswith("the answer comes in one piece, after 0.")
    assert checks["context"].said == "4,096 tokens are used; the model takes 32,000"


def test_an_endpoint_that_is_down_ends_the_examination(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_ASSISTANT_BASE_URL", "http://127.0.0.1:9/v1")
    checks = _checks(home)
    assert list(checks)[-1] == "endpoint"
    assert "cannot be reached" in checks["endpoint"].said


def test_a_wrong_setting_a_missing_and_an_empty_home_are_told(tmp_path: Path) -> None:
    assert "needs an address" in _checks(tmp_path / "none")["settings"].said
    missing = _checks(tmp_path / "none", None)["home"]
    assert missing == Check(
        "home", True, f"{tmp_path / 'none'} is not there yet; the first question makes it"
    )
    assert not (tmp_path / "none").exists()
    Assistant(tmp_path / "empty", starter=False, encoder=bundled_encoder()).close()
    empty = _checks(tmp_path / "empty", None)["collection"]
    assert empty == Check("collection", False, "no papers; type: paper-assistant ingest FILE")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    assert "is not a home folder" in _checks(tmp_path / "other", None)["home"].said


def _seen_without_power(home: Path) -> list[str]:
    """The lines that a process that may not write prints, root or not."""
    set_writable(home, writable=False)
    command = [sys.executable, "-m", "assistant.cli", "doctor", "--home", str(home)]
    done = subprocess.run(
        command, cwd=_ROOT, capture_output=True, text=True, preexec_fn=without_power, check=False
    )
    set_writable(home, writable=True)
    return done.stdout.splitlines()


def test_a_home_that_can_only_be_read_can_be_asked(home: Path) -> None:
    assert _seen_without_power(home)[:2] == [
        f"ok    home: {home} can be asked, and not be written to",
        "ok    collection: 12 papers",
    ]


def test_a_folder_that_cannot_become_a_home_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (line, *_) = _seen_without_power(tmp_path / "empty")
    assert line.startswith("WRONG home: ")
    assert "type: chmod u+w" in line


def test_the_command_prints_a_line_a_check_and_fails_where_one_does(
    home: Path, server: ChatServer
) -> None:
    told = CliRunner().invoke(app, ["doctor", "--home", str(home), "--model", MODEL])
    assert (told.exit_code, len(told.stdout.splitlines())) == (0, 7)
    assert told.stdout.startswith(f"ok    home: {home}\n")
    server.always = Script.failing(500)
    told = CliRunner().invoke(app, ["doctor", "--home", str(home), "--model", MODEL, "--json"])
    result = json.loads(told.stdout)
    assert (told.exit_code, result["ok"]) == (1, False)
    assert [check["ok"] for check in result["checks"]] == [True] * 5 + [False]
