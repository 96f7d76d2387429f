"""Small talk and questions about the assistant itself: recognized, and replied to."""

import re
from collections.abc import Sequence

from assistant.escaping import escaped
from assistant.examples import example_questions, example_topics
from assistant.holdings import Holder, Holdings, holdings_of
from assistant.types import Answer, Turn

__all__ = ["is_small_talk", "reply"]

_N_QUESTIONS = 3
_N_TOPICS = 3

_WORD = re.compile(r"[^\W_]+")
_AFTER_HEALTH = re.compile(r"\bhow are\b|\bhow do you do\b", re.IGNORECASE)
"""Friendly, but a question that nothing here answers."""

_THANKS = {"thanks", "thank", "thx", "cheers"}
_FAREWELLS = {"bye", "goodbye"}
_GREETINGS = {"hi", "hello", "hey", "greetings", "morning", "afternoon", "evening"}
_COURTESIES = _THANKS | _FAREWELLS | _GREETINGS
_ASKING = {"find", "give", "how", "list", "show", "tell", "what", "when", "where", "which", "who"}
_US = {"you", "your", "yourself", "assistant", "collection", "corpus", "library", "database"}
_FIRST_WORDS = """
abstracts articles begin example examples help here it papers start these this topics
"""
_US_AT_FIRST = _US | set(_FIRST_WORDS.split())
"""Once something was asked, "which papers?" and "an example?" are about that."""

_EMPTY_WORDS = """
a about ai all an and any anything are ask bot can chatbot contain contains could cover covered
covers day days do does exactly first for from get good got great have hold holds i in include
includes into is kind kinds know ll like m many me much my name nice of ok okay on or please program
purpose question questions re robot s search see should so some sort sorts stored that the there to
tool type types up us use very want was we well will with work works would
"""
_SAYING_NOTHING = _COURTESIES | _ASKING | set(_EMPTY_WORDS.split())
"""Words that ask about no paper."""


def is_small_talk(question: str, history: Sequence[Turn]) -> bool:
    """Tell a greeting, thanks or a question about the assistant from a question to the papers.

    Small talk is made of courtesies, of words for the assistant and its collection, and of such as
    say nothing; with one word more ("what can you do to help overfitting?") it is none.

    Args:
        question: What the user typed.
        history: The turns before it.
    """
    words = _words(question)
    us = _US if history else _US_AT_FIRST
    if not words <= _SAYING_NOTHING | us or _AFTER_HEALTH.search(question):
        return False
    return bool(words & us) or bool(words & _COURTESIES and not words & _ASKING)


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def reply(question: str, holder: Holder) -> Answer:
    """Say what the assistant does, what the collection holds, and what could be asked.

    Args:
        question: Small talk, checked.
        holder: The collection.

    Returns:
        No refusal and no citation; nothing was searched for.
    """
    holdings = holdings_of(holder)
    text = " ".join(filter(None, [_courtesy(_words(question)), *_about(holdings)]))
    questions = example_questions(holdings.papers, _N_QUESTIONS)
    if questions:
        text += "\n\nYou could ask:\n\n" + "\n".join(f"- {escaped(each)}" for each in questions)
    return Answer(text=text, refused=False, question=question, query="")


def _courtesy(words: set[str]) -> str:
    if words & _THANKS:
        return "You are welcome."
    if words & _FAREWELLS:
        return "Goodbye."
    return "Hello." if words & _GREETINGS else ""


def _about(holdings: Holdings) -> list[str]:
    """What the assistant does and with what, a sentence each."""
    if not holdings.n_papers:
        return ["I answer questions about a collection of papers, and this one is empty: add some."]
    many = holdings.n_papers != 1
    said = [
        "I answer questions from the abstracts of a collection of papers: each sentence shows what"
        " it rests on, and what no abstract says is refused.",
        f"The collection holds {holdings.n_papers:,} {'papers' if many else 'paper'}"
        + (f", listed {holdings.days}." if holdings.days else "."),
    ]
    topics = example_topics(holdings.papers, _N_TOPICS)
    if len(topics) > 1:
        *others, last = (escaped(topic.lower()) for topic in topics)
        said.append(f"Its titles speak of {', '.join(others)} and {last}, among others.")
    return said
