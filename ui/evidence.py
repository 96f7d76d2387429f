"""The panel beside the conversation: the cited or found papers, quoted sentences highlighted."""

from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from assistant.render import listed_as_text
from assistant.support import WEAK
from assistant.types import Answer, Citation, Hit, Paper
from ui import words
from ui.citing import address_of, render_acts
from ui.exchange import Exchange
from ui.safe import link, plain

__all__ = ["NO_EVIDENCE", "highlighted", "render_evidence", "render_like", "render_meta"]

NO_EVIDENCE = f'<div class="nothing"><h2>{words.CITED_PAPERS}</h2><p>{words.NOTHING_YET}</p></div>'
"""The panel before the first answer."""

_LEAD_CHARS = 220
_MAX_AUTHORS = 3
_CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org")


def render_evidence(exchanges: Sequence[Exchange], like: str = "") -> str:
    """The papers of every exchange; those of the last are shown, the others wait hidden.

    Args:
        exchanges: The conversation, oldest first.
        like: What ``render_like`` gave, to be shown in their place.
    """
    shown = None if like or not exchanges else exchanges[-1]
    sections = (
        f'<section class="papers" data-exchange="{exchange.number}"'
        f"{'' if exchange is shown else ' hidden'}>{_papers(exchange)}</section>"
        for exchange in exchanges
    )
    return "".join(sections) + like


def render_like(paper: Paper, hits: Sequence[Hit], limits: Sequence[str], back: str) -> str:
    """Papers near another one, in the form of the papers of an answer, with a way back to these.

    Args:
        paper: Which they are near.
        hits: The nearest first.
        limits: What they stay within, in words.
        back: Number of the exchange to go back to.
    """
    said = words.LIKE if hits else words.NONE_LIKE
    papers = words.N_PAPERS[len(hits) != 1].format(n=len(hits))
    heading = " · ".join((said.format(title=paper.title, papers=papers), *limits))
    return (
        f'<section class="papers like" data-exchange="like"><p class="way"><button type="button"'
        f' data-do="back" data-to="{plain(back)}" data-paper="{plain(paper.paper_id)}">'
        f'{plain(words.BACK_TO_PAPERS)}</button></p><h2 dir="auto" tabindex="-1">'
        f"{plain(heading)}</h2>{''.join(_hit_card(hit, 'like') for hit in hits)}</section>"
    )


def _papers(exchange: Exchange) -> str:
    if exchange.hits is not None:
        return _hits(words.FOUND_PAPERS, exchange.hits, str(exchange.number), listed=True)
    if exchange.answer is None:
        near = exchange.near
        what = words.NEAREST_PAPERS if exchange.problem else words.READ_PAPERS
        return _hits(what, near, str(exchange.number)) if near else NO_EVIDENCE
    if exchange.answer.kind == "reply":
        return NO_EVIDENCE
    if exchange.answer.refused:
        return _hits(words.NEAREST_PAPERS, exchange.answer.nearest, str(exchange.number))
    return _cited(exchange.answer, exchange.number)


def _heading(what: str, n_papers: int) -> str:
    return f"<h2>{what} · {words.N_PAPERS[n_papers != 1].format(n=n_papers)}</h2>"


def _cited(answer: Answer, exchange: int) -> str:
    """A card a paper, in the order of the citations."""
    by_paper: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_paper.setdefault(citation.paper.paper_id, []).append(citation)
    cards = "".join(_cited_card(cited, exchange) for cited in by_paper.values())
    return _heading(words.CITED_PAPERS, len(by_paper)) + cards


def _cited_card(citations: Sequence[Citation], exchange: int) -> str:
    paper = citations[0].paper
    numbers = " ".join(str(citation.number) for citation in citations)
    badges = "".join(f'<span class="c">{citation.number}</span>' for citation in citations)
    badges = f'<span class="numbers" aria-hidden="true">{badges}</span>'
    least = min(citation.support for citation in citations)
    return (
        f'<article class="card" {_names(paper)} data-numbers="{numbers}">'
        f"{_pick(paper, badges)}"
        f"{render_meta(paper, _support(least))}"
        f'<p class="abs" dir="auto">{highlighted(paper.abstract, citations, exchange)}</p>'
        f"{render_acts(paper)}</article>"
    )


def _names(paper: Paper) -> str:
    """Attributes of a card that say which paper it is about."""
    return f'data-paper="{plain(paper.paper_id)}" data-title="{plain(paper.title)}"'


def _pick(paper: Paper, before: str = "") -> str:
    """The title as a button: the places of the answer that are of this paper light up."""
    why = plain(words.SELECT)
    return (
        f'<h3><button type="button" class="pick" aria-pressed="false" title="{why}">'
        f'{before}<span dir="auto">{plain(paper.title)}</span></button></h3>'
    )


def highlighted(abstract: str, citations: Sequence[Citation], exchange: int) -> str:
    """An abstract with its quoted sentences marked, each with its number in front.

    Quotes may overlap: the text is cut wherever one begins or ends, and each piece names all that
    cover it.

    Args:
        abstract: Exactly as stored.
        citations: Of this paper.
        exchange: Number of the exchange, for the ids.
    """
    cuts = {0, len(abstract)}.union(*((each.start, each.end) for each in citations))
    pieces, ordered = [], sorted(cuts)
    for start, end in pairwise(ordered):
        covering = [each for each in citations if each.start <= start and end <= each.end]
        pieces += [_back(each, exchange) for each in covering if each.start == start]
        text = plain(abstract[start:end])
        numbers = " ".join(str(each.number) for each in covering)
        pieces.append(f'<mark data-numbers="{numbers}">{text}</mark>' if numbers else text)
    return "".join(pieces)


def _back(citation: Citation, exchange: int) -> str:
    """The number in front of a quote; it leads back to the answer."""
    number = citation.number
    return (
        f'<a class="c back" id="e{exchange}-{number}" href="#c{exchange}-{number}"'
        f' aria-label="{words.BACK_TO_CITATION.format(n=number)}">{number}</a>'
    )


def _hits(what: str, hits: Sequence[Hit], exchange: str, *, listed: bool = False) -> str:
    cards = (_hit_card(hit, exchange, listed=listed) for hit in hits)
    return _heading(what, len(hits)) + "".join(cards)


def _hit_card(hit: Hit, exchange: str, *, listed: bool = False) -> str:
    """A paper that was found and is not cited: its first lines, and the whole on demand.

    Args:
        hit: The paper.
        exchange: Number of the exchange, for the id.
        listed: Whether the answer is a list of these papers.
    """
    abstract = hit.paper.abstract
    lead = abstract if len(abstract) <= _LEAD_CHARS else _lead(abstract)
    whole = (
        ""
        if lead == abstract
        else (
            f'<details class="whole"><summary>{words.WHOLE}</summary>'
            f'<p class="abs" dir="auto">{plain(abstract)}</p></details>'
        )
    )
    rank = f' data-rank="{hit.rank}"' if listed else ""
    plainly = f'<h3><span dir="auto">{plain(hit.paper.title)}</span></h3>'
    title = _pick(hit.paper) if listed else plainly
    return (
        f'<article class="card" id="p{exchange}-{hit.rank}" tabindex="-1"'
        f" {_names(hit.paper)}{rank}>{title}{render_meta(hit.paper)}"
        f'<p class="abs lead" dir="auto">{plain(lead)}</p>{whole}{render_acts(hit.paper)}'
        "</article>"
    )


def _lead(abstract: str) -> str:
    return abstract[:_LEAD_CHARS].rpartition(" ")[0].rstrip(" ,;:.") + " …"


def render_meta(paper: Paper, *more: str) -> str:
    """The line under a title: authors, days, links, and what else is given as HTML."""
    listed = listed_as_text(paper)
    parts = [
        plain(_authors(paper.authors)),
        plain(paper.published),
        plain(listed[:1].upper() + listed[1:]),
        *(
            link(address, _words(address))
            for address in (address_of(paper), *paper.links)
            if address
        ),
        *more,
    ]
    line = '<span class="dot-between" aria-hidden="true"> · </span>'.join(filter(None, parts))
    return f'<p class="meta">{line}</p>' if line else ""


def _authors(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MAX_AUTHORS])
    return words.ET_AL.format(names=shown) if len(names) > _MAX_AUTHORS else shown


def _words(address: str) -> str:
    """What a link says: "code" for a known host of it, else the host."""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return words.CODE if host in _CODE_HOSTS else host


def _support(support: float) -> str:
    width = round(100 * min(1.0, max(0.0, support)))
    weak = " low" if support < WEAK else ""
    return (
        f'<span class="sup{weak}">{words.SUPPORT} <span class="bar" aria-hidden="true">'
        f'<i style="width:{width}%"></i></span> {support:.2f}</span>'
    )
