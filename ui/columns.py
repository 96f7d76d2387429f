"""Columns of the library: a question asked of each paper that is listed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant import Assistant, Paper
from assistant.each import Said
from ui import words
from ui.safe import plain

__all__ = [
    *("MAX_COLUMNS", "MAX_ORDERED", "Column", "answering_first", "asked_of", "asked_of_many"),
    *("render_cells", "render_heads", "with_column"),
]

MAX_COLUMNS = 4
MAX_ORDERED = 1_000
"""Papers that are asked to be put in order; they take a second."""

_AT_ONCE = 200
"""Papers asked between two words of how far it is; they take a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Column:
    """A question and what the papers say to it.

    Attributes:
        question: As typed.
        said: By paper id, of those that were asked.
    """

    question: str
    said: Mapping[str, Said] = field(default_factory=dict)

    @property
    def quotes(self) -> dict[str, str]:
        """What each paper says, by id; "" where it says nothing."""
        return {paper_id: said.quote for paper_id, said in self.said.items()}


def with_column(questions: Sequence[str], question: str) -> tuple[str, ...]:
    """The questions with one more, behind the others; the same one is not asked twice."""
    return tuple(dict.fromkeys([*questions, question]))


def asked_of(
    assistant: Assistant, questions: Sequence[str], papers: Sequence[Paper]
) -> list[Column]:
    """Ask papers.

    Raises:
        AssistantError: A question cannot be asked.
        StoreError: A paper is there no more.
    """
    ids = [paper.paper_id for paper in papers]
    return [
        Column(each, {said.paper.paper_id: said for said in assistant.ask_each(each, ids)})
        for each in questions
    ]


def answering_first(assistant: Assistant, question: str, papers: Sequence[Paper]) -> list[Paper]:
    """The papers that answer a question, the surest first, and then the others as they were.

    Args:
        assistant: Asks them.
        question: What they are asked.
        papers: Of more than ``MAX_ORDERED`` the first ones are asked.

    Raises:
        AssistantError: The question cannot be asked.
        StoreError: A paper is there no more.
    """
    (column,) = asked_of(assistant, [question], papers[:MAX_ORDERED])
    sure = {name: said.answerable for name, said in column.said.items() if said.quote}
    return sorted(papers, key=lambda paper: -sure.get(paper.paper_id, 0.0))


def asked_of_many(
    assistant: Assistant, questions: Sequence[str], papers: Sequence[Paper]
) -> Iterator[tuple[int, list[Column]]]:
    """Ask papers some by some; after each lot, how many were asked and what they say so far."""
    columns = [Column(each) for each in questions]
    for at in range(0, len(papers), _AT_ONCE):
        more = asked_of(assistant, questions, papers[at : at + _AT_ONCE])
        columns = [
            Column(one.question, {**one.said, **other.said})
            for one, other in zip(columns, more, strict=True)
        ]
        yield min(at + _AT_ONCE, len(papers)), columns


def render_heads(columns: Sequence[Column], first: str = "") -> str:
    """The headings: each sorts by its column, beside the button that takes the column away.

    Args:
        columns: In order.
        first: The question whose answers come first; "" for none.
    """
    return "".join(
        _head(at, column.question, sorts=column.question == first)
        for at, column in enumerate(columns)
    )


def _head(at: int, question: str, *, sorts: bool) -> str:
    label = plain(words.REMOVE_COLUMN.format(question=question))
    sorted_by = ' aria-sort="descending"' * sorts
    return (
        f'<th scope="col" class="asked"{sorted_by}><button type="button"'
        f' data-do="first" data-name="{at}" title="{words.ANSWERS_FIRST}"><span dir="auto">'
        f'{plain(question)}</span></button><button type="button" class="drop" data-do="drop"'
        f' data-name="{at}" aria-label="{label}" title="{label}">&times;</button></th>'
    )


def render_cells(columns: Sequence[Column], paper: Paper) -> str:
    """What a paper says, a cell a column."""
    return "".join(_cell(column, paper.paper_id) for column in columns)


def _cell(column: Column, paper_id: str) -> str:
    said = column.said.get(paper_id)
    head = f'<td class="asked" data-head="{plain(column.question)}">'
    if not said or not said.quote:
        silent = plain(words.SAYS_NOTHING)
        return f'{head}<span class="silent"><span aria-hidden="true">–</span>{silent}</span></td>'
    chance = f"{said.answerable:.2f}"
    why = plain(words.HOW_SURE.format(chance=chance))
    return (
        f'{head}<q dir="auto">{plain(said.quote)}</q>'
        f' <span class="sure" title="{why}" aria-label="{why}" role="img">{chance}</span></td>'
    )
