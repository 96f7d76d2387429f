"""What a question stays within: days, a source, a number of papers; read, checked and told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from assistant.counts import MAX_K
from assistant.filters import FilterError, make_filters
from assistant.render import day_as_text
from ui import words

__all__ = ["ANYWHERE", "NAMES", "Within", "problem_of", "read_within", "told", "within_of"]

_MAX_CHARS = 100
_STORED_DAY = re.compile(r"--(0[1-9]|1[0-2])-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Within:
    """What one question stays within; "" and None mean no narrowing.

    Attributes:
        listed_from: First day of listing, as it was typed.
        listed_to: The last.
        published_from: First day of publication, as it was typed.
        published_to: The last.
        source: A list's name.
        k: How many papers to look at; None for as many as suit what is asked.
    """

    listed_from: str = ""
    listed_to: str = ""
    published_from: str = ""
    published_to: str = ""
    source: str = ""
    k: int | None = None

    def given(self) -> dict[str, Any]:
        """What is set, by name: arguments for the assistant."""
        values = {name: getattr(self, name) for name in NAMES}
        return {name: value for name, value in values.items() if value not in ("", None)}

    def filters(self) -> dict[str, str]:
        """What is set, without the number of papers."""
        return {name: value for name, value in self.given().items() if name != "k"}


ANYWHERE = Within()
NAMES = tuple(field.name for field in fields(Within))


def within_of(*values: object) -> Within:
    """Take what stands in the page's fields, in the order of ``NAMES``, as it is.

    What is no date or number is kept as well: asking says what is wrong with it. 0 papers are none
    set: an empty number is a 0 in Gradio 6.31 until the server has filled the fields.
    """
    *typed, k = values
    texts = [" ".join(str(value or "").split()) for value in typed]
    given: dict[str, Any] = dict(zip(NAMES[:-1], texts, strict=True))
    given["k"] = (round(k) or None) if isinstance(k, int | float) else None
    return Within(**given)


def read_within(given: Mapping[str, object]) -> tuple[Within, tuple[str, ...]]:
    """Read what an address or a browser's memory holds, which may be anything.

    Args:
        given: By name; other names than ``NAMES`` are not looked at.

    Returns:
        What is sound, and a line about each value that was left out.
    """
    within, left_out = ANYWHERE, []
    for name in NAMES:
        value = given.get(name)
        if value in ("", None):
            continue
        try:
            tried = Within(**within.given() | {name: _value(name, value)})
            make_filters(_as_shown(tried))
        except (FilterError, ValueError) as error:
            why = str(error).removeprefix(f"{name}: ")
            left_out.append(words.LEFT_OUT.format(what=words.FILTERS[name], why=why))
        else:
            within = tried
    return within, tuple(left_out)


def _value(name: str, value: object) -> str | int:
    """A value of a sound type and length.

    Raises:
        ValueError: It is not.
    """
    text = " ".join(str(value).split()) if isinstance(value, str | int) else ""
    if name == "k":
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_K):
            raise ValueError(words.NO_NUMBER.format(value=text[:_MAX_CHARS], most=MAX_K))
        return int(text)
    if not text or len(text) > _MAX_CHARS:
        raise ValueError(words.TOO_LONG.format(most=_MAX_CHARS))
    return text


def problem_of(within: Within) -> str:
    """Why a question cannot be asked within these, for people; "" where it can."""
    try:
        make_filters(_as_shown(within))
    except FilterError as error:
        name, colon, why = str(error).partition(": ")
        known = colon and name in NAMES
        return f"{words.FILTERS[name].capitalize()}: {why}" if known else str(error)
    if within.k is not None and not 1 <= within.k <= MAX_K:
        return words.NO_NUMBER.format(value=within.k, most=MAX_K)
    return ""


def _as_shown(within: Within) -> dict[str, str]:
    """The filters; a day that was chosen from a list, as the list shows it, not as it is stored."""
    return {
        name: day_as_text(value) if _STORED_DAY.fullmatch(value) else value
        for name, value in within.filters().items()
    }


def told(within: Within) -> dict[str, str]:
    """What is set, in words by name: "listed from Mar 12", "source trending", "5 papers"."""
    return {name: _words(name, value) for name, value in within.given().items()}


def _words(name: str, value: str | int) -> str:
    if name == "k":
        return words.K_PAPERS[value != 1].format(n=value)
    if name == "source":
        return words.SOURCE_IS.format(source=value)
    try:
        day = day_as_text(str(getattr(make_filters({name: str(value)}), name)))
    except FilterError:
        day = f"“{value}”"
    return f"{words.FILTERS[name]} {day}"
