"""What of a topic the papers do not have."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.escaping import escaped
from assistant.evidence import Reader
from assistant.topics.reading import ReadPaper

__all__ = ["Gaps", "gaps"]

_MIN_PAPERS = 4
_MAX_SHARE = 0.25
_MIN_RARITY = 2.0
_EDGES = "\"'“”‘’.,;:!?()[]{}"
_MAX_WORDS = 6

_JOINING = frozenset(
    "plus versus hows like use used using based things state ways kinds types".split()  # noqa: SIM905
)
"""Words that a topic is put together with, besides those that no index has."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What of a topic is missing or rare.

    Attributes:
        missing: Words of the topic, as typed, that no abstract of the collection has.
        rare: Words that few of the papers on the topic have, each with how many.
    """

    missing: tuple[str, ...]
    rare: tuple[tuple[str, int], ...]

    def text(self) -> str:
        """A paragraph for the reader, Markdown; "" where nothing is missing."""
        said = []
        if self.missing:
            said.append(f"No abstract mentions {_quoted(self.missing)}.")
        for n in sorted({n for _, n in self.rare}):
            words = _quoted([word for word, count in self.rare if count == n])
            said.append(f"Only {'one' if n == 1 else n} of these papers mentions {words}.")
        return " ".join(said)


def gaps(topic: str, papers: Sequence[ReadPaper], reader: Reader) -> Gaps:
    """Look for the topic's words in the papers on it, and in the whole collection."""
    missing, rare = [], []
    for word in dict.fromkeys(typed.strip(_EDGES) for typed in topic.split()):
        terms = set(reader.terms(word))
        if not terms or len(word) <= 2 or word.lower() in _JOINING:
            continue
        if not any(reader.knows(term) for term in terms):
            missing.append(word)
            continue
        n_having = sum(terms <= each.terms.keys() for each in papers)
        # What a paper is about stands in its title; "needed" and "several" do not.
        telling = max(reader.rarity(term) for term in terms) >= _MIN_RARITY and any(
            terms <= each.title for each in papers
        )
        if telling and len(papers) >= _MIN_PAPERS and 0 < n_having <= _MAX_SHARE * len(papers):
            rare.append((word, n_having))
    return Gaps(tuple(missing), tuple(rare))


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{escaped(word)}”" for word in words[:_MAX_WORDS])
