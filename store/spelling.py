"""Misspelt words of a query, and the words of the collection that were meant."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from store.encoders import DEFAULT_ENCODER
from store.expansion import Lexicon

__all__ = ["ReadAs", "Spelling"]

_WORD = re.compile(r"[^\W_]+")
_BETWEEN_LETTERS_AND_DIGITS = re.compile(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MIN_CHARS = 4
_MIN_CHARS_FOR_TWO_EDITS = 8
_MAX_CHARS = 30
_MIN_PART_CHARS = 4
_MAX_WORDS = 50
"""Words of a query that are looked at."""

_MAX_REMEMBERED = 20_000
"""Words that are not looked up again."""

_SPELLINGS = (
    *(("is", "iz"), ("ys", "yz"), ("our", "or"), ("ell", "el"), ("re", "er")),
    *(("enc", "ens"), ("ogue", "og"), ("amme", "am"), ("ae", "e"), ("oe", "e")),
)
"""What British and American English spell in two ways: "regularise", "colour", "labelled"."""

_MIN_CHARS_IF_HELD = 6
_TIMES_COMMONER = 100
"""Papers have slips too. A word that some have is one where another, one edit away, is in so many
times as many. Source: of the training questions written without slips, 5 of 4,474 would be changed
among 117,804 papers; of the 326 written with some, 140 words more are mended."""


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a query was read.

    Attributes:
        text: The query with its misspelt words mended; as typed where there are none.
        corrections: (word as typed, what was read), in order.
    """

    text: str
    corrections: tuple[tuple[str, str], ...] = ()


class Dictionary(Lexicon, Protocol):
    """What is asked about the words of a collection to mend others."""

    def words_with(self, letter: str) -> list[tuple[str, int]]:
        """Words that begin with a letter, in lower case, each with the number of its passages."""
        ...


class Near(NamedTuple):
    """A word near to another one; the likelier one sorts first.

    An edit is a letter put in, left out or changed, or two neighbours swapped. Words of which one
    has letters that the other lacks are less alike than such as have them in another order.
    """

    n_edits: int
    n_letters_apart: int
    minus_passages: int
    word: str


class Spelling:
    """Mends the words of queries."""

    def __init__(self, dictionary: Dictionary) -> None:
        """Remember where the words are; each letter's are fetched when they are first needed."""
        self._dictionary = dictionary
        self._fetched: dict[str, tuple[list[str], list[int], NDArray[np.int8]]] = {}
        self._english: frozenset[str] = frozenset()
        self._meant = lru_cache(_MAX_REMEMBERED)(self._looked_up)

    def forget(self) -> None:
        """Fetch the words anew, because the collection has changed."""
        self._fetched = {}
        self._meant.cache_clear()

    def read_as(self, text: str) -> ReadAs:
        """Mend the words of a query that neither the collection nor English has."""
        typed = list(dict.fromkeys(_WORD.findall(text)))[:_MAX_WORDS]
        meant = {word: self._meant(word, text.isupper()) for word in typed}
        corrections = {word: other for word, other in meant.items() if other}
        if not corrections:
            return ReadAs(text)
        mended = _WORD.sub(lambda word: corrections.get(word[0], word[0]), text)
        return ReadAs(mended, tuple(corrections.items()))

    def _looked_up(self, word: str, loud: bool) -> str:
        """What a word was meant for; "" where it is right, or nothing is near."""
        terms = self._dictionary.terms(word)
        if len(terms) != 1:
            return ""
        n = self._dictionary.n_holding(terms[0])
        # Nobody can tell what is wrong with a name such as PEFT or LoRA.
        plain = loud or word[1:].islower()
        if not n and plain and (other := self._elsewhere(word.lower())):
            return other
        if self._is_english(terms[0]):
            return ""
        if n:
            return self._commoner(word.lower(), n) if plain else ""
        return self._told(terms[0]) or self._slip_for(word, plain)

    def _slip_for(self, word: str, plain: bool) -> str:
        """What a word that nobody has is nearest to; or ""."""
        near = self.nearest(word.lower()) if plain else []
        if near and near[0].n_edits == 1:
            return near[0].word
        return self._parted(word) or (near[0].word if near else "")

    def _commoner(self, word: str, n: int) -> str:
        """A word one edit away that far more passages have than have this one; or ""."""
        if len(word) < _MIN_CHARS_IF_HELD:
            return ""
        near = sorted(self._near(word, word[0], 1))
        return next((it.word for it in near if -it.minus_passages >= _TIMES_COMMONER * n), "")

    def _elsewhere(self, word: str) -> str:
        """A word that nobody has, as it is spelt elsewhere and somebody has it; or ""."""
        pairs = chain(_SPELLINGS, ((other, one) for one, other in _SPELLINGS))
        ways = (
            word[:found] + other + word[found + len(one) :]
            for one, other in pairs
            if (found := word.rfind(one)) > 0
        )
        return next((way for way in ways if self._is_held(way)), "")

    def _is_held(self, word: str) -> bool:
        """Whether a passage has a word, or another form of it."""
        terms = self._dictionary.terms(word)
        return bool(terms) and all(map(self._dictionary.n_holding, terms))

    def _is_english(self, term: str) -> bool:
        if not self._english:
            self._english = frozenset(self._dictionary.terms(_english()))
        return term in self._english

    def _told(self, term: str) -> str:
        """A word that was written together, as passages write it with hyphens; or ""."""
        return next((form for form, _ in self._dictionary.aliases(term)), "")

    def _parted(self, word: str) -> str:
        """A word that was written together, as two that are held; or ""."""
        if not word.isalpha():
            way = _BETWEEN_LETTERS_AND_DIGITS.sub(" ", word)
            return way if " " in way and self._is_held(way) else ""
        places = range(_MIN_PART_CHARS, len(word) - _MIN_PART_CHARS + 1)[:_MAX_CHARS]
        halves = ((word[:at], word[at:]) for at in places)
        # "regul", a stem that passages have, is no word that anybody has joined to another.
        return next((" ".join(both) for both in halves if all(map(self._is_word, both))), "")

    def _is_word(self, word: str) -> bool:
        """Whether a passage has a word just so, which is no function word."""
        return self._is_held(word) and word.lower() in self._words_with(word[0].lower())[0]

    def nearest(self, word: str) -> list[Near]:
        """Find the words of the collection that a word may be a slip for, the likeliest first.

        One edit is looked for, or two in a longer word. Slips in the first letter are rare; one
        is looked for only where nothing else is found.

        Args:
            word: In lower case.
        """
        if len(word) < _MIN_CHARS:
            return []
        limit = 1 if len(word) < _MIN_CHARS_FOR_TWO_EDITS else 2
        found = list(self._near(word, word[0], limit))
        if not found:
            others = _LETTERS.replace(word[0], "")
            near = chain.from_iterable(self._near(word, letter, 1) for letter in others)
            # "asymmetry" is no slip for "symmetry".
            found = [each for each in near if not word.endswith(each.word)]
        return sorted(found)

    def _words_with(self, letter: str) -> tuple[list[str], list[int], NDArray[np.int8]]:
        """Words with a first letter, how many passages have each, and how often it has which."""
        if letter not in self._fetched:
            pairs = [pair for pair in self._dictionary.words_with(letter) if _is_plain(pair[0])]
            words = [word for word, _ in pairs]
            self._fetched[letter] = words, [n for _, n in pairs], _letter_counts(words)
        return self._fetched[letter]

    def _near(self, word: str, letter: str, limit: int) -> Iterator[Near]:
        """The words with a first letter that are at most so many edits away, itself left out."""
        if not _is_plain(word):
            return
        words, n_passages, counts = self._words_with(letter)
        # An edit puts two letters apart at most, which rules out nearly all words at once.
        apart = np.abs(counts - _letter_counts([word])).sum(axis=0, dtype=np.int8)
        for at in np.flatnonzero(apart <= 2 * limit):
            if 0 < (n := edits(word, words[at], limit)) <= limit:
                yield Near(n, int(apart[at]), -n_passages[at], words[at])


def _is_plain(word: str) -> bool:
    return _MIN_CHARS - 1 <= len(word) <= _MAX_CHARS and word.isascii() and word.isalpha()


def _letter_counts(words: Sequence[str]) -> NDArray[np.int8]:
    """How often each word has each letter; shape (26, n_words)."""
    counts = np.zeros((len(_LETTERS), len(words)), np.int8)
    signs = np.array(words, f"S{_MAX_CHARS}").view(np.uint8).reshape(len(words), _MAX_CHARS)
    for column in signs.T:
        there = np.flatnonzero(column)
        counts[column[there] - ord("a"), there] += 1
    return counts


def edits(one: str, other: str, limit: int) -> int:
    """Count the edits between two words; any number above ``limit`` where there are more.

    Source: optimal string alignment, the restricted Damerau-Levenshtein distance.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    last: list[int] = []
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            n = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                n = min(n, last[j - 2] + 1)
            row.append(n)
        if min(row) > limit:
            return limit + 1
    return row[-1]


@cache
def _english() -> str:
    """Common words of English, joined by spaces.

    Source: the vocabulary of the encoder that ships, which is that of BERT.
    """
    tokenizer = Path(__file__).parent / "weights" / DEFAULT_ENCODER / "tokenizer.json"
    vocabulary = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    return " ".join(filter(_is_plain, vocabulary))
