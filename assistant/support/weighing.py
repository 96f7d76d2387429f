"""From two texts to one number: a logistic function of a few features that can be read."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from assistant.support.binding import bindings
from assistant.support.coverage import Covered, covered
from assistant.support.names import holds_name, names
from assistant.support.polarity import crossed, denied, reversed_words, undenied
from assistant.support.quantities import Quantity, holds, quantities
from assistant.support.reading import Reading

__all__ = ["features", "missing_names", "missing_numbers", "weigh"]

_N_OF_PART = 8
_ENOUGH = 0.8
_ENOUGH_OF_PART = 0.6
"""Telling words in a part of a sentence, and the shares of a whole and of a part that a text has of
a true one. Source: tests/bench/support_fit.py; from 0.6 to 0.8 each does as well."""

_WEIGHTS = Path(__file__).with_name("weights.json")


def features(said: Reading, known: Reading) -> dict[str, float]:
    """Compare a sentence with a text.

    Returns:
        Each 0 to 1, and 0 speaks for the sentence: how far the text has too few of the telling
        words, in all and in the part where it has fewest; whether it lacks a number or a name; how
        little of what is beside one is beside it in the text; how far a negation, a direction or a
        comparison is the opposite one, which counts as much as the text says all the rest.
    """
    words = covered(said, known)
    share = _share(words)
    there = quantities(known)
    places = {
        each.place: [one.place for one in there if holds(one, each)] for each in quantities(said)
    }
    named = [place for start, end in names(said) for place in range(start, end)]
    bound = bindings({word.place: word.at for word in words} | places, known)
    close = share * sum(bound.values()) / max(1, len(words) + len(places))
    reversals = reversed_words(said, known)
    return {
        "uncovered": max(0.0, 1 - share / _ENOUGH),
        "part_uncovered": max(0.0, 1 - min(_shares_of_parts(words)) / _ENOUGH_OF_PART),
        "number_missing": float(not all(places.values())),
        "name_missing": float(bool(missing_names(said, known))),
        "number_loose": 1 - min((bound[each] for each in places if each in bound), default=1.0),
        "name_loose": 1 - min((bound[each] for each in named if each in bound), default=1.0),
        "denied": close * denied(said, known),
        "undenied": close * undenied(said, known),
        "reversed": close * reversals[0][0] if reversals else 0.0,
        "crossed": close * crossed(said, known),
    }


def _shares_of_parts(words: Sequence[Covered]) -> Iterator[float]:
    """The share of each stretch of so many telling words."""
    for start in range(max(1, len(words) - _N_OF_PART + 1)):
        yield _share(words[start : start + _N_OF_PART])


def _share(words: Sequence[Covered]) -> float:
    """Weighted share of telling words that a text has; 0 without any."""
    total = sum(word.weight for word in words)
    return sum(word.weight * word.share for word in words) / total if total else 0.0


def missing_numbers(said: Reading, known: Reading) -> list[Quantity]:
    """The numbers of a sentence that a text does not have, in order."""
    there = quantities(known)
    return [each for each in quantities(said) if not any(holds(one, each) for one in there)]


def missing_names(said: Reading, known: Reading) -> list[str]:
    """The names of a sentence that a text does not have, as written, in order."""
    absent = []
    for start, end in names(said):
        parts = said.words[start:end]
        if not holds_name(known, parts):
            absent.append(said.text[parts[0].start : parts[-1].start + len(parts[-1].text)])
    return absent


def weigh(values: Mapping[str, float]) -> float:
    """The chance that a text carries a sentence, 0 to 1, where the two compare in this way."""
    weights = _weights()
    total = weights["bias"] + sum(weights[name] * value for name, value in values.items())
    return 1 / (1 + math.exp(-total))


@cache
def _weights() -> dict[str, float]:
    """What each feature weighs. Source: python -m tests.bench.support_fit, which writes them."""
    weights: dict[str, float] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return weights
