"""The address of a question: it carries what was asked and within what, and is read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from assistant import AssistantError
from assistant.condense import checked_question
from ui import words
from ui.exchange import MODES, Exchange, Mode
from ui.filters import NAMES, Within, read_within

__all__ = ["Link", "link_of", "read_link"]

_MAX_CHARS = 20_000
_MAX_SHOWN_CHARS = 40


@dataclass(frozen=True, slots=True)
class Link:
    """What an address asks.

    Attributes:
        question: "" where it asks nothing.
        mode: How it is asked.
        within: What it stays within; None where the address says nothing of it.
        left_out: A line about each part that makes no sense.
    """

    question: str = ""
    mode: Mode = "Answer"
    within: Within | None = None
    left_out: tuple[str, ...] = ()


def link_of(exchange: Exchange) -> str:
    """The part of an address, from its "?" on, that asks the same again.

    A question that leans on the ones before it is given as it was searched for.
    """
    alone = exchange.number == 1 or not exchange.query
    asked = {"q": exchange.question if alone else exchange.query}
    mode = {} if exchange.mode == "Answer" else {"mode": exchange.mode}
    return "?" + urlencode(asked | mode | exchange.within.given())


def read_link(search: str) -> Link:
    """Read what stands behind the "?" of an address; other names than ours are not looked at.

    Args:
        search: From anywhere, with or without its "?".
    """
    if len(search) > _MAX_CHARS:
        return Link(left_out=(words.LONG_ADDRESS.format(n=len(search), most=_MAX_CHARS),))
    given = dict(parse_qsl(search.removeprefix("?"), errors="replace"))
    question, no_question = _question(given.get("q", ""))
    mode, no_mode = _mode(given)
    within, no_filters = read_within(given)
    said = any(name in given for name in ("q", *NAMES))
    left_out = (*no_question, *no_mode, *no_filters)
    return Link(question, mode, within if said else None, left_out)


def _question(text: str) -> tuple[str, tuple[str, ...]]:
    try:
        return (checked_question(text) if text.strip() else ""), ()
    except AssistantError as error:
        return "", (str(error),)


def _mode(given: Mapping[str, str]) -> tuple[Mode, tuple[str, ...]]:
    said = given.get("mode", "Answer")
    for mode in MODES:
        if mode.lower() == said.lower():
            return mode, ()
    shown = said[:_MAX_SHOWN_CHARS]
    return "Answer", (words.NO_MODE.format(mode=shown, modes=", ".join(MODES)),)
