"""The sentences of papers side by side, those first that say what a paper finds on the question."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.evidence import Evidence, Reader
from assistant.topics.reading import read_papers
from assistant.topics.telling import findings
from assistant.types import Hit

__all__ = ["told_beside"]

_FINDS = 12.0
"""How much it counts that a sentence says what its paper finds, beside what it has of the question.

Source: the development set's comparisons, of whose 30 answer points the first sentence of each
paper conveys 47 % of the words without, 50 % with 8, 53 % with 12 and 55 % with 16, and the first
two 64, 69, 71 and 72 %; the signs themselves were learned on other questions (``topics.telling``).
"""


def told_beside(
    question: str, ranked: Sequence[Evidence], hits: Sequence[Hit], reader: Reader
) -> list[Evidence]:
    """Rank the sentences of papers that stand side by side.

    The words of a question about several papers are spread over all of them. Of one alone, they
    would choose a sentence that has many by chance, such as one on where its code is.

    Args:
        question: What was searched for.
        ranked: All evidence.
        hits: The papers.
        reader: Reduces, weighs and encodes texts.

    Returns:
        The evidence of these papers, strongest first; each as probable as before.
    """
    told: list[Evidence] = []
    for each in read_papers(hits, reader) if hits else []:
        own = {one.start: one for one in ranked if one.paper.paper_id == each.paper.paper_id}
        signs = _FINDS * findings(question, each, reader)
        raised = np.exp(signs - signs.max(initial=-np.inf))
        pairs = zip(each.spans, raised, strict=True)
        found = {start: own[start].strength * share for (start, _), share in pairs if start in own}
        part = sum(one.strength for one in own.values()) / (sum(found.values()) or 1.0)
        told += [replace(own[at], strength=float(part * worth)) for at, worth in found.items()]
    return sorted(told, key=lambda one: (-one.strength, one.paper.paper_id, one.start))
