"""A text as the words that are compared: where each stands, and what it is reduced to."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from assistant.support.stemming import stem
from store.sentences import sentence_spans
from store.wording import FUNCTION_WORDS, plain

__all__ = ["Reading", "Word", "read"]

_MAX_CHARS = 20_000
"""Of a text; what comes after is not looked at. An abstract has about 1,500."""

# A number with its decimals; a word, which may hold digits after its first letter; one character
# of a script that puts no spaces between words.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"(?P<number>\d+(?:[.,]\d+)*)|[{_CJK}]|[^\W\d_{_CJK}](?:[^\W_{_CJK}])*(?:['’](?:t|s)\b)?"
)
_GLUE = "-/_+."
_PARTED = re.compile(r"(?<![\d.,])(\d{1,3})(?:[ \u00a0\u202f]\d{3})+(?![\d.,]*\d)")
_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)


class Word(NamedTuple):
    """A word of a text.

    Attributes:
        text: As written.
        lower: In lower case, "n't" as "not".
        stem: What it is compared by.
        sentence: Number of its sentence, from 0.
        start: Offset of its first character in the text that was read.
        glued: Whether it hangs on the word before by a hyphen or the like.
        opens: Whether it begins its sentence, so that a capital means nothing.
    """

    text: str
    lower: str
    stem: str
    sentence: int
    start: int
    glued: bool
    opens: bool

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.text[0].isdigit()

    @property
    def says_something(self) -> bool:
        """Whether it is no number and no word that only joins others."""
        single = len(self.lower) == 1 and self.lower.isascii()
        return not self.is_number and not single and self.lower not in _FUNCTION_WORDS


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read.

    Attributes:
        text: In one way of writing.
        words: In order.
        places: The numbers of the words of each stem, in order.
        forms: All words in lower case, and those that hyphens hold together also as one.
    """

    text: str
    words: tuple[Word, ...]
    places: dict[str, list[int]] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a text; the same text again costs nothing.

    Args:
        text: A sentence, a quote or an abstract with its title.
    """
    text = _PARTED.sub(lambda found: re.sub(r"\s", "", found[0]), plain(text[:_MAX_CHARS]))
    words: list[Word] = []
    for number, (start, end) in enumerate(sentence_spans(text)):
        last, first = -2, True
        for found in _WORD.finditer(text, start, end):
            at = found.start()
            glued = at == last + 1 and text[last] in _GLUE
            words.append(Word(*_forms(found[0]), number, at, glued, first))
            first, last = False, found.end()
    reading = Reading(text, tuple(words))
    for number, word in enumerate(words):
        reading.places.setdefault(word.stem, []).append(number)
        reading.forms.add(word.lower)
        if word.glued and number:
            reading.forms.add(words[number - 1].lower + word.lower)
    return reading


@lru_cache(maxsize=1 << 16)
def _forms(text: str) -> tuple[str, str, str]:
    """A word without its possessive ending, in lower case and as its stem."""
    lower = text.lower()
    if lower.endswith(("'s", "’s")):
        text, lower = text[:-2], lower[:-2]
    if lower.endswith(("n't", "n’t")):
        lower = "not"
    return text, lower, stem(lower)
