"""The map: the collection as a picture, beside it its themes or the paper that was pointed at."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import Assistant, StoreError
from assistant.mapping import CollectionMap
from ui import words
from ui.chat import UNEXPECTED
from ui.plot import render_drawing, render_opened, render_plot, render_said, render_themes
from ui.safe import plain

__all__ = ["Map", "lay_out_map", "when_looked_at"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_TELL_EVERY_S = 0.25
_MAX_LIT = 200
_log = logging.getLogger(__name__)

_TOOLS = f"""
<div class="bar"><div id="pa-map-lit" hidden><span></span>
<button type="button" class="pill" data-do="unlit">{words.SHOW_ALL}</button></div>
<div id="pa-map-told" role="status"></div></div>
<div class="zoom" role="group" aria-label="{words.ZOOM["all"]}">
<button type="button" data-zoom="in" aria-label="{words.ZOOM["in"]}">
<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 3v10M3 8h10"/></svg></button>
<button type="button" data-zoom="out" aria-label="{words.ZOOM["out"]}">
<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8h10"/></svg></button>
<button type="button" data-zoom="all" aria-label="{words.ZOOM["whole"]}">
<svg viewBox="0 0 16 16" aria-hidden="true">
<path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg></button></div>
"""
_PLOT = '<div class="plot">${value}' + _TOOLS + "</div>"
_PLOT_JS = "window.paMap.begin(element, (paper) => trigger('select', { paper }));"

_Shown = Sequence[Any]
"""Which map the page has: its revision, and the papers on it besides its own."""

_NOTHING: _Shown = ("", ())


@dataclass(frozen=True, slots=True)
class Map:
    """The parts of the map.

    Attributes:
        opened: Pressed by the page when the map is looked at.
        lit: The papers of the answer that is shown, an id a line; the page fills it in.
        shown: Which map the page has, and which papers besides its own.
        plot: The points.
        said: How many they are, or how far the map is.
        paper: The paper that is open.
        themes: The themes.
    """

    opened: gr.Button
    lit: gr.Textbox
    shown: gr.State
    plot: gr.HTML
    said: gr.HTML
    paper: gr.HTML
    themes: gr.HTML


def lay_out_map() -> Map:
    """Place the parts; to be called inside of a ``gr.Blocks``."""
    opened = gr.Button("Open", visible="hidden", elem_id="pa-open-map")
    lit = gr.Textbox(visible="hidden", label="Lit", elem_id="pa-lit")
    shown = gr.State(_NOTHING)
    with gr.Row(elem_id="pa-map"):
        with gr.Column(elem_id="pa-map-main", min_width=0):
            plot = _html("pa-plot", _PLOT, _PLOT_JS)
            said = _html("pa-map-said", '<div role="status">${value}</div>')
        with gr.Column(elem_id="pa-map-side", min_width=0, scale=0):
            paper = _html("pa-map-paper", '<div aria-live="polite">${value}</div>')
            themes = _html(
                "pa-themes", f'<aside aria-label="{words.THEMES_ON_MAP}">${{value}}</aside>'
            )
    return Map(opened, lit, shown, plot, said, paper, themes)


def _html(name: str, template: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(
        "", html_template=template, js_on_load=script, apply_default_css=False, elem_id=name
    )


def when_looked_at(parts: Map, assistant: Assistant) -> None:
    """Say what happens when the map is looked at, and when a paper is pointed at."""

    def pointed(event: gr.EventData) -> str:
        try:
            return render_opened(assistant.paper(str(event.paper)), assistant.maps.last())
        except StoreError as error:
            return f'<p class="said warn" role="alert">{plain(str(error))}</p>'

    parts.opened.click(
        _looking(assistant),
        [parts.lit, parts.shown],
        [parts.plot, parts.themes, parts.said, parts.shown],
        js="(_, shown) => [window.paMap.lit(), shown]",
        trigger_mode="always_last",
        **_QUIET,
    )
    parts.plot.select(pointed, None, parts.paper, **_QUIET)


def _looking(assistant: Assistant) -> Callable[[str, _Shown], Iterator[list[Any]]]:
    def look(lit: str, shown: _Shown) -> Iterator[list[Any]]:
        try:
            yield from _frames(assistant, lit.split("\n")[:_MAX_LIT], shown)
        except StoreError as error:
            yield [gr.skip(), gr.skip(), _alert(str(error)), gr.skip()]
        except Exception:  # noqa: BLE001 (logged, and said to the person who waits)
            _log.exception("the map could not be drawn")
            yield [gr.skip(), gr.skip(), _alert(UNEXPECTED), gr.skip()]

    return look


def _frames(assistant: Assistant, lit: list[str], shown: _Shown) -> Iterator[list[Any]]:
    """What the parts become: first the last map, if there is one, then the map as it is now."""
    coming = assistant.maps.coming()
    last = assistant.maps.last()
    if last and not coming.done():
        *frame, said, shown = _frame(assistant, last, lit, shown)
        yield [*frame, said, shown]
    while not coming.done():
        progress = render_drawing(assistant.maps.progress)
        yield [gr.skip(), gr.skip(), progress, gr.skip()]
        wait([coming], _TELL_EVERY_S)
    yield _frame(assistant, coming.result(), lit, shown)


def _frame(assistant: Assistant, drawn: CollectionMap, lit: list[str], shown: _Shown) -> list[Any]:
    """The parts for a map; what the page has already is not sent again."""
    more = assistant.maps.also(lit, drawn)
    now = (drawn.revision, tuple(point.paper_id for point in more))
    same = now == tuple(shown)
    plot = gr.skip() if same else render_plot(drawn, more)
    themes = gr.skip() if now[0] == shown[0] else render_themes(drawn)
    return [plot, themes, render_said(drawn), now]


def _alert(said: str) -> str:
    return f'<span class="warn" role="alert">{plain(said)}</span>'
