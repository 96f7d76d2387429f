"""The extractive writer: an answer in the authors' own sentences."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.escaping import escaped, titled
from assistant.evidence import Evidence
from assistant.excerpts import without_lead_ins
from assistant.support import support
from assistant.types import Citation, Hit, Sentence
from store.sentences import sentence_spans

__all__ = ["NAME", "choose", "choose_each", "cite", "paragraphs", "write"]

NAME = "extractive"
MAX_SENTENCES = 3
_SURE = 0.4
"""A paper at least this probable has the answer to itself."""
_ENOUGH = 0.005
_ENOUGH_ELSEWHERE = 0.1
"""Probabilities of a further sentence of the first paper, and of a sentence of another one. Source:
the development questions, each with weights learned from other papers' (docs/measurements.md)."""
_MIN_QUOTE_CHARS = 25
_FEW_PAPERS = 4
_MAX_EACH = 2
_BESIDE = 0.25
"""Of few papers side by side each may have a second sentence, this probable beside its first."""


def write(
    ranked: Sequence[Evidence],
    several: Sequence[Hit] = (),
    told: Sequence[Evidence] = (),
    *,
    leads: bool = False,
) -> tuple[list[str], list[Sentence], list[Citation]]:
    """Write an answer.

    Args:
        ranked: Evidence, strongest first.
        several: The papers to be set side by side; none for a question about one paper.
        told: Their evidence, ranked for that; none where it is ranked alike.
        leads: Whether the answer begins as that of a question about one paper does, and those
            papers follow that it has not cited.

    Returns:
        The text in pieces, its sentences, and the citations 1 to n.
    """
    first = choose(ranked) if leads or not several else []
    cited = {each.paper.paper_id for each in first}
    others = [hit for hit in several if hit.paper.paper_id not in cited]
    chosen = [*first, *choose_each(told or ranked, others, 1 if first else _MAX_EACH)]
    sentences, citations = cite(without_lead_ins(chosen))
    pieces = [
        *paragraphs(sentences[: len(first)], citations[: len(first)]),
        *(["\n\n"] if first and others else []),
        *side_by_side(sentences[len(first) :], citations[len(first) :]),
    ]
    return pieces, sentences, citations


def choose(ranked: Sequence[Evidence], n_sentences: int = MAX_SENTENCES) -> list[Evidence]:
    """Choose the sentences of an answer, what was asked first.

    Args:
        ranked: Strongest first.
        n_sentences: How many at most.

    Returns:
        Sentences of one paper together, strongest first, the paper that most probably answers
        before others; of these only where it is not sure.
    """
    if not ranked:
        return []
    papers = _papers(_long_enough(ranked))
    first = next(iter(papers))
    sure = sum(each.strength for each in papers[first]) >= _SURE
    enough = {name: 1.0 if sure else _ENOUGH_ELSEWHERE for name in papers} | {first: _ENOUGH}
    chosen = [each for name, own in papers.items() for each in own if each.strength >= enough[name]]
    kept = sorted(chosen, key=lambda each: -each.strength)[:n_sentences] or papers[first][:1]
    return [each for each in chosen if each in kept] or kept


def choose_each(
    ranked: Sequence[Evidence], several: Sequence[Hit], max_each: int = _MAX_EACH
) -> list[Evidence]:
    """Choose a sentence of each of several papers, perhaps more where there are few of them.

    Args:
        ranked: Strongest first.
        several: The papers in the order they are to stand in.
        max_each: Sentences of each of few papers, at most.
    """
    papers = _papers(_long_enough(ranked))
    n_each = max_each if len(several) <= _FEW_PAPERS else 1
    return [
        each
        for hit in several
        for own in [papers.get(hit.paper.paper_id, [])]
        for each in own[:n_each]
        if each.strength >= _BESIDE * own[0].strength
    ]


def _long_enough(ranked: Sequence[Evidence]) -> Sequence[Evidence]:
    """Without scraps, where there is more."""
    return [each for each in ranked if len(each.quote) >= _MIN_QUOTE_CHARS] or ranked


def _papers(ranked: Sequence[Evidence]) -> dict[str, list[Evidence]]:
    """Evidence by paper id, the most probable paper first."""
    papers: dict[str, list[Evidence]] = {}
    for each in ranked:
        papers.setdefault(each.paper.paper_id, []).append(each)
    strength = {name: sum(each.strength for each in some) for name, some in papers.items()}
    return dict(sorted(papers.items(), key=lambda item: (-strength[item[0]], item[0])))


def cite(chosen: Sequence[Evidence]) -> tuple[list[Sentence], list[Citation]]:
    """Turn evidence into sentences with numbered citations, 1 to n in order."""
    sentences, citations = [], []
    for number, each in enumerate(chosen, start=1):
        carried = support(each.quote, each.quote)
        text = f"{_cut(each)}{escaped(each.quote)} [{number}]"
        sentences.append(Sentence(text, (number,), carried))
        citations.append(Citation(number, each.paper, each.quote, each.start, each.end, carried))
    return sentences, citations


def _cut(each: Evidence) -> str:
    """The mark of an excerpt, where a quote does not begin with its sentence."""
    starts = (start for start, _ in sentence_spans(each.paper.abstract))
    return "" if each.start in starts else "…"


def paragraphs(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> Iterator[str]:
    """The answer's text piece by piece: a paragraph a paper, never two papers in one claim."""
    pairs = zip(sentences, citations, strict=True)
    for number, (_, group) in enumerate(groupby(pairs, key=lambda pair: pair[1].paper.paper_id)):
        gap = "\n\n" if number else ""
        for sentence, _ in group:
            yield gap + sentence.text
            gap = " "


def side_by_side(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> Iterator[str]:
    """The answer's text piece by piece: an item a paper, under its title."""
    pairs = zip(sentences, citations, strict=True)
    for number, (_, group) in enumerate(groupby(pairs, key=lambda pair: pair[1].paper.paper_id)):
        own = list(group)
        yield ("\n" if number else "") + f"- {titled(own[0][1].paper.title)}"
        for sentence, _ in own:
            yield " " + sentence.text
