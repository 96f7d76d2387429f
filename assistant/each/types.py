"""What one abstract says to a question."""

from dataclasses import dataclass

from assistant.types import Paper

__all__ = ["Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """What one abstract says to a question.

    Attributes:
        paper: The paper.
        quote: ``paper.abstract[start:end]``, the sentence that answers; "" where none does.
        start: Offset of its first character.
        end: Offset just behind its last.
        answerable: Probability that the abstract answers the question, 0 to 1.
    """

    paper: Paper
    quote: str
    start: int
    end: int
    answerable: float
