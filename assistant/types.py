"""What the assistant says, and the events it says it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from store.types import Filters, Hit, IngestReport, Listing, Paper, Passage, Progress, Rejection

__all__ = [
    "Answer",
    "Citation",
    "Delta",
    "Event",
    "Filters",
    "Finished",
    "Hit",
    "IngestReport",
    "Kind",
    "Listing",
    "Paper",
    "Passage",
    "Progress",
    "Reading",
    "Rejection",
    "Retrieved",
    "Sentence",
    "Turn",
]

Kind = Literal["answer", "refusal", "reply"]
"""What was said: from the papers, that they do not say it, or about the assistant itself."""

Turn = Mapping[str, str]
"""One turn of a conversation: {"role": "user" | "assistant", "content": text}."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A number shown to the reader, and the sentence of an abstract that it stands for.

    Attributes:
        number: 1 to n in order of first use.
        paper: The cited paper.
        quote: ``paper.abstract[start:end]``, always.
        start: Offset of the quote's first character in the abstract.
        end: Offset just behind its last character.
        support: How far the quote carries the sentences that cite it, 0 to 1; the least of them.
    """

    number: int
    paper: Paper
    quote: str
    start: int
    end: int
    support: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer.

    Attributes:
        text: The sentence with its citation marks, Markdown.
        numbers: The citations it rests on.
        support: How far their quotes carry it, 0 to 1; 0 where it cites nothing.
        reason: Why they do not, in a few words, where ``support`` is weak; "" elsewhere.
    """

    text: str
    numbers: tuple[int, ...]
    support: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that can be checked, or a refusal.

    Attributes:
        text: Markdown with [1], [2] …
        refused: True where the collection does not answer the question.
        question: What the user typed.
        query: The stand-alone string that was searched for; "" in a reply to small talk.
        citations: Numbered 1 to n in order of first use; each is used in the text.
        sentences: The text's sentences with the support of each.
        model: The writer: "extractive", or the chat model's name.
        timings_s: Seconds spent in each step, and "total".
        nearest: On a refusal, the papers that come closest.
        missing: On a refusal, words of the question that no abstract near it has.
        n_near: How many papers were considered.
        tokens_in: Tokens that the chat model was sent, estimated where it does not tell.
        tokens_out: Tokens that it wrote, likewise.
        cached: Whether the chat model's words were kept from before; they then took no tokens.
        incomplete: Why the chat model's words are not whole, for people; "" where they are.
        answerable: Probability that the collection answers the question; None where none is told.
    """

    text: str
    refused: bool
    question: str
    query: str
    citations: tuple[Citation, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    model: str = "extractive"
    timings_s: Mapping[str, float] = field(default_factory=dict)
    nearest: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()
    n_near: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cached: bool = False
    incomplete: str = ""
    answerable: float | None = None

    def __str__(self) -> str:
        """Its text."""
        return self.text

    def _repr_markdown_(self) -> str:
        """Its text and the papers that its numbers stand for, as a notebook shows it."""
        numbers: dict[str, list[str]] = {}
        for each in self.citations:
            numbers.setdefault(each.paper.title, []).append(f"[{each.number}]")
        sources = (f"- {' '.join(marks)} {title}" for title, marks in numbers.items())
        return "\n".join([self.text, "", *sources])

    @property
    def kind(self) -> Kind:
        """Whether it is an answer, a refusal, or a reply to small talk, without any search."""
        if self.refused:
            return "refusal"
        return "answer" if self.query else "reply"


@dataclass(frozen=True, slots=True)
class Retrieved:
    """First event: what is searched for and what was found, most relevant first."""

    query: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A chat model reads many papers in several calls, of which ``done`` are done."""

    done: int
    n_calls: int


@dataclass(frozen=True, slots=True)
class Delta:
    """More of the answer's text; the deltas of a stream join to ``Answer.text``."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Last event: the answer that ``ask`` returns."""

    answer: Answer


Event = Retrieved | Reading | Delta | Finished
