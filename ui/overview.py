"""What the page says about the whole collection: how many papers, which days, what to ask."""

from dataclasses import dataclass, replace
from functools import lru_cache

from assistant import Assistant
from assistant.days import span
from assistant.extractive import NAME as EXTRACTIVE
from assistant.holdings import holdings_of
from ui.examples import Example, make_examples

__all__ = ["Overview", "overview_of"]


@dataclass(frozen=True, slots=True)
class Overview:
    """The collection at a glance.

    Attributes:
        n_papers: How many papers there are.
        days: The days they were listed on, as "Mar 11–14"; "" where unknown.
        examples: Questions to begin with.
        writer: Who writes the answers, and what that sends where.
        waiting: How far the collection is from being searched wholly; "" where it is.
        shared: Whether other machines may add papers at any time.
        fault: Why the server that it is shared on cannot be had; "" where it can.
    """

    n_papers: int
    days: str
    examples: tuple[Example, ...]
    writer: str
    waiting: str = ""
    shared: bool = False
    fault: str = ""


def overview_of(assistant: Assistant) -> Overview:
    """Look at a collection; cheap as long as it does not change.

    Args:
        assistant: Whose collection it is.
    """
    n_encoded, n_papers = assistant.encoded()
    overview = replace(
        _overview(assistant, n_papers),
        shared=assistant.settings.server is not None,
        fault=assistant.server_fault,
    )
    if n_encoded == n_papers:
        return overview
    ready = f"vectors for {n_encoded:,} of {n_papers:,} papers are ready"
    return replace(overview, waiting=f"Searching by words; {ready}")


@lru_cache(maxsize=8)
def _overview(assistant: Assistant, n_papers: int) -> Overview:
    writer = "Extractive · offline" if assistant.model == EXTRACTIVE else assistant.model
    holdings = holdings_of(assistant)
    days = span(assistant.appearances().days)
    return Overview(n_papers, days, tuple(make_examples(holdings.papers)), writer)
