"""Learn when an abstract answers a question asked of it alone, and say what that gives.

    python -m tests.bench.each [--folder FOLDER] [--write]

Each question of the development set is asked of its paper, of the four others that it finds first
and of twelve others at random; so are those of train/questions.jsonl about the 200 papers that the
encoder has not learned from. Each is asked as typed, and with common words alone, as a question is
that suits any paper. Weights and threshold are learned from other papers' questions (five folds).
FOLDER keeps the collections; with --write the weights are put in place.
"""

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.each import ask_each
from assistant.each.measures import MEASURES, bests
from assistant.each.stating import Weights, answerable
from assistant.evidence.features import Values
from assistant.types import Filters, Paper
from store.collection import Collection
from store.identity import normalize_title
from tests.bench.common import SHARED
from tests.bench.evidence_questions import DEVELOPMENT, HELD_BACK, answers, collections

_N_NEAR, _N_ANY = 4, 12
_MIN_PAPERS_WITH_WORD = 24
_N_FOLDS = 5
_RIDGE = 1.0
_WORD = re.compile(r"[a-z0-9]+")
_GOLD, _NEAR, _ANY = "its paper", "papers near it", "other papers"
_FILE = files("assistant.each").joinpath("weights.json")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked of a paper.

    Attributes:
        kind: Where the question is from.
        typed: Whether as typed; else with common words alone.
        about: Title of the paper that it is about.
        of: Which paper it is asked of.
        right: Whether the best sentence is one that answers.
        measures: (n_measures,).
    """

    kind: str
    typed: bool
    about: str
    of: str
    right: bool
    measures: Values


def main() -> None:
    """Learn and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if not SHARED.is_dir():
        print("The questions and papers lie beside the checkout, and are not there.")
        return
    with TemporaryDirectory() as folder:
        asked = list(_asked(given.folder or Path(folder)))
    chances = _crossed(asked)
    threshold = _threshold(asked, chances)
    _report(asked, chances, threshold)
    if given.write:
        known = _learned(asked)
        by_name = dict(zip(MEASURES, known.measures.round(4).tolist(), strict=True))
        kept = {"threshold": round(threshold, 3), "bias": round(known.bias, 4), "measures": by_name}
        Path(str(_FILE)).write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _asked(folder: Path) -> Iterator[Asked]:
    common, chance = _common_words(), np.random.default_rng(1)
    for collection, questions in collections(folder):
        papers = {normalize_title(paper.title): paper for paper in collection.papers(Filters())}
        _say_how_long(collection, list(papers.values()))
        everything = sorted(papers)
        for each in questions:
            if each.kind not in (DEVELOPMENT, HELD_BACK) or each.title not in papers:
                continue
            own = papers[each.title]
            hits = collection.search(collection.read_as(each.question).text, _N_NEAR + 1)
            near = [hit.paper for hit in hits if hit.paper.paper_id != own.paper_id][:_N_NEAR]
            some = [papers[title] for title in chance.choice(everything, _N_ANY, replace=False)]
            others = [paper for paper in some if paper.paper_id != own.paper_id]
            of = [_GOLD, *[_NEAR] * len(near), *[_ANY] * len(others)]
            for typed in (True, False):
                kept = each.question if typed else _bare(each.question, common)
                if len(kept.split()) < 2:
                    continue
                found = bests(collection.read_as(kept).text, [own, *near, *others], collection)
                for which, best in zip(of, found, strict=True):
                    right = which == _GOLD and answers(
                        best.paper.abstract[slice(*best.span)], each.evidence
                    )
                    yield Asked(each.kind, typed, each.title, which, right, best.measures)


def _common_words() -> set[str]:
    """Words that are asked of many papers."""
    papers = defaultdict(set)
    lines = (SHARED / "train" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        for word in _WORD.findall(row["query"].lower()):
            papers[word].add(row["_id"])
    return {word for word, some in papers.items() if len(some) >= _MIN_PAPERS_WITH_WORD}


def _bare(question: str, common: set[str]) -> str:
    words = question.split()
    return " ".join(word for word in words if set(_WORD.findall(word.lower())[:1]) <= common)


def _learned(asked: Sequence[Asked]) -> Weights:
    """Fit a logistic model; of a question, its paper weighs as much as all others."""
    rows = np.stack([each.measures for each in asked])
    right = np.array([each.of == _GOLD for each in asked], float)
    mass = np.where(right > 0, 1.0, right.mean() / (1 - right.mean()))
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    design = np.column_stack((np.ones(len(rows)), (rows - mean) / spread))
    ridge = _RIDGE * np.diag([0.0, *[1.0] * rows.shape[1]])
    found = np.zeros(design.shape[1])
    for _ in range(30):
        chances = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (mass * (right - chances)) - ridge @ found
        bend = (design.T * (mass * chances * (1 - chances))) @ design + ridge
        found += np.linalg.solve(bend, slope)
    weights = found[1:] / spread
    return Weights(0.0, float(found[0] - weights @ mean), weights)


def _crossed(asked: Sequence[Asked]) -> Values:
    """The chance of each, learned from questions about other papers."""
    titles = sorted({each.about for each in asked})
    drawn = np.random.default_rng(0).permutation(len(titles)) % _N_FOLDS
    fold_of = dict(zip(titles, drawn.tolist(), strict=True))
    folds = np.array([fold_of[each.about] for each in asked])
    rows = np.stack([each.measures for each in asked])
    chances = np.zeros(len(asked))
    for fold in range(_N_FOLDS):
        rest = [each for each, at in zip(asked, folds, strict=True) if at != fold]
        chances[folds == fold] = answerable(rows[folds == fold], _learned(rest))
    return chances


def _threshold(asked: Sequence[Asked], chances: Values) -> float:
    """Where most papers are judged rightly: those that answer, and those that do not, by halves."""
    right = np.array([each.of == _GOLD for each in asked])
    tried = np.arange(0.05, 0.95, 0.01)
    worth = [(chances[right] >= at).mean() + (chances[~right] < at).mean() for at in tried]
    return float(tried[int(np.argmax(worth))])


def _report(asked: Sequence[Asked], chances: Values, threshold: float) -> None:
    print(f"threshold {threshold:.2f}")
    print(f"{'':44s}{'asked':>7s}{'dash':>7s}{'right sentence':>16s}")
    rows: dict[tuple[str, bool, str], list[tuple[bool, bool]]] = defaultdict(list)
    for each, chance in zip(asked, chances, strict=True):
        shown = bool(chance >= threshold)
        rows[each.kind, each.typed, each.of].append((shown, shown and each.right))
    for (kind, typed, of), judged in rows.items():
        shown, right = np.mean(judged, axis=0)
        said = f"{right:16.3f}" if of == _GOLD else ""
        name = f"{kind}, {'as typed' if typed else 'common words'}: {of}"
        print(f"{name:44s}{len(judged):7d}{1 - shown:7.3f}{said}")


def _say_how_long(collection: Collection, papers: Sequence[Paper]) -> None:
    if not Path(str(_FILE)).exists():
        return
    began = time.perf_counter()
    ask_each("Which dataset is it evaluated on?", papers, collection)
    print(f"{len(papers):,} papers asked in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
