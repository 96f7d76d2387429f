"""The words of a question that point at what was said before it, or away from it."""

import re
from collections.abc import Sequence

from assistant.conversation.focus import Mention
from store.wording import FUNCTION_WORDS

__all__ = ["asks_for_more", "asks_for_others", "begins_on", "is_fragment", "named", "points_back"]

_PRONOUNS = """
former he it its itself latter same she such their theirs them then these they this those
"""
_BEGINS_ON = re.compile(r"(?:and|or|but|so|then|also)\b", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"(?:(?:and|or|but|so|then|also)\s+)?(?:(?:what|how)\s+about\s+)?"
    r"(?:at|by|for|from|in|on|over|to|under|using|with|without)\s[^,;:]*\W*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:wh(?:at|en|ere|ich|o|ose|y)|how|is|are|was|were|do|does|did|can)\b", re.IGNORECASE
)
_MORE = re.compile(
    r"\b(?:(?:is|are)\s+there|any(?:thing|body|one)?|(?:what|how)\s+about)\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:an?other|alternatives?|instead|else|others|other\s+(?:one|paper|work|approach|method)s?)\b",
    re.IGNORECASE,
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_THING = r"one|papers?|work|stud(?:y|ies)|articles?|approach|method|model|of\s+(?:them|these|those)"
_ORDINAL = re.compile(
    rf"\bthe\s+({'|'.join(_ORDINALS)})(?:\s+(?:{_THING})\b|(?=\s*(?:[?.,;:!]|$)))", re.IGNORECASE
)
_PAIR = re.compile(r"\bthe\s+(former|latter)\b", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:both|either|neither|the\s+two|(?:each|all|any|one|which)\s+of\s+(?:them|these|those))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\[(\d{1,3})\]|\b(?:number|no\.|citation|paper)\s+(\d{1,3})\b", re.IGNORECASE)
_MAX_NAMED = 3


def points_back(question: str) -> bool:
    """Whether a pronoun, or what serves as one, stands for something said before.

    "that" behind a noun begins a clause, "is there" asks whether something exists, and "one method"
    counts: none of them points back.
    """
    words = [word.strip(".,;:!?()'\"").lower() for word in question.split()]
    return any(
        _is_pronoun(word, *around)
        for word, *around in zip(words, ["", *words], [*words[1:], ""], strict=False)
    )


def _is_pronoun(word: str, before: str, behind: str) -> bool:
    if word == "that":
        return not before or before in FUNCTION_WORDS
    if word == "there":
        return not {before, behind} & {"is", "are", "was", "were", "be"}
    if word in ("one", "ones"):
        return not behind or behind in FUNCTION_WORDS
    return word in _PRONOUNS.split()


def begins_on(question: str) -> bool:
    """Whether a question goes on with the sentence before it."""
    return bool(_BEGINS_ON.match(question))


def is_fragment(question: str) -> bool:
    """Whether a question leaves out what is asked, as "and on ImageNet?" does."""
    found = _FRAGMENT.match(question)
    return bool(found) and not _ASKS.search(re.sub(r"\b(?:what|how)\s+about\b", "", question))


def asks_for_more(question: str) -> bool:
    """Whether a question asks if something exists, or what about something."""
    return bool(_MORE.search(question))


def asks_for_others(question: str) -> bool:
    """Whether a question asks for something else than what was found."""
    return bool(_OTHERS.search(question))


def named(question: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Find the papers that a question names by their place or number in the last answer.

    Args:
        question: What the user typed.
        mentions: The papers in focus, newest answer first.

    Returns:
        Those named, in order; with a pronoun beside them ("how does it compare to the second one?")
        the first paper before them. None where the last answer cites one paper only, unless by its
        number: "the first layer" is then no paper.
    """
    last = [each for each in mentions if not each.ago]
    found = [
        each
        for number in _NUMBER.findall(question)
        for each in last
        if int(number[0] or number[1]) in each.numbers
    ]
    if len(last) > 1:
        places = [_ORDINALS[word.lower()] for word in _ORDINAL.findall(question)]
        places += [-1 if word.lower() == "latter" else 0 for word in _PAIR.findall(question)]
        found += [last[place] for place in places if -len(last) <= place < len(last)]
        if found and points_back(_PAIR.sub("", _ORDINAL.sub("", question))):
            found.insert(0, last[0])
        if not found and len(last) <= _MAX_NAMED and _ALL.search(question):
            found = last
    return list(dict.fromkeys(found))[:_MAX_NAMED]
