"""nDCG@10 on a benchmark in BEIR form, fused. `python -m tests.bench.beir [NAME SPLIT]`.

NAME is a folder of ../shared/bench, SPLIT one of its qrels: tune on train or dev, report test once.
PAPER_ASSISTANT_ENCODER names the encoder.
"""

import csv
import gzip
import json
import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from store.collection import Collection
from store.identity import normalize_title
from tests.bench.common import SHARED, encoder


def main(name: str = "scifact", split: str = "train") -> None:
    """Print how many papers and queries there were, nDCG@10, and milliseconds a query."""
    bench = SHARED / "bench" / name
    used = encoder()
    with TemporaryDirectory() as folder:
        source = Path(folder) / "papers.jsonl"
        ids = _write_papers(bench / "corpus.jsonl.gz", source)
        collection = Collection(Path(folder) / "home", used, starter=False)
        collection.ingest([source])
        queries, grades = _queries(bench, split)
        values, seconds = [], []
        for query_id, text in queries.items():
            began = time.perf_counter()
            hits = collection.search(text, k=10)
            seconds.append(time.perf_counter() - began)
            found = [ids[normalize_title(hit.paper.title)] for hit in hits]
            values.append(_ndcg(found, grades[query_id]))
        median = 1000 * sorted(seconds)[len(seconds) // 2]
        print(f"{name} {split}, {used.name}: {collection.count()} papers, {len(values)} queries")
        print(f"nDCG@10 {sum(values) / len(values):.3f}, {median:.1f} ms a query (median)")
        collection.close()


def _write_papers(corpus: Path, source: Path) -> dict[str, str]:
    """Write the corpus as a file that ingest reads; gives the corpus ids by title."""
    ids: dict[str, str] = {}
    with gzip.open(corpus, "rt", encoding="utf-8") as lines, source.open("w") as out:
        for line in lines:
            record = json.loads(line)
            ids.setdefault(normalize_title(record["title"]), record["_id"])
            out.write(json.dumps({"title": record["title"], "abstract": record["text"]}) + "\n")
    return ids


def _queries(bench: Path, split: str) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """The queries of a split, and the grades of its papers."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for query_id, paper_id, grade in _rows(bench / "qrels" / f"{split}.tsv"):
        grades[query_id][paper_id] = int(grade)
    lines = (bench / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {record["_id"]: record["text"] for record in map(json.loads, lines)}
    return {query_id: texts[query_id] for query_id in grades}, grades


def _rows(path: Path) -> Iterator[Sequence[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        next(rows)
        yield from rows


def _ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalized discounted cumulative gain of the first ten, as BEIR reports it."""
    gains = [grades.get(paper_id, 0) for paper_id in found[:10]]
    best = sorted(grades.values(), reverse=True)[:10]
    return _dcg(gains) / (_dcg(best) or 1.0)


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
