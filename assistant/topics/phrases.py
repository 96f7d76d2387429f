"""The phrases that titles are made of: what papers may be grouped and named by."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import Reader
from assistant.topics.reading import ReadPaper
from store.wording import FUNCTION_WORDS

__all__ = ["Phrase", "forms_of", "phrases", "written"]

_WORD = re.compile(r"[^\W_](?:[\w+]|[-'’.](?=\w))*")
_GAP = re.compile(r"\s+\Z")
_BETWEEN = frozenset(FUNCTION_WORDS)
_MAX_WORDS = 3


@dataclass(slots=True)
class Phrase:
    """Neighbouring words of a title, with no other sign and no function word between them.

    Attributes:
        terms: What they are reduced to.
        form: How it is written, in the surest paper that has it in its title, whole if any has.
        whole: Whether it ends where such words end, there or in an abstract, as a noun phrase does
            with its noun.
        papers: Numbers of the papers that have all of its terms.
        titles: Of those that have all of them in their title.
    """

    terms: frozenset[str]
    form: str
    whole: bool
    papers: frozenset[int]
    titles: frozenset[int]


def phrases(papers: Sequence[ReadPaper], reader: Reader) -> list[Phrase]:
    """Find the phrases of one to three words in the titles of papers, in order.

    A title is mostly made of noun phrases; a sentence is not.
    """
    whole = {end for each in papers for end in _ends(each.paper.abstract)}
    forms: dict[frozenset[str], tuple[str, bool]] = {}
    for each in papers:
        for form, ends in forms_of(each.paper.title):
            terms, is_whole = frozenset(reader.terms(form)), ends or form.lower() in whole
            if terms not in forms or is_whole > forms[terms][1]:
                forms[terms] = (form, is_whole)
    return [
        Phrase(
            terms,
            form,
            is_whole,
            frozenset(at for at, each in enumerate(papers) if terms <= each.terms.keys()),
            frozenset(at for at, each in enumerate(papers) if terms <= each.title),
        )
        for terms, (form, is_whole) in forms.items()
        if terms
    ]


def written(form: str) -> str:
    """A phrase of a title as it is written elsewhere, its first letter a capital."""
    plain = " ".join(word.lower() if word.istitle() else word for word in form.split())
    return plain[0].upper() + plain[1:]


def forms_of(title: str) -> Iterator[tuple[str, bool]]:
    """The phrases of a title as they stand in it, and whether each ends where its words end."""
    for run in _runs(title):
        for start in range(len(run)):
            for end in range(start + 1, min(start + _MAX_WORDS, len(run)) + 1):
                yield " ".join(run[start:end]), end == len(run)


def _ends(text: str) -> Iterator[str]:
    """What the runs of neighbouring words of a text end with, one to three words, in lower case."""
    for run in _runs(text.lower()):
        for start in range(max(0, len(run) - _MAX_WORDS), len(run)):
            yield " ".join(run[start:])


def _runs(text: str) -> Iterator[list[str]]:
    """Words that follow each other with white space alone between them, and none that joins."""
    run: list[str] = []
    end = 0
    for word in _WORD.finditer(text):
        joins = word[0].lower() in _BETWEEN
        if run and (joins or not _GAP.match(text[end : word.start()])):
            yield run
            run = []
        if not joins:
            run.append(word[0])
        end = word.end()
    if run:
        yield run
