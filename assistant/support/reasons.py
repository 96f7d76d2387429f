"""Why a text does not carry a sentence, in a few words for people."""

from collections.abc import Sequence

from assistant.support.coverage import covered
from assistant.support.polarity import crossed, denied, negated, reversed_words, undenied
from assistant.support.reading import Reading
from assistant.support.weighing import missing_names, missing_numbers

__all__ = ["reason"]

_PLAIN = 0.5
"""A reversal or a lost "not" that is this plain is named before words that are missing."""
_MAX_NAMED = 3


def reason(said: Reading, known: Reading) -> str:
    """The plainest reason for which a text does not carry a sentence.

    Args:
        said: The sentence.
        known: The text.
    """
    if not known.words:
        return "there is no cited text"
    if numbers := missing_numbers(said, known):
        return _absent("number", [each.text for each in numbers])
    if absent := missing_names(said, known):
        return _absent("name", absent)
    return _turned(said, known) or _uncovered(said, known)


def _absent(kind: str, missing: Sequence[str]) -> str:
    named = list(dict.fromkeys(missing))[:_MAX_NAMED]
    several = len(named) > 1
    return (
        f"the {kind}{'s' if several else ''} {_listed(named)}"
        f" {'are' if several else 'is'} not in the cited text"
    )


def _turned(said: Reading, known: Reading) -> str:
    """How the text says the opposite; "" where it does not plainly."""
    reversals = reversed_words(said, known)
    if reversals and reversals[0][0] >= _PLAIN:
        _, place, other = reversals[0]
        return f"the cited text says “{known.words[other].text}”, not “{said.words[place].text}”"
    if denied(said, known) >= _PLAIN:
        return "the cited text negates what this says"
    if undenied(said, known) >= _PLAIN:
        denial = said.words[negated(said)[0]].text
        return f"the cited text says it without “{denial}”"
    if crossed(said, known) >= _PLAIN:
        return "the cited text has the comparison the other way round"
    return ""


def _uncovered(said: Reading, known: Reading) -> str:
    words = covered(said, known)
    if not words:
        return "it says nothing that can be compared"
    missing = {said.words[word.place].text: word.weight for word in words if not word.share}
    if not missing:
        return "the cited text does not say it in this way"
    heaviest = sorted(missing, key=lambda word: -missing[word])[:_MAX_NAMED]
    told = [f"“{word}”" for word in missing if word in heaviest]
    return f"the cited text does not mention {_listed(told)}"


def _listed(texts: Sequence[str]) -> str:
    """Texts as a list in prose: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
