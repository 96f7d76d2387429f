"""What the page says about the whole collection: how many papers, which days, what to ask."""

from dataclasses import dataclass, replace
from functools import lru_cache

from assistant import Assistant
from assistant.days import span
from assistant.extractive import NAME as EXTRACTIVE
from assistant.holdings import holdings_of
from ui import words
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
        _overview(assistant, assistant.changed()),
        shared=assistant.settings.server is not None,
        fault=assistant.server_fault,
    )
    if n_encoded == n_papers:
        return overview
    return replace(overview, waiting=words.VECTORS_TO_COME.format(n=n_encoded, all=n_papers))


@lru_cache(maxsize=8)
def _overview(assistant: Assistant, changed: int) -> Overview:  # noqa: ARG001 (what it holds for)
    writer = words.EXTRACTIVE if assistant.model == EXTRACTIVE else assistant.model
    holdings = holdings_of(assistant)
    days = span(assistant.appearances().days)
    examples = tuple(make_examples(holdings.papers))
    return Overview(holdings.n_papers, days, examples, writer)
