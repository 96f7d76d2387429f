"""A model's answer, checked: what each sentence cites, and how far that carries it."""

from collections.abc import Sequence

from assistant.chat.citing import Citing, best_span, carried_by, cited_text
from assistant.chat.sentences import cited_numbers, plain_claim, written_sentences
from assistant.support import WEAK, support, why
from assistant.types import Citation, Paper, Sentence

__all__ = ["check_sentences", "citations_of", "holds", "weak_note", "without_note"]

_NOT_SUPPORTED = "Not supported by the cited abstracts: "


def check_sentences(text: str, citing: Citing) -> list[Sentence]:
    """Check the sentences of a text, one by one.

    Args:
        text: Markdown in which every ``[n]`` is one that ``citing`` gave.
        citing: What the numbers stand for.

    Returns:
        Each with its support by the titles, dates and abstracts that it cites; 0 where it cites
        none.
    """
    papers = [paper for paper, _ in citing.cited]
    return [_sentence(text[start:end], papers) for start, end in written_sentences(text)]


def citations_of(sentences: Sequence[Sentence], citing: Citing) -> list[Citation]:
    """A citation for each number, with the sentence of its abstract that best carries its claims.

    Args:
        sentences: All of an answer's.
        citing: What their numbers stand for.
    """
    return [_citation(number, citing, sentences) for number in range(1, len(citing.cited) + 1)]


def _sentence(written: str, papers: Sequence[Paper]) -> Sentence:
    numbers = tuple(number for number in cited_numbers(written) if number <= len(papers))
    cited = dict.fromkeys(papers[number - 1] for number in numbers)
    claim = plain_claim(written)
    if not cited or not claim:
        return Sentence(written, numbers, 0.0, "it cites nothing" if claim else "it says nothing")
    text = "\n".join(map(cited_text, cited))
    return Sentence(written, numbers, support(claim, text), why(claim, text))


def _citation(number: int, citing: Citing, sentences: Sequence[Sentence]) -> Citation:
    paper, span = citing.cited[number - 1]
    claims = [plain_claim(each.text) for each in sentences if number in each.numbers]
    span = best_span(paper, claims, span)
    carried = min((carried_by(paper, span, claim) for claim in claims), default=0.0)
    return Citation(number, paper, paper.abstract[slice(*span)], *span, carried)


def holds(sentences: Sequence[Sentence]) -> bool:
    """Whether any sentence is carried by what it cites."""
    return any(sentence.support >= WEAK for sentence in sentences)


def weak_note(sentences: Sequence[Sentence]) -> str:
    """A line for readers of plain text that says which sentences are not carried; "" for none."""
    weak = [str(at) for at, each in enumerate(sentences, 1) if each.support < WEAK]
    if not weak:
        return ""
    which = "sentence" if len(weak) == 1 else "sentences"
    listed = weak[0] if len(weak) == 1 else f"{', '.join(weak[:-1])} and {weak[-1]}"
    return f"{_NOT_SUPPORTED}{which} {listed} of {len(sentences)}."


def without_note(text: str) -> str:
    """The text of an answer without that line, for those who see it at the sentences themselves."""
    said, gap, last = text.rpartition("\n\n")
    return said if gap and last.startswith(_NOT_SUPPORTED) else text
