"""Sentences that abstracts carry, made false or worded differently by rule; the same in every run.

Each function takes a sentence and gives another one, or "" where its rule does not fit.
"""

import random
import re
from collections.abc import Callable

__all__ = [
    "FALSIFIED",
    "REWORDED",
    "another_name",
    "names_of",
    "number_of",
    "numbers_of",
    "with_a_clause_of",
]

_NUMBER = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)*(?!\w*-\d|[.,]?\d|\))")
_NAME = re.compile(
    r"(?<=[\w,] )(?:[A-Z]\w*[A-Z]\w*(?:-\w+)?|[A-Z][a-z]+[A-Z-]\w+|[A-Z][a-z]{3,})\b"
)
_ANY_NAME = r"\b(?:[A-Z][\w-]*[A-Z0-9]\w*|[A-Z][a-z]{3,}(?:-\w+)?)\b"
_NOT = re.compile(r"\b(?:does not|do not|did not) (\w+)|\b(?:not|never) |\bcannot\b|\bwithout\b")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|should|may|might|has|have been)\b(?! not)"
)
_VERB = re.compile(
    r"\b(improve|outperform|reduce|achieve|require|show|propose|use|increase|provide|learn|allow"
    r"|enable|yield|perform|reach|generalize|surpass|present|introduce|demonstrate|exceed|help"
    r"|need|make|give|work|cut|match|beat|keep|add|raise|find|combine)(s|es)?\b"
)
_OPPOSITES = {
    "increase": "decrease",
    "higher": "lower",
    "better": "worse",
    "more": "less",
    "faster": "slower",
    "larger": "smaller",
    "improve": "degrade",
    "high": "low",
    "best": "worst",
    "outperform": "underperform",
    "large": "small",
    "strong": "weak",
    "positive": "negative",
    "easy": "hard",
    "longer": "shorter",
    "deep": "shallow",
    "maximum": "minimum",
    "always": "never",
    "cheap": "expensive",
    "superior": "inferior",
    "reduce": "increase",
    "reducing": "increasing",
    "reduces": "increases",
    "improves": "degrades",
    "improving": "degrading",
    "outperforms": "underperforms",
    "increases": "decreases",
    "increasing": "decreasing",
    "fewer": "more",
    "less": "more",
    "worse": "better",
    "lower": "higher",
    "smaller": "larger",
    "low": "high",
    "beats": "trails",
    "cuts": "raises",
    "raises": "cuts",
    "necessary": "unnecessary",
    "effective": "ineffective",
    "efficient": "inefficient",
    "supervised": "unsupervised",
    "sufficient": "insufficient",
    "accurate": "inaccurate",
    "similar": "different",
}
_DIRECTION = re.compile(rf"\b({'|'.join(_OPPOSITES)})\b")
_COMPARISON = re.compile(
    r"\b(?:outperforms?|surpass(?:es)?|beats?|exceeds?|better than|faster than|worse than"
    r"|smaller than|larger than|higher than|lower than|superior to|more [a-z]+ than)\b"
)

_SYNONYMS = {
    "propose": "put forward",
    "proposes": "puts forward",
    "show": "find",
    "shows": "finds",
    "outperforms": "does better than",
    "outperform": "do better than",
    "achieves": "attains",
    "achieve": "attain",
    "significantly": "clearly",
    "utilize": "use",
    "large": "big",
    "demonstrate": "show",
    "demonstrates": "shows",
    "method": "technique",
    "novel": "new",
    "introduce": "present",
    "introduces": "presents",
    "requires": "needs",
    "require": "need",
    "reduces": "cuts",
    "reduce": "cut",
    "improves": "enhances",
    "improve": "enhance",
    "in order to": "to",
    "in terms of": "in",
    "state-of-the-art": "best",
    "obtain": "get",
    "approach": "way",
    "various": "several",
    "exploit": "make use of",
    "via": "through",
}
_SYNONYM = re.compile(rf"\b({'|'.join(_SYNONYMS)})\b")
_WE = {"we": "the authors", "our": "their", "us": "them", "ours": "theirs"}
_LEAD = re.compile(
    r"^(?:However|Moreover|Furthermore|Specifically|In this (?:paper|work)|In particular|Finally"
    r"|In addition|Additionally|To this end|Here|Thus|Therefore|First|Second|Instead|Notably"
    r"|Experiments show that|We show that|We demonstrate that|We find that),? +"
)
_BRACKETS = re.compile(r" \([^()]*\)")
_ADVERBS = re.compile(
    r" (?!only|early|likely|daily|family|supply|apply|rely|fully|nearly)\w{4,}ly\b"
)
_CLAUSES = re.compile(r"^(.{25,}?), (while|whereas|and|because|which means that) (.{25,}?)\.?$")
_BY = re.compile(r"^(By [^,]{15,}), (.{25,}?)\.?$")


def number_of(sentence: str, others: list[str], chance: random.Random) -> str:
    """Put one of some other numbers in the place of one."""
    found = list(_NUMBER.finditer(sentence))
    other = [each for each in others if each not in sentence]
    if not (found and other):
        return ""
    number = chance.choice(found)
    return sentence[: number.start()] + chance.choice(other) + sentence[number.end() :]


def numbers_of(text: str) -> list[str]:
    """The numbers of a text."""
    return sorted(set(_NUMBER.findall(text)))


def another_number(sentence: str, chance: random.Random) -> str:
    """Change a number of the sentence."""
    found = list(_NUMBER.finditer(sentence))
    if not found:
        return ""
    number = chance.choice(found)
    digits = list(number[0])
    at = chance.choice([place for place, sign in enumerate(digits) if sign.isdigit()])
    digits[at] = chance.choice([each for each in "123456789" if each != digits[at]])
    return sentence[: number.start()] + "".join(digits) + sentence[number.end() :]


def another_name(sentence: str, others: list[str], chance: random.Random) -> str:
    """Put a name of another text in the place of one."""
    found = list(_NAME.finditer(sentence))
    other = [each for each in others if each.lower() not in sentence.lower()]
    if not (found and other):
        return ""
    name = chance.choice(found)
    return sentence[: name.start()] + chance.choice(other) + sentence[name.end() :]


def names_of(text: str) -> list[str]:
    """The names of a text."""
    return sorted(set(_NAME.findall(text)))


def denied(sentence: str, _: random.Random) -> str:
    """Put a "not" in."""
    if found := _AUXILIARY.search(sentence):
        return f"{sentence[: found.end()]} not{sentence[found.end() :]}"
    if found := _VERB.search(sentence):
        does = "does not" if found[2] else "do not"
        return f"{sentence[: found.start()]}{does} {found[1]}{sentence[found.end() :]}"
    return ""


def affirmed(sentence: str, _: random.Random) -> str:
    """Take a "not" out."""
    found = _NOT.search(sentence)
    if not found:
        return ""
    instead = {"cannot": "can", "without": "with"}.get(found[0], found[1] or "")
    return sentence[: found.start()] + instead + sentence[found.end() :]


def turned(sentence: str, chance: random.Random) -> str:
    """Turn a word of direction round."""
    found = list(_DIRECTION.finditer(sentence))
    if not found:
        return ""
    word = chance.choice(found)
    return sentence[: word.start()] + _OPPOSITES[word[0]] + sentence[word.end() :]


def swapped(sentence: str, _: random.Random) -> str:
    """Swap the names nearest to a comparison on either side."""
    found = _COMPARISON.search(sentence)
    if not found:
        return ""
    lefts = list(re.compile(_ANY_NAME).finditer(sentence, 0, found.start()))
    right = re.compile(_ANY_NAME).search(sentence, found.end(), found.end() + 60)
    if not lefts or not right or lefts[-1][0] == right[0]:
        return ""
    left = lefts[-1]
    between = sentence[left.end() : right.start()]
    return sentence[: left.start()] + right[0] + between + left[0] + sentence[right.end() :]


def with_a_clause_of(sentence: str, other: str) -> str:
    """Add what another sentence says."""
    words = other.rstrip(".").split()
    if len(words) < 5:
        return ""
    added = " ".join(words[: max(5, len(sentence.split()) // 2)])
    added = added[0].lower() + added[1:] if added[1:2].islower() else added
    return f"{sentence.rstrip('.')}, and {added}."


def reworded(sentence: str, chance: random.Random) -> str:
    """Say the same in the third person, with other words and without lead-ins and brackets."""
    said = _LEAD.sub("", sentence)
    if chance.random() < 0.7:
        said = _ADVERBS.sub("", _BRACKETS.sub("", said))
    if chance.random() < 0.8:
        said = _SYNONYM.sub(lambda word: _SYNONYMS[word[0]], said)
    said = re.sub(r"\b(we|our|us|ours)\b", lambda word: _WE[word[0].lower()], said, flags=re.I)
    said = said[:1].upper() + said[1:]
    return said if said != sentence else ""


def reordered(sentence: str, _: random.Random) -> str:
    """Put the second clause first."""
    if found := _CLAUSES.match(sentence):
        first = found[1][0].lower() + found[1][1:] if found[1][1:2].islower() else found[1]
        joint = "and" if found[2] == "and" else "while"
        return f"{found[3][0].upper()}{found[3][1:]}, {joint} {first}."
    if found := _BY.match(sentence):
        return f"{found[2][0].upper()}{found[2][1:]} {found[1][0].lower()}{found[1][1:]}."
    return ""


Rule = Callable[[str, random.Random], str]

FALSIFIED: dict[str, Rule] = {
    "changed number": another_number,
    "not put in": denied,
    "not taken out": affirmed,
    "direction turned": turned,
    "sides swapped": swapped,
}
REWORDED: dict[str, Rule] = {"reworded": reworded, "clauses reordered": reordered}
