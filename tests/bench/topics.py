"""Whether summaries cite the papers on a topic, and what the choice of papers is learned from.

Topics are those of the development set and of topics.jsonl beside this file: 46 more about the
same papers, judged by their titles, and 31 that none of them is on.

`python -m tests.bench.topics` measures; `... topics fit` learns the weights of
``assistant.topics.on_topic`` anew and says what they give on topics left out, ten times.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.topics.on_topic import MAX_PAPERS, N_CANDIDATES, all_signs
from assistant.topics.reading import ReadPaper, read_papers
from assistant.topics.signs import company_signs, overall_signs
from assistant.topics.subject import subject
from assistant.topics.topic import topic_answer
from assistant.types import Answer, Filters
from store.collection import Collection
from store.encoders import BUNDLED, load_encoder
from store.identity import normalize_title
from tests.bench.common import PAGES, dev, pages_collection

_MORE = Path(__file__).with_suffix(".jsonl")
_N_FOLDS = 10
_CUTS = (0.0, 0.3, 0.35, 0.4, 0.45)
"""The first cites 20 papers for every topic: as many of the core as the order of papers allows."""
_CONVEYED = 0.6
_GRADE_WEIGHTS = (1.0, 0.5, 1.0, 1.5)
"""How much a paper counts that is off a topic, on its margin, on it, or one of its core."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Topic:
    """A topic and the normalized titles on it; ``core`` are among ``relevant``.

    ``points`` are what a summary might say of a paper: its normalized title and a sentence.
    """

    query: str
    core: frozenset[str]
    relevant: frozenset[str]
    marginal: frozenset[str]
    points: tuple[tuple[str, str], ...] = ()

    def grade(self, title: str) -> int:
        """3 for a core paper, 2 for one on the topic, 1 for one on its margin, else 0."""
        name = normalize_title(title)
        return (
            3 if name in self.core else 2 if name in self.relevant else int(name in self.marginal)
        )


def main() -> None:
    """Measure, or fit."""
    of_dev = [_topic(row) for row in dev("topics")]
    more = [_topic(json.loads(line)) for line in _MORE.read_text(encoding="utf-8").splitlines()]
    more += [
        _topic({"query": row["query"]}) for row in dev("unanswerable") if row["kind"] != "near"
    ]
    if sys.argv[1:] == ["fit"]:
        _fit(of_dev + more, len(of_dev))
        return
    with pages_collection() as collection:
        _measure("development", collection, of_dev)
        _measure("more, tuned on", collection, more)


def _topic(row: dict[str, Any]) -> Topic:
    names = ("core", "relevant", "marginal")
    points = [(normalize_title(p["title"]), p["point"]) for p in row.get("key_points", ())]
    titles = (frozenset(map(normalize_title, row.get(name, ()))) for name in names)
    return Topic(row["query"], *titles, tuple(points))


# --- measuring ---


def _measure(name: str, collection: Collection, topics: Sequence[Topic]) -> None:
    answers = [topic_answer(collection, topic.query, None, Filters()) for topic in topics]
    there = [(t, a) for t, a in zip(topics, answers, strict=True) if t.relevant]
    absent = [a for t, a in zip(topics, answers, strict=True) if not t.relevant]
    print(f"{name}: {len(there)} topics")
    _print_shares([_grades(topic, answer) for topic, answer in there], [t for t, _ in there])
    if points := [point for t, a in there for point in _conveyed(t, a, collection)]:
        print(f"  points of cited papers   {fmean(points):.3f}, of {len(points)}")
    print(f"  refused wrongly          {sum(answer.refused for _, answer in there)}")
    if absent:
        print(f"  refused, of {len(absent)} absent    {sum(a.refused for a in absent)}")
    times = [1000 * answer.timings_s["total"] for answer in answers]
    print(f"  ms, median / most        {median(times):.0f} / {max(times):.0f}")


def _conveyed(topic: Topic, answer: Answer, collection: Collection) -> Iterator[bool]:
    """For each key point of a cited paper: do its quotes have 60 % of the point's terms?"""
    quotes: dict[str, set[str]] = {}
    for each in answer.citations:
        terms = quotes.setdefault(normalize_title(each.paper.title), set())
        terms.update(collection.terms(each.quote))
    for title, point in topic.points:
        wanted = set(collection.terms(point))
        if title in quotes:
            yield len(wanted & quotes[title]) >= _CONVEYED * len(wanted)


def _grades(topic: Topic, answer: Answer) -> list[int]:
    cited = dict.fromkeys(citation.paper for citation in answer.citations)
    return [topic.grade(paper.title) for paper in cited]


def _print_shares(graded: Sequence[Sequence[int]], topics: Sequence[Topic]) -> None:
    """Shares of each topic's papers that are cited, and of the cited that are right; means."""
    pairs = list(zip(graded, topics, strict=True))
    recall = fmean(sum(g >= 2 for g in grades) / len(t.relevant) for grades, t in pairs)
    precision = fmean(sum(g >= 1 for g in grades) / len(grades) for grades in graded if grades)
    core = fmean(sum(g == 3 for g in grades) / len(t.core) for grades, t in pairs)
    print(f"  relevant cited           {recall:.3f}")
    print(f"  relevant among cited     {precision:.3f}")
    print(f"  core cited               {core:.3f}")
    print(f"  papers cited             {fmean(map(len, graded)):.1f}")


# --- learning ---


@dataclass(frozen=True)
class Looked:
    """A topic, and the papers that one collection finds for it.

    Attributes:
        number: Of the topic, the same in every collection.
        query: What was searched for.
        grades: Of the papers, in order.
    """

    number: int
    topic: Topic
    query: str
    papers: Sequence[ReadPaper]
    grades: NDArray[np.int64]
    collection: Collection


def _fit(topics: Sequence[Topic], n_dev: int) -> None:
    """Print weights learned with both encoders, and what is had on topics that were left out."""
    with ExitStack() as stack:
        collections = [_opened(name, stack) for name in BUNDLED]
        looked = [_looked(n, topic, each) for each in collections for n, topic in enumerate(topics)]
        there = [each for each in looked if each.topic.relevant]
        rows = [all_signs(each.query, each.papers, each.collection) for each in there]
        _print_weights("on topic", *_learned(rows, there))
        odds = _left_out(rows, there)
        rows = [
            company_signs(some, each.papers, each.collection)
            for some, each in zip(odds, there, strict=True)
        ]
        _print_weights("company", *_learned(rows, there))
        shares = [_logistic(odds) for odds in _left_out(rows, there)]
        for collection in collections:
            here = [n for n, each in enumerate(there) if each.collection is collection]
            of_dev = [n for n in here if there[n].number < n_dev]
            for least in _CUTS:
                for name, some in (("development", of_dev), ("all", here)):
                    print(f"{collection.encoder.name}, {name}, left out, from {least}")
                    chosen = [_chosen(shares[n], there[n].grades, least) for n in some]
                    _print_shares(chosen, [there[n].topic for n in some])
        _fit_overall(looked, collections)


def _fit_overall(looked: Sequence[Looked], collections: Sequence[Collection]) -> None:
    rows = np.stack([overall_signs(each.query, each.papers, each.collection) for each in looked])
    has = np.array([float(bool(each.topic.relevant)) for each in looked])
    weights, bias = _regressed(rows, has, np.ones(len(has)))
    _print_weights("anything at all", weights, bias)
    shares = _logistic(rows @ weights + bias)
    for collection in collections:
        here = np.array([each.collection is collection for each in looked])
        for least in (0.2, 0.3, 0.4):
            refused = shares < least
            rightly, wrongly = refused[here & (has == 0)].mean(), refused[here & (has == 1)].mean()
            print(
                f"  {collection.encoder.name}, from {least}: {rightly:.3f}, wrongly {wrongly:.3f}"
            )


def _opened(encoder_name: str, stack: ExitStack) -> Collection:
    """The five pages, in a home that is gone when the stack is closed."""
    folder = Path(stack.enter_context(TemporaryDirectory()))
    collection = Collection(folder, load_encoder(encoder_name), starter=False)
    stack.callback(collection.close)
    collection.ingest(PAGES)
    return collection


def _looked(number: int, topic: Topic, collection: Collection) -> Looked:
    query = subject(topic.query)
    papers = read_papers(collection.search(query, N_CANDIDATES), collection)
    grades = np.array([topic.grade(each.paper.title) for each in papers])
    return Looked(number, topic, query, papers, grades, collection)


def _print_weights(name: str, weights: Numbers, bias: float) -> None:
    print(f"{name}:", *np.round(weights, 2), "bias", round(bias, 2))


def _left_out(rows: Sequence[Numbers], looked: Sequence[Looked]) -> list[Numbers]:
    """Log-odds of every paper by weights learned without its topic."""
    odds: list[Numbers] = [np.empty(0)] * len(rows)
    for fold in range(_N_FOLDS):
        apart = [each.number % _N_FOLDS == fold for each in looked]
        others = [n for n, out in enumerate(apart) if not out]
        weights, bias = _learned([rows[n] for n in others], [looked[n] for n in others])
        for n, out in enumerate(apart):
            if out:
                odds[n] = rows[n] @ weights + bias
    return odds


def _learned(rows: Sequence[Numbers], looked: Sequence[Looked]) -> tuple[Numbers, float]:
    """Learn from some topics; a topic of many papers counts more than one of few, not as much
    more as it has papers."""
    weights = [
        np.array(_GRADE_WEIGHTS)[each.grades] / np.sqrt((each.grades >= 2).sum() + 1)
        for each in looked
    ]
    right = np.concatenate([(each.grades > 0).astype(float) for each in looked])
    return _regressed(np.concatenate(rows), right, np.concatenate(weights))


def _regressed(x: Numbers, y: Numbers, weights: Numbers) -> tuple[Numbers, float]:
    """Logistic regression by Newton's method, over standardised values, with a ridge of 1."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    design = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    ridge = np.diag([1.0] * x.shape[1] + [1e-6])
    learned = np.zeros(design.shape[1])
    for _ in range(30):
        share = _logistic(design @ learned)
        slope = design.T @ (weights * (share - y)) + ridge @ learned
        curve = (design * (weights * share * (1 - share))[:, None]).T @ design + ridge
        learned = learned - np.linalg.solve(curve, slope)
    return learned[:-1] / spread, float(learned[-1] - (mean / spread) @ learned[:-1])


def _chosen(shares: Numbers, grades: NDArray[np.int64], least: float) -> list[int]:
    order = np.argsort(-shares, kind="stable")[:MAX_PAPERS]
    return [int(grades[at]) for n, at in enumerate(order) if shares[at] >= least or not n]


def _logistic(value: Numbers) -> Numbers:
    share: Numbers = 1.0 / (1.0 + np.exp(-np.clip(value, -30, 30)))
    return share


if __name__ == "__main__":
    main()
