"""A model that recites its instructions: what it says of them is left out, as the text streams by.

A model told to by an abstract may repeat what it was told. The instructions are no secret, but they
are no answer either, and no text of a paper.
"""

import re

__all__ = ["Recital"]

_WORD = re.compile(r"\w+")
_MIN_WORDS = 8
"""A run of so many words, in the order of the instructions, is a recital."""
_SHOWN_WORDS = 2
"""So many words of a run are shown at once, so that no text waits for longer than it must."""


class Recital:
    """Leaves out runs of words that stand in the instructions."""

    def __init__(self, instructions: str) -> None:
        """Begin a text.

        Args:
            instructions: What no answer repeats.
        """
        self._told = f" {' '.join(_WORD.findall(instructions.casefold()))} "
        self._run: list[str] = []
        self._word = ""
        self._waiting = ""

    def feed(self, text: str) -> str:
        """Take more of the text; gives what is no recital, nor likely to become one."""
        return "".join(map(self._take, text))

    def end(self) -> str:
        """Give the rest."""
        return self._end_word() + self._end_run()

    def _take(self, sign: str) -> str:
        given = ""
        if _WORD.match(sign):
            self._word += sign
        else:
            given = self._end_word()
        if len(self._run) < _SHOWN_WORDS:
            return given + sign
        self._waiting += sign
        return given

    def _end_word(self) -> str:
        """A word is complete: it continues the run, or ends it and may begin another."""
        written, self._word = self._word, ""
        if not written:
            return ""
        run = [*self._run, written.casefold()]
        given = ""
        if not self._recites(run):
            given = self._end_run(but=written)
            while run and not self._recites(run):
                run = run[1:]
        self._run = run
        return given

    def _end_run(self, but: str = "") -> str:
        """Show what waited, or of a recital no more than the word that ended it."""
        waiting, self._waiting = self._waiting, ""
        if len(self._run) < _MIN_WORDS:
            return waiting
        return f" {but}" if but else ""

    def _recites(self, run: list[str]) -> bool:
        return f" {' '.join(run)} " in self._told
