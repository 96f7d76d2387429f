"""What adapting an encoder to a collection gives, on real questions that it never saw.

`python -m tests.bench.own_field [NAME SPLIT [N_PAPERS]]`: NAME is "development" or a folder of
../shared/bench, SPLIT one of its qrels, as for tests.bench.beir. PAPER_ASSISTANT_ENCODER names the
encoder; OWN_FIELD_VECTORS a folder where its vectors are kept for the next run.
"""

import os
import sys
import time
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from assistant.evaluation.ranking import ndcg, reciprocal_rank, success
from store.adapted_encoder import AdaptedEncoder
from store.adapting.own_field import adapt_home
from store.collection import Collection
from store.encoders import Encoder
from store.home import recorded_encoder
from tests.bench.common import encoder
from tests.bench.datasets import Dataset, load, write_jsonl
from tests.bench.vectors import KeptVectors, weights_digest
from tests.bench.ways import WAYS

_SHOWN = ("without lexical", "whole")


def main(name: str = "scifact", split: str = "train", n_papers: str = "") -> None:
    """Print figures of real questions before and after, and those that users are shown."""
    dataset = load(name, split, int(n_papers) if n_papers else None)
    used = _kept(encoder())
    with TemporaryDirectory() as scratch:
        source, home = Path(scratch) / "papers.jsonl", Path(scratch) / "home"
        write_jsonl(dataset.papers, source)
        collection = Collection(home, used, starter=False)
        collection.ingest([source])
        papers = list(collection.papers())
        print(f"{name} {split}, {used.name}: {len(papers)} papers, {len(dataset.queries)} queries")
        print("| | nDCG@10 | R@1 | MRR@10 |\n|---|---|---|---|")
        _print_rows("before", collection, dataset)
        collection.close()
        began = time.perf_counter()
        adaptation = adapt_home(home, papers, used, lambda *_: None)
        seconds = time.perf_counter() - began
        if adaptation.helps:
            adapted = AdaptedEncoder(Path(recorded_encoder(home)), base=used)
            collection = Collection(home, adapted)
            _print_rows("after", collection, dataset)
            collection.close()
    before, after = adaptation.before, adaptation.after
    print(
        f"held-out pairs ({adaptation.n_queries}): R@1 {before.first:.3f} -> {after.first:.3f},"
        f" MRR@10 {before.mrr:.3f} -> {after.mrr:.3f}; helps: {adaptation.helps}; {seconds:.0f} s"
    )


def _print_rows(when: str, collection: Collection, dataset: Dataset) -> None:
    for way in _SHOWN:
        found = [(WAYS[way](collection, each.text), each.grades) for each in dataset.queries]
        figures = (
            fmean(ndcg(ids, grades, 10) for ids, grades in found),
            fmean(success(ids, grades, 1) for ids, grades in found),
            fmean(reciprocal_rank(ids, grades, 10) for ids, grades in found),
        )
        shown = " | ".join(f"{figure:.3f}" for figure in figures)
        print(f"| {when}, {way} | {shown} |", flush=True)


def _kept(used: Encoder) -> Encoder:
    folder = os.environ.get("OWN_FIELD_VECTORS")
    return KeptVectors(used, Path(folder) / weights_digest(used.name)) if folder else used


if __name__ == "__main__":
    main(*sys.argv[1:])
