"""How a question stands to each of some abstracts: what tells whether one answers it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from assistant.comparing.wording import weights_of
from assistant.evidence import Reader, covered
from assistant.evidence.features import Read, Values, closenesses, read, sentence_features
from assistant.evidence.ranking import asked_terms
from assistant.evidence.weights import present, weights
from assistant.evidence.words import asked_words, offered_words
from assistant.types import Paper

__all__ = ["MEASURES", "Best", "bests"]

MEASURES = (
    "closeness",
    "closeness of all",
    "ahead",
    "offered",
    "covered",
    "covered by the paper",
    "lacking",
    "telling",
    "telling, closeness of all",
    "telling, covered by the paper",
    "telling, offered",
)
"""Of a question and an abstract.

closeness, closeness of all: cosine of the question with the best sentence, and the mean of all.
ahead: how much more probable that sentence is than one of the paper at random, as a logarithm.
offered: how well its words suit what the question asks for, whatever the question is about.
covered, covered by the paper: share of the question's weight on words of either, 0 to 1.
lacking: weight of the weightiest word of the question that the paper does not have.
telling: weight of the weightiest word of the question, low for one such as "Which data?", which
may be asked of any paper; with it, the others count by other weights.
"""


@dataclass(frozen=True, slots=True)
class Best:
    """The sentence of an abstract that answers a question best, whether or not it does.

    Attributes:
        paper: The paper.
        span: The sentence's offsets in the abstract; (0, 0) where there is none.
        measures: In the order of ``MEASURES``, (n_measures,); 0 where there is no sentence.
    """

    paper: Paper
    span: tuple[int, int]
    measures: Values


def bests(question: str, papers: Sequence[Paper], reader: Reader) -> Iterator[Best]:
    """Find the best sentence of each paper.

    Args:
        question: As it is read.
        papers: In any order.
        reader: Reduces, weighs and encodes texts.

    Yields:
        One a paper, in the same order.
    """
    known, asked = weights(), asked_terms(question, question, reader)
    weight = weights_of(question, reader)
    looked_at = [read(paper, reader) for paper in papers]
    wanted = present(known.asked, [asked_words(question)])[0] @ known.pairs[:, : len(known.offered)]
    for one, near in zip(
        looked_at, closenesses(question, question, looked_at, reader), strict=True
    ):
        if not one.spans:
            yield Best(one.paper, (0, 0), np.zeros(len(MEASURES)))
            continue
        odds = known.of_sentences(question, one.texts, sentence_features(asked, one, near))
        at = int(odds.argmax())
        offers = present(known.offered, [offered_words(one.texts[at])])[0] @ wanted
        yield Best(one.paper, one.spans[at], _measured(one, at, near, odds, float(offers), weight))


def _measured(
    one: Read,
    at: int,
    near: Values,
    odds: Values,
    offers: float,
    weight: Mapping[str, float],
) -> Values:
    held = one.title.union(*one.sentences)
    of_paper = covered(weight, held)
    telling = max(weight.values(), default=0.0)
    ahead = log(len(odds)) - log(float(np.exp(odds - odds[at]).sum()))
    lacking = max((value for term, value in weight.items() if term not in held), default=0.0)
    mean = float(near.mean())
    return np.array(
        (
            *(float(near[at]), mean, ahead, offers),
            *(covered(weight, one.sentences[at]), of_paper, lacking, telling),
            *(telling * mean, telling * of_paper, telling * offers),
        )
    )
