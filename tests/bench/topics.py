"""Whether summaries cite the papers on a topic, and what the choice of papers is learned from.

Topics are those of the development set and of topics.jsonl beside this file: 46 more about the
same papers, judged by their titles, and 31 that none of them is on.

`python -m tests.bench.topics` measures; `... topics fit` learns the weights of
``assistant.topics.on_topic`` anew and says what they give on topics left out, ten times.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.topics.on_topic import MAX_PAPERS, N_CANDIDATES, overall_signs, signs
from assistant.topics.reading import read_papers
from assistant.topics.subject import subject
from assistant.topics.topic import topic_answer
from assistant.types import Answer, Filters
from store.collection import Collection
from store.identity import normalize_title
from tests.bench.common import dev, pages_collection

_MORE = Path(__file__).with_suffix(".jsonl")
_N_FOLDS = 10
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
    with pages_collection() as collection:
        if sys.argv[1:] == ["fit"]:
            _fit(collection, of_dev + more, len(of_dev))
        else:
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


def _fit(collection: Collection, topics: Sequence[Topic], n_dev: int) -> None:
    """Print weights learned on all topics, and what those learned on nine tenths give elsewhere."""
    rows, overall, grades = [], [], []
    for topic in topics:
        query = subject(topic.query)
        papers = read_papers(collection.search(query, N_CANDIDATES), collection)
        rows.append(signs(query, papers, collection))
        overall.append(overall_signs(query, papers, collection))
        grades.append(np.array([topic.grade(each.paper.title) for each in papers]))
    there = [at for at, topic in enumerate(topics) if topic.relevant]
    weights, bias = _learned(rows, grades, there)
    print("on topic:", *np.round(weights, 2), "bias", round(bias, 2))
    folds = [
        (there[n::_N_FOLDS], [at for at in there if at not in there[n::_N_FOLDS]])
        for n in range(_N_FOLDS)
    ]
    shares = {}
    for held_out, others in folds:
        fold_weights, fold_bias = _learned(rows, grades, others)
        shares |= {at: _logistic(rows[at] @ fold_weights + fold_bias) for at in held_out}
    for least in (0.35, 0.4, 0.45, 0.5):
        chosen = {at: _chosen(shares[at], grades[at], least) for at in there}
        for name, some in (("development", [at for at in there if at < n_dev]), ("all", there)):
            print(f"{name}, left out, from {least}")
            _print_shares([chosen[at] for at in some], [topics[at] for at in some])
    has = np.array([float(bool(topic.relevant)) for topic in topics])
    weights, bias = _regressed(np.stack(overall), has, np.ones(len(has)))
    print("anything at all:", *np.round(weights, 2), "bias", round(bias, 2))
    odds = np.stack(overall) @ weights + bias
    for least in (0.2, 0.3, 0.4):
        refused = _logistic(odds) < least
        there_not, wrongly = refused[has == 0].mean(), refused[has == 1].mean()
        print(f"  from {least}: refused {there_not:.3f}, wrongly {wrongly:.3f}")


def _learned(
    rows: Sequence[Numbers], grades: Sequence[NDArray[np.int64]], some: Sequence[int]
) -> tuple[Numbers, float]:
    """Learn from some topics; a topic of many papers counts more than one of few, not as much
    more as it has papers."""
    weights = [
        np.array(_GRADE_WEIGHTS)[grades[at]] / np.sqrt((grades[at] >= 2).sum() + 1) for at in some
    ]
    right = np.concatenate([(grades[at] > 0).astype(float) for at in some])
    return _regressed(np.concatenate([rows[at] for at in some]), right, np.concatenate(weights))


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
