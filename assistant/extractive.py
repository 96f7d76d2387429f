"""The extractive writer: an answer in the authors' own sentences."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.evidence import Evidence
from assistant.support import support
from assistant.types import Citation, Sentence

__all__ = ["NAME", "choose", "cite", "escaped", "paragraphs", "unescaped"]

NAME = "extractive"
MAX_SENTENCES = 3
_ENOUGH = 0.75
_ENOUGH_ELSEWHERE = 0.88
"""A further sentence is at least this strong, as a share of the strongest; one of another paper
than the strongest must come nearer. Source: tests/bench/answers.py, the development questions."""
_MIN_QUOTE_CHARS = 25

_MEANS_SOMETHING = re.compile(
    r"""
      [`*]                                          # code, emphasis
    | \\(?=[!-/:-@\[-`{-~])                         # an escape
    | <(?=[A-Za-z/!?])                              # HTML
    | \[(?=\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\])       # what reads as a citation
    | !(?=\[) | \](?=\()                           # a picture, a link
    | ^[#>+-](?=[\s#]) | (?<=^\d)[.)](?=\s) | (?<=^\d\d)[.)](?=\s)  # a heading, a list
    """,
    re.VERBOSE,
)
"""What Markdown would not show as it is."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def choose(ranked: Sequence[Evidence], n_sentences: int = MAX_SENTENCES) -> list[Evidence]:
    """Choose the sentences of an answer and put them into reading order.

    Args:
        ranked: Strongest first.
        n_sentences: How many at most.

    Returns:
        Sentences of one paper together in the order of its abstract, the paper with the strongest
        sentence first.
    """
    if not ranked:
        return []
    fit = [each for each in ranked if len(each.quote) >= _MIN_QUOTE_CHARS] or ranked
    chosen = [each for each in fit if each.strength >= _enough(each, fit[0])][:n_sentences]
    order = list(dict.fromkeys(each.paper.paper_id for each in chosen))
    return sorted(chosen, key=lambda each: (order.index(each.paper.paper_id), each.start))


def _enough(each: Evidence, strongest: Evidence) -> float:
    """How strong a sentence has to be beside the strongest."""
    same_paper = each.paper.paper_id == strongest.paper.paper_id
    return (_ENOUGH if same_paper else _ENOUGH_ELSEWHERE) * strongest.strength


def cite(chosen: Sequence[Evidence]) -> tuple[list[Sentence], list[Citation]]:
    """Turn evidence into sentences with numbered citations, 1 to n in order."""
    sentences, citations = [], []
    for number, each in enumerate(chosen, start=1):
        carried = support(each.quote, each.quote)
        text = f"{escaped(each.quote)} [{number}]"
        sentences.append(Sentence(text, (number,), carried))
        citations.append(Citation(number, each.paper, each.quote, each.start, each.end, carried))
    return sentences, citations


def paragraphs(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> Iterator[str]:
    """The answer's text piece by piece: a paragraph a paper, never two papers in one claim."""
    pairs = zip(sentences, citations, strict=True)
    for number, (_, group) in enumerate(groupby(pairs, key=lambda pair: pair[1].paper.paper_id)):
        gap = "\n\n" if number else ""
        for sentence, _ in group:
            yield gap + sentence.text
            gap = " "


def escaped(quote: str) -> str:
    r"""Write a plain text so that Markdown shows it as it is, with no citation that is not ours."""
    line = " ".join(quote.split("\n"))
    return _MEANS_SOMETHING.sub(r"\\\g<0>", line)


def unescaped(text: str) -> str:
    """Undo ``escaped``, for readers of plain text."""
    return _ESCAPE.sub(r"\1", text)
