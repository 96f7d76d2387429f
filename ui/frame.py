"""What stands around the conversation: head, header, first screen, empty panel."""

import json
from typing import Literal
from urllib.parse import quote

from ui import words
from ui.overview import Overview
from ui.safe import plain
from ui.words import EMPTY, HINT

__all__ = [
    "BRAND",
    "EMPTY",
    "HINT",
    "NAVIGATION",
    "render_head",
    "render_header",
    "render_hello",
    "render_hint",
    "render_notice",
]

BRAND = f'<h1 class="brand">{words.NAME}</h1>'

NAVIGATION = (
    f'<nav aria-label="{words.VIEWS_LABEL}"><a href="#chat" aria-current="page">'
    f'{words.VIEWS["chat"]}</a><a href="#library">{words.VIEWS["library"]}</a>'
    f'<a href="#map">{words.VIEWS["map"]}</a></nav>'
)
"""The ways to the views; page.js shows the one that the address names."""

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="8" fill="#1f5f5b"/>'
    '<path d="M8 10h16M8 16h16M8 22h9" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>'
    "</svg>"
)


def render_head(script: str) -> str:
    """What the page's ``<head>`` gets besides Gradio's own.

    Args:
        script: The page's JavaScript.
    """
    said = json.dumps(words.IN_BROWSER).replace("<", "\\u003c")
    icon = "data:image/svg+xml," + quote(_ICON)
    return (
        f'<link rel="icon" type="image/svg+xml" href="{icon}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        f"<script>window.paWords = {said};{script}</script>"
    )


def render_header(overview: Overview) -> str:
    """What the program answers from and with."""
    waiting = f'<span class="chip">{plain(overview.waiting)}</span>' if overview.waiting else ""
    return (
        f'<div class="chips">{waiting}'
        f'<span class="chip">{plain(_collection(overview, " · "))}</span>'
        f'<span class="chip keep"><span class="dot" aria-hidden="true"></span>'
        f"{plain(overview.writer)}</span></div>"
    )


def render_notice(overview: Overview) -> str:
    """The line under the header while the collection's server is away, and what to do."""
    if not overview.fault:
        return ""
    why = overview.fault.rstrip(".")
    return f"<p><b>{plain(words.FROM_COPY)}</b> {plain(why)}.</p>"


def render_hello(overview: Overview) -> str:
    """The first screen's words; of an empty collection, and the way to fill it."""
    add = ""
    if not overview.n_papers:
        said = words.EMPTY_COLLECTION
        add = f'<button type="button" class="pill" data-do="add">{plain(words.ADD_PAPERS)}</button>'
    else:
        said = words.HELD.format(papers=_collection(overview, words.LISTED_ON))
    return f"<h2>{words.HELLO}</h2><p>{plain(said)}</p>{add}"


def _collection(overview: Overview, between: str) -> str:
    papers = words.MANY_PAPERS[overview.n_papers != 1].format(n=overview.n_papers)
    return between.join(filter(None, (papers, overview.days)))


def render_hint(line: str, kind: Literal["", "warn", "editing"] = "") -> str:
    """The line beside the mode switch; screen readers say it when it changes.

    Args:
        line: ``HINT``, or what is to be noticed.
        kind: "warn" where something went wrong, "editing" while a question is edited.
    """
    return f'<span class="{kind}">{plain(line)}</span>'
