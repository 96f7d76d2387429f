"""117,804 papers with the quick encoder: in, again, found. `python -m tests.bench.scale`."""

import gzip
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from store.collection import Collection
from store.encoders import load_encoder
from store.types import Filters
from tests.bench.common import SHARED, figures

_QUERY = "merging fine-tuned models by averaging their weights"


def main() -> None:
    """Print seconds, memory and megabytes on disk."""
    with TemporaryDirectory() as folder:
        source, home = Path(folder) / "papers.jsonl", Path(folder) / "home"
        corpus = SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz"
        with gzip.open(corpus) as packed, source.open("wb") as file:
            shutil.copyfileobj(packed, file)
        encoder = load_encoder("static-256")
        collection = Collection(home, encoder, starter=False)
        began = time.perf_counter()
        measured = figures(collection.ingest([source]).papers, began)
        print(f"{measured['papers']} papers in {measured['seconds']:.0f} s", end="")
        print(f", peak memory {measured['peak_mb']:.0f} MB")
        print(f"again {_seconds(lambda: collection.ingest([source])):.1f} s")
        collection.close()
        for part in ("chroma", "lexical", "papers.sqlite3"):
            files = [home / part, *(home / part).rglob("*")]
            n_bytes = sum(each.stat().st_size for each in files if each.is_file())
            print(f"{part} {n_bytes / 1e6:.0f} MB")
        began = time.perf_counter()
        collection = Collection(home, encoder)
        print(f"opened in {time.perf_counter() - began:.2f} s")
        for name, filters in (("any date", Filters()), ("since 2024", Filters("", "", "2024"))):
            first, again = (_seconds(lambda: collection.search(_QUERY, 10, filters)) for _ in "12")  # noqa: B023
            print(f"search, {name}: {1000 * first:.0f} ms, again {1000 * again:.0f} ms")
        collection.close()


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
