"""The list of chats that the browser keeps, and the way between its memory and the page."""

import json
from dataclasses import dataclass

import gradio as gr

from ui import words
from ui.exchange import Chat
from ui.safe import plain

__all__ = [
    *("CHOSEN_JS", "FORGOTTEN", "UNKNOWN"),
    *("History", "as_damaged", "as_opened", "lay_out_history"),
]

CHOSEN_JS = "(_, ...rest) => window.paAsking.begun([window.paHistory.chosen(), ...rest])"
"""Gives the server the stored chat that is to be opened; "" for none."""

FORGOTTEN = "{}"
"""Tells the browser that no chat is open."""

UNKNOWN = '{"unknown": true}'
"""Tells the browser that the chat that it has open is to be brought once more."""


@dataclass(frozen=True, slots=True)
class History:
    """The parts.

    Attributes:
        given: What the browser brings: a stored chat to open, or the name of the one that is.
        opened: Pressed by the page when a chat of the list is chosen.
        kept: What the server tells the browser's memory; see history.js.
        chat: Which chat is open.
    """

    given: gr.Textbox
    opened: gr.Button
    kept: gr.HTML
    chat: gr.State


def lay_out_history() -> History:
    """Place the parts where the button that opens the list is to stand."""
    gr.HTML(
        "",
        html_template=_DRAWER,
        js_on_load="window.paHistory.begin(element)",
        apply_default_css=False,
        elem_id="pa-chats",
    )
    kept = gr.HTML(
        "",
        html_template="<span></span>",
        js_on_load="watch('value', () => window.paHistory.told(props.value))",
        apply_default_css=False,
        visible="hidden",
        elem_id="pa-kept",
    )
    return History(
        given=gr.Textbox(visible="hidden", label="Chat", elem_id="pa-given"),
        opened=gr.Button("Open", visible="hidden", elem_id="pa-open-chat"),
        kept=kept,
        chat=gr.State(Chat()),
    )


def as_opened(name: str) -> str:
    """Tells the browser that one of its chats is open."""
    return json.dumps({"opened": name})


def as_damaged() -> str:
    """Tells the browser that the chat that it gave last cannot be opened."""
    return json.dumps({"damaged": True})


_DRAWER = (
    '<button type="button" class="pill" id="pa-chats-open" aria-haspopup="dialog">'
    f"<span>{words.CHATS}</span></button>"
    '<dialog id="pa-chats-list" aria-labelledby="pa-chats-title"'
    f' data-words="{plain(json.dumps(words.HISTORY))}">'
    f'<div class="top"><h2 id="pa-chats-title">{words.CHATS}</h2>'
    f'<button type="button" class="pill" data-do="new">{words.NEW_CHAT}</button>'
    f'<button type="button" class="deed close" data-do="close" aria-label="{words.CLOSE}"></button>'
    f'</div><input type="search" aria-label="{words.SEARCH_CHATS}"'
    f' placeholder="{words.SEARCH_CHATS}" autocomplete="off"><ul></ul>'
    '<p class="told"><span role="status"></span>'
    f' <button type="button" class="pill" data-do="undo" hidden>{words.UNDO}</button></p>'
    f'<p class="note">{words.ONLY_HERE}</p></dialog><p id="pa-note" role="status"></p>'
)
