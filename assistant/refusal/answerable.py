"""The probability that the collection answers a question, and from where on it is refused."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from assistant.refusal.bearing import Bearing

__all__ = ["Weights", "answerable", "refuses", "weights"]

_ANY = "static-256"
"""Whose weights hold for encoders of which none were learned: it is the weaker of two."""

_FOLLOW_UP = 0.2
"""Share of the threshold that holds for a follow-up: its few words tell little, and what it is
about was found before. Source: the conversations of the development set, of which 3 of 35 turns
would be refused without, wrongly."""

_ANOTHER = 0.01
"""The same where another paper than the last is asked for, as in "is there one for vision?": its
own words are few, and those of the paper to be left out would speak for whatever is near that.
Source: our conversations and the development set's, where by their own words 5 such turns that find
their paper have 0.015 to 0.69, and 10 made ones on subjects that are not there at most 0.0011."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model of ``Bearing``.

    Attributes:
        threshold: A question that is less probably answerable is refused, 0 to 1.
        bias: Log-odds where every measure is 0.
        measures: Log-odds by which each measure counts, by its name.
    """

    threshold: float
    bias: float
    measures: dict[str, float]


def answerable(bearing: Bearing) -> float:
    """Estimate the probability that the collection answers a question, 0 to 1.

    It is 0 where no near paper has any word of the question, and 1 where names, or one word, are
    looked up and found: there, the encoder has little to go by.
    """
    if not bearing.any_matched or bearing.looked_up:
        return float(bearing.looked_up)
    known = weights(bearing.encoder)
    odds = sum(weight * getattr(bearing, name) for name, weight in known.measures.items())
    return 1.0 / (1.0 + exp(-(known.bias + odds)))


def refuses(bearing: Bearing, *, another: bool = False) -> bool:
    """Decide whether the collection does not answer a question.

    Args:
        bearing: How the question stands to what was found.
        another: Whether it asks for another paper than the last.
    """
    share = _ANOTHER if another else _FOLLOW_UP if bearing.follow_up else 1.0
    return answerable(bearing) < share * weights(bearing.encoder).threshold


@cache
def weights(encoder: str) -> Weights:
    """What was learned: with an encoder of this name, else with a simple one.

    The better an encoder, the more its cosines tell beside the words; of one that is not known,
    little is believed.

    Source: `python -m tests.bench.refusal --fit`, with either encoder. The thresholds were then
    set to where 3.4 % of the answerable questions of the development set are refused, for those
    of others to stay below 5 %.
    """
    text = files("assistant.refusal").joinpath("weights.json").read_text(encoding="utf-8")
    learned = json.loads(text)
    return Weights(**learned.get(encoder, learned[_ANY]))
