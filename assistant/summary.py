"""A topic over many papers: one cited sentence each, under the paper's title."""

from collections.abc import Sequence

from assistant.evidence import Evidence
from assistant.extractive import cite, escaped
from assistant.types import Citation, Sentence

__all__ = ["digest"]

MAX_PAPERS = 12
_ENOUGH = 0.6
"""A paper's best sentence is at least this strong, as a share of the strongest of all."""


def digest(
    topic: str, ranked: Sequence[Evidence], n_papers: int
) -> tuple[str, list[Sentence], list[Citation]]:
    """Write a list of the papers on a topic.

    Args:
        topic: As the user named it.
        ranked: Evidence of all papers found, strongest first, at least one.
        n_papers: How many papers the collection holds.

    Returns:
        The Markdown, its cited sentences, and the citations 1 to n.
    """
    best: dict[str, Evidence] = {}
    for each in ranked:
        best.setdefault(each.paper.paper_id, each)
    enough = _ENOUGH * ranked[0].strength
    chosen = [each for each in best.values() if each.strength >= enough][:MAX_PAPERS]
    sentences, citations = cite(chosen)
    lines = [
        f"- **{escaped(citation.paper.title)}.** {sentence.text}"
        for sentence, citation in zip(sentences, citations, strict=True)
    ]
    papers = "paper" if len(chosen) == 1 else f"{len(chosen)} papers"
    lead = f"The nearest {papers} of {n_papers} on “{escaped(topic)}”:"
    return "\n".join([lead, "", *lines]), sentences, citations
