"""Names that no text of a prompt holds: keys of papers, and the fence around each abstract."""

import hashlib
from collections.abc import Iterator, Sequence

__all__ = ["EXAMPLE_KEY", "make_keys"]

EXAMPLE_KEY = "ref0000"
"""Stands in the instructions, and for no paper."""

_MIN_DIFFERENT = 2


def make_keys(texts: Sequence[str], n: int) -> tuple[str, list[str]]:
    """Derive a fence and keys from all that they have to be told from.

    A key is "ref" and four digits that are no year; two keys differ in two digits at least, so
    that a slip of the model's gives none instead of another. The same texts give the same keys, so
    that a prompt can be compared and its answer kept.

    Args:
        texts: Everything that will stand in the prompt, from the question to the abstracts.
        n: How many keys, 0 to 200.

    Returns:
        The fence, eight hexadecimal digits, and the keys. None of them occurs in a text.
    """
    together = "\n".join(texts).casefold()
    seeds = _seeds(texts)
    fence = next(seed[:8] for seed in seeds if seed[:8] not in together)
    keys: list[str] = []
    while len(keys) < n:
        digits = f"{int(next(seeds), 16) % 10_000:04d}"
        key = f"ref{digits}"
        if digits[:2] not in ("00", "19", "20") and key not in together and _apart(key, keys):
            keys.append(key)
    return fence, keys


def _seeds(texts: Sequence[str]) -> Iterator[str]:
    """Digests of the texts, one after the other without end."""
    seed = hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()
    while True:
        yield seed
        seed = hashlib.sha256(seed.encode()).hexdigest()


def _apart(key: str, keys: Sequence[str]) -> bool:
    return all(
        sum(one != another for one, another in zip(key, each, strict=True)) >= _MIN_DIFFERENT
        for each in keys
    )
