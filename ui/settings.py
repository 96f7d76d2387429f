"""Filters and settings by the box: fields in a panel, and what is set as chips that can be removed.

The fields belong to one browser tab and are sent with each question; the server keeps none of them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from gradio.blocks import Block

from assistant import Assistant, AssistantError
from assistant.extractive import NAME as EXTRACTIVE
from ui import words
from ui.filters import NAMES, Within, read_within, within_of
from ui.limits import choices_of, n_passing, render_limits, render_passing
from ui.links import read_link

__all__ = ["Settings", "lay_out_settings", "when_set"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_MAX_CHARS = 50_000
_Value = str | float | None
"""What stands in a field."""

_CHIPS_JS = "window.paSettings.chips((name) => trigger('select', { name }));"
_BROUGHT: dict[str, Any] = {
    "js": f"() => window.paSettings.opened({json.dumps(words.ANY)})",
    **_QUIET,
}
_KEEP_JS = (
    f"(...values) => window.paSettings.keep({json.dumps([*NAMES, 'model', 'theme'])}, values)"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The parts of the panel.

    Attributes:
        chips: What is set.
        fields: What a question stays within, in the order of ``ui.filters.NAMES``.
        model: What writes the answer; hidden where there is no choice.
        theme: Light, dark, or as the system is.
        passing: How many papers pass.
        kept: What the browser brings when the page is opened; filled in by settings.js.
        begin: Tells settings.js whether to ask what the address asks.
    """

    chips: gr.HTML
    fields: tuple[gr.Dropdown | gr.Number, ...]
    model: gr.Dropdown
    theme: gr.Radio
    passing: gr.HTML
    kept: gr.Textbox
    begin: gr.Textbox

    @property
    def all(self) -> list[gr.Dropdown | gr.Number | gr.Radio]:
        """Every field, as ``_KEEP_JS`` names them."""
        return [*self.fields, self.model, self.theme]


def lay_out_settings() -> Settings:
    """Place the panel and the chips; to be called inside of a ``gr.Blocks``, above the box."""
    with gr.Column(elem_id="pa-settings", min_width=0):
        gr.HTML(f'<h2 tabindex="-1">{words.SETTINGS}</h2>', padding=False)
        with gr.Row(elem_id="pa-fields"):
            fields: tuple[gr.Dropdown | gr.Number, ...] = (
                *map(_choice, NAMES[:-1]),
                _number(),
            )
            model = _choice("model", visible=False)
            theme = gr.Radio(
                [(said, value) for value, said in words.THEMES.items()],
                value="",
                label=words.FIELDS["theme"],
                elem_id="pa-theme",
            )
        passing = _html("pa-passing", '<div role="status">${value}</div>')
        gr.HTML(
            f'<button type="button" data-close>{words.DONE}</button>', elem_id="pa-settings-end"
        )
    chips = _html("pa-limits", "<div>${value}</div>", _CHIPS_JS)
    kept = gr.Textbox(visible="hidden", label="Brought", elem_id="pa-brought")
    begin = gr.Textbox(visible="hidden", label="Begin", elem_id="pa-begin")
    return Settings(chips, fields, model, theme, passing, kept, begin)


def _html(name: str, template: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(
        "", html_template=template, js_on_load=script, apply_default_css=False, elem_id=name
    )


def _choice(name: str, *, visible: bool = True) -> gr.Dropdown:
    """A field to choose or type in; what it may hold is checked when it is used."""
    return gr.Dropdown(
        [],
        value=None,
        label=words.FIELDS[name],
        allow_custom_value=True,
        visible=visible,
        min_width=0,
        elem_id=f"pa-set-{name.replace('_', '-')}",
    )


def _number() -> gr.Number:
    return gr.Number(
        value=None,
        label=words.FIELDS["k"],
        placeholder=words.AS_SUITS,
        precision=0,
        min_width=0,
        elem_id="pa-set-k",
    )


def when_set(
    page: gr.Blocks, parts: Settings, asking: Sequence[Block], assistant: Assistant
) -> None:
    """Say what happens when the page is opened with settings, when one is set, and removed.

    Args:
        page: Opened.
        parts: The panel.
        asking: The box and the mode, which an address may fill in.
        assistant: Asked.
    """
    told = [parts.chips, parts.passing]
    opened = page.load(
        partial(_opened, assistant),
        parts.kept,
        [*parts.fields, parts.theme, *told, *asking, parts.begin],
        **_BROUGHT,
    )
    opened.then(None, parts.begin, None, js="(begin) => window.paSettings.begin(begin)")
    changed = partial(_changed, assistant)
    if assistant.model != EXTRACTIVE:
        choice = page.load(partial(_writers, assistant), parts.kept, parts.model, **_BROUGHT)
        choice.then(changed, parts.all, told, **_QUIET)
    last: dict[str, Any] = {"trigger_mode": "always_last", **_QUIET}
    inputs = [field.input for field in parts.all]
    gr.on(inputs, changed, parts.all, told, js=_KEEP_JS, **last)
    dropped = parts.chips.select(_dropping(assistant), parts.all, [*parts.all, *told], **last)
    dropped.then(None, parts.all, None, js=_KEEP_JS)


def _opened(assistant: Assistant, kept: str) -> list[Any]:
    """The fields as the address says, or else as the browser remembers them."""
    brought = _brought(kept)
    link = read_link(str(brought.get("search") or ""))
    remembered = brought.get("kept")
    within = link.within
    if within is None:
        within, _ = read_within(remembered if isinstance(remembered, dict) else {})
    theme = str(brought.get("theme") or "")
    theme = theme if theme in words.THEMES else ""
    fields = _filled(assistant, within)
    asks = link.question and not link.left_out and assistant.model == EXTRACTIVE
    return [
        *fields,
        theme,
        *_told(assistant, within, theme=theme, left_out=link.left_out),
        link.question or gr.skip(),
        link.mode if link.question else gr.skip(),
        "ask" if asks else "",
    ]


def _brought(kept: str) -> dict[str, Any]:
    """What the browser brought, which may be anything."""
    try:
        brought = json.loads(kept) if kept and len(kept) <= _MAX_CHARS else {}
    except ValueError:
        return {}
    return brought if isinstance(brought, dict) else {}


def _filled(assistant: Assistant, within: Within) -> list[Any]:
    """The fields with what there is to choose from, and what is chosen."""
    choices = choices_of(assistant)
    values = [getattr(within, name) or None for name in NAMES]
    chosen = [
        gr.update(choices=choices.get(name, []), value=value)
        for name, value in zip(NAMES[:-1], values, strict=False)
    ]
    return [*chosen, values[-1]]


def _writers(assistant: Assistant, kept: str) -> dict[str, Any]:
    """The choice of writers, with the one that the browser remembers if it is still there."""
    try:
        names = assistant.models()
    except AssistantError:  # asking a question says what is wrong
        names = [assistant.model, EXTRACTIVE]
    remembered = _brought(kept).get("kept")
    wanted = remembered.get("model") if isinstance(remembered, dict) else None
    value = wanted if wanted in names else assistant.model
    update: dict[str, Any] = gr.update(choices=names, value=value, visible=True)
    return update


def _changed(assistant: Assistant, *values: _Value) -> list[str]:
    *fields, model, theme = values
    return _told(assistant, within_of(*fields), model=str(model or ""), theme=str(theme or ""))


def _dropping(assistant: Assistant) -> Callable[..., list[Any]]:
    names = (*NAMES, "model", "theme")

    def drop(event: gr.EventData, *values: _Value) -> list[Any]:
        """Empty one field, or all filters."""
        gone = NAMES if event.name == "all" else (event.name,)
        empty = {"model": assistant.model, "theme": ""}
        left = [
            (empty.get(name) if name in gone else value)
            for name, value in zip(names, values, strict=True)
        ]
        return [*left, *_changed(assistant, *left)]

    return drop


def _told(
    assistant: Assistant,
    within: Within,
    *,
    model: str = "",
    theme: str = "",
    left_out: Sequence[str] = (),
) -> list[str]:
    """The chips, and how many papers pass."""
    also = {"model": model if model != assistant.model else "", "theme": theme}
    n_papers = n_passing(assistant, within)
    changed = {name: value for name, value in also.items() if value}
    chips = render_limits(within, changed, n_papers, left_out)
    return [chips, render_passing(n_papers, assistant.count())]
