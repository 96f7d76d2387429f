"""How often the right paper is found: lexical alone, dense alone, fused.

Asks the development questions of the five pages. `python -m tests.bench.retrieval`
"""

from store.retrieval import best_per_paper
from tests.bench.common import dev, gold_rank, pages_collection, summary

_DEPTH = 200


def main() -> None:
    """Print one row a way of searching."""
    questions = dev("questions")
    ranks: dict[str, list[int]] = {"lexical alone": [], "dense alone": [], "fused": []}
    with pages_collection() as collection:
        papers = {paper.paper_id: paper for paper in collection.papers()}
        for question in questions:
            query, gold = question["query"], question["gold"]
            for name, index in (
                ("lexical alone", collection._lexical),
                ("dense alone", collection._dense),
            ):
                found = best_per_paper(index.query(query, _DEPTH))
                ranks[name].append(gold_rank([papers[paper_id] for paper_id in found], gold))
            hits = collection.search(query, k=10)
            ranks["fused"].append(gold_rank([hit.paper for hit in hits], gold))
    print(f"| {len(questions)} questions, {len(papers)} papers | R@1 | R@5 | MRR@10 |")
    print("|---|---|---|---|")
    for name, values in ranks.items():
        print(f"| {name} | {summary(values)} |")


if __name__ == "__main__":
    main()
