"""What the parts of ranking weigh. `python -m tests.bench.ranking`

The weights are chosen on the development questions and on the claims of SciFact's train split,
among 2,000 of its abstracts: one field that the encoder knows, and one that it does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from assistant.evaluation.ranking import ndcg, reciprocal_rank, success
from store.collection import Collection
from store.fusion import Ranking, fuse
from store.reranking import N_LOOKED_AT, reranked
from store.retrieval import best_per_paper
from tests.bench.common import encoder
from tests.bench.datasets import Dataset, load, write_jsonl

_DEPTH = 200
_N_PAPERS = 2_000
_DENSE = (0.6, 0.9, 1.2, 1.6)
_SENTENCE = (0.0, 0.4, 0.8, 1.2)
_COVERAGE = (0.0, 2.0, 3.5, 5.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a query finds: two rankings, a look at the first papers, and which are right."""

    lexical: Ranking
    dense: Ranking
    closeness: dict[str, float]
    coverage: dict[str, float]
    grades: Mapping[str, int]

    def ranked(self, weights: tuple[float, float, float]) -> list[str]:
        """Paper ids, best first, with weights of dense, sentence and coverage."""
        fused = fuse([self.lexical, self.dense], [1.0, weights[0]])
        first = {paper_id for paper_id, _ in fused[:N_LOOKED_AT]}
        found = reranked(
            fused,
            {name: value for name, value in self.closeness.items() if name in first},
            {name: value for name, value in self.coverage.items() if name in first},
            weights[1:],
        )
        return [name for name, _ in found]


def look(collection: Collection, query: str, grades: Mapping[str, int]) -> Seen:
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
        grades,
    )


def seen(dataset: Dataset) -> list[Seen]:
    """What the queries of a data set find."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "papers.jsonl"
        write_jsonl(dataset.papers, source)
        collection = Collection(Path(folder) / "home", encoder(), starter=False)
        collection.ingest([source])
        found = [
            look(collection, collection.read_as(query.text).text, query.grades)
            for query in dataset.queries
        ]
        collection.close()
    return found


def main() -> None:
    """Print what the weights give on both, the best on the whole first."""
    development = seen(load("development"))
    claims = seen(load("scifact", "train", _N_PAPERS))
    rows = []
    for weights in product(_DENSE, _SENTENCE, _COVERAGE):
        found = [(each.ranked(weights), each.grades) for each in development]
        first, five = (fmean(success(names, grades, k) for names, grades in found) for k in (1, 5))
        ranks = fmean(reciprocal_rank(names, grades, 10) for names, grades in found)
        gain = fmean(ndcg(each.ranked(weights), each.grades, 10) for each in claims)
        rows.append((ranks + gain, weights, (first, five, ranks, gain)))
    print(f"{len(development)} development questions, {len(claims)} claims of SciFact train")
    print("| dense | sentence | coverage | R@1 | R@5 | MRR@10 | SciFact nDCG@10 |")
    print("|---|---|---|---|---|---|---|")
    for _, weights, figures in sorted(rows, reverse=True):
        values = [f"{weight:g}" for weight in weights] + [f"{figure:.3f}" for figure in figures]
        print(f"| {' | '.join(values)} |")


if __name__ == "__main__":
    main()
