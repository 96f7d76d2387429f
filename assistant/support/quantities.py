"""The numbers of a sentence, with their units, and whether a text has them too."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.support.reading import Reading

__all__ = ["Quantity", "holds", "quantities"]

_UNITS = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELT = {word: float(n) for n, word in enumerate(_UNITS.split(), 2)} | {
    word: 10.0 * n for n, word in enumerate(_TENS.split(), 2)
}
"""Numbers as words; "one" is left out, which mostly counts nothing."""

_MULTIPLES = {
    **dict.fromkeys(("double", "doubles", "doubled", "doubling", "twice", "twofold"), 2.0),
    **dict.fromkeys(("triple", "triples", "tripled", "tripling", "thrice", "threefold"), 3.0),
    **dict.fromkeys(("tenfold",), 10.0),
}
_HALVES = ("half", "halve", "halves", "halved", "halving")
_SCALES = {
    **dict.fromkeys(("K", "k", "thousand", "thousands"), 1e3),
    **dict.fromkeys(("M", "million", "millions", "mn"), 1e6),
    **dict.fromkeys(("B", "billion", "billions", "bn"), 1e9),
    **dict.fromkeys(("T", "trillion", "trillions"), 1e12),
    **dict.fromkeys(("hundred", "hundreds"), 1e2),
}
_UNITS_OF = {
    **dict.fromkeys(("percent", "percentage", "pct"), "%"),
    **dict.fromkeys(("x", "times", "fold"), "x"),
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours", "hr", "hrs"), "h"),
    **dict.fromkeys(("day", "days"), "day"),
    **dict.fromkeys(("week", "weeks"), "week"),
    **dict.fromkeys(("month", "months"), "month"),
    **dict.fromkeys(("year", "years"), "year"),
    **dict.fromkeys(("mb", "megabyte", "megabytes"), "MB"),
    **dict.fromkeys(("gb", "gigabyte", "gigabytes"), "GB"),
    **dict.fromkeys(("hz",), "Hz"),
    **dict.fromkeys(("khz",), "kHz"),
    **dict.fromkeys(("db",), "dB"),
}
_PERCENT = re.compile(r"\s?\\?%")
_MAX_DIGITS = 30
_MONEY = ("$", "€", "£")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ROUGHLY: dict[str, Callable[[float], float]] = {
    **dict.fromkeys(["about", "around", "approximately", "roughly", "circa", "some", "~"], round),
    **dict.fromkeys(["over", "above", "than", "exceeding", "least"], math.floor),
    **dict.fromkeys(["nearly", "almost", "under", "below", "most"], math.ceil),
}
"""How a number is rounded for it to be said with such a word: "over 90" where a text has 90.97."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text.

    Attributes:
        text: As written, with a percent sign.
        value: What it is, 2.8 million as 2800000.
        unit: "%", "x" for multiples, a measure such as "ms"; "" for none that is known.
        place: The number of its word.
        roughly: The word before it that lets it be a rounded one; "" without.
    """

    text: str
    value: float
    unit: str
    place: int
    roughly: str = ""


def quantities(reading: Reading) -> list[Quantity]:
    """Find the numbers of a text, in order; digits that name or count parts are none."""
    found = []
    for place, word in enumerate(reading.words):
        if word.is_number and not (_of_a_name(reading, place) or _counts(reading, place)):
            found.append(_in_digits(reading, place))
        elif word.lower in _SPELT:
            found.append(_in_words(reading, place))
        elif word.lower in _MULTIPLES:
            found.append(Quantity(word.text, _MULTIPLES[word.lower], "x", place))
        elif word.lower in _HALVES:
            found.append(Quantity(word.text, 50.0, "%", place))
    return _with_shared_units(reading, found)


def _of_a_name(reading: Reading, place: int) -> bool:
    """Whether a number hangs on a word before it, as in "CIFAR-10" and "Llama-3.1-8"."""
    words = reading.words
    while place and words[place].glued and words[place - 1].is_number:
        place -= 1
    return bool(place) and words[place].glued


def _counts(reading: Reading, place: int) -> bool:
    """Whether a digit only counts parts, as in "(1) it is quick and 2) it is small"."""
    word, text = reading.words[place], reading.text
    opens = text[max(0, word.start - 1) : word.start] in ("", " ", "(", "\n")
    return len(word.text) == 1 and opens and text[word.start + 1 : word.start + 2] == ")"


def _in_digits(reading: Reading, place: int) -> Quantity:
    word = reading.words[place]
    digits = word.text.replace(",", "" if _THOUSANDS.fullmatch(word.text) else ".")
    is_number = digits.count(".") <= 1 and len(digits) <= _MAX_DIGITS
    value = float(digits) if is_number else math.nan  # "1.2.3" is compared as it is written
    scale, unit = _scale_and_unit(reading, place)
    text = word.text + ("%" if unit == "%" else "")
    return Quantity(text, scale * value, unit, place, _roughly(reading, place))


def _in_words(reading: Reading, place: int) -> Quantity:
    word = reading.words[place]
    value = _SPELT[word.lower]
    scale, unit = _scale_and_unit(reading, place)
    return Quantity(word.text, scale * value, unit, place)


def _scale_and_unit(reading: Reading, place: int) -> tuple[float, str]:
    """What stands behind a number: how many of it there are, and of what."""
    words, text = reading.words, reading.text
    behind = words[place].start + len(words[place].text)
    if _PERCENT.match(text, behind):
        return 1.0, "%"
    before = text[max(0, words[place].start - 1) : words[place].start]
    unit = before if before in _MONEY else ""
    scale = 1.0
    for word in words[place + 1 : place + 3]:
        single = len(word.lower) == 1 and word.lower != "x"
        if word.start - behind > 1 or (single and word.start > behind):
            break
        if scale == 1.0 and word.text in _SCALES:
            scale = _SCALES[word.text]
        else:
            return scale, unit or _UNITS_OF.get(word.lower, "")
        behind = word.start + len(word.text)
    return scale, unit


def _roughly(reading: Reading, place: int) -> str:
    start = reading.words[place].start
    if reading.text[start - 1 : start] == "~":
        return "~"
    before = [word.lower for word in reading.words[max(0, place - 2) : place]]
    return next((word for word in reversed(before) if word in _ROUGHLY), "")


def _with_shared_units(reading: Reading, found: list[Quantity]) -> list[Quantity]:
    """Give the first number of a range or a list the unit of the last: "2-6x", "45 and 47%"."""
    for n in range(len(found) - 2, -1, -1):
        one, other = found[n], found[n + 1]
        between = reading.words[one.place + 1 : other.place]
        joined = all(word.lower in ("and", "to", "or") for word in between)
        if not one.unit and other.unit and joined and one.place + 2 >= other.place:
            text = one.text + ("%" if other.unit == "%" else "")
            found[n] = replace(one, text=text, unit=other.unit)
    return found


def holds(known: Quantity, said: Quantity) -> bool:
    """Whether a number of a text is the one that a sentence says."""
    if known.unit != said.unit and known.unit and said.unit:
        return False
    if _same(known.value, said.value) or (math.isnan(said.value) and known.text == said.text):
        return True
    if said.roughly and _same(_rounded(known.value, said), said.value):
        return True
    return known.unit != said.unit and (
        _is_share_of(known, said) if said.unit == "%" else _is_share_of(said, known)
    )


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9)


def _rounded(value: float, said: Quantity) -> float:
    """A value to as many digits as were said, in the direction that the word before says."""
    if math.isnan(value) or not said.value:
        return value
    step = 10.0 ** math.floor(math.log10(abs(said.value)))
    while not _same(round(said.value / step) * step, said.value):
        step /= 10
    return _ROUGHLY[said.roughly](value / step) * step


def _is_share_of(share: Quantity, percent: Quantity) -> bool:
    """Whether one is 0.5 and the other 50 %."""
    return percent.unit == "%" and 0 < share.value < 1 and _same(100 * share.value, percent.value)
