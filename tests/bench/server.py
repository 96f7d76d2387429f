"""Several machines, one collection: a real `chroma run` on this machine, each machine a process.

Arguments are numbers of papers, 3,000 unless given; each gives a column of the table. The floor is
Chroma's own client that adds the same records (vectors, texts, metadata) to a server of its own, in
batches as large as that server takes. Two cores have to do for both machines and the server.
"""

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.common import SHARED
from tests.bench.worker import peak_mb, processor_s

_CORPUS = SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz"
_N_MORE = 1_000
_N_SEEN = 10
_N_ASKED = 40
_QUESTIONS = ("graph kernels", "learning with noisy labels", "variational inference for topics")
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Machine:
    """A home that shares the collection, in a process that does one thing with it.

    Attributes:
        folder: Where its home is, and the papers.
        url: The server's address.
    """

    folder: Path
    url: str

    @contextmanager
    def at(self, name: str) -> Iterator[Any]:
        """The assistant of a home of that name."""
        from assistant import Assistant

        home = self.folder / name
        with Assistant(home, starter=False, encoder="static-256", chroma_url=self.url) as assistant:
            yield assistant


# --- what is done, each in a process of its own; all give figures by name ---


def _first(machine: Machine) -> dict[str, float]:
    with machine.at("first") as assistant:
        return _timed("first ingest", lambda: assistant.ingest(machine.folder / "papers.jsonl"))


def _floor(machine: Machine) -> dict[str, float]:
    """Add the records of the papers to a second server."""
    from tests.chroma_server import chroma_process, client_of

    records: list[dict[str, Any]] = []
    with client_of(machine.url) as client:
        papers = client.get_collection("papers", embedding_function=None)
        told: list[Any] = ["embeddings", "documents", "metadatas"]
        for at in range(0, papers.count(), n := 1_000):
            found = papers.get(limit=n, offset=at, include=told)
            records.append({name: found[name] for name in ("ids", *told)})  # type: ignore[literal-required]
    with chroma_process(machine.folder / "floor") as (url, process), client_of(url) as client:
        added = client.create_collection(
            "papers", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        batches = list(_batches(records, client.get_max_batch_size()))
        figures = _timed("floor", lambda: [added.add(**batch) for batch in batches])
        return figures | {"floor, processor of its server": processor_s(process)}


def _batches(records: Sequence[dict[str, Any]], n: int) -> Iterator[dict[str, Any]]:
    names = list(records[0])
    whole = {name: [value for some in records for value in some[name]] for name in names}
    for at in range(0, len(whole["ids"]), n):
        yield {name: values[at : at + n] for name, values in whole.items()}


def _joining(machine: Machine) -> dict[str, float]:
    """Another machine comes and gets everything."""
    from store import static_encoder

    encoded: list[int] = []
    encode = static_encoder.StaticEncoder.encode

    def counted(self: Any, texts: Sequence[str]) -> Any:
        encoded.append(len(texts))
        return encode(self, texts)

    static_encoder.StaticEncoder.encode = counted  # type: ignore[method-assign]

    def join() -> None:
        with machine.at("second") as assistant:
            assistant._collection.wait()
            n_encoded, n_papers = assistant.encoded()
            assert n_encoded == n_papers > 0

    return _timed("joining", join) | {"joining, texts encoded": sum(encoded)}


def _seeing(machine: Machine) -> dict[str, float]:
    """A machine stores papers one by one; how long after that another one finds each."""
    took: list[float] = []
    with _doing("tell", machine) as other, machine.at("second") as assistant:
        assert other.stdout
        assert other.stdin
        for at in range(_N_SEEN):
            title = f"Zyxomma{at} dragonflies"
            other.stdin.write(f"{title}\n")
            other.stdin.flush()
            while not any(hit.paper.title == title for hit in assistant.search(title, k=1)):
                time.sleep(0.02)
            seen = time.monotonic()
            took.append(max(0.0, seen - float(other.stdout.readline())))
        other.stdin.close()
    return {"seen after, median": median(took), "seen after, at most": max(took)}


def _tell(machine: Machine) -> None:
    """Store a paper for each line; say when that was done."""
    with machine.at("first") as assistant:
        for line in sys.stdin:
            paper = {"title": line.strip(), "abstract": f"{line.strip()} fly at dusk."}
            source = machine.folder / "told.jsonl"
            source.write_text(json.dumps(paper), encoding="utf-8")
            assert assistant.ingest(source).added == 1
            print(time.monotonic(), flush=True)


def _more(machine: Machine) -> dict[str, float]:
    with machine.at("first") as assistant:
        return _timed("1,000 more", lambda: assistant.ingest(machine.folder / "more.jsonl"))


def _following(machine: Machine) -> dict[str, float]:
    """Another machine is opened and has what came since."""

    def follow() -> None:
        with machine.at("second") as assistant:
            assistant._collection.wait()
            n_encoded, n_papers = assistant.encoded()
            assert n_encoded == n_papers

    return _timed("following 1,000", follow)


def _fewer(machine: Machine) -> dict[str, float]:
    with machine.at("first") as assistant:
        papers = [each.paper_id for each in assistant.papers() if "looked at again" in each.title]
        assert len(papers) == _N_MORE

        def remove() -> None:
            assistant.remove(*papers)
            assistant._collection.wait()

        return _timed("1,000 fewer", remove)


def _opening(machine: Machine) -> dict[str, float]:
    began = time.perf_counter()
    with machine.at("first") as assistant:
        opened = time.perf_counter()
        assistant.ask(_QUESTIONS[0])
        asked = time.perf_counter()
    return {"opening": opened - began, "first question": asked - opened}


def _asking(machine: Machine) -> dict[str, float]:
    with machine.at("first") as assistant:
        return {"asking": _asked_s(assistant), "asking, peak MB": peak_mb()}


def _alone(machine: Machine) -> dict[str, float]:
    began = time.perf_counter()
    with machine.at("first") as assistant:
        opened_s = time.perf_counter() - began
        return {"opening without the server": opened_s, "asking without it": _asked_s(assistant)}


def _asked_s(assistant: Any) -> float:
    """What a question takes in the middle."""
    took = []
    for at in range(_N_ASKED):
        began = time.perf_counter()
        assistant.ask(_QUESTIONS[at % len(_QUESTIONS)])
        took.append(time.perf_counter() - began)
    return median(took)


def _timed(what: str, work: Callable[[], object]) -> dict[str, float]:
    began, processor_began = time.perf_counter(), time.process_time()
    work()
    seconds, processor_s = time.perf_counter() - began, time.process_time() - processor_began
    return {what: seconds, f"{what}, own processor": processor_s, f"{what}, peak MB": peak_mb()}


_STEPS: dict[str, Callable[[Machine], dict[str, float] | None]] = {
    "first": _first, "floor": _floor, "joining": _joining, "seeing": _seeing, "tell": _tell,
    "more": _more, "following": _following, "fewer": _fewer, "opening": _opening,
    "asking": _asking, "alone": _alone,
}  # fmt: skip
_WITH = ("first", "floor", "joining", "seeing", "more", "following", "fewer", "opening", "asking")


# --- a column of the table ---


@contextmanager
def _doing(step: str, machine: Machine) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.bench.server", step, str(machine.folder), machine.url]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.wait() if sys.exception() is None else process.kill()


def _done(step: str, machine: Machine) -> dict[str, float]:
    with _doing(step, machine) as process:
        said, _ = process.communicate()
    assert process.returncode == 0, step
    figures: dict[str, float] = json.loads(said)
    print(f"  {step}: {figures}", file=sys.stderr, flush=True)
    return figures


def _column(folder: Path, n_papers: int) -> dict[str, float]:
    from tests.chroma_server import chroma_process

    _write_papers(folder, n_papers)
    figures: dict[str, float] = {"papers": n_papers}
    with chroma_process(folder / "server") as (url, process):
        machine = Machine(folder, url)
        for step in _WITH:
            before_s = processor_s(process)
            figures |= _done(step, machine)
            figures[f"{step}, processor of the server"] = processor_s(process) - before_s
            if step == "first":
                figures["server after it, peak MB"] = peak_mb(process)
                figures["server after it, MB on disk"] = _disk_mb(folder / "server")
        figures["server, peak MB"] = peak_mb(process)
    return figures | _done("alone", machine)


def _write_papers(folder: Path, n_papers: int) -> None:
    """The papers, and more papers: the first ones again under other titles."""
    with gzip.open(_CORPUS, "rt") as packed, (folder / "papers.jsonl").open("w") as file:
        file.writelines(islice(packed, n_papers))
    with (folder / "papers.jsonl").open() as file, (folder / "more.jsonl").open("w") as more:
        for line in islice(file, _N_MORE):
            paper = json.loads(line)
            title = f"{paper['title']}, looked at again"
            more.write(json.dumps({"title": title, "abstract": paper["text"]}) + "\n")


def _disk_mb(folder: Path) -> float:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) / 1e6


def main() -> None:
    """Print the table; or do one step of it, which is named."""
    sizes = sys.argv[1:] or ["3000"]
    if sizes[0] in _STEPS:
        figures = _STEPS[sizes[0]](Machine(Path(sys.argv[2]), sys.argv[3]))
        if figures:
            print(json.dumps(figures))
        return
    columns = []
    for n_papers in map(int, sizes):
        with TemporaryDirectory() as folder:
            columns.append(_column(Path(folder), n_papers))
    for name in columns[0]:
        values = [f"{column[name]:,.3g}" for column in columns]
        print(f"| {name} | {' | '.join(values)} |")


if __name__ == "__main__":
    main()
