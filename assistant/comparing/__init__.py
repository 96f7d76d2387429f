"""Questions about several papers: "A vs B", "A or B?", "which papers …", "what do they conclude?".

Many a question about one paper has such words, too. So where its words and its first hits leave it
open, each part of a question is searched for by itself, and what that finds decides, by two small
models: whether more papers than one are meant, and which belong to the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.comparing.candidates import candidates, with_titles
from assistant.comparing.deciding import (
    MIN_BELONGS,
    MIN_PERHAPS,
    PERHAPS,
    SURE,
    compares,
    likeliest,
    may_compare,
    those_that_belong,
)
from assistant.comparing.types import Beside, Reader
from assistant.comparing.wording import could_compare, sides, weights_of
from assistant.types import Hit, Paper

__all__ = ["N_COMPARED", "Beside", "could_compare", "joined", "side_by_side", "those_named"]

N_COMPARED = 15
"""Papers that are looked at, of those that the whole question finds, and each of its parts."""


def side_by_side(
    question: str, hits: Sequence[Hit], search: Callable[[str], Sequence[Hit]], reader: Reader
) -> Beside:
    """Find the papers that a question sets side by side.

    Args:
        question: What is searched for; one that ``could_compare``.
        hits: What it found, most relevant first.
        search: Finds papers for a part of it.
        reader: Reduces, weighs and encodes texts.

    Returns:
        Those first that most probably belong to the answer.
    """
    weights = weights_of(question, reader)
    if not may_compare(question, weights, hits):
        return Beside()
    found = [(part, search(part)) for part in sides(question, reader)]
    looked_at = candidates(question, weights, hits, found, reader)
    odds = compares(question, weights, looked_at)
    if odds < PERHAPS:
        return Beside()
    titled = with_titles(question, [part for part, _ in found], likeliest(looked_at), reader)
    sure = odds >= SURE
    chosen = those_that_belong(titled, least=MIN_BELONGS if sure else MIN_PERHAPS)
    return Beside(_numbered([each.hit for each in chosen]), sure)


def those_named(
    papers: Sequence[Paper], hits: Sequence[Hit], search: Callable[[str], Sequence[Hit]]
) -> Beside:
    """Find papers again that a question names, such as "the first" and "the second one".

    Args:
        papers: The papers.
        hits: What the question found, most relevant first.
        search: Finds papers for a text.

    Returns:
        Those first that the question found; none where a filter leaves one or none.
    """
    found = {hit.paper.paper_id: hit for paper in papers for hit in search(paper.title)}
    found = {hit.paper.paper_id: hit for hit in hits} | found
    ids = {paper.paper_id for paper in papers}
    named = [hit for name, hit in found.items() if name in ids]
    return Beside(_numbered(named), sure=True) if len(named) > 1 else Beside()


def joined(hits: Sequence[Hit], more: Sequence[Hit]) -> list[Hit]:
    """Hits, and behind them those of others that are of other papers."""
    first = {hit.paper.paper_id: hit for hit in more} | {hit.paper.paper_id: hit for hit in hits}
    names = dict.fromkeys(hit.paper.paper_id for hit in [*hits, *more])
    return _numbered([first[name] for name in names])


def _numbered(hits: Sequence[Hit]) -> list[Hit]:
    return [replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)]
