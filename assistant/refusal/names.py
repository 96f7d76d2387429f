"""Names that were read as common words, and that no near paper has."""

import re
from collections.abc import Sequence

from assistant.types import Hit

__all__ = ["as_typed"]

_JOINED = re.compile(r"[a-z][A-Z]")


def as_typed(text: str, mended: Sequence[tuple[str, str]], hits: Sequence[Hit]) -> str:
    """Put names back that were read as common words, as "BatchEnsemble" is as "Batch Ensemble".

    A search finds more so. But papers that have these words somewhere, and nowhere beside each
    other, say nothing of what is named so.

    Args:
        text: As it was read.
        mended: What was typed, and what it was read as.
        hits: The papers found.
    """
    for typed, words in mended:
        parts = r"[\s-]?".join(map(re.escape, words.split()))
        together = re.compile(rf"\b{parts}", re.IGNORECASE)
        if _JOINED.search(typed) and not any(
            together.search(f"{hit.paper.title}\n{hit.paper.abstract}") for hit in hits
        ):
            text = text.replace(words, typed)
    return text
