"""What an index follows: the latest state of each paper, in the order of the changes."""

from dataclasses import dataclass

from store.types import Paper

__all__ = ["Change", "Spans"]

Spans = tuple[tuple[int, int], ...]
"""The passages of an abstract, as (start, end) in order."""


@dataclass(frozen=True, slots=True)
class Change:
    """The latest state of one paper, for an index to follow.

    Attributes:
        revision: Its place in the order of changes.
        paper: The paper; where it was removed, as it last was.
        spans: Its passages; none where it was removed.
        n_passages: The most passages that it ever had.
    """

    revision: int
    paper: Paper
    spans: Spans
    n_passages: int

    @property
    def passage_ids(self) -> list[str]:
        """Ids of its passages, in the order of ``spans``."""
        return [passage_id(self.paper.paper_id, number) for number in range(len(self.spans))]

    @property
    def stale_ids(self) -> list[str]:
        """Ids of passages that it may once have had and has no more."""
        numbers = range(len(self.spans), self.n_passages)
        return [passage_id(self.paper.paper_id, number) for number in numbers]


def passage_id(paper_id: str, number: int) -> str:
    """Name a passage: its paper, and its place among the paper's passages from 0."""
    return f"{paper_id}#{number}"
