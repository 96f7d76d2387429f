"""Whether a text says of the same words the opposite: "not", another direction, another order."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.support.meanings import opposites_of, same_as
from assistant.support.reading import Reading
from assistant.support.stemming import stems

__all__ = ["crossed", "negated", "opposed", "reversed_words"]

_NOT = stems(
    "not no never none neither nor without cannot unlike unable hardly barely nothing fails lacks"
    " failure"
)
_LIKE_NOT = stems(
    "avoids prevents removes eliminates excludes ignores little rarely instead rather unless"
    " limited insufficient absent absence impossible free loses suffers few less only"
)
"""Words that may say "not" in another way."""

_COMPARES = stems("outperforms surpasses beats exceeds outdoes underperforms trails than")
_FOCUS = 3
_BESIDE = 3
_NEAR = 8


def _negates(reading: Reading, place: int) -> bool:
    return reading.words[place].stem in _NOT


def _telling(reading: Reading, places: Iterable[int]) -> list[str]:
    """Stems of the words at some places that say something and are no negation."""
    words = reading.words
    return [
        words[place].stem
        for place in places
        if words[place].says_something and not _negates(reading, place)
    ]


def _around(reading: Reading, place: int, before: int, behind: int) -> list[int]:
    """Places from so many before one to so many behind it, within its sentence."""
    words = reading.words
    last = min(len(words), place + behind + 1)
    sentence = words[place].sentence
    return [at for at in range(max(0, place - before), last) if words[at].sentence == sentence]


def _has(stems: set[str], word: str) -> bool:
    return word in stems or not stems.isdisjoint(same_as(word))


def _share(stems: set[str], words: Sequence[str]) -> float:
    return sum(_has(stems, word) for word in words) / len(words) if words else 0.0


def opposed(one: Reading, other: Reading) -> float:
    """How far one text says without a "not" what the other says with it, 0 to 1.

    Args:
        one: The text with the negation.
        other: The text that may lack it.
    """
    return max((_opposed_at(one, place, other) for place in negated(one)), default=0.0)


def negated(reading: Reading) -> list[int]:
    """Where a text has a "not" or a word like it."""
    return [place for place in range(len(reading.words)) if _negates(reading, place)]


def _opposed_at(one: Reading, place: int, other: Reading) -> float:
    focus = _telling(one, _around(one, place, 0, 2 * _NEAR))[:_FOCUS]
    if len(focus) < 2:
        focus = _telling(one, _around(one, place, _NEAR, 0))[-2:] + focus
    said = _best_sentence(other, focus)
    if said < 0.5:
        return 0.0
    denied = max(
        (
            _share(set(_telling(other, _around(other, at, _NEAR, _NEAR))), focus)
            for at in range(len(other.words))
            if _negates(other, at) or other.words[at].stem in _LIKE_NOT
        ),
        default=0.0,
    )
    sentence = one.words[place].sentence
    elsewhere = _best_sentence(one, focus, besides=sentence)
    return max(0.0, said - denied - elsewhere)


def _best_sentence(reading: Reading, focus: Sequence[str], besides: int = -1) -> float:
    """The largest share of some stems that one sentence has."""
    sentences: dict[int, set[int]] = {}
    for number, word in enumerate(focus):
        for other in (word, *same_as(word)):
            for place in reading.places.get(other, ()):
                sentences.setdefault(reading.words[place].sentence, set()).add(number)
    sentences.pop(besides, None)
    return max(map(len, sentences.values()), default=0) / len(focus) if focus else 0.0


def reversed_words(said: Reading, known: Reading) -> list[tuple[float, int, int]]:
    """Find words of a sentence whose opposite the text has in their place.

    Returns:
        For each (how much of what is beside it is beside its opposite and not beside itself, its
        place, the place of the opposite), strongest first.
    """
    found = []
    for place, word in enumerate(said.words):
        opposites = opposites_of(word.stem, known) if len(word.lower) > 2 else frozenset()
        at = [where for other in opposites for where in known.places.get(other, ())]
        if not at:
            continue
        beside = _beside(said, place)
        own = (word.stem, *(same_as(word.stem) - opposites))
        straight = max(
            (
                _share(_near(known, where), beside)
                for other in own
                for where in known.places.get(other, ())
            ),
            default=0.0,
        )
        share, where = max((_share(_near(known, where), beside), -where) for where in at)
        if share > straight:
            found.append((share - straight, place, -where))
    return sorted(found, key=lambda each: (-each[0], each[1]))


def _beside(reading: Reading, place: int) -> list[str]:
    own = reading.words[place].stem
    before = _telling(reading, _around(reading, place, 2 * _BESIDE, 0))[-_BESIDE - 1 :]
    behind = _telling(reading, _around(reading, place, 0, 2 * _BESIDE))[: _BESIDE + 1]
    return [each for each in before + behind if each != own]


def _near(reading: Reading, place: int) -> set[str]:
    return {reading.words[each].stem for each in _around(reading, place, _NEAR, _NEAR)}


def crossed(said: Reading, known: Reading) -> float:
    """How far a comparison has its sides the other way round than in the text, 0 to 1."""
    known_sides = list(_sides(known))
    worst = 0.0
    for left, right in _sides(said):
        n_alike, share = 0, 0.0
        for known_left, known_right in known_sides:
            straight = len(left & known_left) + len(right & known_right)
            swapped = len(left & known_right) + len(right & known_left)
            sides = max(1, min(len(left), len(right)))
            n_alike, share = max(
                (n_alike, share), (straight + swapped, min(1.0, (swapped - straight) / sides))
            )
        worst = max(worst, share)
    return worst


def _sides(reading: Reading) -> Iterator[tuple[set[str], set[str]]]:
    """The words on either side of each comparison, without those that both sides have."""
    for place, word in enumerate(reading.words):
        if word.stem in _COMPARES:
            left = set(_telling(reading, _around(reading, place, _NEAR, -1)))
            right = set(_telling(reading, _around(reading, place, -1, _NEAR)))
            behind = reading.words[place + 1 : place + 2]
            if behind and behind[0].lower == "by":
                left, right = right, left
            yield left - right, right - left
