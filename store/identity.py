"""When two records are the same paper, and the name it goes by in the collection."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["contradict", "identity_keys", "is_paper_id", "normalize_title", "paper_id_of"]

_NOT_WORD = re.compile(r"[\W_]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_PAPER_ID = re.compile(r"[a-z0-9:./-]{1,80}")
_MAX_SLUG_CHARS = 48


@lru_cache(10_000)  # a title is asked for several times while a batch is stored
def normalize_title(title: str) -> str:
    """Reduce a title to what identifies it: its letters and digits, case and spacing folded.

    A title without any, such as one of emoji, is identified by its signs.
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return _NOT_WORD.sub(" ", folded).strip() or " ".join(folded.split())


def identity_keys(title: str, identifiers: tuple[str, ...]) -> tuple[str, ...]:
    """List everything that this record may be recognized by, surest first.

    Args:
        title: The record's title.
        identifiers: Such as "arxiv:2403.01234" or "doi:10.1000/182".

    Returns:
        The identifiers in lower case, an arXiv version left out, then "title:…".
    """
    known = (re.sub(r"^(arxiv:.*?)v\d+$", r"\1", name.lower()) for name in identifiers)
    return (*known, f"title:{normalize_title(title)}")


def contradict(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two sets of names have an identifier of the same kind and none in common."""
    mine, theirs = (
        {name for name in each if not name.startswith("title:")} for each in (names, others)
    )
    kinds = ({name.partition(":")[0] for name in each} for each in (mine, theirs))
    return not mine & theirs and bool(set.intersection(*kinds))


def is_paper_id(name: str) -> bool:
    """Whether a paper may go by a name in the collection."""
    return bool(_PAPER_ID.fullmatch(name))


def paper_id_of(title: str, identifiers: tuple[str, ...]) -> str:
    """Name a new paper: its first identifier, else a readable slug of its title with a digest.

    The digest tells apart titles that share their first words; letters outside a to z count in
    it, so that a title without any of those has a name too.
    """
    key = identity_keys(title, identifiers)[0]
    if not key.startswith("title:") and is_paper_id(key):
        return key
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", ascii_title).strip("-")[:_MAX_SLUG_CHARS].rstrip("-")
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest
