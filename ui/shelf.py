"""The papers of the collection as a list that can be searched, sorted and opened."""

from collections.abc import Sequence
from typing import Literal, get_args

from assistant.render import listed_as_text, paper_as_bibtex
from assistant.types import Paper
from ui import words as said_as
from ui.columns import Column, render_cells, render_heads
from ui.evidence import render_meta
from ui.safe import plain

__all__ = [
    "DEFAULT_SORT",
    "PER_PAGE",
    "SORTS",
    "Sort",
    "arranged",
    "render_about",
    "render_actions",
    "render_shelf",
    "sorted_by",
    "with_words",
]

Sort = Literal[
    "Recently added",
    "Newest listed",
    "Oldest listed",
    "Newest published",
    "Oldest published",
    "Title, A to Z",
    "Title, Z to A",
]
SORTS: tuple[Sort, ...] = get_args(Sort)
DEFAULT_SORT: Sort = "Newest listed"
_COLUMNS: dict[str, tuple[str, Sort, Sort]] = {
    "title": (said_as.COLUMNS["title"], "Title, A to Z", "Title, Z to A"),
    "published": (said_as.COLUMNS["published"], "Newest published", "Oldest published"),
    "listed": (said_as.COLUMNS["listed"], "Newest listed", "Oldest listed"),
}
"""By name: heading, and the orders that a first and a second press on it give."""

PER_PAGE = 50

Action = Literal["ask", "more", "cite", "remove"]
_ACTIONS: tuple[Action, ...] = get_args(Action)


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
    """Sort papers; those without the date that counts come last, ties by title.

    Args:
        papers: The last added first.
        sort: One of ``SORTS``.
    """
    if sort == "Recently added":
        return list(papers)
    backwards = sort == "Title, Z to A"
    by_title = sorted(papers, key=lambda paper: paper.title.casefold(), reverse=backwards)
    if sort.startswith("Title"):
        return by_title
    dates = {paper.paper_id: _date(paper, sort) for paper in papers}
    dated = [paper for paper in by_title if dates[paper.paper_id]]
    newest = sort.startswith("Newest")
    ordered = sorted(dated, key=lambda paper: dates[paper.paper_id], reverse=newest)
    return ordered + [paper for paper in by_title if not dates[paper.paper_id]]


def _date(paper: Paper, sort: Sort) -> str:
    """The date of a paper that an order goes by; "" where it has none."""
    if sort.endswith("published"):
        return paper.published
    days = [listing.day.removeprefix("--") for listing in paper.listed if listing.day]
    return (max if sort.startswith("Newest") else min)(days, default="")


def sorted_by(column: str, before: Sort) -> Sort:
    """The order that a press on a column's heading gives.

    Args:
        column: "title", "published" or "listed".
        before: The order until now.
    """
    _, first, second = _COLUMNS[column]
    return second if before == first else first


def render_shelf(
    papers: Sequence[Paper],
    n_shown: int,
    n_all: int,
    sort: Sort,
    columns: Sequence[Column] = (),
    first: str = "",
) -> str:
    """A table of papers that open on their abstracts, and how many of how many these are.

    Args:
        papers: All that match, in order.
        n_shown: How many of them to render.
        n_all: How many the collection holds.
        sort: The order.
        columns: Questions, with what those that are rendered say.
        first: The question whose answers come first, before that order; "" for none.
    """
    if not n_all:
        return f'<p class="said">{plain(said_as.EMPTY_SHELF)}</p>'
    said_all = said_as.MANY_PAPERS[n_all != 1].format(n=n_all)
    said_some = said_as.SOME_OF.format(n=len(papers), all=n_all)
    count = said_all if len(papers) == n_all else said_some
    said = f'<p class="said" role="status">{count}</p>'
    if not papers:
        return said
    dated = any(paper.published for paper in papers)
    rows = "".join(_row(paper, columns, dated=dated) for paper in papers[:n_shown])
    left = len(papers) - n_shown
    words = said_as.SHOW_MORE.format(n=min(left, PER_PAGE))
    more = f'<button type="button" class="pill" data-do="show">{words}</button>' * (left > 0)
    order = None if first else sort
    head = "".join(_heading(name, order) for name in _COLUMNS if dated or name != "published")
    head += render_heads(columns, first)
    return (
        f'{said}<table class="shelf"><thead><tr><td><input type="checkbox" data-all'
        f' aria-label="{said_as.CHOOSE_ALL}"></td>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{more}"
    )


def _heading(column: str, sort: Sort | None) -> str:
    """A column's heading, which sorts by it."""
    said, first, second = _COLUMNS[column]
    ascends = (sort or "").startswith(("Oldest", "Title, A"))
    sorts = f' aria-sort="{"a" if ascends else "de"}scending"' if sort in (first, second) else ""
    return (
        f'<th scope="col"{sorts}><button type="button" data-do="sort" data-name="{column}">'
        f"{said}</button></th>"
    )


def render_about(paper: Paper) -> str:
    """Attributes of the element around a paper's actions: what these are about."""
    about = f'data-id="{plain(paper.paper_id)}" data-title="{plain(paper.title)}"'
    return about + f' data-bibtex="{plain(paper_as_bibtex(paper))}"'


def render_actions(*wanted: Action) -> str:
    """Buttons of what can be done with a paper."""
    return "".join(
        f'<button type="button" class="pill" data-do="{do}">{said_as.ACTIONS[do]}</button>'
        for do in wanted
    )


def _row(paper: Paper, columns: Sequence[Column], *, dated: bool) -> str:
    days = listed_as_text(paper).removeprefix("listed ")
    published = f'<td class="when">{plain(paper.published)}</td>' if dated else ""
    choose = plain(said_as.CHOOSE.format(title=paper.title))
    return (
        f'<tr><td><input type="checkbox" data-choose="{plain(paper.paper_id)}"'
        f' aria-label="{choose}"></td><td><details {render_about(paper)}>'
        f'<summary><span class="title" dir="auto">{plain(paper.title)}</span></summary>'
        f'{render_meta(paper)}<p class="abs" dir="auto">{plain(paper.abstract)}</p>'
        f'<p class="actions">{render_actions(*_ACTIONS)}</p></details></td>{published}'
        f'<td class="when">{plain(days)}</td>{render_cells(columns, paper)}</tr>'
    )
