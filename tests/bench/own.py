"""One ingest of the five pages into a new home; prints its figures as JSON."""

import json
import sys
import time
from pathlib import Path

import store.splitting  # noqa: F401 (its import is not what is measured)
from store.collection import Collection
from tests.bench.common import PAGES, encoder, figures


def main(home: str) -> None:
    """Ingest into ``home``."""
    collection = Collection(Path(home), encoder(), starter=False)
    began = time.perf_counter()
    report = collection.ingest(PAGES)
    print(json.dumps(figures(report.added, began)))


if __name__ == "__main__" and len(sys.argv) > 1:
    main(sys.argv[1])
