"""The names of a sentence, such as "BERT", "GPT-3" or "Turkish", and whether a text has them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assistant.support.reading import Reading, Word
from assistant.support.stemming import stem

__all__ = ["holds_name", "long_forms_of", "names", "stands_for"]

_MIN_INITIALS = 3
_ACRONYMS = Path(__file__).with_name("acronyms.tsv")


def names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Find the names of a text: words with a capital or a digit that no sentence opens with.

    A word that opens a sentence counts where it has more of them: "BERT", "wav2vec", "GPT-3".

    Yields:
        The number of the first word of each and the one behind its last, in order.
    """
    shouted = reading.text.isupper()
    place = 0
    while place < len(reading.words):
        end = place + 1
        while end < len(reading.words) and reading.words[end].glued:
            end += 1
        parts = reading.words[place:end]
        if not shouted and any(map(_is_name, parts)):
            yield place, end
        place = end


def _is_name(word: Word) -> bool:
    """Whether a word is a name, or with what hangs on it a part of one."""
    if word.is_number or len(word.text) < 2 or not word.tells:
        return False
    marked = word.text[1:] != word.text[1:].lower() or any(map(str.isdigit, word.text))
    return marked or (word.text[0].isupper() and not word.opens)


def holds_name(known: Reading, parts: tuple[Word, ...]) -> bool:
    """Whether a text has a name, in any spelling, as its initials or as its long form.

    Args:
        known: The text.
        parts: The words of the name, those that hyphens hold together.
    """
    joined = "".join(word.lower for word in parts)
    if joined in known.forms:
        return True
    return all(_holds(known, word) for word in parts if word.is_number or word.tells)


def _holds(known: Reading, word: Word) -> bool:
    if word.lower in known.forms or (not word.is_number and word.stem in known.places):
        return True
    return stands_for(known, word)


def stands_for(known: Reading, word: Word) -> bool:
    """Whether a word is an acronym of which a text has the long form, or words of its letters."""
    letters = word.lower
    if not _is_name(word) or word.text[1:] == letters[1:]:
        return False
    if len(letters) >= _MIN_INITIALS and letters.isalpha():
        telling = (each.lower[0] for each in known.words if each.tells)
        every = "".join(each.lower[0] for each in known.words)
        if letters in every or letters in "".join(telling):
            return True
    return any(
        all(part in known.places for part in long) for long in _long_forms().get(letters, ())
    )


def long_forms_of(reading: Reading, known: Reading) -> set[str]:
    """Stems of a text that a long form is made of, of which another text has the acronym."""
    forms = _long_forms()
    return {
        part
        for acronym in forms.keys() & known.forms
        for long in forms[acronym]
        if all(part in reading.places for part in long)
        for part in long
    }


@cache
def _long_forms() -> dict[str, tuple[tuple[str, ...], ...]]:
    """What acronyms of the field stand for, as stems.

    Source:
        The acronyms that 15 or more abstracts of 117,804 explain, and what at least three in ten
        of these say.
    """
    forms: dict[str, tuple[tuple[str, ...], ...]] = {}
    for line in _ACRONYMS.read_text(encoding="utf-8").splitlines():
        acronym, long = line.split("\t")
        stems = tuple(stem(word.removesuffix("'s")) for word in long.split())
        forms[acronym.lower()] = (*forms.get(acronym.lower(), ()), stems)
    return forms
