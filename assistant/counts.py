"""How many papers may be asked for."""

from assistant.errors import QuestionError

__all__ = ["MAX_K", "checked_k"]

MAX_K = 200


def checked_k(k: int) -> int:
    """Take a number of papers as it is.

    Raises:
        QuestionError: It is none from 1 to ``MAX_K``.
    """
    if not isinstance(k, int) or not 1 <= k <= MAX_K:
        raise QuestionError(f"k is {k!r}; ask for 1 to {MAX_K} papers")
    return k
