"""The papers of the collection as a list that can be searched, sorted and opened."""

from collections.abc import Sequence
from typing import Literal

from assistant.render import listed_as_text, paper_as_bibtex
from assistant.types import Paper
from ui.evidence import render_meta
from ui.safe import plain

__all__ = [
    "PER_PAGE",
    "SORTS",
    "Sort",
    "arranged",
    "render_about",
    "render_actions",
    "render_shelf",
    "with_words",
]

Sort = Literal["Newest listed", "Newest published", "Title"]
SORTS: tuple[Sort, ...] = ("Newest listed", "Newest published", "Title")
PER_PAGE = 50

Action = Literal["ask", "more", "cite", "remove"]
_ACTIONS: dict[Action, str] = {
    "ask": "Ask about it",
    "more": "More like it",
    "cite": "Copy BibTeX",
    "remove": "Remove",
}


def with_words(papers: Sequence[Paper], words: str) -> list[Paper]:
    """The papers that have every word, as a whole or a part, in title, authors, ids or abstract.

    Args:
        papers: To choose from.
        words: As they are typed, the last perhaps half.
    """
    wanted = words.casefold().split()
    return [paper for paper in papers if all(word in _searched(paper) for word in wanted)]


def _searched(paper: Paper) -> str:
    parts = (paper.title, *paper.authors, *paper.identifiers, paper.abstract)
    return "\n".join(parts).casefold()


def arranged(papers: Sequence[Paper], sort: Sort) -> list[Paper]:
    """Sort papers; those without the date that counts come last, ties by title."""
    by_title = sorted(papers, key=lambda paper: paper.title.casefold())
    if sort == "Newest listed":
        return sorted(by_title, key=lambda paper: max(_days(paper), default=""), reverse=True)
    if sort == "Newest published":
        return sorted(by_title, key=lambda paper: paper.published, reverse=True)
    return by_title


def _days(paper: Paper) -> list[str]:
    return [listing.day.removeprefix("--") for listing in paper.listed]


def render_shelf(papers: Sequence[Paper], n_shown: int, n_all: int) -> str:
    """A list of papers that open on their abstracts, and how many of how many these are.

    Args:
        papers: All that match, in order.
        n_shown: How many of them to render.
        n_all: How many the collection holds.
    """
    if not n_all:
        return '<p class="said">The collection is empty. Add papers to it, and they stand here.</p>'
    count = f"{n_all:,} papers" if len(papers) == n_all else f"{len(papers):,} of {n_all:,} papers"
    rows = "".join(map(_row, papers[:n_shown]))
    left = len(papers) - n_shown
    words = f"Show {min(left, PER_PAGE)} more"
    more = f'<button type="button" class="pill" data-do="show">{words}</button>' * (left > 0)
    return f'<p class="said" role="status">{count}</p><ul class="shelf">{rows}</ul>{more}'


def render_about(paper: Paper) -> str:
    """Attributes of the element around a paper's actions: what these are about."""
    about = f'data-id="{plain(paper.paper_id)}" data-title="{plain(paper.title)}"'
    return about + f' data-bibtex="{plain(paper_as_bibtex(paper))}"'


def render_actions(*wanted: Action) -> str:
    """Buttons of what can be done with a paper."""
    return "".join(
        f'<button type="button" class="pill" data-do="{do}">{_ACTIONS[do]}</button>'
        for do in wanted
    )


def _row(paper: Paper) -> str:
    return (
        f"<li><details {render_about(paper)}><summary>"
        f'<span class="title" dir="auto">{plain(paper.title)}</span>'
        f' <span class="meta">{plain(listed_as_text(paper))}</span></summary>{render_meta(paper)}'
        f'<p class="abs" dir="auto">{plain(paper.abstract)}</p>'
        f'<p class="actions">{render_actions(*_ACTIONS)}</p></details></li>'
    )
