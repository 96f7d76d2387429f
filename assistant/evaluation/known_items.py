"""Questions made of a collection itself, for those who have none with known answers."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import cycle

from assistant.evaluation.cases import QUESTION, UNANSWERABLE, Case
from assistant.evaluation.measures import Terms
from store.sentences import sentence_spans
from store.types import Paper
from store.wording import plain

__all__ = ["CAVEAT", "known_items"]

CAVEAT = (
    "The questions were made of the collection itself: three or four words of a title or a"
    " sentence, the rarest there are, such with slips, or only words that many papers have. They"
    " show whether papers are found again, what slips and settings cost, and whether what is"
    " foreign or made up is refused. They share the papers' own words and ask nothing, so they do"
    " not show how well questions of people are answered."
)

_GROUPS = ("title", "sentence", "slips", "vague")
_N_COUNTED = 2_000
"""Papers whose words are counted, to tell which are rare."""
_TITLE_WORDS = 3
_SENTENCE_WORDS = 4
_VAGUE_SHARE = 0.01
"""Share of the papers that have a word, for it to be a vague one. Source: with these numbers the
right one of 464 papers came first for 0.91 to 0.97 of 100 titles and sentences, and for 0.76 of
vague words among 20,000; more words, and nearly all are found by any means."""
_N_SLIPS = 2
_MIN_SLIP_CHARS = 6
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ONSETS = ("z", "qu", "v", "x", "dr", "kl", "j", "fj", "gw", "skr")
_RHYMES = ("or", "ub", "ax", "ilv", "ond", "ezz", "urk", "ygg")
_ABOUT_NOBODY = (
    "What does {name} report on {words}?",
    "How does {name} differ from others on {words}?",
    "Who introduced {name} for {words}, and what does it need?",
    "What results does {name} reach on {words}?",
)


def known_items(papers: Sequence[Paper], terms: Terms, n: int, seed: int) -> list[Case]:
    """Make up questions whose answers are known.

    Args:
        papers: The collection.
        terms: Reduces a text to its content words, stemmed.
        n: Papers to ask for; a fifth as many questions name what nobody wrote of, besides those of
            everyday life.
        seed: The same gives the same questions.

    Returns:
        In the group "title" the rarest words of a title, in "sentence" of a sentence, in "slips"
        such with slips, in "vague" words of a sentence that many papers have; unanswerable ones in
        "foreign" and "made-up name".
    """
    rng = random.Random(seed)
    drawn = rng.sample(papers, min(n, len(papers)))
    counted = rng.sample(papers, min(_N_COUNTED, len(papers)))
    numbers = Counter(
        term for paper in counted for term in set(terms(f"{paper.title}. {paper.abstract}"))
    )
    words = _Words(terms, numbers, len(counted))
    asked = [
        _item(paper, group, words, rng) for paper, group in zip(drawn, cycle(_GROUPS), strict=False)
    ]
    return [*filter(None, asked), *_foreign(), *_made_up(drawn[: max(1, n // 5)], words, rng)]


class _Words:
    """Tells which words of a text are content, and which of them are rare."""

    def __init__(self, terms: Terms, numbers: Mapping[str, int], n_papers: int) -> None:
        """Remember how many of so many papers have each term."""
        self._terms = terms
        self._numbers = numbers
        self._many = max(2.0, _VAGUE_SHARE * n_papers)

    def content(self, text: str, besides: str = "") -> list[str]:
        """Words of a text that are no function words and not in another, each once, in order."""
        words = dict.fromkeys(word.lower() for word in _WORD.findall(plain(text)))
        left_out = set(self._terms(besides))
        return [
            word for word in words if (terms := set(self._terms(word))) and not terms & left_out
        ]

    def rarest(self, words: Sequence[str], n: int) -> list[str]:
        """The n that fewest papers have, in their order."""
        found = sorted(words, key=lambda word: (self._papers_with(word), word))[:n]
        return [word for word in words if word in found]

    def known(self, word: str) -> bool:
        """Whether any of the counted papers has it."""
        return self._papers_with(word) > 0

    def common(self, word: str) -> bool:
        """Whether many of the counted papers have it."""
        return self._papers_with(word) >= self._many

    def _papers_with(self, word: str) -> int:
        return min((self._numbers.get(term, 0) for term in self._terms(word)), default=0)


def _item(paper: Paper, group: str, words: _Words, rng: random.Random) -> Case | None:
    """A question for one paper; None where it has no words to ask by."""
    sentences = {} if group == "title" else _telling(paper, words, vague=group == "vague")
    evidence = tuple(rng.sample(list(sentences), min(1, len(sentences))))
    if evidence:
        chosen = words.rarest(sentences[evidence[0]], _SENTENCE_WORDS)
    else:
        group, chosen = "title", words.rarest(words.content(paper.title), _TITLE_WORDS)
    if not chosen:
        return None
    asked = _with_slips(chosen, rng) if group == "slips" else chosen
    name, query = f"{group}: {paper.paper_id}", " ".join(asked)
    return Case(QUESTION, name, query, group, gold=(paper.title,), evidence=evidence)


def _telling(paper: Paper, words: _Words, *, vague: bool) -> dict[str, list[str]]:
    """Sentences with enough words that the title has not, and these words."""
    telling = {}
    for start, end in sentence_spans(paper.abstract):
        sentence = paper.abstract[start:end]
        own = words.content(sentence, besides=paper.title)
        chosen = [word for word in own if not vague or words.common(word)]
        if len(chosen) >= _SENTENCE_WORDS:
            telling[sentence] = chosen
    return telling


def _with_slips(words: Sequence[str], rng: random.Random) -> list[str]:
    """The words, two of the longer ones with two neighbouring letters swapped."""
    long = [at for at, word in enumerate(words) if len(word) >= _MIN_SLIP_CHARS and word.isalpha()]
    slipped = set(rng.sample(long, min(_N_SLIPS, len(long))))
    return [_slip(word, rng) if at in slipped else word for at, word in enumerate(words)]


def _slip(word: str, rng: random.Random) -> str:
    places = [at for at in range(1, len(word) - 1) if word[at] != word[at + 1]]
    if not places:
        return word
    at = rng.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _foreign() -> Iterator[Case]:
    """Questions of everyday life."""
    text = files("assistant.evaluation").joinpath("foreign.txt").read_text(encoding="utf-8")
    for number, question in enumerate(text.splitlines(), 1):
        yield Case(UNANSWERABLE, f"foreign: {number}", question, group="foreign")


def _made_up(papers: Sequence[Paper], words: _Words, rng: random.Random) -> Iterator[Case]:
    """Questions on the collection's own subjects about something that nobody has written of."""
    for number, paper in enumerate(papers):
        about = words.rarest(words.content(paper.title), _TITLE_WORDS)
        name = _name(words, rng)
        question = _ABOUT_NOBODY[number % len(_ABOUT_NOBODY)]
        yield Case(
            kind=UNANSWERABLE,
            name=f"made-up name: {paper.paper_id}",
            query=question.format(name=name, words=" ".join(about)),
            group="made-up name",
        )


def _name(words: _Words, rng: random.Random) -> str:
    """A name that no counted paper has."""
    while True:
        name = "".join(rng.choice(_ONSETS) + rng.choice(_RHYMES) for _ in range(3))
        if not words.known(name):
            return name.capitalize()
