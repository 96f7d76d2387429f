"""Examples to begin with, each in the mode that suits it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.examples import example_questions, example_topics
from assistant.types import Paper
from ui.exchange import Mode

__all__ = ["Example", "make_examples"]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the mode it is asked in."""

    mode: Mode
    question: str


def make_examples(papers: Sequence[Paper]) -> list[Example]:
    """Make up to four examples: two questions, a topic to summarize, one to find papers on.

    Args:
        papers: Some of the collection; the same papers give the same examples.
    """
    topics = example_topics(papers, 2)
    found = [Example("Answer", question) for question in example_questions(papers, 2)]
    found += [Example("Summarize", topic) for topic in topics[:1]]
    return found + [Example("Find", topic) for topic in topics[1:]]
