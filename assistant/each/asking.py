"""From papers to what each of them says to a question."""

from collections.abc import Sequence

import numpy as np

from assistant.each.measures import bests
from assistant.each.stating import answerable, weights
from assistant.each.types import Said
from assistant.evidence import Reader
from assistant.types import Paper

__all__ = ["ask_each"]


def ask_each(question: str, papers: Sequence[Paper], reader: Reader) -> list[Said]:
    """Ask each of some papers, by itself.

    Args:
        question: As it is read.
        papers: In any order.
        reader: Reduces, weighs and encodes texts.

    Returns:
        What each says, in the same order; what one says does not depend on the others.
    """
    known, found = weights(), list(bests(question, papers, reader))
    if not found:
        return []
    chances = answerable(np.stack([best.measures for best in found]), known)
    said = []
    for best, chance in zip(found, chances, strict=True):
        start, end = best.span if chance >= known.threshold else (0, 0)
        quote = best.paper.abstract[start:end]
        said.append(Said(best.paper, quote, start, end, float(chance) if any(best.span) else 0.0))
    return said
