"""The three collections that retrieval is measured on, in one form.

development: the five saved pages and the 232 questions about them; scifact and mlpapers: folders of
../shared/bench in BEIR form. Weights and thresholds are chosen on development, scifact's ``train``
and mlpapers' ``dev``; a ``test`` split is for a last report only.
"""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.identity import normalize_title
from store.readers import read_source
from store.readers.record import Record
from tests.bench.common import PAGES, SHARED, dev

__all__ = ["Dataset", "Query", "SourcePaper", "load", "write_jsonl"]

_ALL = ("dev", "test")


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """A paper as every system is given it; ``paper_id`` is what rankings are judged by."""

    paper_id: str
    title: str
    abstract: str

    @property
    def text(self) -> str:
        """Title and abstract as one text, for systems that know no fields."""
        return f"{self.title}. {self.abstract}"


@dataclass(frozen=True, slots=True)
class Query:
    """A query, and the grades of the papers that bear on it."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Papers and queries under a name."""

    name: str
    papers: Sequence[SourcePaper]
    queries: Sequence[Query]


def load(name: str, split: str = "", limit: int | None = None) -> Dataset:
    """Read a collection.

    Args:
        name: "development", or a folder of ../shared/bench.
        split: One of its qrels, or "all" for dev and test together; development has none.
        limit: Take so many papers only: those that bear on a query before the others.
    """
    whole = _development() if name == "development" else _beir(name, split)
    if limit is None:
        return whole
    graded = {paper_id for query in whole.queries for paper_id in query.grades}
    papers = sorted(whole.papers, key=lambda paper: paper.paper_id not in graded)[:limit]
    there = {paper.paper_id for paper in papers}
    queries = [query for query in whole.queries if query.grades.keys() <= there]
    return Dataset(name, papers, queries)


def write_jsonl(papers: Sequence[SourcePaper], path: Path) -> None:
    """Write papers as a file that ingest reads, each under its own id."""
    with path.open("w", encoding="utf-8") as file:
        for paper in papers:
            item = {"title": paper.title, "abstract": paper.abstract}
            file.write(json.dumps(item | {"identifiers": [paper.paper_id]}) + "\n")


def _development() -> Dataset:
    records = [item for page in PAGES for item in read_source(page) if isinstance(item, Record)]
    titles = {normalize_title(record.title): record for record in records}
    ids = {title: f"development:{number:04}" for number, title in enumerate(titles)}
    papers = [
        SourcePaper(ids[title], record.title, record.abstract) for title, record in titles.items()
    ]
    queries = [
        Query(question["query"], {ids[normalize_title(title)]: 1 for title in question["gold"]})
        for question in dev("questions")
    ]
    return Dataset("development", papers, queries)


def _beir(name: str, split: str) -> Dataset:
    folder = SHARED / "bench" / name
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [
            SourcePaper(f"{name}:{item['_id']}".lower(), item["title"], item["text"])
            for item in map(json.loads, lines)
        ]
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {item["_id"]: item["text"] for item in map(json.loads, lines)}
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for each in _ALL if split == "all" else (split,):
        for query_id, paper_id, grade in _rows(folder / "qrels" / f"{each}.tsv"):
            grades[query_id][f"{name}:{paper_id}".lower()] = int(grade)
    queries = [Query(texts[query_id], graded) for query_id, graded in grades.items()]
    return Dataset(name, papers, queries)


def _rows(path: Path) -> Iterator[Sequence[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        next(rows)
        yield from rows
