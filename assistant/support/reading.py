"""A text as the words that are compared: where each stands, and what it is reduced to."""

import re
import unicodedata
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
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|[{_CJK}]|[^\W\d_{_CJK}](?:[^\W_{_CJK}])*(?:['’](?:t|s)\b)?")
_GLUE = "-/_+."
_OPENERS = frozenset(':;“”‘"•')
_PARTED = re.compile(r"(?<![\d.,])(\d{1,3})(?:[ \u00a0\u202f]\d{3})+(?![\d.,]*\d)")
# A first line that ends in no stop.
_TITLE = re.compile(r"\A([^\n]{1,300}[^\n.!?,;:])\n(?=\s*\S)")
_STATE_OF_THE_ART = re.compile(r"\bstates?[- ]of[- ]the[- ]arts?\b", re.IGNORECASE)
_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)


class Word(NamedTuple):
    """A word of a text.

    Attributes:
        text: As written.
        lower: In lower case, "n't" as "not".
        stem: What it is compared by.
        is_number: Whether it is written in digits.
        tells: Whether it is no number and no word that only joins others.
        sentence: Number of its sentence, from 0.
        start: Offset of its first character in the text that was read.
        glued: Whether it hangs on the word before by a hyphen or the like.
        opens: Whether it begins a sentence or a part of one, so that a capital means nothing.
    """

    text: str
    lower: str
    stem: str
    is_number: bool
    tells: bool
    sentence: int
    start: int
    glued: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read.

    Attributes:
        text: In one way of writing.
        words: In order.
        n_title_words: How many of them are the title's; 0 without a title on a line of its own.
        places: The numbers of the words of each stem, in order.
        forms: All words in lower case, and those that hyphens hold together also as one.
    """

    text: str
    words: tuple[Word, ...]
    n_title_words: int
    places: dict[str, list[int]] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    """Read a text; the same text again costs nothing.

    Args:
        text: A sentence, a quote or an abstract with its title.
    """
    text, n_titles = _TITLE.subn(r"\1.\n", text[:_MAX_CHARS])
    text = _STATE_OF_THE_ART.sub("sota", text)
    text = _PARTED.sub(lambda found: re.sub(r"\s", "", found[0]), plain(text))
    words: list[Word] = []
    for number, (start, end) in enumerate(sentence_spans(text)):
        last, first = -2, True
        for found in _WORD.finditer(text, start, end):
            at = found.start()
            glued = at == last + 1 and text[last] in _GLUE
            opens = first or not _OPENERS.isdisjoint(text[max(0, at - 2) : at])
            words.append(Word(*_forms(found[0]), number, at, glued, opens))
            first, last = False, found.end()
    n_title_words = sum(word.sentence == 0 for word in words) if n_titles else 0
    reading = Reading(text, tuple(words), n_title_words)
    for number, word in enumerate(words):
        reading.places.setdefault(word.stem, []).append(number)
        reading.forms.add(word.lower)
        if word.glued and number:
            reading.forms.add(words[number - 1].lower + word.lower)
    return reading


@lru_cache(maxsize=1 << 14)
def _forms(text: str) -> tuple[str, str, str, bool, bool]:
    """The first five attributes of a word."""
    lower = text.lower()
    if not lower.isascii():
        letters = unicodedata.normalize("NFD", lower)
        lower = "".join(each for each in letters if not unicodedata.combining(each)) or lower
    if lower.endswith(("'s", "’s")):
        text, lower = text[:-2], lower[:-2]
    if lower.endswith(("n't", "n’t")):
        lower = "not"
    is_number = text[0].isdecimal()
    is_letter = len(lower) == 1 and lower.isascii()
    tells = not (is_number or is_letter or lower in _FUNCTION_WORDS)
    return text, lower, stem(lower), is_number, tells
