"""The conversation as HTML: question, answer with its citation marks, and what it covers."""

import re
from collections.abc import Sequence
from functools import partial

from assistant.chat.checked import without_note
from assistant.refusal import REFUSED
from assistant.support import WEAK
from assistant.types import Answer, Citation, Sentence
from ui import words
from ui.actions import render_actions, render_retry
from ui.coverage import render_coverage, render_nothing_passes
from ui.exchange import Exchange
from ui.markdown import Mark, Range, render_markdown
from ui.safe import plain

__all__ = ["render_conversation", "render_exchange"]

_PARTIAL = re.compile(r"(?:\\?\[\d*|\\)\Z")


def render_conversation(exchanges: Sequence[Exchange]) -> str:
    """All exchanges, oldest first."""
    return "".join(map(render_exchange, exchanges))


def render_exchange(exchange: Exchange) -> str:
    """One question and what came of it, finished or not."""
    busy = "true" if exchange.busy else "false"
    parts = (
        f'<h2 class="q" dir="auto">{plain(exchange.question)}</h2>',
        _searched(exchange),
        _reply(exchange),
        f'<p class="under">{words.STOPPED}</p>' if exchange.stopped else "",
        render_actions(exchange),
    )
    about = f'aria-busy="{busy}" data-at="{exchange.number - 1}"'
    return f'<article class="turn" {about}>{"".join(parts)}</article>'


def _searched(exchange: Exchange) -> str:
    """That it is searched, in the place of what for, where that is not what was asked."""
    if exchange.busy and not exchange.query + exchange.text:
        return f'<p class="ran">{plain(words.SEARCHING)}</p>'
    said = exchange.query.casefold().split()
    if not said or said == exchange.question.casefold().split():
        return ""
    return f'<p class="ran">{plain(words.SEARCHED.format(query=exchange.query))}</p>'


def _reply(exchange: Exchange) -> str:
    if exchange.problem:
        said = f"<p>{plain(exchange.problem)}</p>{render_retry()}"
        return f'<div class="no problem" role="alert">{said}</div>'
    if exchange.hits is not None:
        return _found(exchange)
    if exchange.answer:
        return _answer(exchange, exchange.answer)
    if exchange.text.startswith(REFUSED):
        return f'<div class="no">{_refused(REFUSED)}</div>'
    if exchange.text:
        return f'<div class="a">{_unfinished(exchange.text)}</div>'
    reads = exchange.busy and exchange.query
    return f'<p class="wait">{_reading(exchange)}</p>' if reads else ""


def _reading(exchange: Exchange) -> str:
    near = words.NEAR_PAPERS[exchange.n_near != 1].format(n=exchange.n_near)
    call = f", {exchange.reading}" if exchange.reading else ""
    return plain(words.READING_PAPERS.format(near=near, call=call))


def _answer(exchange: Exchange, answer: Answer) -> str:
    if answer.refused:
        said = _refusal(answer) + render_nothing_passes(exchange)
        return f'<div class="no">{said}</div>{_under(exchange)}'
    mark = _marks(answer.citations, exchange.number)
    text = render_markdown(without_note(answer.text), mark, list(_weak(answer)))
    return f'<div class="a">{text}</div>{_under(exchange)}'


def _refusal(answer: Answer) -> str:
    """Why there is no answer; the nearest papers stand beside it and are not listed again."""
    said = answer.text.partition("\n\n")[0] if answer.nearest else answer.text
    first, stop, rest = said.partition(". ")
    rest = plain(rest)
    if answer.nearest:
        rest = _missing(answer.missing) + plain(words.SHOWN_FOR_COMPARISON)
    return _refused(first + stop.strip()) + f"<p>{rest}</p>"


def _refused(first: str) -> str:
    return f"<p><strong>{plain(first)}</strong></p>"


def _missing(missing: Sequence[str]) -> str:
    chips = " ".join(f'<span class="chip" dir="auto">{plain(word)}</span>' for word in missing[:6])
    return words.NOT_MENTIONED.format(words=chips) if chips else ""


def _found(exchange: Exchange) -> str:
    """What "Find" found: a list of titles, each leading to its card."""
    hits = exchange.hits or ()
    items = "".join(
        f'<li><a class="to-card" href="#p{exchange.number}-{hit.rank}">{plain(hit.paper.title)}</a>'
        "</li>"
        for hit in hits
    )
    if not items:
        return (
            f'<div class="no"><p>{words.NOTHING_FOUND}</p>{render_nothing_passes(exchange)}</div>'
        )
    return f'<div class="a found"><ol>{items}</ol></div>{_under(exchange)}'


def _under(exchange: Exchange) -> str:
    covers = render_coverage(exchange)
    return f'<p class="under">{covers}</p>' if covers else ""


def _unfinished(text: str) -> str:
    """A text that is still being written; its marks lead nowhere yet but take their place.

    Citations are numbered in the order of their first use, so a number that skips one is none.
    """
    highest = 0

    def mark(number: int) -> str:
        nonlocal highest
        if number > highest + 1:
            return ""
        highest = max(highest, number)
        return f'<span class="c">{number}</span>'

    return render_markdown(_whole(text), mark)


def _whole(text: str) -> str:
    r"""The text without its note and a mark that has come only in part: "…[1", "…\[" and "…\"."""
    return _PARTIAL.sub("", without_note(text))


def _marks(citations: Sequence[Citation], exchange: int) -> Mark:
    """Render the marks of a finished answer as links to the quoted sentences."""
    known = {citation.number: citation for citation in citations}
    used: set[int] = set()

    def mark(number: int) -> str:
        citation = known.get(number)
        if citation is None:
            return ""
        anchor = "" if number in used else f' id="c{exchange}-{number}"'
        used.add(number)
        label = words.CITATION.format(n=number, title=citation.paper.title)
        return (
            f'<a class="c"{anchor} href="#e{exchange}-{number}"'
            f' data-quote="{plain(citation.quote)}" aria-label="{plain(label)}">{number}</a>'
        )

    return mark


def _weak(answer: Answer) -> list[Range]:
    """Where in the text the sentences stand that their citations do not carry."""
    ranges: list[Range] = []
    at = 0
    for sentence in answer.sentences:
        start = answer.text.find(sentence.text, at)
        if start < 0 or not sentence.text:
            continue
        at = start + len(sentence.text)
        if sentence.support < WEAK:
            ranges.append((start, at, partial(_as_weak, sentence)))
    return ranges


def _as_weak(sentence: Sentence, inner: str) -> str:
    marks = ", ".join(f"[{number}]" for number in sentence.numbers)
    badge = words.NOT_SUPPORTED.format(marks=marks) if marks else words.NO_SOURCE
    why = f' data-tip="{plain(sentence.reason)}"' if sentence.reason else ""
    focus = ' tabindex="0"' if why else ""
    return f'<span class="weak"{why}>{inner}</span><span class="badge"{why}{focus}>{badge}</span>'
