r"""A model's text with its marks as numbers, safe to stand in Markdown.

Whoever reads the answer finds only our own ``[1]``: what else reads as a citation is escaped, and
so is what would load or run something (HTML, pictures, links). Nothing is taken away. Emphasis,
lists, headings and short code stay. As in ``marks.py``, the cut of the text does not matter.
"""

import re
from collections.abc import Callable

from assistant.chat.marks import MARK, OPEN

__all__ = ["Shown"]

_CODE = re.compile(r"`[^`\n]{1,80}`")
_MAYBE_CODE = re.compile(r"`[^`\n]{0,80}")
_PLAIN_CODE = re.compile(rf"[^\[\]*\\<{OPEN}]+")
"""Code with other signs is shown with its backticks: readers of Markdown differ over what it is."""
_NUMBERS = re.compile(r"\[[ \t]*\d+(?:[ \t]*[,;–-][ \t]*\d+){0,9}[ \t]*\]")
_MAYBE_NUMBERS = re.compile(r"\[[ \t\d,;–-]{0,60}")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_PLAIN = re.compile(rf"[^\\`\[\]<(:{OPEN}]+")
_DEFINITION = re.compile(r"(?:\A|\n)[ ]{0,3}\[[^\n]*\Z")
_INDEXED = re.compile(r"[\w{^]\Z")
_NO_MARK_BEHIND = re.compile(r"[\w\\{^]\Z")
_OPEN_BRACKET = re.compile(r"(?<!\\)\[[^\[\]\n]{0,120}\Z")


class Shown:
    """Writes the text that is shown."""

    def __init__(self, number: Callable[[str, str], int]) -> None:
        """Begin a text.

        Args:
            number: Gives the number for a key, told the text before it.
        """
        self._number = number
        self._held = ""
        self._shown = 0
        self._in_code = False
        self.text = ""

    def feed(self, text: str) -> str:
        """Take more; gives what can be shown of it, which never ends within a bracket."""
        self._held += text
        self._take(final=False)
        half = _OPEN_BRACKET.search(self.text, self._shown)
        return self._up_to(half.start() if half else len(self.text))

    def end(self) -> str:
        """Give the rest."""
        self._take(final=True)
        return self._up_to(len(self.text))

    def _up_to(self, end: int) -> str:
        start, self._shown = self._shown, end
        return self.text[start:end]

    def _take(self, *, final: bool) -> None:
        at = 0
        while at < len(self._held):
            step = self._step(self._held[at : at + 100], final=final)
            if not step:
                break
            at += step
        self._held = self._held[at:]

    def _step(self, rest: str, *, final: bool) -> int:
        """Write what the rest begins with; gives its length, 0 where more is needed to tell."""
        if plain := _PLAIN.match(rest):
            self.text += plain[0]
            return plain.end()
        if mark := MARK.match(rest):
            gap = " " if _NO_MARK_BEHIND.search(self.text) else ""
            self.text += f"{gap}[{self._number(mark[1], self.text)}]"
            return mark.end()
        if not final and self._may_become_more(rest):
            return 0
        written, length = self._written(rest)
        self.text += written
        return length

    def _may_become_more(self, rest: str) -> bool:
        return (
            rest in ("\\", "<")
            or (not self._in_code and bool(_MAYBE_CODE.fullmatch(rest)))
            or bool(_MAYBE_NUMBERS.fullmatch(rest))
        )

    def _written(self, rest: str) -> tuple[str, int]:
        """How a sign that may mean something is written, and how much of the rest that is."""
        first, second = rest[0], rest[1:2]
        if first == "\\":
            return (rest[:2], 2) if _PUNCTUATION.match(second) else (first, 1)
        if first == "`":
            code = None if self._in_code else _CODE.match(rest)
            if code and _PLAIN_CODE.fullmatch(code[0]):
                return code[0], code.end()
            self._in_code = bool(code)
            return "\\`", 1
        return ("\\" if self._means_something(rest) else "") + first, 1

    def _means_something(self, rest: str) -> bool:
        match rest[0]:
            case "<":
                return bool(re.match(r"<[A-Za-z/!?]", rest))
            case "[":
                numbers = _NUMBERS.match(rest) and not _INDEXED.search(self.text)
                return bool(numbers) or self.text.endswith("!")
            case "(":
                return self.text.endswith("]")
            case ":":
                return self.text.endswith("]") and bool(_DEFINITION.search(self.text))
        return False
