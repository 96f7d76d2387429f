"""Two names for one thing, as a collection's own texts give them away.

"parameter-efficient fine-tuning (PEFT)" tells that PEFT and the long form are the same, and
"fine-tuning" that whoever writes "finetuning" means the same.
"""

import re
from collections.abc import Callable, Iterator

__all__ = ["acronyms", "aliases", "compounds"]

_BRACKETED = re.compile(r"\(([^()]{2,80})\)")
_SHORT = re.compile(r"(?=[^\W_]*-?[^\W_]*[A-Z])[^\W_][\w-]{1,9}")
_BEFORE = re.compile(r"[\w-]+\s*$")
_COMPOUND = re.compile(r"(?<![\w-])[^\W_]+(?:-[^\W_]+){1,2}(?![\w-])")
_MAX_CHARS = 30


def aliases(text: str, terms: Callable[[str], list[str]]) -> set[tuple[str, str]]:
    """Find what may stand in the place of something else.

    Args:
        text: As ``store.wording.plain`` gives it.
        terms: Reduces a text to the terms it is searched by.

    Returns:
        (the terms of a form joined by spaces, another form in lower case): short forms and long
        ones either way, and for words joined together those with hyphens.
    """
    pairs = [pair for short, long in acronyms(text) for pair in ((short, long), (long, short))]
    pairs += [(compound.replace("-", ""), compound) for compound in set(compounds(text))]
    return {(" ".join(terms(form)), other.lower()) for form, other in pairs}


def acronyms(text: str) -> Iterator[tuple[str, str]]:
    """Find short forms with their long forms, either of them in brackets behind the other.

    Args:
        text: As ``store.wording.plain`` gives it.

    Yields:
        (short, long) as written.

    Source:
        Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in
        biomedical text", 2003.
    """
    for bracket in _BRACKETED.finditer(text):
        inside, before = re.split(r"[,;]", bracket[1])[0].strip(), text[: bracket.start()]
        if _SHORT.fullmatch(inside):
            short, words = inside, re.split(r"[.;:()!?]\s", before[-160:])[-1].split()
            long = _long_form(short, words[-2 * len(short) :])
        else:
            last = _BEFORE.search(before[-40:])
            short, words = last[0].strip() if last else "", inside.split()
            long = _long_form(short, words) if _SHORT.fullmatch(short) else ""
            long = long if long == " ".join(words) else ""
        if long:
            yield short, long


def _long_form(short: str, words: list[str]) -> str:
    """The fewest of the last words that have the letters of a short form in order; "" for none.

    The first letter must begin the first word.
    """
    letters = [sign for sign in short.lower() if sign.isalnum()]
    text = " ".join(words)
    at = len(text)
    for number, letter in reversed(list(enumerate(letters))):
        at = text.lower().rfind(letter, 0, at)
        while number == 0 and at > 0 and text[at - 1].isalnum():
            at = text.lower().rfind(letter, 0, at)
        if at < 0:
            return ""
    long = text[at:].strip(" ,\"'“”")
    fits = 2 <= len(re.findall(r"\w+", long)) <= min(len(letters) + 5, 2 * len(letters))
    return long if fits and short.lower() not in re.findall(r"\w+", long.lower()) else ""


def compounds(text: str) -> Iterator[str]:
    """Find the words that are written with hyphens, such as "fine-tuning"."""
    for word in text.split():
        if "-" in word and (found := _COMPOUND.search(word)) and len(found[0]) <= _MAX_CHARS:
            yield found[0]
