"""What the measurements share: where their material lies, and how a ranking is judged."""

import json
import os
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from store.collection import Collection
from store.encoders import DEFAULT_ENCODER, Encoder, load_encoder
from store.identity import normalize_title
from store.types import Paper

SHARED = Path(__file__).parents[3] / "shared"
PAGES = sorted((SHARED / "corpus" / "pages").glob("*.txt"))


def dev(name: str) -> list[dict[str, Any]]:
    """One file of the development set."""
    path = SHARED / "eval" / "dev" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def encoder() -> Encoder:
    """The encoder that PAPER_ASSISTANT_ENCODER names, else the default."""
    return load_encoder(os.environ.get("PAPER_ASSISTANT_ENCODER", DEFAULT_ENCODER))


@contextmanager
def pages_collection(**options: Any) -> Iterator[Collection]:
    """The five pages in a temporary home."""
    with TemporaryDirectory() as folder:
        collection = Collection(Path(folder), encoder(), starter=False, **options)
        collection.ingest(PAGES)
        yield collection
        collection.close()


def gold_rank(papers: Sequence[Paper], gold: Sequence[str]) -> int:
    """Rank of the first gold title among papers, 1 for the first; 0 where none is there."""
    titles = {normalize_title(title) for title in gold}
    ranks = (n for n, paper in enumerate(papers, 1) if normalize_title(paper.title) in titles)
    return next(ranks, 0)


def summary(ranks: Sequence[int]) -> str:
    """Right paper first, among the first five, and MRR@10, as one line of a table."""
    n = len(ranks)
    first = sum(rank == 1 for rank in ranks) / n
    five = sum(0 < rank <= 5 for rank in ranks) / n
    mrr = sum(1 / rank for rank in ranks if 0 < rank <= 10) / n
    return f"{first:.3f} | {five:.3f} | {mrr:.3f}"


def figures(n_papers: int, began: float) -> dict[str, float]:
    """Papers, seconds since ``began``, and the process's peak memory in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"papers": n_papers, "seconds": time.perf_counter() - began, "peak_mb": peak}
