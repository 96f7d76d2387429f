"""Whether the paper of a name that no other has is found, whatever common thing is asked of it.

`python -m tests.bench.names` makes questions of the five pages, such as "What GPU hours did W2PGNN
need?", and says how often the paper comes first, among the first five and among eight.
"""

import random
from collections import Counter, defaultdict

from store.collection import Collection
from store.wording import names
from tests.bench.common import SHARED, pages_collection

_ASKED = (
    "What GPU hours did {} need?",
    "how many parameters does {} have compared to BERT on ImageNet?",
    "which training data and learning rate does {} use?",
    "is {} faster than transformers in language modeling?",
)
_N_ASKED = 120
_MIN_CHARS = 4


def main() -> None:
    """Ask, and print."""
    if not SHARED.is_dir():
        print("The pages lie beside the checkout, and are not there.")
        return
    with pages_collection() as collection:
        some = random.Random(0).sample(_names_of_one(collection), _N_ASKED)
        ranks = Counter(
            _rank(collection, _ASKED[number % len(_ASKED)].format(name), paper_id)
            for number, (name, paper_id) in enumerate(some)
        )
    shares = (sum(ranks[rank] for rank in range(1, n + 1)) / _N_ASKED for n in (1, 5, 8))
    print(f"{_N_ASKED} questions, the paper is among the first 1 / 5 / 8: ", end="")
    print(" / ".join(f"{share:.3f}" for share in shares))


def _names_of_one(collection: Collection) -> list[tuple[str, str]]:
    """Names that one paper alone has, and its id."""
    papers = defaultdict(set)
    for paper in collection.papers():
        for name in names(f"{paper.title} {paper.abstract}"):
            papers[name].add(paper.paper_id)
    return sorted(
        (name, *held)
        for name, held in papers.items()
        if len(held) == 1 and len(name) >= _MIN_CHARS and len(collection.terms(name)) == 1
    )


def _rank(collection: Collection, question: str, paper_id: str) -> int:
    found = [hit.paper.paper_id for hit in collection.search(question, 8)]
    return found.index(paper_id) + 1 if paper_id in found else 0


if __name__ == "__main__":
    main()
