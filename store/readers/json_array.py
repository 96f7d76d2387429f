"""The values of a JSON array, one by one, so that one that is broken costs no other."""

import re
from collections.abc import Iterator

from store.readers.text import MAX_LINE_CHARS

__all__ = ["values_of"]

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*+"|[][{},]')
"""A string, which ends in its line, or a sign between values; an open quotation mark is none."""
_NEXT_OBJECT = re.compile(r",\s*(?=\{)")
_MAX_OPEN = 20
"""Values that may have no end; behind that many, nothing more is looked for."""


def values_of(text: str) -> Iterator[tuple[int, str]]:
    """Cut an array into the texts of its values; a file of one value is that value.

    A value whose brackets do not match, or that is longer than ``MAX_LINE_CHARS``, is given as far
    as it was looked at, and the next object behind its beginning is looked for.

    Yields:
        (line, 1 for the first; the value's text, perhaps no valid JSON); the text is "" where the
        array is cut short between two values.
    """
    begin = len(text) - len(text.lstrip())
    if not text.startswith("[", begin):
        yield text.count("\n", 0, begin) + 1, text
        return
    line, counted, at, n_open, last = 1, 0, begin + 1, 0, ","
    while last == "," and n_open < _MAX_OPEN:
        end, last = _end_of(text, at)
        value = text[at:end]
        first = at + len(value) - len(value.lstrip())
        line, counted = line + text.count("\n", counted, first), first
        if value.strip() or last == "":
            yield line, value.strip()
        at = end + 1
        if not last and value.strip():
            found = _NEXT_OBJECT.search(text, first)
            n_open += 1
            at, last = (found.end(), ",") if found else (at, last)


def _end_of(text: str, at: int) -> tuple[int, str]:
    """Where a value ends, and the sign behind it: "," or "]", or "" where it has no end.

    Behind a value with which the text ends, a "," is taken to be.
    """
    opened: list[str] = []
    for found in _TOKEN.finditer(text, at):
        sign = found[0]
        if found.start() - at > MAX_LINE_CHARS:
            return found.start(), ""
        if sign in ",]" and not opened:
            return found.start(), sign
        if sign in "[{":
            opened.append(sign)
        elif sign in "]}" and (not opened or opened.pop() + sign not in {"[]", "{}"}):
            return found.start(), ""
    return len(text), "" if opened or at >= len(text) else ","
