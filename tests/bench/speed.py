"""Cold question and ingest of the five pages, beside LlamaIndex's in the same run.

`python -m tests.bench.speed`. Each figure is a fresh process, the two taking turns.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from store.encoders import BUNDLED

QUESTION = "How can I tell whether pre-training a graph network will pay off?"
ROUNDS = 5


def main() -> None:
    """Compare with each encoder that ships."""
    for encoder in BUNDLED:
        os.environ["PAPER_ASSISTANT_ENCODER"] = encoder
        print(f"with {encoder}")
        compare()


def compare() -> None:
    """Print the medians and their ratios."""
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        ingests = [
            (_ingest_ours(ours / str(n)), _ingest_theirs(theirs / str(n))) for n in range(ROUNDS)
        ]
        home, store = ours / "0", theirs / "0"
        asks = [(_time(_ask_ours, home), _time(_ask_theirs, store)) for _ in range(ROUNDS)]
    print("ingest of the five pages (464 papers), imports left out")
    for name, figures in zip(
        ("this project", "LlamaIndex"), zip(*ingests, strict=True), strict=True
    ):
        seconds = median(each["seconds"] for each in figures)
        peak = median(each["peak_mb"] for each in figures)
        print(f"  {name:13} {seconds:.2f} s  {464 / seconds:5.0f} papers/s  peak {peak:.0f} MB")
    mine, others = (median(column) for column in zip(*asks, strict=True))
    print("cold question, whole process")
    print(f"  this project  {mine:.2f} s (an answer)   LlamaIndex {others:.2f} s (passages alone)")
    print(f"  ratio {mine / others:.2f}")


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def _ingest_ours(home: Path) -> dict[str, float]:
    return json.loads(_run("-m", "tests.bench.own", str(home)))


def _ingest_theirs(folder: Path) -> dict[str, float]:
    return json.loads(_run("-m", "tests.bench.peer", "ingest", str(folder)))


def _ask_ours(home: Path) -> None:
    _run("-m", "assistant.cli", "ask", QUESTION, "--home", str(home))


def _ask_theirs(folder: Path) -> None:
    _run("-m", "tests.bench.peer", "ask", str(folder), QUESTION)


def _time(call: Callable[[Path], None], folder: Path) -> float:
    began = time.perf_counter()
    call(folder)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
