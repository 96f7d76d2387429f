"""A question and what was said before it, into a query that stands alone.

A question that is understood by itself is searched for as it is, and nothing of the conversation
gets into its query. One that leans is about a paper in focus, which the query then names; or it
asks for another one, which the query then says, and the first is not among the hits; else it is
joined to the user's questions before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.conversation.focus import Quoted, mentions
from assistant.conversation.history import Exchange, exchanges
from assistant.conversation.leaning import Kind, Looked, about, kind_of, leans, look
from assistant.conversation.pointing import is_fragment, named
from assistant.errors import QuestionError
from assistant.types import Hit, Paper, Turn

__all__ = [
    "MAX_QUESTION_CHARS",
    "N_LOOKED_AT",
    "Condensed",
    "Library",
    "checked_question",
    "condense",
    "without",
]

MAX_QUESTION_CHARS = 2_000

N_LOOKED_AT = 5
"""Papers that the question alone finds, which those in focus are set against."""

_MAX_NAME_WORDS = 4
_MAX_TITLE_CHARS = 160
_MAX_JOINED = 2

Search = Callable[[str], Sequence[Hit]]


class Library(Quoted, Looked, Protocol):
    """What is asked of a collection."""


@dataclass(frozen=True, slots=True)
class Condensed:
    """A query that stands alone.

    Attributes:
        query: To be searched for, and shown.
        aside: Ids of papers that are not asked about.
        about: The papers of the conversation that are.
        leans: Whether something of the conversation is in the query.
    """

    query: str
    aside: frozenset[str] = frozenset()
    about: tuple[Paper, ...] = ()
    leans: bool = False


def checked_question(question: str) -> str:
    """Tidy a question.

    Raises:
        QuestionError: It is empty, no text, or longer than ``MAX_QUESTION_CHARS``.
    """
    if not isinstance(question, str):
        raise QuestionError(f"The question is no text but {type(question).__name__}; give a text")
    question = " ".join(question.split())
    if not question:
        raise QuestionError("The question is empty; ask something about the papers")
    if any("\ud800" <= sign <= "\udfff" for sign in question[:MAX_QUESTION_CHARS]):
        raise QuestionError("The question is not UTF-8 text; type it again")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"The question has {len(question):,} characters and {MAX_QUESTION_CHARS:,} are allowed;"
            " ask a shorter one"
        )
    return question


def condense(question: str, history: Sequence[Turn], library: Library, search: Search) -> Condensed:
    """Make a query of a question in a conversation.

    Args:
        question: What the user typed, checked.
        history: The turns before it, oldest first.
        library: The collection.
        search: Finds papers in it, within the filters that hold.

    Raises:
        QuestionError: The history is no list of turns, or a turn has no known role or no text.
    """
    before = exchanges(history)
    if not before:
        return Condensed(question)
    focus = mentions(before, library)
    if chosen := named(question, focus):
        return _about(question, [each.paper for each in chosen])
    signs = look(question, focus, search(question), library)
    shares = about(signs)
    kind = kind_of(signs, leans(signs), shares)
    if kind is Kind.ABOUT:
        asked = f"{before[0].question} {question}" if is_fragment(question) else question
        return _about(asked, [focus[shares.index(max(shares))].paper])
    if kind is Kind.ELSEWHERE:
        return _other_than(question, focus[0].paper)
    return _joined(question, before) if kind is Kind.ON else Condensed(question)


def without(aside: frozenset[str], hits: Sequence[Hit]) -> list[Hit]:
    """Take papers out of hits, and number the others anew."""
    kept = [hit for hit in hits if hit.paper.paper_id not in aside]
    return [replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1)]


def _about(question: str, papers: Sequence[Paper]) -> Condensed:
    names = " and ".join(_name(paper.title) for paper in papers)
    return Condensed(f"{names}: {question}", about=tuple(papers), leans=True)


def _other_than(question: str, paper: Paper) -> Condensed:
    aside = frozenset({paper.paper_id})
    return Condensed(f"{question} (other than {_shortened(paper.title)})", aside, leans=True)


def _joined(question: str, before: Sequence[Exchange]) -> Condensed:
    """The user's last questions and this one."""
    asked = [each.question for each in before[:_MAX_JOINED] if each.question]
    return Condensed(" ".join([*reversed(asked), question]), leans=True)


def _name(title: str) -> str:
    """What a paper calls its subject, as in "SimpleClick: Interactive …"; else its title."""
    name, colon, _ = title.partition(":")
    return name if colon and len(name.split()) <= _MAX_NAME_WORDS else _shortened(title)


def _shortened(title: str) -> str:
    """A title, at whose end words may be missing."""
    if len(title) <= _MAX_TITLE_CHARS:
        return title
    return title[:_MAX_TITLE_CHARS].rsplit(" ", 1)[0] + " …"
