"""Questions to go on with after an answer, each of which the collection answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from assistant.alike import like
from assistant.chain import answer_events
from assistant.clock import Clock
from assistant.each import ask_each
from assistant.examples import example_topics, name_of
from assistant.topics.topic import found_on
from assistant.types import Answer, Filters, Finished, Paper, Turn
from store.collection import Collection

__all__ = ["Further", "further_questions"]

_ABOUT = (
    ("How well does the approach perform?", "How well does {name} perform?"),
    ("Which datasets does the paper use?", "Which datasets is {name} tested on?"),
    ("What does the paper propose?", "What is {name}?"),
    ("Is the code available?", "Is the code of {name} available?"),
)
"""What is asked of a paper, and of what it presents where that has a name. Whether the abstract
says it is asked in the first form: in the other, the name would speak for any sentence with it."""

_BESIDE = "How does {name} compare with {other}?"
_N_PAPERS = 8
_N_NEAR = 15
_N_BESIDE = 2
"""Of the papers near the first, those that it is perhaps set beside."""

_MAX_ABOUT = 2

_N_TOPICS = 5
_MIN_TITLES = 2
_MIN_ON_TOPIC = 3


@dataclass(frozen=True, slots=True)
class Further:
    """A question to go on with.

    Attributes:
        question: To be asked behind the answer: "the paper" is the one it is about.
        summarizes: Whether it is a topic to be summarized.
    """

    question: str
    summarizes: bool = False


def further_questions(
    collection: Collection, answer: Answer, history: Sequence[Turn], filters: Filters, n: int
) -> list[Further]:
    """Find questions to go on with.

    Each was asked: it is not refused, and it begins with a sentence that neither the answer nor a
    question before it in the list has quoted.

    Args:
        collection: Where the answer is from.
        answer: What was said last.
        history: The turns before it, oldest first.
        filters: What it stayed within.
        n: How many at most.

    Returns:
        About what the answer's first paper presents, the same beside what a paper near it does, and
        a topic that they are on. None under what is no answer.
    """
    if answer.kind != "answer" or not answer.citations:
        return []
    cited = list(dict.fromkeys(citation.paper for citation in answer.citations))
    alike = like(collection, cited[0], _N_NEAR, filters)
    near = [hit.paper for hit in alike if hit.paper not in cited]
    told = _Told(collection, answer, history, filters)
    found = chain(
        islice(_about(cited[0], told), _MAX_ABOUT),
        islice(_beside(cited[0], near[:_N_BESIDE], told), 1),
        islice(_topics(cited, near, told), 1),
    )
    return list(islice(found, n))


class _Told:
    """What was quoted so far, and whether an answer would begin with something else."""

    def __init__(
        self, collection: Collection, answer: Answer, history: Sequence[Turn], filters: Filters
    ) -> None:
        said = {"role": "assistant", "content": answer.text}
        self._history = [*history, {"role": "user", "content": answer.question}, said]
        self._collection, self._filters = collection, filters
        self._quoted = {citation.quote for citation in answer.citations}
        asked = [turn["content"] for turn in self._history if turn["role"] == "user"]
        self._asked = {question.casefold() for question in (*asked, answer.query)}

    def adds(self, question: str, suits: Callable[[Answer], bool]) -> bool:
        """Ask; where what is said suits and begins with something new, it counts as quoted."""
        if question.casefold() in self._asked:
            return False
        *_, last = answer_events(
            self._collection, question, self._history, _N_PAPERS, self._filters
        )
        answer = last.answer if isinstance(last, Finished) else None
        if not answer or answer.refused or not answer.citations or not suits(answer):
            return False
        if answer.citations[0].quote in self._quoted:
            return False
        self._quoted |= {citation.quote for citation in answer.citations}
        return True

    def unquoted(self, question: str, paper: Paper) -> str:
        """What a paper says to a question; "" where that is nothing, or was quoted."""
        (said,) = ask_each(question, [paper], self._collection)
        return "" if any(quote in said.quote for quote in self._quoted) else said.quote

    def is_topic(self, topic: str) -> bool:
        """Whether a summary of a topic would cite several papers."""
        if topic.casefold() in self._asked:
            return False
        found = found_on(self._collection, topic, None, self._filters, Clock())
        return len(found.papers) >= _MIN_ON_TOPIC


def _about(paper: Paper, told: _Told) -> Iterator[Further]:
    """What a paper says besides."""
    name = name_of(paper)
    for plain, named in _ABOUT:
        question = named.format(name=name) if name else plain
        if (quote := told.unquoted(plain, paper)) and told.adds(question, _begins(paper, quote)):
            yield Further(question)


def _beside(paper: Paper, others: Sequence[Paper], told: _Told) -> Iterator[Further]:
    """What a paper presents beside what another does, where both have a name and a topic."""
    name = name_of(paper)
    for other in others:
        name_of_other = name_of(other)
        if name and name_of_other and example_topics([paper, other], 1, _MIN_TITLES):
            question = _BESIDE.format(name=name, other=name_of_other)
            if told.adds(question, _cites(paper, other)):
                yield Further(question)


def _topics(cited: Sequence[Paper], near: Sequence[Paper], told: _Told) -> Iterator[Further]:
    """What papers near the answer's are about, and one of these mentions."""
    mentioned = "\n".join(f"{paper.title}\n{paper.abstract}" for paper in cited).casefold()
    for topic in example_topics([*cited, *near], _N_TOPICS, _MIN_TITLES):
        if topic.casefold() in mentioned and told.is_topic(topic):
            yield Further(topic, summarizes=True)


def _begins(paper: Paper, quote: str) -> Callable[[Answer], bool]:
    """Whether an answer begins with a sentence of a paper, or the end of it."""
    return lambda answer: answer.citations[0].paper == paper and answer.citations[0].quote in quote


def _cites(*papers: Paper) -> Callable[[Answer], bool]:
    return lambda answer: {*papers} <= {citation.paper for citation in answer.citations}
