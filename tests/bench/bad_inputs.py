"""Bad files of every kind, ingested: is each rejected by name, and every good record kept?

`python -m tests.bench.bad_inputs`; an argument names the kinds to try. Ends with status 1 where
one is not, or where a file takes too long or too much memory.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from store.collection import Collection
from tests.bad_files import PERHAPS, SOMEWHERE, Case, bad_files, heavy_files
from tests.papers import HashEncoder

_MAX_S, _MAX_MB = 10.0, 300.0
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
    heads = ("tried", "bad", "by name", "good", "kept", "crashed", "s", "MB")
    print(_ROW.format("kind", *heads))
    faults: list[str] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "files").mkdir()
        collection = Collection(folder / "home", HashEncoder(), starter=False)
        cases = _wanted(folder / "files", set(sys.argv[1:]))
        for kind, some in groupby(cases, lambda case: case.kind):
            found = Kind()
            for case in some:
                _try(collection, case, found)
            print(found.row(kind), flush=True)
            faults += found.faults
        collection.close()
    print("\n".join(faults))
    sys.exit(bool(faults))


def _wanted(folder: Path, kinds: set[str]) -> Iterator[Case]:
    for cases in (bad_files(folder), heavy_files(folder)):
        yield from (case for case in cases if not kinds or case.kind in kinds)


def _try(collection: Collection, case: Case, kind: Kind) -> None:
    """Ingest one file, and hold what comes of it to what should."""
    kind.tried += 1
    kind.good += len(case.good)
    kind.bad += 1 if isinstance(case.lines, str) and case.lines == SOMEWHERE else 0
    kind.bad += len(case.lines) if not isinstance(case.lines, str) else 0
    _forget_peak()
    before_mb, began_s = _peak_mb(), time.monotonic()
    try:
        report = collection.ingest([case.source])
    except Exception as error:  # noqa: BLE001 (a crash is what is looked for)
        kind.crashed += 1
        kind.faults.append(f"{case.kind}: {case.source.name!r}: {error!r:.200}")
        return
    took_s, took_mb = time.monotonic() - began_s, _peak_mb() - before_mb
    kind.slowest_s, kind.peak_mb = max(kind.slowest_s, took_s), max(kind.peak_mb, took_mb)
    named = [
        each.line for each in report.rejected if each.source == str(case.source) and each.reason
    ]
    right = {SOMEWHERE: bool(named), PERHAPS: True}.get(str(case.lines), named == list(case.lines))
    kind.rejected += (
        len(named) if not isinstance(case.lines, str) else case.lines == SOMEWHERE and bool(named)
    )
    there = {paper.title for paper in collection.papers()}
    kind.kept += len(kept := there.intersection(case.good))
    wrong = [
        *([] if right else [f"rejected at {named[:5]}, not {case.lines}"]),
        *(
            []
            if len(named) == len(report.rejected)
            else ["something was rejected without its name"]
        ),
        *([f"lost {sorted(set(case.good) - kept)}"] if len(kept) < len(case.good) else []),
        *([f"stored {sorted(there)[0]!r}"] if any(t.startswith("Bad") for t in there) else []),
        *([f"took {took_s:.0f} s"] if took_s > _MAX_S else []),
        *([f"took {took_mb:.0f} MB"] if took_mb > _MAX_MB else []),
    ]
    kind.faults += [f"{case.kind}: {case.source.name!r}: {each}" for each in wrong]
    collection.remove(*[paper.paper_id for paper in collection.papers()])


def _forget_peak() -> None:
    """Have the peak memory of this process counted anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    main()
