"""The papers that a search stays within, in a form that both indexes test quickly.

A set of a hundred thousand ids takes longer to build and to ask than the search itself. So a paper
has a number, made from its id alone, which the catalog and both indexes keep beside it.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Keys", "Within", "paper_key", "paper_of"]

Keys = NDArray[np.int64]
"""Numbers of papers, see ``paper_key``; shape (n,)."""


def paper_key(paper_id: str) -> int:
    """Number a paper, in [0, 2**63): 63 bits of a digest of its id.

    Two of a million papers share a number with a chance of one in ten million; a search looks at
    the papers it found once more.
    """
    digest = hashlib.blake2b(paper_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def paper_of(passage_id: str) -> str:
    """The id of a passage's paper; see ``store.changes``."""
    return passage_id.rpartition("#")[0]


class Within:
    """Papers to stay within; two of them are equal only where they are one."""

    def __init__(self, keys: Keys | Iterable[int]) -> None:
        """Take the papers' numbers, in any order, repeated or not."""
        numbers = keys if isinstance(keys, np.ndarray) else np.fromiter(keys, np.int64)
        self.keys: Keys = np.unique(numbers)

    @classmethod
    def of(cls, paper_ids: Iterable[str]) -> "Within":
        """Take the papers' ids."""
        return cls(map(paper_key, paper_ids))

    def __len__(self) -> int:
        """How many papers there are."""
        return len(self.keys)

    def holds(self, keys: Keys) -> NDArray[np.bool_]:
        """Tell of each paper whether it is one of these."""
        if not len(self.keys):
            return np.zeros(len(keys), np.bool_)
        at = np.searchsorted(self.keys, keys)
        return np.equal(self.keys[np.minimum(at, len(self.keys) - 1)], keys)

    def holds_papers(self, paper_ids: Sequence[str]) -> list[bool]:
        """Tell the same by the papers' ids."""
        keys = np.fromiter(map(paper_key, paper_ids), np.int64, len(paper_ids))
        return [bool(each) for each in self.holds(keys)]
