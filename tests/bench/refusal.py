"""Which questions are refused, rightly and wrongly; and learn by what to tell (``--fit``).

Asks questions made by rule (see ``refusal_questions``) and those of the development set of small
collections: the five pages, and the training papers in four parts. Everything said of a question
comes from a model that has not seen it, nor any other made of the same paper; the unanswerable
questions of the development set are never learned from. `python -m tests.bench.refusal`

With ``--fit``, what is learned is written to assistant/refusal. It takes some minutes, half of them
for the encoder.
"""

import json
import random
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant import refusal as module
from assistant.evidence import rank_evidence
from assistant.refusal.bearing import Bearing, bearing, uses
from store.collection import Collection
from store.types import Paper
from tests.bench.common import dev, encoder, pages_collection
from tests.bench.refusal_questions import (
    N_PARTS,
    PAGES,
    Asked,
    made_questions,
    training_papers,
    training_questions,
)

Array = NDArray[np.float64]

_MEASURES = [each.name for each in fields(Bearing) if each.type is float or each.type == "float"]
_SHARES = {
    "own paraphrase": 1.5,
    "own lexical": 1,
    "own terse": 1,
    "own typo": 0.5,
    "development": 3,
    "of a digest": 2,
    "present": 1,
    "own name added": 1.5,
    "told figure": 1.5,
    "own subject": 1,
    "left out": 3,
    "name swapped": 1.7,
    "name added": 1.5,
    "version": 0.8,
    "figure": 2,
    "subject": 1.5,
    "off topic": 2.5,
    "absent": 1.5,
    "absent from digests": 1.5,
    "not stated": 1.5,
}
"""How much the questions of a sort weigh, all together."""

_N_OF_A_SORT = 400
_N_FOLDS = 5
_RIDGE = 1.0
_WRONGLY_REFUSED = (0.01, 0.02, 0.03, 0.04, 0.05, 0.1)
_AT = 0.04
_MIN_ASKED, _MAX_USE, _PRIOR = 8, 0.5, 5
"""A word is one of asking where it is in so many questions, and in so few of the abstracts that
answer them; counted as if it had been as usual in so many questions more."""


def main() -> None:
    """Print both errors, and the curve; with ``--fit``, write what was learned."""
    fit = "--fit" in sys.argv[1:]
    with collections() as opened:
        if fit:
            _write("asking_words.json", uses_of_words(opened[0]))
            uses.cache_clear()
        asked = _some(made_questions([*parts(), list(opened[PAGES].papers())])) + development()
        stands = [stand(opened[each.part], each.question) for each in asked]
    columns = np.array([[getattr(each, name) for name in _MEASURES] for each in stands])
    chances = unseen(asked, columns) * [each.any_matched for each in stands]
    threshold = report(asked, chances)
    if fit:
        bias, *weights = learned(asked, columns)
        measures = {
            name: round(float(each), 3) for name, each in zip(_MEASURES, weights, strict=True)
        }
        told = {"threshold": round(threshold, 3), "bias": round(float(bias), 3)}
        known = json.loads(_path("weights.json").read_text(encoding="utf-8"))
        _write("weights.json", known | {encoder().name: {**told, "measures": measures}})


def _some(asked: Sequence[Asked]) -> list[Asked]:
    """At most so many of a sort."""
    by_sort: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        by_sort[each.sort].append(each)
    dice = random.Random(0)
    return [
        each
        for some in by_sort.values()
        for each in dice.sample(some, min(len(some), _N_OF_A_SORT))
    ]


def _write(name: str, told: object) -> None:
    _path(name).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _path(name: str) -> Path:
    return Path(module.__file__).with_name(name)


def parts() -> list[list[Paper]]:
    """The training papers in so many parts."""
    papers = list(training_papers().values())
    return [papers[n::N_PARTS] for n in range(N_PARTS)]


@contextmanager
def collections() -> Iterator[list[Collection]]:
    """The parts of the training papers, then the five pages, then the starter collection."""
    with ExitStack() as opened:
        homes = [opened.enter_context(_part(part)) for part in parts()]
        pages = opened.enter_context(pages_collection())
        yield [*homes, pages, opened.enter_context(_starter())]


@contextmanager
def _part(papers: Sequence[Paper]) -> Iterator[Collection]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "papers.jsonl"
        lines = (json.dumps({"title": paper.title, "abstract": paper.abstract}) for paper in papers)
        path.write_text("\n".join(lines), encoding="utf-8")
        collection = Collection(Path(folder) / "home", encoder(), starter=False)
        collection.ingest([path])
        yield collection
        collection.close()


@contextmanager
def _starter() -> Iterator[Collection]:
    with TemporaryDirectory() as folder:
        collection = Collection(Path(folder), encoder())
        collection.wait()
        yield collection
        collection.close()


def uses_of_words(collection: Collection) -> dict[str, float]:
    """For words of asking, the chance that the abstract which answers a question has them too."""
    papers, asked, held = training_papers(), Counter[str](), Counter[str]()
    for question in training_questions():
        paper = papers[question["_id"]]
        terms = set(collection.terms(question["query"]))
        asked.update(terms)
        held.update(terms & set(collection.terms(f"{paper.title}\n{paper.abstract}")))
    usual = sum(held.values()) / sum(asked.values())
    uses = {
        term: (held[term] + _PRIOR * usual) / (n + _PRIOR)
        for term, n in asked.items()
        if n >= _MIN_ASKED
    }
    return {term: round(use, 2) for term, use in sorted(uses.items()) if use <= _MAX_USE}


def development() -> list[Asked]:
    """The questions of the development set that are judged and never learned from."""
    made = partial(Asked, PAGES, source="")
    asked = [made(q["query"], False, f"dev: {q['kind']}") for q in dev("unanswerable")]
    asked += [made(q["query"], True, "dev: comparison") for q in dev("comparisons")]
    for talk in dev("conversations"):
        asked += [made(t["standalone"], True, "dev: follow-up") for t in talk["turns"]]
    return asked


def stand(collection: Collection, question: str) -> Bearing:
    """Measure how a question stands to a collection, as the chain does."""
    query = collection.read_as(question).text
    hits = collection.search(query, 8)
    ranked = rank_evidence(query, query, hits, collection)
    return bearing(query, query, hits, ranked, collection)


def unseen(asked: Sequence[Asked], columns: Array) -> Array:
    """The probability that each is answered, from a model that has not seen its source."""
    folds = np.array([zlib.crc32(each.source.encode()) % _N_FOLDS for each in asked])
    chances = np.zeros(len(asked))
    for fold in range(_N_FOLDS):
        mine = folds == fold
        seen = [each for each, out in zip(asked, mine, strict=True) if not out]
        bias, *weights = learned(seen, columns[~mine])
        chances[mine] = 1 / (1 + np.exp(-(bias + columns[mine] @ np.array(weights))))
    return chances


def learned(asked: Sequence[Asked], columns: Array) -> Array:
    """Fit a logistic model: its bias, then the weight of each measure, in the measure's unit."""
    counts = Counter(each.sort for each in asked)
    mass = np.array([_SHARES.get(each.sort, 0) / counts[each.sort] for each in asked])
    mass *= np.count_nonzero(mass) / mass.sum()
    answered = np.array([each.answered for each in asked], float)
    mean, spread = columns.mean(0), columns.std(0) + 1e-9
    design = np.column_stack((np.ones(len(asked)), (columns - mean) / spread))
    ridge = _RIDGE * np.eye(design.shape[1])
    ridge[0, 0] = 0.0
    found = np.zeros(design.shape[1])
    for _ in range(30):
        chances = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (mass * (answered - chances)) - ridge @ found
        bend = (design.T * (mass * chances * (1 - chances))) @ design + ridge
        found += np.linalg.solve(bend, slope)
    weights = found[1:] / spread
    return np.concatenate(([found[0] - weights @ mean], weights))


def report(asked: Sequence[Asked], chances: Array) -> float:
    """Print what is refused, sort by sort, and give the threshold."""
    by_sort: dict[str, list[float]] = defaultdict(list)
    answered = {each.sort: each.answered for each in asked}
    for each, chance in zip(asked, chances, strict=True):
        by_sort[each.sort].append(chance)
    known = np.array(by_sort["development"])
    print(f"refused where so many of {len(known)} answerable development questions are; area")
    heads = "".join(f"{share:7.0%}" for share in _WRONGLY_REFUSED)
    print(f"{'':24s}{'n':>6s}{heads}")
    for sort in sorted(by_sort, key=lambda sort: (answered[sort], sort)):
        values = np.array(by_sort[sort])
        cells = "".join(f"{np.mean(values < _cut(known, s)):7.3f}" for s in _WRONGLY_REFUSED)
        wins = (known[:, None] > values).mean() + (known[:, None] == values).mean() / 2
        area = "answered" if answered[sort] else f"{wins:8.3f}"
        print(f"{sort:24s}{len(values):6d}{cells}{area:>10s}")
    return _cut(known, _AT)


def _cut(known: Array, share: float) -> float:
    """The highest threshold that refuses at most this share."""
    return float(np.sort(known)[int(share * len(known))])


if __name__ == "__main__":
    main()
