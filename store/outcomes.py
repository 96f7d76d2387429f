"""What an ingest did to each paper, of all the records that it had of it."""

from collections.abc import Iterable

from store.types import IngestReport

__all__ = ["Outcomes"]

_WEAKEST_FIRST = ("unchanged", "updated", "added")


class Outcomes:
    """The strongest outcome of each paper: a paper that is added and then changed was added."""

    def __init__(self) -> None:
        """Begin with none."""
        self._of_paper: dict[str, str] = {}

    def note(self, outcomes: Iterable[tuple[str, str]]) -> None:
        """Take some in, as (paper id, "added" | "updated" | "unchanged")."""
        for paper_id, outcome in outcomes:
            before = self._of_paper.get(paper_id, outcome)
            self._of_paper[paper_id] = max(before, outcome, key=_WEAKEST_FIRST.index)

    def count_into(self, report: IngestReport) -> None:
        """Add how many there are of each."""
        for outcome in self._of_paper.values():
            setattr(report, outcome, getattr(report, outcome) + 1)
