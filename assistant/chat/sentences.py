"""The sentences of a text in Markdown that cites with ``[1]``, each with its marks."""

import re
from collections.abc import Iterator

from assistant.escaping import unescaped
from store.sentences import sentence_spans

__all__ = ["cited_numbers", "last_claim", "plain_claim", "written_sentences"]

_MARK = re.compile(r"(?<![\w\\{^])\[([1-9]\d{0,2})\]")
_MARKS = re.compile(r"(?:[ \t]*(?<![\w\\{^])\[[1-9]\d{0,2}\])+[ \t]*[.,;:!?]?")
_LINE = re.compile(r"[^\n]+")
_BEGINNING = re.compile(r"\s*(?:(?:#{1,6}|[-*+>]|\d{1,3}[.)])[ \t]+)*")
_MARKUP = re.compile(r"(?<!\\)[*`]+")
_ENOUGH_WORDS = 3


def written_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Find the sentences of a text, list items and headings too.

    A mark behind a full stop belongs to the sentence before it.

    Args:
        text: Markdown.

    Yields:
        First character and the one behind the last, in order.
    """
    for line in _LINE.finditer(text):
        begin = line.start() + len(_BEGINNING.match(line[0])[0])  # type: ignore[index]
        # Marks are blanked out, so that they neither end a sentence nor begin one.
        blank = _MARK.sub(lambda mark: " " * len(mark[0]), text[begin : line.end()])
        spans = [(begin + start, begin + end) for start, end in sentence_spans(blank)]
        starts = [start for start, _ in spans]
        for at, (start, end) in enumerate(spans):
            upto = starts[at + 1] if at + 1 < len(spans) else line.end()
            marks = _MARKS.match(text, end, upto)
            first = begin if at == 0 else start
            yield first, (marks.end() if marks else end)


def cited_numbers(sentence: str) -> tuple[int, ...]:
    """The numbers that a sentence cites, each once, in order."""
    return tuple(dict.fromkeys(int(number) for number in _MARK.findall(sentence)))


def plain_claim(sentence: str) -> str:
    """What a sentence says, without marks and Markdown."""
    said = _MARKUP.sub("", _MARK.sub("", sentence))
    return " ".join(unescaped(said).split())


def last_claim(text: str) -> str:
    """What a mark behind a text carries: the last sentence, or its part since the mark before.

    Args:
        text: What is written before the mark.
    """
    line = text[text.rfind("\n") + 1 :]
    spans = list(written_sentences(line))
    if not spans:
        return ""
    sentence = line[spans[-1][0] :]
    part = plain_claim(_MARK.split(sentence.rstrip())[-1])
    return part if len(part.split()) >= _ENOUGH_WORDS else plain_claim(sentence)
