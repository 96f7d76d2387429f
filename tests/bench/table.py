"""One table of retrieval: all systems on the same data in one run.

`make bench` runs all of it; `make bench ARGS=--quick` the development questions alone, in about
two minutes. `python -m tests.bench.table --help` lists what else may be asked. Systems take turns
at every block of queries, so that a ratio holds though the machine be busy. Vectors of the large
collection, and of it only, are kept in the scratch folder for the next run.
PAPER_ASSISTANT_ENCODER names another encoder to be this project's.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from store.encoders import DEFAULT_ENCODER
from tests.bench.common import SHARED
from tests.bench.datasets import Dataset, load
from tests.bench.minilm import HOW_TO_INSTALL, minilm_folder
from tests.bench.rendering import markdown, page
from tests.bench.report import Measured, Report, Row
from tests.bench.vectors import weights_digest
from tests.bench.ways import DENSE_ALONE, WAYS, WHOLE
from tests.bench.worker import Job, encode_rates, store, working

_ROOT = Path(__file__).parents[2]
_PAGE = _ROOT / "docs" / "benchmark.md"
_STATIC, _MINILM = "static-256", "all-MiniLM-L6-v2"
_LARGE = "mlpapers"
_BLOCK = 10
_WARM_UP = 20


def rows(minilm: str) -> list[Row]:
    """The rows of the table; ``minilm`` is the folder of that encoder, "" where there is none."""
    default = os.environ.get("PAPER_ASSISTANT_ENCODER", DEFAULT_ENCODER)
    peers = [
        Row("BM25 (bm25s)", "bm25s", "", "", "lexical"),
        Row("LlamaIndex, hybrid as it comes", "llamaindex", "hybrid", default, "default"),
        Row("LlamaIndex, hybrid by reciprocal ranks", "llamaindex", "hybrid", default,
            "reciprocal ranks"),
        Row("LlamaIndex, dense alone", "llamaindex", "dense", default, "dense"),
    ]  # fmt: skip
    encoders = [(_MINILM, minilm)] * bool(minilm) + [(_STATIC, _STATIC)] * (default != _STATIC)
    others = [
        Row(f"{name}, {how}", "ours", "", encoder, way)
        for name, encoder in encoders
        for how, way in (("in our place", WHOLE), (DENSE_ALONE, DENSE_ALONE))
    ]
    ours = [
        Row(f"this project ({default})" if way == WHOLE else f"this project, {way}",
            "ours", "", default, way)
        for way in WAYS
    ]  # fmt: skip
    return peers + others + ours


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run measures, and where it works."""

    rows: Sequence[Row]
    datasets: Sequence[tuple[str, str, int | None]]
    scratch: Path
    minilm: str
    everything: bool

    def rows_on(self, dataset: str) -> list[Row]:
        """All rows, but the slow encoder that is not ours only where everything is asked for."""
        skipped = {self.minilm} if dataset == _LARGE and not self.everything else set()
        return [row for row in self.rows if row.encoder not in skipped]

    def kept(self, dataset: str, encoder: str) -> str:
        """Where vectors are kept: of the large collection, unless they are had in a minute."""
        if dataset != _LARGE or encoder in ("", _STATIC):
            return ""
        return str(self.scratch / "vectors" / f"{Path(encoder).name}-{weights_digest(encoder)}")


def measure(plan: Plan) -> Report:
    """Store and ask, one collection after the other."""
    report = Report(list(plan.rows))
    for spec in plan.datasets:
        _log(f"{spec[0]} {spec[1]}")
        dataset = load(*spec)
        report.datasets[dataset.name] = (spec[1], len(dataset.papers), len(dataset.queries))
        with TemporaryDirectory(dir=plan.scratch) as folder:
            folders = _store_all(plan, spec, Path(folder), report)
            report.measured[dataset.name] = _ask_all(
                plan.rows_on(dataset.name), spec, folders, dataset
            )
    _log("encode rates")
    encoders = dict.fromkeys(row.encoder for row in plan.rows if row.encoder)
    report.encode_rates = encode_rates(list(encoders))
    return report


def _store_all(
    plan: Plan, spec: tuple[str, str, int | None], folder: Path, report: Report
) -> dict[tuple[str, str], Path]:
    """Store what the rows need; at scale LlamaIndex also with the quick encoder, for its rate."""
    needed = list(dict.fromkeys((row.system, row.encoder) for row in plan.rows_on(spec[0])))
    if spec[0] == _LARGE and ("llamaindex", _STATIC) not in needed:
        needed.append(("llamaindex", _STATIC))
    needed.sort(key=lambda each: each[0] != "ours")  # what it keeps serves the others, not so back
    folders = {}
    for number, (system, encoder) in enumerate(needed):
        folders[system, encoder] = folder / str(number)
        job = Job(system, encoder, str(folders[system, encoder]), spec, plan.kept(spec[0], encoder))
        stored = report.stored[spec[0], system, encoder] = store(job)
        _log(f"  {system} {Path(encoder).name}: stored in {stored['seconds']:.1f} s")
    return folders


def _ask_all(
    wanted: Sequence[Row],
    spec: tuple[str, str, int | None],
    folders: dict[tuple[str, str], Path],
    dataset: Dataset,
) -> dict[Row, Measured]:
    """Ask every row every query, taking turns; a process a system, encoder and opening."""
    measured = {row: Measured() for row in wanted}
    with ExitStack() as processes:
        workers = {
            row.process: processes.enter_context(
                working("search", _job(row, folders, spec), row.opening)
            )
            for row in wanted
        }
        warm_up = [paper.title for paper in dataset.papers[:_WARM_UP]]
        for row in wanted:
            workers[row.process].ask(way=row.way, queries=warm_up)
        texts = [query.text for query in dataset.queries]
        for number, block in enumerate(_blocks(texts)):
            for row in wanted[:: -1 if number % 2 else 1]:
                measured[row].add(workers[row.process].ask(way=row.way, queries=block))
    for row in wanted:
        measured[row].judge([query.grades for query in dataset.queries])
    return measured


def _job(row: Row, folders: dict[tuple[str, str], Path], spec: tuple[str, str, int | None]) -> Job:
    return Job(row.system, row.encoder, str(folders[row.system, row.encoder]), spec)


def _blocks(texts: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(texts), _BLOCK):
        yield texts[at : at + _BLOCK]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("table", description="One table of retrieval.")
    parser.add_argument("--quick", action="store_true", help="the development questions alone")
    parser.add_argument("--only", nargs="+", choices=("development", "scifact", _LARGE))
    parser.add_argument("--scifact", choices=("train", "test"), default="train", metavar="SPLIT")
    parser.add_argument(
        "--mlpapers", choices=("dev", "test", "all"), default="dev", metavar="SPLIT"
    )
    parser.add_argument("--limit", type=int, help=f"so many papers of {_LARGE}, to try things")
    parser.add_argument("--everything", action="store_true",
                        help=f"{_MINILM} on {_LARGE} too: an hour the first time")  # fmt: skip
    parser.add_argument("--scratch", type=Path, default=_ROOT / "build" / "bench")
    parser.add_argument("--write", action="store_true", help="write docs/benchmark.md as well")
    return parser.parse_args()


def main() -> None:
    """Print the table as Markdown; how far it has come goes to standard error."""
    asked = _arguments()
    if not SHARED.is_dir():
        print("The collections that are asked lie beside the checkout, and are not there.")
        return
    asked.scratch.mkdir(parents=True, exist_ok=True)
    folder = minilm_folder(asked.scratch)
    if not folder:
        print(f"{_MINILM} is left out; to have it: {HOW_TO_INSTALL}\n")
    minilm = str(folder or "")
    names = ["development"] if asked.quick else asked.only or ["development", "scifact", _LARGE]
    splits: dict[str, Any] = {"scifact": asked.scifact, _LARGE: asked.mlpapers}
    limits = {_LARGE: asked.limit}
    specs = [(name, splits.get(name, ""), limits.get(name)) for name in names]
    load_before = os.getloadavg()[0]
    report = measure(Plan(rows(minilm), specs, asked.scratch, minilm, asked.everything))
    print(markdown(report))
    if asked.write:
        _PAGE.write_text(page(report, _command(asked), load_before), encoding="utf-8")


def _command(asked: argparse.Namespace) -> str:
    """What was typed, as make takes it, without where this machine keeps its scratch."""
    said = [f"--{name}" for name in ("quick", "everything") if getattr(asked, name)]
    said += ["--only", *asked.only] if asked.only else []
    said += [f"--scifact {asked.scifact}"] if asked.scifact != "train" else []
    said += [f"--mlpapers {asked.mlpapers}"] if asked.mlpapers != "dev" else []
    said += [f"--limit {asked.limit}"] if asked.limit else []
    return f'make bench ARGS="{" ".join([*said, "--write"])}"'


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
