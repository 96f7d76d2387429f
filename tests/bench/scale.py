"""117,804 papers: in, again, found with and without a filter. `python -m tests.bench.scale`."""

import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from store.collection import Collection
from store.encoders import load_encoder
from store.types import Filters, Progress
from tests.bench.common import PAGES, SHARED, figures

_MLPAPERS = SHARED / "bench" / "mlpapers"
_FIRST_DAY, _N_DAYS, _STEP = date(2015, 1, 1), 3_650, 7_919
"""Days that the papers do not have are made up: the n-th is published n times the step, modulo the
number of days, after the first; and listed three days later."""
_N_QUERIES = 300
_FILTERS = {
    "no filter": Filters(),
    "published, a half": Filters(published_from="2019-12-31"),
    "listed, a twentieth": Filters(listed_from="2018-03", listed_to="2018-08"),
    "published, a thousandth": Filters(published_from="2019-05-01", published_to="2019-05-04"),
}


def main() -> None:
    """Print one table a collection, the large one first; an argument names the encoder."""
    if sys.argv[2:]:
        _search(sys.argv[1], Path(sys.argv[2]))
        return
    encoder = sys.argv[1] if sys.argv[1:] else "static-256"
    print(f"encoder {encoder}")
    with TemporaryDirectory() as folder:
        source = Path(folder) / "papers.jsonl"
        _write_papers(source)
        for name, sources in (("large", [source]), ("pages", PAGES)):
            home = Path(folder) / name
            _ingest(encoder, home, sources)
            # A process of its own, for its memory and what it does the first time.
            subprocess.run(
                [sys.executable, "-m", "tests.bench.scale", encoder, str(home)], check=True
            )


def _write_papers(path: Path) -> None:
    with gzip.open(_MLPAPERS / "corpus.jsonl.gz", "rt") as packed, path.open("w") as file:
        for n, line in enumerate(packed):
            day = _FIRST_DAY + timedelta(days=n * _STEP % _N_DAYS)
            dates = {"published": f"{day}", "listed": [f"{day + timedelta(days=3)}"]}
            file.write(json.dumps(json.loads(line) | dates) + "\n")


def _ingest(encoder: str, home: Path, sources: Sequence[Path]) -> None:
    """Print when papers can be searched by words and wholly, and what they take on disk."""
    collection = Collection(home, load_encoder(encoder), starter=False)
    began = time.perf_counter()
    reached: dict[str, float] = {}

    def note(progress: Progress) -> None:
        stage = "vectors" if progress.n_papers else "papers and words"
        if not reached:
            collection.search("the first search of all")
            reached["first search by words"] = time.perf_counter() - began
        reached[stage] = time.perf_counter() - began

    measured = figures(collection.ingest(sources, note).papers, began)
    rate = measured["papers"] / measured["seconds"]
    print(
        f"\n{measured['papers']:,} papers, {rate:.0f} papers/s, peak {measured['peak_mb']:.0f} MB"
    )
    print(", ".join(f"{stage}: {seconds:.1f} s" for stage, seconds in reached.items()))
    print(f"the same files again {_ms(lambda: collection.ingest(sources)) / 1000:.1f} s")
    collection.close()
    print(", ".join(f"{part} {_mb(home / part):.0f} MB" for part in _parts(home)))


def _parts(home: Path) -> Iterator[str]:
    yield from ("chroma", "lexical", "papers.sqlite3")
    yield from (f"chroma/{path.name}" for path in sorted((home / "chroma").glob("flat.vectors")))


def _mb(path: Path) -> float:
    files = [path, *path.rglob("*")]
    return sum(each.stat().st_size for each in files if each.is_file()) / 1e6


def _search(encoder: str, home: Path) -> None:
    """Print what a fresh process takes to open a home and to search it."""
    loaded = load_encoder(encoder)
    collections: list[Collection] = []
    print(f"opened in {_ms(lambda: collections.append(Collection(home, loaded))):.0f} ms")
    (collection,) = collections
    queries = _queries()
    for name, filters in _FILTERS.items():
        first = _ms(lambda: collection.search(queries[0], 10, filters))  # noqa: B023
        times = sorted(
            _ms(lambda: collection.search(query, 10, filters))  # noqa: B023
            for query in queries[1:]
        )
        median, late = times[len(times) // 2], times[int(len(times) * 0.95)]
        n_papers = len(collection._catalog.matching(filters))
        took = f"first {first:.0f} ms, p50 {median:.1f} ms, p95 {late:.1f} ms"
        print(f"{name} ({n_papers:,} papers): {took}")
    print(f"peak memory {figures(0, 0)['peak_mb']:.0f} MB", flush=True)
    collection.close()


def _queries() -> list[str]:
    lines = (_MLPAPERS / "queries.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in random.Random(0).sample(lines, _N_QUERIES)]


def _ms(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
