"""Whether a text says of the same words the opposite: with or without "not", or turned round."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.support.meanings import opposites_of, same_as
from assistant.support.reading import Reading
from assistant.support.stemming import stems

__all__ = ["crossed", "denied", "negated", "reversed_words", "undenied"]

_NOT = """not no never none neither nor without cannot unlike unlikely unable hardly barely nothing
fail fails failed failing lack lacks lacked lacking"""
_NEGATORS = frozenset(_NOT.split())
_LIKE_NOT = stems(
    "avoids prevents removes eliminates excludes ignores little rarely instead rather unless"
    " insufficient absent absence impossible free loses few bypasses dispenses skips drops rules"
    " only hard difficult struggles disregards"
)
"""What may say "not" in other words."""

_COMPARES = stems("outperforms surpasses beats exceeds outdoes underperforms trails than")
_FOCUS = 3
_BESIDE = 4
_NEAR = 8
_MOST = 0.5


def negated(reading: Reading) -> list[int]:
    """Where a text has a "not", a word like it or "yet to"."""
    words = reading.words
    return [
        place
        for place, word in enumerate(words)
        if word.lower in _NEGATORS
        or (word.lower == "yet" and words[place + 1 : place + 2] and words[place + 1].lower == "to")
    ]


def denied(said: Reading, known: Reading) -> float:
    """How far a text says with a "not" what a sentence says without, 0 to 1.

    The words that follow the text's "not" are looked for in the sentence: nearly all of them must
    be there without one, and nowhere else in the text.
    """
    denials = _denials(said)
    worst = 0.0
    for place in negated(known):
        focus = _telling(known, _around(known, place, 0, 2 * _NEAR))[:_FOCUS]
        if len(focus) < 2:
            focus = _telling(known, _around(known, place, _NEAR, 0))[-2:] + focus
        share = _in_a_sentence(said, focus)
        elsewhere = _in_a_sentence(known, focus, besides=known.words[place].sentence)
        if share > max(_MOST, elsewhere, *(_share(near, focus) for near in denials), 0.0):
            worst = max(worst, share)
    return worst


def undenied(said: Reading, known: Reading) -> float:
    """How far no "not" of a text is where a sentence has one, 0 to 1."""
    places = negated(said)
    denials = _denials(known) if places else []
    worst = 0.0
    for place in places:
        near = _telling(said, _around(said, place, _NEAR, _NEAR))
        worst = max(worst, 1 - max((_share(each, near) for each in denials), default=0.0))
    return worst


def _denials(reading: Reading) -> list[set[str]]:
    """What stands around each negation of a text, in whatever words."""
    like = (place for place, word in enumerate(reading.words) if word.stem in _LIKE_NOT)
    return [
        set(_telling(reading, _around(reading, place, _NEAR, _NEAR)))
        for place in (*negated(reading), *like)
    ]


def reversed_words(said: Reading, known: Reading) -> list[tuple[float, int, int]]:
    """Find words of a sentence whose opposite the text has in their place.

    Returns:
        For each (how much more of what is beside it is beside its opposite than beside itself, its
        place, the place of the opposite), the plainest first.
    """
    found = []
    for place, word in enumerate(said.words):
        opposites = opposites_of(word.stem, known)
        at = [where for other in opposites for where in known.places.get(other, ())]
        if not at:
            continue
        beside = _beside(said, place)
        own = (word.stem, *(same_as(word.stem) - opposites))
        places = [where for other in own for where in known.places.get(other, ())]
        straight = max((_share(_near(known, where), beside) for where in places), default=0.0)
        share, where = max((_share(_near(known, where), beside), -where) for where in at)
        if share > straight:
            found.append((share - straight, place, -where))
    return sorted(found, key=lambda each: (-each[0], each[1]))


def crossed(said: Reading, known: Reading) -> float:
    """How far a comparison has its sides the other way round than in the text, 0 to 1."""
    known_sides = list(_sides(known))
    worst = 0.0
    for left, right in _sides(said):
        nearest = 0, 0.0
        for known_left, known_right in known_sides:
            straight = len(left & known_left) + len(right & known_right)
            swapped = len(left & known_right) + len(right & known_left)
            least = max(1, min(len(left), len(right)))
            share = min(1.0, max(0, swapped - straight) / least)
            nearest = max(nearest, (straight + swapped, share))
        worst = max(worst, nearest[1])
    return worst


def _sides(reading: Reading) -> Iterator[tuple[set[str], set[str]]]:
    """What stands on either side of each comparison and not on both, capitalised words first."""
    words = reading.words
    for place, word in enumerate(words):
        if word.stem not in _COMPARES:
            continue
        around = _around(reading, place, 2 * _NEAR, _NEAR)
        before = [at for at in around if at < place]
        behind = [at for at in around if at > place]
        named = [[at for at in side if words[at].text[0].isupper()] for side in (before, behind)]
        if all(_telling(reading, side) for side in named):
            before, behind = named
        left, right = set(_telling(reading, before)[-3:]), set(_telling(reading, behind)[:3])
        if words[place + 1 : place + 2] and words[place + 1].lower == "by":
            left, right = right, left
        yield left - right, right - left


def _around(reading: Reading, place: int, before: int, behind: int) -> list[int]:
    """Places from so many before one to so many behind it, within its sentence."""
    words = reading.words
    last = min(len(words), place + behind + 1)
    sentence = words[place].sentence
    return [at for at in range(max(0, place - before), last) if words[at].sentence == sentence]


def _telling(reading: Reading, places: Iterable[int]) -> list[str]:
    """Stems of the words at some places that say something and are no negation."""
    words = reading.words
    return [
        words[place].stem
        for place in places
        if words[place].tells and words[place].lower not in _NEGATORS
    ]


def _beside(reading: Reading, place: int) -> list[str]:
    own = reading.words[place].stem
    before = _telling(reading, _around(reading, place, _NEAR - 2, 0))[-_BESIDE:]
    behind = _telling(reading, _around(reading, place, 0, _NEAR - 2))[:_BESIDE]
    return [each for each in before + behind if each != own]


def _near(reading: Reading, place: int) -> set[str]:
    return {reading.words[each].stem for each in _around(reading, place, _NEAR, _NEAR)}


def _share(stems: set[str], words: Sequence[str]) -> float:
    """Share of some words that are among others, or another word of their meaning is."""
    if not words:
        return 0.0
    alike = sum(word in stems or not stems.isdisjoint(same_as(word)) for word in words)
    return alike / len(words)


def _in_a_sentence(reading: Reading, focus: Sequence[str], besides: int = -1) -> float:
    """The largest share of some words that one sentence has."""
    sentences: dict[int, set[int]] = {}
    for number, word in enumerate(focus):
        for other in (word, *same_as(word)):
            for place in reading.places.get(other, ()):
                sentences.setdefault(reading.words[place].sentence, set()).add(number)
    sentences.pop(besides, None)
    return max(map(len, sentences.values()), default=0) / len(focus) if focus else 0.0
