"""What the parts of ranking weigh. `python -m tests.bench.ranking`

The weights are chosen on questions of ../shared/train that no encoder was trained with, over their
papers among 6,000 others, and looked at with the development questions over the five pages.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from store.collection import Collection
from store.fusion import Ranking, fuse
from store.identity import normalize_title
from store.reranking import N_LOOKED_AT, reranked
from store.retrieval import best_per_paper
from store.training.pairs import HELD_OUT, read_articles, read_questions
from tests.bench.common import SHARED, dev, encoder, pages_collection, summary

_DEPTH = 200
_N_OTHERS = 6_000
_DENSE = (0.6, 0.9, 1.2, 1.5, 2.0)
_SENTENCE = (0.0, 0.4, 0.8, 1.2, 1.6)
_COVERAGE = (0.0, 2.5, 5.0, 7.5, 10.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a question finds: two rankings, a look at the first papers, and the right papers."""

    lexical: Ranking
    dense: Ranking
    closeness: dict[str, float]
    coverage: dict[str, float]
    gold: frozenset[str]

    def rank(self, weights: tuple[float, float, float]) -> int:
        """Rank of the first right paper with weights of dense, sentence, coverage; 0 for none."""
        fused = fuse([self.lexical, self.dense], [1.0, weights[0]])
        first = {paper_id for paper_id, _ in fused[:N_LOOKED_AT]}
        found = reranked(
            fused,
            {name: value for name, value in self.closeness.items() if name in first},
            {name: value for name, value in self.coverage.items() if name in first},
            weights[1:],
        )
        ranks = (n for n, (name, _) in enumerate(found, 1) if name in self.gold)
        return next(ranks, 0)


def look(collection: Collection, query: str, gold: frozenset[str]) -> Seen:
    """Ask both indexes, and look at more papers than any weights will want."""
    rankings = [
        [(name, value) for name, (_, value) in best_per_paper(index.query(query, _DEPTH)).items()]
        for index in (collection._lexical, collection._dense)
    ]
    names = sorted({name for ranking in rankings for name, _ in ranking[: 3 * N_LOOKED_AT]})
    return Seen(
        rankings[0],
        rankings[1],
        collection._dense.closeness(query, names),
        collection._lexical.coverage(query, names),
        gold,
    )


def held_out(folder: Path) -> list[Seen]:
    """The training questions that were held out."""
    articles = read_articles(SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz")
    questions = read_questions(SHARED / "train" / "questions.jsonl", articles)
    kept = sorted(questions)[:HELD_OUT]
    others = random.Random(0).sample(sorted(articles), _N_OTHERS)
    source = folder / "papers.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for name in sorted({*kept, *others}):
            article = articles[name]
            file.write(json.dumps({"title": article.title, "abstract": article.abstract}) + "\n")
    collection = Collection(folder / "home", encoder(), starter=False)
    collection.ingest([source])
    ids = {normalize_title(paper.title): paper.paper_id for paper in collection.papers()}
    seen = [
        look(collection, pair.query, frozenset({ids[normalize_title(articles[name].title)]}))
        for name in kept
        for pair in questions[name]
    ]
    collection.close()
    return seen


def development() -> list[Seen]:
    """The development questions."""
    with pages_collection() as collection:
        ids = {normalize_title(paper.title): paper.paper_id for paper in collection.papers()}
        return [
            look(
                collection,
                question["query"],
                frozenset(ids[normalize_title(title)] for title in question["gold"]),
            )
            for question in dev("questions")
        ]


def mrr(ranks: Sequence[int]) -> float:
    """Mean reciprocal rank among the first ten."""
    return fmean(1 / rank if 0 < rank <= 10 else 0.0 for rank in ranks)


def main() -> None:
    """Print the best weights of the questions held out, and what they give on both."""
    with TemporaryDirectory() as folder:
        chosen_on = held_out(Path(folder))
    looked_at = development()
    tried = {
        weights: mrr([seen.rank(weights) for seen in chosen_on])
        for weights in product(_DENSE, _SENTENCE, _COVERAGE)
    }
    best = sorted(tried, key=lambda weights: -tried[weights])
    print("| dense | sentence | coverage | held out: R@1, R@5, MRR@10 | development: the same |")
    print("|---|---|---|---|---|")
    for weights in [*best[:8], (1.2, 0.8, 5.0), (1.2, 0.8, 0.0), (1.2, 0.0, 5.0), (1.2, 0.0, 0.0)]:
        ranks = [[seen.rank(weights) for seen in some] for some in (chosen_on, looked_at)]
        figures = [summary(some).replace(" |", ",") for some in ranks]
        print(f"| {' | '.join(map(str, weights))} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
