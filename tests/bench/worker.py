"""One process that stores papers or answers queries for the table, so that its memory is its own.

The table starts it, sends it a line of JSON a task and reads a line of JSON a result.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, TextIO

from store.encoders import Encoder, load_encoder
from tests.bench.datasets import load
from tests.bench.systems import SYSTEMS
from tests.bench.vectors import KeptVectors

__all__ = ["Job", "Worker", "encode_rates", "peak_mb", "processor_s", "store", "working"]

_RATE_PASSES, _RATE_PAPERS = 3, 200
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker works on.

    Attributes:
        system: One of ``SYSTEMS``.
        encoder: What ``load_encoder`` takes; "" for a system that needs none.
        folder: Where the system stores.
        dataset: What ``load`` takes.
        kept: Where vectors are kept between runs; "" to encode anew.
    """

    system: str
    encoder: str
    folder: str
    dataset: tuple[str, str, int | None]
    kept: str = ""


def store(job: Job) -> dict[str, float]:
    """Store a dataset in a process of its own.

    Returns:
        ``papers``, ``encoded`` (texts, where vectors are kept), ``seconds``, ``cpu_seconds`` of all
        its threads, and ``disk_mb`` of what it left.
    """
    with working("store", job) as worker:
        stored = worker.ask()
    files = (each for each in Path(job.folder).rglob("*") if each.is_file())
    return stored | {"disk_mb": sum(each.stat().st_size for each in files) / 1e6}


def encode_rates(encoders: Sequence[str]) -> dict[str, float]:
    """Development abstracts a second: the median of passes that take turns in one process."""
    job = Job(json.dumps(encoders), "", "", ("development", "", None))
    with working("rate", job) as worker:
        return worker.ask()


class Worker:
    """The other end of a process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self._asked, self._answered = process.stdin, process.stdout

    def ask(self, **task: Any) -> dict[str, Any]:
        """Give a task and wait for its result."""
        self._asked.write(json.dumps(task) + "\n")
        self._asked.flush()
        line = self._answered.readline()
        assert line, "a worker ended early; what it said is above"
        return json.loads(line)


@contextmanager
def working(command: str, job: Job, opening: str = "") -> Iterator[Worker]:
    """A process that runs one of this module's commands until the block ends."""
    given = [command, json.dumps(asdict(job)), opening]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.worker", *given],
        cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TQDM_DISABLE": "1"},
    )  # fmt: skip
    try:
        yield Worker(process)
        process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()


def _store(job: Job, tasks: Iterator[dict[str, Any]], out: TextIO) -> None:
    papers = load(*job.dataset).papers
    Path(job.folder).mkdir(parents=True)
    used: Any = _encoder(job)
    if job.kept:
        used = KeptVectors(used, Path(job.kept))
    storing = SYSTEMS[job.system].prepare(papers, Path(job.folder), used)
    next(tasks)
    began, cpu_began = time.perf_counter(), time.process_time()
    storing()
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    encoded = used.n_encoded if job.kept else len(papers)
    stored = {"papers": len(papers), "encoded": encoded}
    _say(out, stored | {"seconds": seconds, "cpu_seconds": cpu_seconds})


def _search(job: Job, opening: str, tasks: Iterator[dict[str, Any]], out: TextIO) -> None:
    """For each task (a way, queries): the ids found, and the seconds each query took."""
    ways = SYSTEMS[job.system].openings[opening](Path(job.folder), _encoder(job))
    for task in tasks:
        found, seconds = [], []
        for query in task.get("queries", ()):
            began = time.perf_counter()
            found.append(ways[task["way"]](query))
            seconds.append(time.perf_counter() - began)
        _say(out, {"found": found, "seconds": seconds, "peak_mb": peak_mb(), "ways": [*ways]})


def _rate(encoders: Sequence[str], job: Job, tasks: Iterator[dict[str, Any]], out: TextIO) -> None:
    texts = [paper.text for paper in load(*job.dataset).papers[:_RATE_PAPERS]]
    loaded = {name: load_encoder(name) for name in encoders}
    seconds: dict[str, list[float]] = {name: [] for name in encoders}
    next(tasks)
    for encoder in loaded.values():
        encoder.encode(texts[:20])
    for _ in range(_RATE_PASSES):
        for name, encoder in loaded.items():
            began = time.perf_counter()
            encoder.encode(texts)
            seconds[name].append(time.perf_counter() - began)
    _say(out, {name: len(texts) / median(each) for name, each in seconds.items()})


def _encoder(job: Job) -> Encoder | None:
    return load_encoder(job.encoder) if job.encoder else None


def _say(out: TextIO, result: dict[str, Any]) -> None:
    out.write(json.dumps(result) + "\n")
    out.flush()


def peak_mb(process: int | str = "self") -> float:
    """Peak memory of a process; what getrusage gives may be that of the one that started it."""
    status = Path(f"/proc/{process}/status")
    if status.exists():
        peak = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE)
        if peak:
            return int(peak[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor_s(process: int) -> float:
    """Processor time that a process has taken, all its threads; only Linux tells."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def main(command: str, given: str, opening: str) -> None:
    """Run one command; whatever libraries print goes to standard error."""
    job = Job(**json.loads(given))
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    tasks = map(json.loads, sys.stdin)
    if command == "store":
        _store(job, tasks, out)
    elif command == "search":
        _search(job, opening, tasks, out)
    else:
        _rate(json.loads(job.system), job, tasks, out)


if __name__ == "__main__" and len(sys.argv) > 1:
    main(*sys.argv[1:])
