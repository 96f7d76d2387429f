"""What some models write before they answer, which is not for the reader."""

import re

__all__ = ["may_be_thoughts", "without_thoughts"]

_THOUGHTS = re.compile(r"\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_UNFINISHED = re.compile(r"\s*<think(?:ing)?>(?!.*</think(?:ing)?>)", re.DOTALL)
_BEGUN = re.compile(r"\s*(?:<(?:t(?:h(?:i(?:n(?:k(?:i(?:ng?)?)?)?)?)?)?)?)?")


def without_thoughts(said: str) -> str:
    """A whole reply without the thoughts that it begins with."""
    return _THOUGHTS.sub("", said, count=1) if _THOUGHTS.match(said) else said


def may_be_thoughts(said: str) -> bool:
    """Whether a reply so far is nothing but thoughts, or the beginning of a mark of them."""
    return bool(_BEGUN.fullmatch(said) or _UNFINISHED.match(said))
