"""Why a text does not carry a sentence, in a few words for people."""

from collections.abc import Sequence

from assistant.support.coverage import covered
from assistant.support.polarity import crossed, negated, opposed, reversed_words
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
    verb = "is" if len(missing) == 1 else "are"
    plural = "" if len(missing) == 1 else "s"
    return f"the {kind}{plural} {_listed(missing)} {verb} not in the cited text"


def _turned(said: Reading, known: Reading) -> str:
    """How the text says the opposite; "" where it does not plainly."""
    reversals = reversed_words(said, known)
    if reversals and reversals[0][0] >= _PLAIN:
        _, place, other = reversals[0]
        return f"the cited text says “{known.words[other].text}”, not “{said.words[place].text}”"
    if opposed(known, said) >= _PLAIN:
        return "the cited text negates what this says"
    if opposed(said, known) >= _PLAIN:
        denial = said.words[negated(said)[0]].text
        return f"the cited text says it without “{denial}”"
    if crossed(said, known) >= _PLAIN:
        return "the cited text has the comparison the other way round"
    return ""


def _uncovered(said: Reading, known: Reading) -> str:
    words = covered(said, known)
    missing = {
        said.words[place].text: weight * (1 - share)
        for place, weight, share in zip(words.places, words.weights, words.shares, strict=True)
        if share < 1
    }
    if not missing:
        return "the cited text does not say it in this way"
    heaviest = sorted(missing, key=lambda word: -missing[word])[:_MAX_NAMED]
    told = [word for word in missing if word in heaviest]
    return f"the cited text does not mention {_listed([f'“{word}”' for word in told])}"


def _listed(texts: Sequence[str]) -> str:
    """Texts as a list in prose: "a, b and c"."""
    named = list(dict.fromkeys(texts))[:_MAX_NAMED]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
