"""What words mean the same, and what the opposite."""

from functools import cache
from pathlib import Path

from assistant.support.reading import Reading
from assistant.support.stemming import stem

__all__ = ["opposites_of", "same_as", "weight_of"]

_MEANINGS = Path(__file__).with_name("meanings.txt")
_COMMON = Path(__file__).with_name("common_words.tsv")
_PREFIXES = ("un", "in", "im", "non", "dis")
_MIN_PREFIXED_CHARS = 5


def same_as(stem: str) -> frozenset[str]:
    """Stems that may stand in the place of one."""
    return _meanings()[0].get(stem, frozenset())


def opposites_of(stem: str, known: Reading) -> frozenset[str]:
    """Stems of a text that say the opposite of one."""
    return _meanings()[1].get(stem, frozenset()) | {
        other for other in _prefixed(stem) if other in known.places
    }


def _prefixed(stem: str) -> list[str]:
    """A stem with each prefix that negates, and without the one that it has."""
    with_prefix = [prefix + stem for prefix in _PREFIXES if len(stem) >= _MIN_PREFIXED_CHARS]
    return with_prefix + [
        stem.removeprefix(prefix)
        for prefix in _PREFIXES
        if stem.startswith(prefix) and len(stem) - len(prefix) >= _MIN_PREFIXED_CHARS
    ]


def weight_of(stem: str) -> float:
    """How much a word tells, 0 to 1; 1 for all but common ones.

    Source:
        Inverse frequency in a quarter of 117,804 abstracts, for stems that are in 100 or more of
        those (tests/bench/support_fit.py).
    """
    return _weights().get(stem, 1.0)


@cache
def _weights() -> dict[str, float]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return {word: float(weight) for word, weight in (line.split("\t") for line in lines)}


@cache
def _meanings() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """For each stem those with the same meaning and those with the opposite one."""
    same: dict[str, frozenset[str]] = {}
    opposite: dict[str, frozenset[str]] = {}
    for line in _MEANINGS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        sides = [{stem(word) for word in side.split()} for side in line.split("|")]
        for side in sides:
            others = frozenset().union(*(each for each in sides if each is not side))
            for word in side:
                same[word] = same.get(word, frozenset()) | side - {word}
                opposite[word] = opposite.get(word, frozenset()) | others
    return same, opposite
