"""The page: how it is put together, mounted on a server and opened."""

import sys
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant import Assistant
from ui import words
from ui.asking import when_asked
from ui.examples import Example
from ui.frame import render_head, render_header, render_hello, render_notice
from ui.further import when_answered
from ui.headers import ResponseHeaders
from ui.layout import Parts, lay_out
from ui.library import when_used
from ui.library_layout import lay_out_library
from ui.map import lay_out_map, when_looked_at
from ui.near import when_more_is_wanted
from ui.overview import overview_of
from ui.sessions import keep_little
from ui.settings import when_set
from ui.theme import make_theme

__all__ = ["build_page", "mount_page"]

_MAX_AT_ONCE = 16
"""Questions answered at the same time; more wait their turn."""

_MAX_UPLOAD = "100mb"
"""Of one file; larger ones are for ``paper-assistant ingest``, which reads them where they lie."""

_LOOK_AGAIN_S = 3.0
"""Between two looks at how far the vectors are, while some are still to be made."""

_LOOK_AROUND_S = 10.0
"""Between two looks at what other machines have stored."""

_STYLES = ("page", "cards", "history", "settings", "library", "map", "keys", "further", "columns")
_SCRIPTS = (
    *("page", "cards", "history", "asking", "turns", "further"),
    *("settings", "views", "library", "map", "keys"),
)

_HIDDEN: dict[str, Any] = gr.update(visible=False)

# No event of the page is an endpoint of an API, and nothing is dimmed while one runs.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def mount_page(app: FastAPI, assistant: Assistant) -> FastAPI:
    """Put the page on a server, at "/".

    Args:
        app: The server's application; the routes it has already come first.
        assistant: Answers.

    Returns:
        The application.
    """
    page = build_page(assistant)
    _queue(page)
    app.add_middleware(ResponseHeaders)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=_MAX_UPLOAD,
        enable_monitoring=False,
        theme=make_theme(),
        i18n=gr.I18n(en=words.OF_GRADIO),
        css="".join(_text(f"{name}.css") for name in _STYLES),
        head=render_head("".join(_text(f"{name}.js") for name in _SCRIPTS)),
    )
    # Else Gradio 6.31 takes the path of any file of this machine for one that was uploaded.
    page.has_launched = True
    keep_little(mounted)
    return mounted


def _queue(page: gr.Blocks) -> None:
    """Let questions run at once, and keep no statistics of them.

    Gradio would summarize the last 10,000 events with pandas after each one, for a view that this
    page does not have.
    """
    page.queue(default_concurrency_limit=_MAX_AT_ONCE)
    page._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    page._queue.ANALYTICS_MAX_EVENTS = 1


def build_page(assistant: Assistant) -> gr.Blocks:
    """Build the page; nothing is served and nothing is asked yet.

    Args:
        assistant: Answers.
    """
    page: gr.Blocks = gr.Blocks(title="Paper Assistant", analytics_enabled=False, fill_width=True)
    with page:
        parts, library, around = lay_out(), lay_out_library(), lay_out_map()
        _when_opened(page, parts, assistant)
        when_set(page, parts.settings, [parts.box, parts.mode], assistant)
        when_more_is_wanted(parts.papers, parts.conversation, parts.settings.fields, assistant)
        when_asked(page, parts, assistant)
        when_answered(parts.further, parts.conversation, assistant)
        when_used(library, assistant)
        when_looked_at(around, assistant)
    return page


def _text(name: str) -> str:
    return files("ui").joinpath(name).read_text(encoding="utf-8")


def _when_opened(page: gr.Blocks, parts: Parts, assistant: Assistant) -> None:
    """Fill in, at every opening of the page, what depends on the collection."""

    def opened() -> list[Any]:
        overview = overview_of(assistant)
        buttons = [_button(overview.examples[at : at + 1]) for at in range(len(parts.examples))]
        soon = bool(overview.waiting or overview.fault)
        pause_s = _LOOK_AGAIN_S if soon else _LOOK_AROUND_S
        timer = gr.Timer(pause_s, active=soon or overview.shared)
        said = [render_header(overview), render_notice(overview), timer]
        return [*said, render_hello(overview), *buttons]

    def look_again() -> list[Any]:
        return opened()[:3]

    timer = gr.Timer(_LOOK_AGAIN_S, active=False)
    look = gr.Button("Look", visible="hidden", elem_id="pa-look")
    changed = [parts.header, parts.notice, timer, parts.hello, *parts.examples]
    gr.on([page.load, look.click], opened, None, changed, **_QUIET)
    timer.tick(look_again, None, changed[:3], **_QUIET)


def _button(example: Sequence[Example]) -> dict[str, Any]:
    """How a button looks that asks an example, or has none to ask."""
    change = _HIDDEN
    for each in example:
        classes = ["example", each.mode.lower()]
        change = gr.update(value=each.question, visible=True, elem_classes=classes)
    return change
