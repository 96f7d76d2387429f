"""``paper-assistant evaluate`` as a shell runs it."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from tests.papers import bundled_encoder, write_papers
from tests.questions import QUESTION, TERSE, UNANSWERABLE, write_questions
from tests.shell import run_here

_ROOT = Path(__file__).parents[1]
_COMMAND = [sys.executable, "-m", "assistant.cli", "evaluate"]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("evaluate") / "home"
    with Assistant(home, starter=False, encoder=bundled_encoder()) as assistant:
        assistant.ingest(write_papers(home.parent / "papers.jsonl"))
    return home


@pytest.fixture(scope="module")
def questions(home: Path) -> Path:
    return write_questions(home.parent / "questions.jsonl")


@pytest.fixture
def run(home: Path) -> Run:
    def run_it(*arguments: str | Path, home: Path = home) -> subprocess.CompletedProcess[str]:
        return run_here("evaluate", *arguments, "--home", home)

    return run_it


def test_the_figures_are_a_table(run: Run, questions: Path) -> None:
    done = run(questions)
    assert (done.stderr, done.returncode) == ("", 0)
    kinds = [line.split(":")[0] for line in done.stdout.splitlines() if "an answer took" in line]
    assert kinds == ["question", "comparison", "topic", "follow-up", "unanswerable"]
    assert "right paper first (R@1)          1.000     0.158–1.000   2" in done.stdout
    assert done.stdout.endswith(
        "6 questions asked of 12 papers, encoder static-256, answers by extractive.\n"
    )


def test_with_json_one_document_has_all(run: Run, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "records.jsonl"
    done = run(questions, "--json", "--worst", "1", "--out", out)
    assert (done.stderr, done.returncode) == ("", 0)
    document = json.loads(done.stdout)
    assert list(document) == [
        *("papers", "encoder", "model", "cases", "interrupted", "notes", "figures"),
        *("latency_ms", "refusal_curve", "worst", "records"),
    ]
    assert (document["papers"], document["cases"], document["interrupted"]) == (12, 6, False)
    assert document["figures"][0] == {
        "kind": "question",
        "group": "",
        "measure": "right_paper_first",
        "n": 2,
        "value": 1.0,
        "low": pytest.approx(0.158, abs=0.001),
        "high": 1.0,
    }
    names = ["q1", "q2", "m1", "t1", "c1/2", "u1"]
    assert [record["name"] for record in document["records"]] == names
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == document["records"]
    assert all(record in document["records"] for record in document["worst"])


def test_a_run_is_compared_with_an_earlier_one(run: Run, questions: Path, tmp_path: Path) -> None:
    before = run(questions, "--json").stdout
    earlier = tmp_path / "earlier.json"
    earlier.write_text(before, encoding="utf-8")
    changes = json.loads(run(questions, "--json", "--against", earlier).stdout)["changes"]
    told = {(c["kind"], c["measure"]): c for c in changes if not c["group"]}
    figures = {
        (f["kind"], f["measure"]): f for f in json.loads(before)["figures"] if not f["group"]
    }
    assert told.keys() == figures.keys()
    for name, change in told.items():
        assert change["before"] == change["after"] == figures[name]["value"]
        assert (change["p"], change["beyond_chance"]) == (1.0, False)
    text = " ".join(run(questions, "--against", earlier).stdout.split())
    assert "right paper first (R@1) 1.000 0.158–1.000 2 1.000 +0.000 1.000" in text


def test_without_a_file_the_collection_is_asked_for_its_own_papers(run: Run) -> None:
    done = run("--json")
    assert (done.stderr, done.returncode) == ("", 0)
    document = json.loads(done.stdout)
    assert document["cases"] == len(document["records"]) == 12 + 40 + 12
    assert "made of the collection itself" in document["notes"][0]


def test_papers_that_are_not_there_are_told(run: Run, tmp_path: Path) -> None:
    lines = [QUESTION, {**TERSE, "gold": ["Gone"]}, UNANSWERABLE]
    done = run(write_questions(tmp_path / "questions.jsonl", lines))
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.endswith(
        "1 of 2 gold papers are not in this collection, so that 1 of 3 cases are left out: “Gone”\n"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"query": "q", "gold": ["x"]}\n{"query": ', ":2: is not JSON: Expecting value at cha"),
        ('{"query": 5, "gold": ["x"]}', ':1: "query" is a number and not a text'),
        ("\x00\x01", ":1: is not JSON: "),
        ("", ": is empty; give one question a line, as JSON"),
        ('{"query": "q", "gold": ["\\ud83d"]}', ":1: holds half of a character"),
    ],
)
def test_a_bad_file_is_one_line_and_makes_no_home(
    run: Run, tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content)
    done = run(path, home=tmp_path / "home")
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)
    assert done.stderr.startswith(f"{path}{reason}")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["none.jsonl"], 1, "none.jsonl: cannot be read: No such file or directory\n"),
        (["--against", "none.json"], 1, "none.json: cannot be read: No such file or directory\n"),
        (["--worst", "-1"], 2, "Invalid value for '--worst': "),
    ],
)
def test_a_wrong_call_is_told(run: Run, arguments: list[str], status: int, message: str) -> None:
    done = run(*arguments)
    assert (done.stdout, done.returncode) == ("", status)
    assert message in done.stderr


def test_where_the_records_cannot_be_written_the_figures_are_told_first(
    run: Run, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "gone" / "records.jsonl"
    done = run(questions, "--json", "--out", out)
    assert json.loads(done.stdout)["cases"] == 6
    assert done.stderr == f"{out}: cannot be written: No such file or directory\n"
    assert done.returncode == 1


def test_ctrl_c_prints_what_was_measured_until_then(home: Path, tmp_path: Path) -> None:
    lines = [{**QUESTION, "id": str(at)} for at in range(20_000)]
    path = write_questions(tmp_path / "questions.jsonl", lines)
    screen, terminal = pty.openpty()
    running = subprocess.Popen(
        [*_COMMAND, str(path), "--json", "--home", str(home)],
        cwd=_ROOT,
        env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    )
    os.close(terminal)
    shown = b""
    while b" of 20,000" not in shown:
        shown += os.read(screen, 1_000)
    running.send_signal(signal.SIGINT)
    printed, _ = running.communicate(timeout=60)
    os.close(screen)
    document = json.loads(printed)
    assert (document["interrupted"], document["cases"], running.returncode) == (True, 20_000, 1)
    assert 1 <= len(document["records"]) < 20_000
    assert document["notes"][0].startswith("Stopped early, ")
    assert document["figures"][0]["n"] == len(document["records"])
