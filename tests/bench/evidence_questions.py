"""Questions with the sentences that answer them, and what is found for them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.evidence.features import (
    Values,
    closenesses,
    paper_features,
    read,
    sentence_features,
)
from assistant.evidence.ranking import asked_terms
from store.collection import Collection
from store.identity import normalize_title
from store.sentences import sentence_spans
from store.training.pairs import HELD_OUT
from tests.bench.common import PAGES, SHARED, dev, encoder
from tests.bench.datasets import load, write_jsonl

__all__ = ["DEVELOPMENT", "HELD_BACK", "LEARNED", "Found", "answers", "collections", "questions"]

DEVELOPMENT, HELD_BACK, LEARNED = "development", "held out", "learned by the encoder"

_N_OTHERS = 2_400
_N_HITS = 8
_NOISE = 0.07
"""Standard deviation of what is added to cosines that the encoder has learned: with it, the nearest
sentence of the right paper answers as often as among questions that it has not seen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Attributes:
        question: As typed.
        evidence: The sentences that answer it.
        title: Of the paper it is about, normalized.
        kind: Where it is from.
    """

    question: str
    evidence: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """A question and what was found for it.

    Attributes:
        asked: The question.
        papers: (n_papers, n_features).
        right: Whether each paper is the right one, (n_papers,).
        texts: The sentences of each paper.
        sentences: Theirs, by paper, (n_sentences, n_features).
        answers: Whether each answers, by paper, (n_sentences,).
    """

    asked: Asked
    papers: Values
    right: Values
    texts: list[list[str]]
    sentences: list[Values]
    answers: list[Values]


def questions(folder: Path) -> Iterator[Found]:
    """Ask everything; collections are made in a folder unless they are there."""
    for collection, asked in collections(folder):
        yield from _found(collection, asked)


def collections(folder: Path) -> Iterator[tuple[Collection, list[Asked]]]:
    """Each collection with what is asked of it, closed before the next is opened."""
    with closing(_opened(folder / "pages", PAGES)) as collection:
        yield collection, _about_the_pages()
    rows, papers = (
        _training_rows(),
        {each.paper_id: each for each in load("mlpapers", "dev").papers},
    )
    names = sorted({f"mlpapers:{row['_id']}".lower() for row in rows})
    others = np.random.default_rng(1).permutation(sorted(papers.keys() - set(names)))
    path = folder / "papers.jsonl"
    write_jsonl([papers[name] for name in (*names, *others[:_N_OTHERS])], path)
    held_back = set(names[:HELD_OUT])
    asked = [
        Asked(
            row["query"],
            row["evidence"],
            normalize_title(papers[name].title),
            HELD_BACK if name in held_back else LEARNED,
        )
        for row in rows
        for name in [f"mlpapers:{row['_id']}".lower()]
    ]
    with closing(_opened(folder / "training", [path])) as collection:
        yield collection, asked


def _about_the_pages() -> list[Asked]:
    return [
        Asked(row["query"], row["evidence"], normalize_title(row["gold"][0]), DEVELOPMENT)
        for row in dev("questions")
    ]


def _training_rows() -> list[dict[str, str]]:
    lines = (SHARED / "train" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _opened(home: Path, sources: Sequence[Path]) -> Collection:
    collection = Collection(home, encoder(), starter=False)
    if not collection.count():
        collection.ingest(sources)
    return collection


def _found(collection: Collection, asked: Sequence[Asked]) -> Iterator[Found]:
    chance = np.random.default_rng(1)
    for each in asked:
        query = collection.read_as(each.question).text
        hits = collection.search(query, _N_HITS)
        papers = [read(hit.paper, collection) for hit in hits]
        near = closenesses(query, query, papers, collection)
        if each.kind == LEARNED:
            near = [values + chance.normal(0, _NOISE, values.shape) for values in near]
        terms = asked_terms(query, query, collection)
        right = [normalize_title(hit.paper.title) == each.title for hit in hits]
        yield Found(
            each,
            paper_features(terms, hits, papers, near),
            np.array(right, float),
            [one.texts for one in papers],
            [sentence_features(terms, *pair) for pair in zip(papers, near, strict=True)],
            [
                np.array([is_right and answers(text, each.evidence) for text in one.texts], float)
                for one, is_right in zip(papers, right, strict=True)
            ],
        )


def answers(sentence: str, evidence: str) -> bool:
    """Whether a sentence is part of one of the evidence's, or contains one."""
    said = " ".join(sentence.split()).casefold()
    golds = (" ".join(evidence[slice(*span)].split()) for span in sentence_spans(evidence))
    return any(said in gold or gold in said for gold in map(str.casefold, golds))
