"""Which parts the page has, and where they stand."""

from dataclasses import dataclass

import gradio as gr

from ui import words
from ui.evidence import NO_EVIDENCE
from ui.exchange import MODES
from ui.frame import BRAND, HINT, NAVIGATION, render_hint
from ui.further import FURTHER, FURTHER_JS
from ui.history_drawer import History, lay_out_history
from ui.keys import render_keys
from ui.limits import OPEN
from ui.near import PANEL, PANEL_JS
from ui.settings import Settings, lay_out_settings

__all__ = ["Parts", "lay_out"]

_N_EXAMPLES = 4
_NOW = '<div aria-live="polite">${value}</div>'
_TURNS_JS = "window.paTurns(element, (what) => trigger('select', what))"


@dataclass(frozen=True, slots=True)
class Parts:
    """The page's parts.

    Attributes:
        header: Chips about the collection.
        notice: A line under the header while its server is away.
        past: The exchanges before the last.
        now: The last exchange, which may still grow.
        further: Questions to go on with.
        hello: The first screen's words; gone once something was asked.
        examples: Buttons with questions to begin with.
        box: The question.
        mode: Answer, Summarize or Find.
        hint: A line beside the mode.
        stop: Ends an answer that is still coming.
        ask: Sends the question.
        new: Begins anew.
        papers: The evidence panel.
        conversation: What this browser tab has asked; each tab has its own.
        history: The chats that the browser keeps.
        settings: Filters, and what writes the answer.
    """

    header: gr.HTML
    notice: gr.HTML
    past: gr.HTML
    now: gr.HTML
    further: gr.HTML
    hello: gr.HTML
    examples: tuple[gr.Button, ...]
    box: gr.Textbox
    mode: gr.Radio
    hint: gr.HTML
    stop: gr.Button
    ask: gr.Button
    new: gr.Button
    papers: gr.HTML
    conversation: gr.State
    history: History
    settings: Settings


def lay_out() -> Parts:
    """Place the parts; to be called inside of a ``gr.Blocks``."""
    with gr.Row(elem_id="pa-header"):
        _region("pa-brand", BRAND)
        _region("pa-views", NAVIGATION)
        header = _region("pa-about", "<div>${value}</div>")
        _region("pa-keys", render_keys())
        history = lay_out_history()
        new = gr.Button(words.NEW_CHAT, elem_id="pa-new", size="sm", scale=0, min_width=0)
    notice = _region("pa-notice", '<div role="status">${value}</div>')
    with gr.Row(elem_id="pa-main", equal_height=True):
        with gr.Column(elem_id="pa-chat", min_width=0):
            with gr.Column(elem_id="pa-turns", min_width=0):
                past, now, further = _turns()
                with gr.Column(elem_id="pa-hello", min_width=0):
                    hello = _region("pa-welcome", "<div>${value}</div>")
                    examples = _examples()
            with gr.Column(elem_id="pa-ask", scale=0, min_width=0):
                settings = lay_out_settings()
                box, (mode, hint, stop, ask) = _box(), _row()
        papers = _region("pa-papers", PANEL, NO_EVIDENCE, PANEL_JS)
    return Parts(
        header=header,
        notice=notice,
        past=past,
        now=now,
        further=further,
        hello=hello,
        examples=examples,
        box=box,
        mode=mode,
        hint=hint,
        stop=stop,
        ask=ask,
        new=new,
        papers=papers,
        conversation=gr.State(()),
        history=history,
        settings=settings,
    )


def _region(name: str, template: str, value: str = "", script: str | None = None) -> gr.HTML:
    """A part that is rendered here as HTML.

    Gradio changes the nodes that differ and keeps the others, so that focus, selection and scroll
    position last while an answer is being written, and the wrapper is there from the beginning, as
    live regions must be.
    """
    return gr.HTML(
        value, html_template=template, js_on_load=script, apply_default_css=False, elem_id=name
    )


def _turns() -> tuple[gr.HTML, gr.HTML, gr.HTML]:
    past = _region("pa-past", "<div>${value}</div>", script=_TURNS_JS)
    with gr.Column(elem_id="pa-last", min_width=0):
        now = _region("pa-now", _NOW, script=_TURNS_JS)
        further = _region("pa-further", FURTHER, script=FURTHER_JS)
    return past, now, further


def _examples() -> tuple[gr.Button, ...]:
    with gr.Row(elem_id="pa-examples"):
        return tuple(
            gr.Button("", visible=False, elem_classes=["example"]) for _ in range(_N_EXAMPLES)
        )


def _box() -> gr.Textbox:
    return gr.Textbox(
        label=words.QUESTION,
        placeholder=words.QUESTION_HINT,
        show_label=False,
        container=False,
        lines=1,
        max_lines=6,
        autofocus=True,
        elem_id="pa-box",
    )


def _row() -> tuple[gr.Radio, gr.HTML, gr.Button, gr.Button]:
    """The line under the box."""
    with gr.Row(elem_id="pa-row"):
        mode = gr.Radio(
            MODES,
            value=MODES[0],
            label=words.MODE,
            show_label=False,
            container=False,
            elem_id="pa-mode",
        )
        _region("pa-filter", OPEN)
        hint = _region("pa-hint", '<div role="status">${value}</div>', render_hint(HINT))
        stop = gr.Button(words.STOP, elem_id="pa-stop", size="sm", scale=0, min_width=0)
        ask = gr.Button(
            words.ASK, variant="primary", elem_id="pa-send", size="sm", scale=0, min_width=0
        )
    return mode, hint, stop, ask
