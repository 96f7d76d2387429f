"""What the page says about the whole collection: how many papers, which days, what to ask."""

from dataclasses import dataclass, replace
from functools import lru_cache

from assistant import Assistant
from assistant.days import days_of, span
from ui.examples import Example, make_examples

__all__ = ["Overview", "overview_of"]

_MAX_READ = 5_000
"""A larger collection is not read whole for a heading; its days are then left out."""

_ANYTHING = "a method and its results"


@dataclass(frozen=True, slots=True)
class Overview:
    """The collection at a glance.

    Attributes:
        n_papers: How many papers there are.
        days: The days they were listed on, as "Mar 11–14"; "" where unknown.
        examples: Questions to begin with.
        writer: Who writes the answers, and what that sends where.
        waiting: How far the collection is from being searched wholly; "" where it is.
    """

    n_papers: int
    days: str
    examples: tuple[Example, ...]
    writer: str
    waiting: str = ""


def overview_of(assistant: Assistant) -> Overview:
    """Look at a collection; cheap as long as it does not change.

    Args:
        assistant: Whose collection it is.
    """
    n_encoded, n_papers = assistant.encoded()
    overview = _overview(assistant, n_papers)
    if n_encoded == n_papers:
        return overview
    ready = f"vectors for {n_encoded:,} of {n_papers:,} papers are ready"
    return replace(overview, waiting=f"Searching by words; {ready}")


@lru_cache(maxsize=8)
def _overview(assistant: Assistant, n_papers: int) -> Overview:
    model = assistant.settings.model or "extractive"
    writer = "Extractive · offline" if model == "extractive" else model
    if n_papers > _MAX_READ:
        papers = [hit.paper for hit in assistant.search(_ANYTHING, k=200)]
        return Overview(n_papers, "", tuple(make_examples(papers)), writer)
    papers = assistant.papers()
    days = span(days_of(papers))
    return Overview(n_papers, days, tuple(make_examples(papers)), writer)
