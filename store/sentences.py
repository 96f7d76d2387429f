"""Where the sentences of an abstract begin and end."""

import re
from itertools import islice, pairwise

__all__ = ["sentence_spans"]

# A stop, its closing marks, a gap, and something that can begin a sentence. A stop with no gap
# before a capitalized word ("… was done.We show") is a lost space, common in scraped abstracts.
_BOUNDARY = re.compile(
    r"""(?P<stop>(?<![.!?])[.!?]+['"”’)\]]*)
    (?P<gap>\s+|(?<=[a-z)][.!?])(?=[A-Z][a-z]+\s)) (?=(?P<next>\S+))""",
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"""(?:^|[\s(\[“"'—–-])(?:e\.?g|i\.?e|et\ al|al|vs|cf|etc|w\.?r\.?t|resp|approx|Figs?|Eqs?|Secs?
    |Tabs?|Refs?|Nos?|Dr|Prof|St|Mr|Mrs|Ms|viz|ca|Vol|pp|[A-Z]|i\.i\.d|s\.t|a\.k\.a)\.$""",
    re.VERBOSE,
)
# A capital, at the front or inside as in "tpSGD" and "kNN-Embed".
_HAS_CAPITAL = re.compile(r"[\w-]*[A-Z]|[^\W\d_a-z]")
_OPENS = "\"'“‘([$\\*_`"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text.

    Args:
        text: An abstract or a paragraph, English.

    Returns:
        (start, end) of each sentence in order, without the white space between them. Together
        they hold every character of the text that is not white space.

    Source:
        Against the punkt model and sentencex on 464 abstracts (tests/bench/sentences.py).
    """
    cuts = [0]
    for match in _BOUNDARY.finditer(text):
        if _ends_sentence(text, cuts[-1], match):
            cuts.append(match.start("next"))
    cuts.append(len(text))
    spans = (_strip(text, start, end) for start, end in pairwise(cuts))
    return [(start, end) for start, end in spans if start < end]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Decide whether a stop closes the sentence that began at ``start``."""
    word = match["next"]
    if not (word[0].isdigit() or word[0] in _OPENS or _HAS_CAPITAL.match(word)):
        return False
    stop_end = match.start("stop") + 1
    before = text[max(start, stop_end - 12) : stop_end]
    if before.endswith(".") and _ABBREVIATION.search(before):
        return before.endswith("etc.") and word[0].isupper()
    return not _only_a_label(text[start : match.end("stop")])


def _only_a_label(sentence: str) -> bool:
    """Tell an enumeration mark ("2.", "(b).") from a sentence."""
    return len(list(islice(filter(str.isalpha, sentence), 2))) < 2


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a span by the white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
