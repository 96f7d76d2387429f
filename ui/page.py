"""The page: what happens when it is opened, asked, stopped and begun anew. Home of its mounting."""

import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant import Assistant, AssistantError
from assistant.extractive import NAME as EXTRACTIVE
from ui.answers import render_conversation
from ui.chat import Conversation, converse, stopped
from ui.evidence import NO_EVIDENCE, render_evidence
from ui.examples import Example
from ui.exchange import Mode
from ui.frame import EMPTY, HINT, render_head, render_header, render_hello, render_hint
from ui.headers import ResponseHeaders
from ui.layout import Parts, lay_out
from ui.library import lay_out_library, when_used
from ui.map import lay_out_map, when_looked_at
from ui.overview import overview_of
from ui.theme import make_theme

__all__ = ["build_page", "mount_page"]

_MAX_AT_ONCE = 16
"""Questions answered at the same time; more wait their turn."""

_LOOK_AGAIN_S = 3.0
"""Between two looks at how far the vectors are, while some are still to be made."""

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
        enable_monitoring=False,
        theme=make_theme(),
        css="".join(map(_text, ("page.css", "library.css", "map.css"))),
        head=render_head("".join(map(_text, ("page.js", "views.js", "map.js")))),
    )
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
        page.load(lambda: _writers(assistant), None, parts.model, **_QUIET)
        _when_asked(parts, assistant)
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
        waiting = gr.Timer(active=bool(overview.waiting))
        return [render_header(overview), waiting, render_hello(overview), *buttons]

    def look_again() -> list[Any]:
        return opened()[:2]

    timer = gr.Timer(_LOOK_AGAIN_S, active=False)
    page.load(opened, None, [parts.header, timer, parts.hello, *parts.examples], **_QUIET)
    timer.tick(look_again, None, [parts.header, timer], **_QUIET)


def _writers(assistant: Assistant) -> dict[str, Any]:
    """The choice of writers; there is none where no chat model was named."""
    if assistant.model == EXTRACTIVE:
        return _HIDDEN
    try:
        names = assistant.models()
    except AssistantError:  # asking a question says what is wrong
        names = [assistant.model, EXTRACTIVE]
    return gr.update(choices=names, value=assistant.model, visible=True)


def _button(example: Sequence[Example]) -> dict[str, Any]:
    """How a button looks that asks an example, or has none to ask."""
    change = _HIDDEN
    for each in example:
        classes = ["example", each.mode.lower()]
        change = gr.update(value=each.question, visible=True, elem_classes=classes)
    return change


def _when_asked(parts: Parts, assistant: Assistant) -> None:
    """Ask what stands in the box, or on an example; stop; begin anew."""
    outputs = [parts.box, parts.past, parts.now, parts.papers, parts.hint, parts.conversation]

    def asked(
        question: str, mode: Mode, model: str | None, before: Conversation
    ) -> Iterator[list[Any]]:
        yield from _frames(converse(assistant, before, question, mode, model or None), question)

    def picked(question: str, model: str | None, before: Conversation) -> Iterator[list[Any]]:
        known = {each.question: each.mode for each in overview_of(assistant).examples}
        mode = known.get(question, "Answer")
        yield from _frames(converse(assistant, before, question, mode, model or None), question)

    inputs = [parts.box, parts.mode, parts.model, parts.conversation]
    running = [gr.on([parts.box.submit, parts.ask.click], asked, inputs, outputs, **_QUIET)]
    for button in parts.examples:
        inputs = [button, parts.model, parts.conversation]
        running.append(button.click(picked, inputs, outputs, **_QUIET))
    _when_ended(parts, outputs, running)


def _when_ended(parts: Parts, outputs: list[Any], running: list[Any]) -> None:
    def stop(conversation: Conversation) -> list[Any]:
        return [gr.skip(), *_shown(stopped(conversation), first=True)]

    def begin_anew(conversation: Conversation) -> list[Any]:
        stopped(conversation)
        return ["", "", "", NO_EVIDENCE, render_hint(HINT), ()]

    parts.stop.click(stop, parts.conversation, outputs, cancels=running, **_QUIET)
    parts.new.click(begin_anew, parts.conversation, outputs, cancels=running, **_QUIET)


def _frames(conversations: Iterator[Conversation], question: str) -> Iterator[list[Any]]:
    """What the outputs become, again and again, while a question is answered."""
    if not question.strip():
        yield [*[gr.skip()] * 4, render_hint(EMPTY), gr.skip()]
        return
    first = True
    for conversation in conversations:
        again = question if conversation[-1].problem else gr.skip()
        yield ["" if first else again, *_shown(conversation, first=first)]
        first = False


def _shown(conversation: Conversation, *, first: bool) -> list[Any]:
    """Earlier exchanges, the last, the panel, the hint and the conversation itself.

    Args:
        conversation: As it is now.
        first: Whether it is a question longer than what the page shows.
    """
    last = conversation[-1:]
    shows = any(not each.busy or (each.near and not each.text) for each in last)
    return [
        render_conversation(conversation[:-1]) if first else gr.skip(),
        render_conversation(last),
        render_evidence(conversation) if shows else gr.skip(),
        render_hint(HINT) if first else gr.skip(),
        conversation,
    ]
