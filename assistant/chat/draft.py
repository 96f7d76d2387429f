"""A model's text on its way to the reader: what is not for the reader is taken out as it comes."""

import re
from collections.abc import Callable, Collection

from assistant.chat.marks import Marks
from assistant.chat.messages import NOT_THERE
from assistant.chat.recital import Recital
from assistant.chat.shown import Shown
from assistant.chat.thoughts import may_be_thoughts, without_thoughts

__all__ = ["Draft"]

_REFUSAL = re.compile(rf"\W*{NOT_THERE}(?!\w)", re.IGNORECASE)


class Draft:
    """A text as the model writes it; whatever its pieces, the same comes out.

    Attributes:
        refused: Whether the model says that the evidence does not answer.
        text: What was shown so far.
    """

    def __init__(
        self, keys: Collection[str], number: Callable[[str, str], int], instructions: str
    ) -> None:
        """Begin a text.

        Args:
            keys: Of the papers that may be cited.
            number: Gives the number for a key, told the text before it.
            instructions: What no answer repeats.
        """
        self.refused = False
        self._opening: str | None = ""
        self._recital = Recital(instructions)
        self._marks = Marks(keys)
        self._shown = Shown(number)

    @property
    def text(self) -> str:
        """What was shown so far, or is about to be."""
        return self._shown.text

    def feed(self, piece: str) -> str:
        """Take a piece; gives what can be shown."""
        said = self._after_opening(piece, final=False)
        return self._shown.feed(self._marks.feed(self._recital.feed(said)))

    def end(self) -> str:
        """Give the rest."""
        said = self._recital.feed(self._after_opening("", final=True)) + self._recital.end()
        given = self._shown.feed(self._marks.feed(said) + self._marks.end())
        return given + self._shown.end()

    def _after_opening(self, piece: str, *, final: bool) -> str:
        """Hold the first words back while they may be thoughts, or say that nothing answers."""
        if self.refused:
            return ""
        if self._opening is None:
            return piece
        said = self._opening = self._opening + piece
        if not final and may_be_thoughts(said):
            return ""
        said = without_thoughts(said)
        said = said.lstrip()
        self.refused = bool(_REFUSAL.match(said)) and (final or not _may_go_on(said))
        if self.refused:
            return ""
        if not final and _may_go_on(said):
            return ""
        self._opening = None
        return said


def _may_go_on(said: str) -> bool:
    """Whether more text could make a refusal of the beginning of an answer."""
    bare = re.sub(r"\A\W+", "", said).upper()
    return NOT_THERE.startswith(bare)
