"""From what was compared to one number: a logistic function over a few features."""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from assistant.support.coverage import covered
from assistant.support.names import holds_name, names
from assistant.support.polarity import crossed, opposed, reversed_words
from assistant.support.quantities import Quantity, holds, quantities
from assistant.support.reading import Reading

__all__ = ["features", "missing_names", "missing_numbers", "weigh"]

_WEIGHTS = Path(__file__).with_name("weights.json")


def features(said: Reading, known: Reading) -> dict[str, float]:
    """Compare a sentence with a text.

    Returns:
        The features by name, each 0 to about 1.
    """
    words = covered(said, known)
    reversals = reversed_words(said, known)
    return {
        "share": words.share,
        "in_one": words.in_one,
        "together": words.together,
        "missing": words.missing / (1 + words.missing),
        "denied": opposed(known, said),
        "denies": opposed(said, known),
        "reversed": reversals[0][0] if reversals else 0.0,
        "crossed": crossed(said, known),
    }


def weigh(values: Mapping[str, float]) -> float:
    """The chance that a text carries a sentence, 0 to 1, where they were compared to these."""
    weights = _weights()
    total = weights["bias"] + sum(weights[name] * value for name, value in values.items())
    return 1 / (1 + math.exp(-total))


@cache
def _weights() -> dict[str, float]:
    loaded: dict[str, float] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return loaded


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
