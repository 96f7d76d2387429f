"""An ingest that a person stops with Ctrl-C: a real process, and a real signal."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from assistant import Assistant
from tests.papers import Fields, write_papers

_ROOT = Path(__file__).parents[1]
_N_PAPERS = 9_000
_MANY: list[Fields] = [
    {"title": f"Title{n}", "abstract": f"Word{n} stands here. It is number {n} of a long row."}
    for n in range(_N_PAPERS)
]


def _ingesting(home: Path, source: Path, err: int = subprocess.PIPE) -> "subprocess.Popen[str]":
    command = ["ingest", str(source), "--home", str(home), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *command],
        cwd=_ROOT,
        env={**os.environ, "PAPER_ASSISTANT_ENCODER": "static-256", "COLUMNS": "250"},
        stdout=subprocess.PIPE,
        stderr=err,
        text=True,
    )


def test_what_was_stored_stays_and_the_same_command_goes_on(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "many.jsonl", _MANY)
    home = tmp_path / "home"
    with Assistant(home, starter=False, encoder="static-256") as assistant:
        process = _ingesting(home, source)
        looking = threading.Event()
        while assistant.count() < 2_000:
            assert process.poll() is None, process.stderr
            looking.wait(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        n_stored = assistant.count()
        n_encoded = assistant.encoded()[0]
        assert 2_000 <= n_stored <= _N_PAPERS
        vectors = "" if n_encoded == n_stored else f", {n_encoded:,} of them with their vectors"
        assert err == (
            "Stopping … Ctrl-C once more does not wait.\n"
            f"Stopped. {n_stored:,} papers are stored{vectors}; the same command goes on from"
            " there.\n"
        )
        assert (process.returncode, out) == (130, "")
        process = _ingesting(home, source)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) in {
            (0, ""),
            (0, "The indexes are behind the papers; bringing them up to date.\n"),
        }
        report = json.loads(out)
        assert (report["added"], report["unchanged"]) == (_N_PAPERS - n_stored, n_stored)
        assert assistant.encoded() == (_N_PAPERS, _N_PAPERS)
        assert assistant.search("word8999 stands", k=1)[0].paper.title == "Title8999"


def test_a_second_time_does_not_wait_and_what_was_stored_stays(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "many.jsonl", _MANY)
    home = tmp_path / "home"
    with Assistant(home, starter=False, encoder="static-256") as assistant:
        process = _ingesting(home, source)
        assert process.stderr is not None
        looking = threading.Event()
        while (n_stored := assistant.count()) < 2_000:
            assert process.poll() is None, process.stderr
            looking.wait(0.02)
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == "Stopping … Ctrl-C once more does not wait.\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        # It may be over already, and Python then ends as it was told.
        assert process.returncode in {130, -signal.SIGINT}
        assert "Traceback" not in err
        assert assistant.count() >= n_stored
    with Assistant(home) as again:
        assert again.count() >= n_stored


def test_a_terminal_is_shown_the_time_left_and_any_name_of_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "odd[bold] ["
    folder.mkdir()
    source = write_papers(folder / "b].jsonl", _MANY)
    ours, theirs = pty.openpty()
    shown = b""
    with _ingesting(tmp_path / "home", source, theirs) as process:
        os.close(theirs)
        with suppress(OSError):  # how the end of a terminal is told
            while some := os.read(ours, 65_536):
                shown += some
        os.close(ours)
    assert process.returncode == 0
    told = " ".join(re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]|\r|\n", b" ", shown).decode().split())
    assert re.search(r"[24],000 papers, [\d,]+ a second, \d+ s left: ", told), told
    assert "[bold]" in told
    assert "of 9,464 papers are made" in told
