"""A field of papers that nobody wrote: every abstract says the same, but for its own few words."""

import random
from pathlib import Path

from store.types import Paper
from tests.papers import write_papers

_SYLLABLES = ("ba", "ko", "ri", "tu", "mel", "sa", "von", "pri", "qua", "zed", "lor", "nim")


def field_papers(n_papers: int, seed: int = 0) -> list[Paper]:
    """Papers of three sentences, each sentence with words of its paper among those of all."""
    rng = random.Random(seed)
    papers = []
    for number in range(n_papers):
        own = ["".join(rng.choices(_SYLLABLES, k=3)) for _ in range(3)]
        title = f"On the {own[0]} of {own[1]} and the {own[2]}"
        abstract = " ".join(
            f"We {rng.choice(['show', 'find', 'see'])} that the {own[rng.randrange(3)]} of the"
            f" {own[rng.randrange(3)]} is better than the results of other methods in the {part}."
            for part in ("first study", "second study", "third study")
        )
        papers.append(Paper(paper_id=f"p{number:04}", title=title, abstract=abstract))
    return papers


def write_field(path: Path, n_papers: int) -> Path:
    """The same as a file that ingest reads."""
    return write_papers(
        path,
        [{"title": paper.title, "abstract": paper.abstract} for paper in field_papers(n_papers)],
    )
