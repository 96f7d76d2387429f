"""Whether a sentence stands in a text word for word, whole or as an excerpt with marked gaps."""

import re

__all__ = ["is_verbatim"]

_GAP = re.compile(r"\s*[(\[]?\s*(?:\.\s?\.\s?\.|…)\s*[)\]]?\s*")
_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": None, "*": None})
_MIN_WORDS = 3
_ENDS = " .,;:!?"
_SPACES = re.compile(r"\s+")
_CLAUSE = re.compile(r"[.;:,!?()\u2014]")
_TURNS = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|unlike|hardly|barely|fails?|failed|lacks?"
    r"|whether|if|unless|instead of|rather than)\b|n't\b"
)
"""What turns the meaning of the words behind it."""


def is_verbatim(sentence: str, cited: str) -> bool:
    """Whether a sentence is the text's own, letter case, white space and kinds of quotes apart.

    An excerpt is, too, whose pieces, parted by "…", stand in the text in order, unless what was
    left out right before a piece turns its meaning: "it does not … improve" is no excerpt. Nor
    are words picked here and there.

    Args:
        sentence: Of an answer, without citation marks.
        cited: The text it cites.
    """
    said, known = _plain(sentence), _plain(cited)
    if _end_of(said.strip(_ENDS), known, 0) >= 0:
        return True
    pieces = [stripped for piece in _GAP.split(said) if (stripped := piece.strip(_ENDS))]
    if len(pieces) > 1 and any(piece.count(" ") < _MIN_WORDS - 1 for piece in pieces):
        return False
    at = 0
    for piece in pieces:
        at = _end_of(piece, known, at)
        if at < 0:
            return False
    return True


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text.translate(_MARKS)).strip().casefold()


def _end_of(piece: str, known: str, start: int) -> int:
    """Where a piece ends that stands behind a place, as whole words in their meaning; else -1."""
    if piece not in known:
        return -1
    whole = re.compile(rf"(?<![\w-])(?<!\d[.,]){re.escape(piece)}(?![\w-])(?![.,]\d)")
    for found in whole.finditer(known, start):
        if not _TURNS.search(_CLAUSE.split(known[start : found.start()])[-1]):
            return found.end()
    return -1
