"""nDCG@10 on a benchmark in BEIR form, the whole of retrieval. `python -m tests.bench.beir`.

`python -m tests.bench.beir NAME SPLIT`: NAME is a folder of ../shared/bench, SPLIT one of its
qrels: tune on train or dev, report test once. PAPER_ASSISTANT_ENCODER names the encoder.
"""

import sys
import time
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory

from assistant.evaluation.ranking import ndcg
from store.collection import Collection
from tests.bench.common import encoder
from tests.bench.datasets import load, write_jsonl
from tests.bench.ways import WAYS, WHOLE

_K = 10


def main(name: str = "scifact", split: str = "train") -> None:
    """Print how many papers and queries there were, nDCG@10, and milliseconds a query."""
    dataset, used = load(name, split), encoder()
    values, seconds = [], []
    with TemporaryDirectory() as folder:
        source = Path(folder) / "papers.jsonl"
        write_jsonl(dataset.papers, source)
        collection = Collection(Path(folder) / "home", used, starter=False)
        collection.ingest([source])
        for query in dataset.queries:
            began = time.perf_counter()
            found = WAYS[WHOLE](collection, query.text)
            seconds.append(time.perf_counter() - began)
            values.append(ndcg(found, query.grades, _K))
        print(f"{name} {split}, {used.name}: {collection.count()} papers, {len(values)} queries")
        print(f"nDCG@10 {fmean(values):.3f}, {1000 * median(seconds):.1f} ms a query (median)")
        collection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
