"""When the collection does not answer a question, and how that is said."""

from collections.abc import Sequence

from assistant.bearing import Bearing
from assistant.extractive import escaped
from assistant.types import Hit

__all__ = ["N_NEAREST", "refusal_text", "refuses"]

N_NEAREST = 3
_MIN_CLOSENESS = 0.18
_PER_UNKNOWN = 0.5


def refuses(bearing: Bearing) -> bool:
    """Decide whether nothing in the collection bears on a question.

    Nothing does where even the nearest sentence is far; the more of the question no abstract
    knows, the nearer it must be.

    Source: tests/bench/answers.py, both error rates on the development set.
    """
    return bearing.closeness < _MIN_CLOSENESS + _PER_UNKNOWN * bearing.unknown


def refusal_text(missing: Sequence[str], nearest: Sequence[Hit], n_papers: int) -> str:
    """Say that the collection does not answer, what was not found, and what comes nearest.

    Args:
        missing: Words of the question that no abstract has.
        nearest: The papers that come closest.
        n_papers: How many papers the collection holds.
    """
    if not n_papers:
        return "The collection is empty. Add papers to it, and ask again."
    said = ["The collection does not answer this."]
    if missing:
        words = ", ".join(f"“{escaped(word)}”" for word in missing[:6])
        said.append(f"No abstract mentions {words}.")
    if nearest:
        titles = "\n".join(f"- {escaped(hit.paper.title)}" for hit in nearest)
        said.append(f"The nearest papers are about something else:\n\n{titles}")
    return " ".join(said)
