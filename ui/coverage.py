"""What stands under an answer: what it was written from, within what, and its link."""

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.days import days_of, span
from assistant.extractive import NAME as EXTRACTIVE
from assistant.types import Answer, Paper
from ui import words
from ui.exchange import Exchange
from ui.filters import Within, told
from ui.links import link_of
from ui.safe import plain

__all__ = ["render_copy_link", "render_coverage", "render_nothing_passes"]


def render_coverage(exchange: Exchange) -> str:
    """Tell what an answer covers: "From 2 of 9 near papers · listed Mar 14 · abstracts only".

    A reply to small talk rests on nothing and has none, nor has what is not finished.
    """
    answer = exchange.answer
    if answer is None and exchange.hits is None:
        return ""
    if answer is None:
        parts = _of_found([hit.paper for hit in exchange.hits or ()], exchange.within)
    elif answer.kind == "reply":
        return ""
    else:
        parts = _of_answer(answer, exchange.within)
    return " · ".join(filter(None, parts))


def _of_answer(answer: Answer, within: Within) -> Sequence[str]:
    cited = list(dict.fromkeys(citation.paper for citation in answer.citations))
    near = words.NEAR_PAPERS[answer.n_near != 1].format(n=answer.n_near)
    said = words.NONE_ANSWER if answer.refused else words.FROM_PAPERS
    return (
        plain(said.format(n=len(cited), near=near)),
        plain(_when(cited)),
        plain(_within(within)),
        *_with_time(
            [_abstracts_only(), plain(_written_by(answer))],
            _seconds(answer.timings_s.get("total", math.nan)),
        ),
    )


def _with_time(parts: Sequence[str], time: str) -> Sequence[str]:
    """The parts, the time kept on the line of the last of them."""
    *most, last = filter(None, parts)
    return (*most, "\xa0·\xa0".join(filter(None, (last, time))))


def _of_found(papers: Sequence[Paper], within: Within) -> Sequence[str]:
    return (plain(words.RELEVANT_FIRST), plain(_when(papers)), plain(_within(within)))


def _when(papers: Sequence[Paper]) -> str:
    """The days on which they were listed, else the years in which they were published."""
    if days := span(days_of(papers)):
        return words.LISTED.format(days=days)
    years = sorted({paper.published[:4] for paper in papers if paper.published[:4].isdigit()})
    return (
        words.PUBLISHED.format(years="–".join(dict.fromkeys(years[:1] + years[-1:])))
        if years
        else ""
    )


def _within(within: Within) -> str:
    limits = ", ".join(told(within).values())
    return words.WITHIN.format(limits=limits) if limits else ""


def _abstracts_only() -> str:
    why = plain(words.NOT_READ)
    return f'<span tabindex="0" data-tip="{why}">{plain(words.ABSTRACTS_ONLY)}</span>'


def _written_by(answer: Answer) -> str:
    """The chat model and what it took: "gpt, 812 + 64 tokens"; "" for the extractive writer."""
    if answer.model == EXTRACTIVE:
        return ""
    if answer.cached:
        return words.KEPT.format(model=answer.model)
    return words.TOOK.format(model=answer.model, sent=answer.tokens_in, written=answer.tokens_out)


def _seconds(time_s: float) -> str:
    if math.isnan(time_s):
        return ""
    return f"{time_s:.2f} s" if time_s < 10 else f"{time_s:.0f} s"


def render_copy_link(exchange: Exchange) -> str:
    """A button that copies a question's address; "" where the question found no answer to link to.

    settings.js copies, and gives the page the same address.
    """
    if not render_coverage(exchange):
        return ""
    label = plain(words.COPY_LINK)
    return (
        f'<button type="button" class="deed link" data-link="{plain(link_of(exchange))}"'
        f' title="{label}" aria-label="{label}"></button>'
    )


def render_nothing_passes(exchange: Exchange) -> str:
    """Say that the filters leave no paper, and offer to clear them; "" where some are left."""
    n_near = exchange.answer.n_near if exchange.answer else len(exchange.hits or ())
    limits = told(replace(exchange.within, k=None))
    if n_near or not limits or (exchange.answer and exchange.answer.kind == "reply"):
        return ""
    said = words.NO_PAPER_PASSES.format(limits=", ".join(limits.values()))
    clear = f'<button type="button" class="act" data-drop="all">{plain(words.CLEAR)}</button>'
    return f'<p class="passes">{plain(said)} {clear}</p>'
