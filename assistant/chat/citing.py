"""Numbers for what a model cites: one for each sentence of an abstract, in order of first use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.chat.sentences import last_claim
from assistant.evidence import Evidence
from assistant.render import listed_as_text
from assistant.support import support
from assistant.types import Paper
from store.sentences import sentence_spans

__all__ = ["Citing", "Span", "best_span", "carried_by", "cited_text", "first_spans"]

Span = tuple[int, int]


@dataclass(slots=True)
class Citing:
    """The numbers given out so far.

    A key names a paper. Which of its sentences is meant, is the one that carries best what the
    model has written before the key; so every mark leads to a sentence, whatever model writes.
    Source: given the gold answers of the development questions, that is the sentence which holds
    the answer for 97 % (python -m tests.bench.chat).

    Attributes:
        papers: By key.
        first: By paper id, the sentence that bears most on the question; taken where a key stands
            before what it carries.
        cited: Paper and sentence for each number, 1 first.
    """

    papers: Mapping[str, Paper]
    first: Mapping[str, Span] = field(default_factory=dict)
    cited: list[tuple[Paper, Span]] = field(default_factory=list)

    def number(self, key: str, before: str) -> int:
        """Give the number for a key, told what is written before it."""
        paper = self.papers[key]
        return self.number_of(paper, self._meant(paper, last_claim(before)))

    def number_of(self, paper: Paper, span: Span) -> int:
        """Give the number of a sentence, a new one where it has none."""
        if (paper, span) not in self.cited:
            self.cited.append((paper, span))
        return self.cited.index((paper, span)) + 1

    def _meant(self, paper: Paper, claim: str) -> Span:
        first = self.first.get(paper.paper_id, (0, len(paper.abstract)))
        return best_span(paper, [claim], first) if claim else first


def first_spans(ranked: Sequence[Evidence]) -> dict[str, Span]:
    """The strongest sentence of each paper."""
    spans: dict[str, Span] = {}
    for each in ranked:
        spans.setdefault(each.paper.paper_id, (each.start, each.end))
    return spans


def best_span(paper: Paper, claims: Sequence[str], otherwise: Span) -> Span:
    """The sentence of an abstract that carries claims best; the first of several.

    Args:
        paper: Whose abstract.
        claims: Sentences without marks.
        otherwise: Given where none carries anything.
    """
    best, most = otherwise, 0.0
    for start, end in sentence_spans(paper.abstract):
        carried = sum(carried_by(paper, (start, end), claim) for claim in claims)
        if carried > most:
            best, most = (start, end), carried
    return best


def carried_by(paper: Paper, span: Span, claim: str) -> float:
    """How far a sentence of an abstract carries a claim, read under its paper's title."""
    return support(claim, f"{paper.title}\n{paper.abstract[span[0] : span[1]]}")


def cited_text(paper: Paper) -> str:
    """Everything that a sentence which cites a paper may rest on."""
    dates = ". ".join(filter(None, (listed_as_text(paper), paper.published)))
    return "\n".join(filter(None, (paper.title, dates, paper.abstract)))
