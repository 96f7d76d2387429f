"""Passage sizes, on the development questions. `python -m tests.bench.passages`."""

from store.fusion import fuse
from store.retrieval import best_per_paper
from tests.bench.common import dev, gold_rank, pages_collection, summary

SIZES = ((400, 0), (200, 50), (120, 40), (120, 0), (80, 20), (40, 0))
DENSE_WEIGHTS = (0.5, 0.7, 1.0)
_DEPTH = 200


def main() -> None:
    """Print one row a passage size."""
    questions = dev("questions")
    print("| words | overlap | passages | lexical | dense |", end="")
    print("".join(f" fused, dense at {weight} |" for weight in DENSE_WEIGHTS))
    print("|---" * (5 + len(DENSE_WEIGHTS)) + "|  R@1 / R@5 / MRR@10")
    for size, overlap in SIZES:
        with pages_collection(chunk_size=size, chunk_overlap=overlap) as collection:
            papers = {paper.paper_id: paper for paper in collection.papers()}
            rankings = [
                [
                    [(paper_id, value) for paper_id, (_, value) in found.items()]
                    for index in (collection._lexical, collection._dense)
                    for found in (best_per_paper(index.query(question["query"], _DEPTH)),)
                ]
                for question in questions
            ]
            fused = [[fuse(pair, [1, weight]) for pair in rankings] for weight in DENSE_WEIGHTS]
            columns = [[pair[0] for pair in rankings], [pair[1] for pair in rankings], *fused]
            ranks = [
                [
                    gold_rank([papers[paper_id] for paper_id, _ in ranking], question["gold"])
                    for ranking, question in zip(column, questions, strict=True)
                ]
                for column in columns
            ]
            cells = " | ".join(summary(column).replace(" | ", " / ") for column in ranks)
            print(f"| {size} | {overlap} | {collection._dense.count()} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
