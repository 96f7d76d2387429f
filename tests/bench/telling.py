"""Which sentences say what a paper does and finds: learns the weights of topics/telling.py anew.

What it does is learned on one-sentence summaries of papers (bench/mlpapers, qrels/dev.tsv), what it
finds on the key points of the development topics. `python -m tests.bench.telling`
"""

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant.topics.reading import ReadPaper, read_papers
from assistant.topics.telling import sentence_signs, told
from assistant.types import Hit, Paper, Passage
from store.collection import Collection
from store.identity import normalize_title
from tests.bench.common import SHARED, dev, encoder, pages_collection

_ML = SHARED / "bench" / "mlpapers"
_N_FOLDS = 5
_CONVEYED = 0.6

Numbers = NDArray[np.float64]
Example = tuple[Numbers, Numbers]
"""The signs of a paper's sentences, and how well each says what is to be said."""


def main() -> None:
    """Print both sets of weights and what they give on papers left out."""
    with TemporaryDirectory() as folder:
        summaries = _summaries(Path(folder) / "papers.jsonl")
        collection = Collection(Path(folder) / "home", encoder(), starter=False)
        collection.ingest([Path(folder) / "papers.jsonl"])
        _report("does", list(_doing(collection, summaries)))
        collection.close()
    with pages_collection() as collection:
        points = list(_points(collection))
        _report("finds", [_finding(*point, collection) for point in points])
        chosen = [_quoted(*point, collection) for point in points]
        print(f"{len(points)} key points, conveyed by both sentences: {fmean(chosen):.3f}")


def _summaries(path: Path) -> dict[str, list[str]]:
    """Write the papers that have a summary to a file; their summaries by normalized title."""
    with (_ML / "qrels" / "dev.tsv").open(encoding="utf-8") as lines:
        wanted = {paper: query for query, paper, _ in list(csv.reader(lines, delimiter="\t"))[1:]}
    with (_ML / "queries.jsonl").open(encoding="utf-8") as lines:
        texts = {row["_id"]: row["text"] for row in map(json.loads, lines)}
    told_of: dict[str, list[str]] = {}
    with gzip.open(_ML / "corpus.jsonl.gz", "rt") as lines, path.open("w") as papers:
        for row in map(json.loads, lines):
            if row["_id"] in wanted:
                title = normalize_title(row["title"])
                told_of.setdefault(title, []).append(texts[wanted[row["_id"]]])
                papers.write(json.dumps({"title": row["title"], "abstract": row["text"]}) + "\n")
    return told_of


def _doing(collection: Collection, summaries: dict[str, list[str]]) -> Iterator[Example]:
    for paper in collection.papers():
        read = _read(paper, collection)
        if len(read.spans) > 2:
            rarity = collection.rarity
            wanted = [
                set(collection.terms(text)) for text in summaries[normalize_title(paper.title)]
            ]
            terms = _terms(read, collection)
            agree = [fmean(_agreement(own, each, rarity) for each in wanted) for own in terms]
            yield sentence_signs(paper.title, read, collection)[0], np.array(agree)


def _agreement(one: set[str], other: set[str], rarity: Callable[[str], float]) -> float:
    """Twice the weight that two texts share, by what both have: 0 to 1."""
    weights = {term: rarity(term) for term in one | other}
    both = sum(weights[term] for term in one) + sum(weights[term] for term in other)
    return 2 * sum(weights[term] for term in one & other) / both if both else 0.0


def _points(collection: Collection) -> Iterator[tuple[str, ReadPaper, set[str]]]:
    """Topic, paper and terms of each key point."""
    papers = {normalize_title(paper.title): paper for paper in collection.papers()}
    for topic in dev("topics"):
        for point in topic["key_points"]:
            read = _read(papers[normalize_title(point["title"])], collection)
            yield topic["query"], read, set(collection.terms(point["point"]))


def _finding(topic: str, read: ReadPaper, wanted: set[str], collection: Collection) -> Example:
    shares = [len(own & wanted) / len(wanted) for own in _terms(read, collection)]
    return sentence_signs(topic, read, collection)[1], np.array(shares)


def _quoted(topic: str, read: ReadPaper, wanted: set[str], collection: Collection) -> bool:
    said = told(topic, read, collection)
    quotes = said.does.quote + " " + (said.finds.quote if said.finds else "")
    return len(wanted & set(collection.terms(quotes))) >= _CONVEYED * len(wanted)


def _read(paper: Paper, collection: Collection) -> ReadPaper:
    hit = Hit(1, paper, 0.5, Passage(paper.paper_id, 0, len(paper.abstract), paper.abstract))
    return read_papers([hit], collection)[0]


def _terms(read: ReadPaper, collection: Collection) -> list[set[str]]:
    quotes = [read.paper.abstract[start:end] for start, end in read.spans]
    return [set(collection.terms(quote)) for quote in quotes]


def _report(name: str, examples: Sequence[Example]) -> None:
    print(f"{name}: {len(examples)} examples, weights", *np.round(_learned(examples), 3))
    best, first = [], []
    for fold in range(_N_FOLDS):
        weights = _learned([each for n, each in enumerate(examples) if n % _N_FOLDS != fold])
        for signs, worth in examples[fold::_N_FOLDS]:
            best.append(worth[np.argmax(signs @ weights)] == worth.max())
            first.append(worth[0] == worth.max())
    print(f"  the chosen sentence is the best {fmean(best):.3f}, the first one {fmean(first):.3f}")


def _learned(examples: Sequence[Example]) -> Numbers:
    """Least squares within papers, over standardised signs, with a ridge of 1."""
    signs = np.concatenate([signs - signs.mean(axis=0) for signs, _ in examples])
    worth = np.concatenate([worth - worth.mean() for _, worth in examples])
    spread = signs.std(axis=0) + 1e-9
    scaled = signs / spread
    learned: Numbers = np.linalg.solve(scaled.T @ scaled + np.eye(len(spread)), scaled.T @ worth)
    return learned / spread


if __name__ == "__main__":
    main()
