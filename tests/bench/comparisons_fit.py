"""Learn which questions are about several papers, and which papers these are.

Learns from the development set's comparisons, from our own (``comparisons.jsonl``), and from
questions about one paper: the development set's and 1,500 of ../shared/train. Prints what is given
where it was not learned, a seventh of all being left out in turn, and the weights for
``assistant.comparing.deciding``. `python -m tests.bench.comparisons_fit`
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from assistant.comparing import N_COMPARED
from assistant.comparing.candidates import candidates, with_titles
from assistant.comparing.deciding import (
    BELONGS,
    COMPARES,
    LIKELY,
    MAY,
    features,
    first_features,
    likeliest,
    odds_of,
    those_that_belong,
)
from assistant.comparing.types import Candidate
from assistant.comparing.wording import could_compare, sides, weights_of
from store.collection import Collection
from store.identity import normalize_title
from tests.bench.common import dev, pages_collection
from tests.bench.follow_ups_fit import Weights, collection_of, fitted
from tests.bench.made_conversations import train_topics

OWN = Path(__file__).with_name("comparisons.jsonl")
_N_FOLDS = 7
_N_TRAIN = 500
_L2_LIKELY = 3.0
_L2_BELONGS = 10.0
_L2_COMPARES = 2.0
_DEVELOPMENT = "development"
_OUR_OWN = "our own"
_ONE = "about one paper"
_ONE_OF_OTHERS = "about one of other papers"


@dataclass(frozen=True, slots=True)
class Case:
    """A question.

    Attributes:
        source: Where it is from.
        fold: What is left out together.
        question: The question.
        weights: Its terms with their weights.
        gold: Normalized titles of the papers that it is about.
        found: The papers that may be; none where its words tell that it is about one.
        first: What it is judged by before its parts are searched for; likewise.
        titled: The likeliest of those found, by the weights that ship, and their titles' closeness.
    """

    source: str
    fold: int
    question: str
    weights: Weights
    gold: Set[str]
    found: Sequence[Candidate]
    first: Weights
    titled: Sequence[Candidate]

    @property
    def several(self) -> bool:
        """Whether it is about several papers."""
        return self.source in (_DEVELOPMENT, _OUR_OWN)

    @property
    def weight(self) -> float:
        """How much it counts."""
        return 2.0 if self.several else 1.0 if self.source == _ONE else 0.3

    def right(self, candidate: Candidate) -> bool:
        """Whether a paper is one of those that it is about."""
        return normalize_title(candidate.hit.paper.title) in self.gold


def main() -> None:
    """Print what is learned and what it gives."""
    cases = [*_of_pages(), *_of_train()]
    several = [case for case in cases if case.several]
    likely = [_likely(_without(several, fold)) for fold in range(_N_FOLDS)]
    titled = [replace(case, found=case.titled) for case in several]
    belongs = [_belongs(_without(titled, fold)) for fold in range(_N_FOLDS)]
    rows = [(case, _features(case, likely[case.fold])) for case in cases]
    compares = [_compares(row for row in rows if row[0].fold != fold) for fold in range(_N_FOLDS)]
    may = [_may(_without(cases, fold)) for fold in range(_N_FOLDS)]
    print("Share whose parts are searched for")
    _print_taken([(case, case.first) for case in cases], may, (-1.0, -1.5, -2.0, -2.5, -3.0))
    print("Share taken for questions about several papers")
    _print_taken(rows, compares, (1.0, 0.5, 0.25, 0.0, -0.25, -0.5, -0.75, -1.0, -1.5))
    print("All papers of a question chosen; how many are chosen, and the share that is right")
    for least in (-1.5, -2.0, -2.2, -2.4, -2.6, -2.8, -3.0, -3.5):
        print(least, _chosen(titled, belongs, least))
    learned_of_all = {
        "LIKELY": _likely(several),
        "BELONGS": _belongs(titled),
        "COMPARES": _compares(rows),
        "MAY": _may(cases),
    }
    for name, learned in learned_of_all.items():
        print(name, json.dumps({key: round(each, 2) for key, each in learned.items()}, indent=4))


def _print_taken(
    rows: Sequence[tuple[Case, Weights]], learned: Sequence[Weights], leasts: Sequence[float]
) -> None:
    """Print, for each least log-odds, the share of questions by where they are from."""
    for least in leasts:
        taken = defaultdict[str, list[bool]](list)
        for case, row in rows:
            odds = odds_of(learned[case.fold], row) if row else -math.inf
            taken[case.source].append(odds >= least)
        print(least, {source: f"{fmean(each):.3f}" for source, each in taken.items()})


def _may(cases: Iterable[Case]) -> Weights:
    """Which questions may be about several papers, before their parts are searched for."""
    told = [(case.first, case.several, case.weight) for case in cases if case.first]
    return fitted(list(MAY), told, _L2_COMPARES)


def _without(cases: Iterable[Case], fold: int) -> list[Case]:
    return [case for case in cases if case.fold != fold]


def _likely(cases: Iterable[Case]) -> Weights:
    """Which papers belong to the answer of a question about several, by all but their titles."""
    return fitted(list(LIKELY), _rights(cases), _L2_LIKELY)


def _belongs(cases: Iterable[Case]) -> Weights:
    """The same of the likeliest, by their titles, too."""
    return fitted(list(BELONGS), _rights(cases), _L2_BELONGS)


def _rights(cases: Iterable[Case]) -> list[tuple[Weights, bool, float]]:
    return [(each.features, case.right(each), 1.0) for case in cases for each in case.found]


def _compares(rows: Iterable[tuple[Case, Weights]]) -> Weights:
    """Which questions are about several papers."""
    told = [(row, case.several, case.weight) for case, row in rows if row]
    return fitted(list(COMPARES), told, _L2_COMPARES)


def _features(case: Case, belongs: Weights) -> Weights:
    """What a question is judged by; nothing where its words have told already."""
    if len(case.found) < 2:
        return {}
    return features(case.question, case.weights, case.found, belongs)


def _chosen(cases: Sequence[Case], belongs: Sequence[Weights], least: float) -> dict[str, str]:
    """Shares by where the questions are from, were all of them taken for what they are."""
    told = defaultdict[str, list[tuple[float, ...]]](list)
    for case in cases:
        chosen = those_that_belong(case.found, belongs[case.fold], least)
        n_right = sum(case.right(each) for each in chosen)
        n_chosen = len(chosen) or 1
        told[case.source].append((n_right == len(case.gold), n_chosen, n_right / n_chosen))
    return {
        source: " ".join(f"{fmean(column):.2f}" for column in zip(*rows, strict=True))
        for source, rows in told.items()
    }


def _of_pages() -> Iterator[Case]:
    own = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    told = {_DEVELOPMENT: dev("comparisons"), _OUR_OWN: own, _ONE: dev("questions")}
    with pages_collection() as collection:
        for source, items in told.items():
            for number, item in enumerate(items):
                yield _case((source, number), item["query"], item["gold"], collection)


def _of_train() -> Iterator[Case]:
    topics = train_topics()[-_N_TRAIN:]
    with TemporaryDirectory() as folder:
        collection = collection_of(Path(folder), topics)
        for number, topic in enumerate(topics):
            for question in topic.questions:
                yield _case((_ONE_OF_OTHERS, number), question, [topic.title], collection)
        collection.close()


def _case(
    which: tuple[str, int], question: str, gold: Sequence[str], collection: Collection
) -> Case:
    query = collection.read_as(question).text
    weights = weights_of(query, collection)
    found: Sequence[Candidate] = []
    titled: Sequence[Candidate] = []
    first: Weights = {}
    if could_compare(query):
        hits = collection.search(query, N_COMPARED)
        parts = [(part, collection.search(part, N_COMPARED)) for part in sides(query, collection)]
        found = candidates(query, weights, hits, parts, collection)
        first = first_features(query, weights, hits)
        names = [part for part, _ in parts]
        titled = with_titles(query, names, likeliest(found), collection)
    titles = {normalize_title(title) for title in gold}
    return Case(which[0], which[1] % _N_FOLDS, query, weights, titles, found, first, titled)


if __name__ == "__main__":
    main()
