"""Keys of papers in a model's text, found as the text streams by and turned into marks.

A mark is a key between two characters that no text holds otherwise; ``shown.py`` makes a number of
it. What comes out does not depend on how the text was cut: a piece waits here while more of the
text could still change what it means, and no longer.
"""

import re
from collections.abc import Collection

__all__ = ["CLOSE", "MARK", "OPEN", "Marks"]

OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(ref\\d{{4}}){CLOSE}")

_WINDOW = 200
"""Characters that a group of keys may have."""
_KEY = r"ref\d{4}(?!\w)"
_LEAD = r"(?:sources?|see|cf\.?|papers?|keys?)?\s*:?\s*"
_BETWEEN = r"\s*(?:[,;&/|]|and)?\s*"
_OPENS, _CLOSES = r"\\?[\[(【]", r"\\?[\])】]"
_KEYS = rf"\s*{_LEAD}{_KEY}(?:{_BETWEEN}{_KEY})*\s*"

_GROUP = re.compile(
    rf"[ \t]*(?:(?:{_OPENS}){{2}}{_KEYS}(?:{_CLOSES}){{2}}|{_OPENS}{_KEYS}{_CLOSES}|{_KEY})",
    re.IGNORECASE,
)
"""Keys in brackets, or one without; with the blanks before, which go where the keys go."""
_MAYBE_GROUP = re.compile(
    rf"""[ \t]*
    (?: (?:\\?[\[(【]){{0,2}} \\?
      | (?:{_OPENS}){{1,2}}\s*[a-z]{{0,7}}\.?\s*:?\s*
        (?:ref\d{{4}}{_BETWEEN})* (?:an?d?|r(?:e(?:f\d{{0,4}})?)?)? \s*(?:\\?[\])】]){{0,2}} \\?
      | r(?:e(?:f\d{{0,4}})?)?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What more text could make one."""
_WORD_AT_END = re.compile(r"\w\Z")
_PLAIN = re.compile(r"[^\W_]+|.", re.DOTALL)
_CAN_BEGIN = " \t\\[(【rR"


class Marks:
    """Turns keys into marks. Keys of no paper are dropped, and so are the blanks before them."""

    def __init__(self, known: Collection[str]) -> None:
        """Begin a text.

        Args:
            known: The keys of the papers, lower case.
        """
        self._known = known
        self._held = ""
        self._in_word = False

    def feed(self, text: str) -> str:
        """Take more of the text; gives what is certain of it."""
        self._held += text.replace(OPEN, "").replace(CLOSE, "")
        return self._take(final=False)

    def end(self) -> str:
        """Give the rest."""
        return self._take(final=True)

    def _take(self, *, final: bool) -> str:
        out, at, text = [], 0, self._held
        while at < len(text):
            window = text[at : at + _WINDOW]
            found = None
            if window[0] in _CAN_BEGIN and not (self._in_word and window[0] in "rR"):
                if not final and len(window) < _WINDOW and _MAYBE_GROUP.fullmatch(window):
                    break
                found = _GROUP.match(window)
            if found:
                out.append(self._marked(found[0]))
            else:
                found = _PLAIN.match(window)
                out.append(found[0] if found else "")
            at += found.end() if found else 1
            self._in_word = bool(_WORD_AT_END.search(text[at - 1 : at]))
        self._held = text[at:]
        return "".join(out)

    def _marked(self, group: str) -> str:
        keys = dict.fromkeys(key.lower() for key in re.findall(_KEY, group, re.IGNORECASE))
        marks = [f"{OPEN}{key}{CLOSE}" for key in keys if key in self._known]
        blanks = group[: len(group) - len(group.lstrip(" \t"))]
        return blanks + "".join(marks) if marks else ""
