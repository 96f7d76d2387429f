"""Bad files of every kind, ingested: is each rejected by name, and every good record kept?

`python -m tests.bench.bad_inputs`; an argument names the kinds to try. Ends with status 1 where
one is not, or where a file takes too long or too much memory.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from store.collection import Collection
from store.types import Rejection
from tests.bad_files import PERHAPS, SOMEWHERE, Case, bad_files, heavy_files
from tests.papers import HashEncoder

_MAX_S, _MAX_MB = 10.0, 400.0
"""Of one file: processor time, and memory at its peak above what there was before."""
_ROW = "{:24} {:>6} {:>6} {:>9} {:>6} {:>6} {:>8} {:>8} {:>8}"


@dataclass
class Kind:
    """What came of the files of one kind."""

    tried: int = 0
    bad: int = 0
    rejected: int = 0
    good: int = 0
    kept: int = 0
    crashed: int = 0
    slowest_s: float = 0.0
    peak_mb: float = 0.0
    faults: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        figures = (self.tried, self.bad, self.rejected, self.good, self.kept, self.crashed)
        return _ROW.format(name, *figures, f"{self.slowest_s:.1f}", f"{self.peak_mb:.0f}")


def main() -> None:
    """Print a row a kind, then what was wrong."""
    kinds: dict[str, Kind] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "files").mkdir()
        collection = Collection(folder / "home", HashEncoder(), starter=False)
        for cases in (bad_files(folder / "files"), heavy_files(folder / "files")):
            for case in cases:
                if not sys.argv[1:] or case.kind in sys.argv[1:]:
                    _try(collection, case, kinds.setdefault(case.kind, Kind()))
        collection.close()
    print(_ROW.format("kind", "tried", "bad", "by name", "good", "kept", "crashed", "s", "MB"))
    print("\n".join(kind.row(name) for name, kind in kinds.items()))
    faults = [fault for kind in kinds.values() for fault in kind.faults]
    print("\n".join(faults))
    sys.exit(bool(faults))


def _try(collection: Collection, case: Case, kind: Kind) -> None:
    """Ingest one file, and hold what comes of it to what should."""
    kind.tried += 1
    kind.good += len(case.good)
    _forget_peak()
    before_mb, began_s = _peak_mb(), time.process_time()
    try:
        report = collection.ingest([case.source])
    except Exception as error:  # noqa: BLE001 (a crash is what is looked for)
        kind.crashed += 1
        kind.faults.append(f"{case.kind}: {case.source.name!r}: {error!r:.200}")
        return
    took_s, took_mb = time.process_time() - began_s, _peak_mb() - before_mb
    kind.slowest_s, kind.peak_mb = max(kind.slowest_s, took_s), max(kind.peak_mb, took_mb)
    there = {paper.title for paper in collection.papers()}
    kept = there.intersection(case.good)
    kind.kept += len(kept)
    wrong = [
        *_wrongly_rejected(case, report.rejected, kind),
        *([f"lost {sorted(set(case.good) - kept)}"] if len(kept) < len(case.good) else []),
        *(f"stored {title!r}" for title in there if title.startswith("Bad")),
        *([f"took {took_s:.0f} s"] if took_s > _MAX_S else []),
        *([f"took {took_mb:.0f} MB"] if took_mb > _MAX_MB else []),
    ]
    kind.faults += [f"{case.kind}: {case.source.name!r}: {each}" for each in wrong]
    collection.remove(*[paper.paper_id for paper in collection.papers()])


def _wrongly_rejected(case: Case, rejected: list[Rejection], kind: Kind) -> Iterator[str]:
    """What is wrong with what was rejected of a file; counts what is right."""
    lines = [each.line for each in rejected if each.source == str(case.source) and each.reason]
    if len(lines) < len(rejected):
        yield "something was rejected without its name"
    if case.lines == PERHAPS:
        return
    due = lines[:1] or [0] if case.lines == SOMEWHERE else list(case.lines)
    kind.bad += len(due)
    kind.rejected += sum(line in lines for line in due)
    if not set(due) <= set(lines) or (case.lines != SOMEWHERE and lines != due):
        yield f"rejected at {lines[:5]}, not at {case.lines}"


def _forget_peak() -> None:
    """Have the peak memory of this process counted anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    main()
