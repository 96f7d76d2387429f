"""Which parts the library has, and where they stand."""

from dataclasses import dataclass

import gradio as gr

from ui import words as said_as
from ui.filters import NAMES
from ui.shelf import DEFAULT_SORT, PER_PAGE, SORTS

__all__ = ["Library", "lay_out_library"]

_FORMS = (("JSON Lines", "jsonl"), ("CSV", "csv"), ("BibTeX", "bibtex"))
_FILE_TYPES = [".txt", ".html", ".htm", ".json", ".jsonl", ".csv", ".tsv", ".bib", ".ris", ".xml"]

_SHELF_JS = "window.paShelf.begin(element, (what) => trigger('select', what));"
"""What only the browser does is in library.js; what changes the list comes here."""


@dataclass(frozen=True, slots=True)
class Library:
    """The parts of the library.

    Attributes:
        opened: Pressed by the page when the library is first looked at.
        words: What is searched for.
        fields: What the papers stay within, in the order of ``ui.filters.NAMES``.
        sort: The order.
        shelf: The papers.
        n_shown: How many of them are rendered.
        said: What was done last.
        undo: Takes the last removal back.
        removed: The ids of papers removed on this page, the last removal at the end.
        asked: A question for each paper.
        ask: Adds a column for it.
        columns: The questions that have a column.
        first: The one of them whose answers come first; "" for none.
        chosen: The ids of the papers that are ticked, one a line; library.js fills it in.
        remove: Removes these.
        files: Files to add.
        pasted: A text to add.
        add: Adds both.
        progress: How far that is.
        form: What to export as.
        export: Makes the file.
        file: Gives it to the browser.
    """

    opened: gr.Button
    words: gr.Textbox
    fields: tuple[gr.Dropdown, ...]
    sort: gr.Dropdown
    shelf: gr.HTML
    n_shown: gr.State
    said: gr.HTML
    undo: gr.Button
    removed: gr.State
    asked: gr.Textbox
    ask: gr.Button
    columns: gr.State
    first: gr.State
    chosen: gr.Textbox
    remove: gr.Button
    files: gr.File
    pasted: gr.Textbox
    add: gr.Button
    progress: gr.HTML
    form: gr.Dropdown
    export: gr.Button
    file: gr.DownloadButton


def lay_out_library() -> Library:
    """Place the parts; to be called inside of a ``gr.Blocks``."""
    opened = gr.Button("Open", visible="hidden", elem_id="pa-open-library")
    n_shown, removed = gr.State(PER_PAGE), gr.State(())
    columns, first = gr.State(()), gr.State("")
    with gr.Row(elem_id="pa-library"):
        with gr.Column(elem_id="pa-shelf", min_width=0):
            words = _words()
            fields, sort = _fields()
            asked, ask = _asking()
            with gr.Row(elem_id="pa-done"):
                said = _html("pa-said", '<div role="status">${value}</div>')
                undo = _button(said_as.UNDO, "pa-undo", visible=False)
            chosen, remove = _chosen()
            shelf = _html("pa-list", "<div>${value}</div>", _SHELF_JS)
        with gr.Column(elem_id="pa-add", min_width=0, scale=0):
            files, pasted, add, progress = _adding()
            form, export, file = _exporting()
    return Library(
        *(opened, words, fields, sort, shelf, n_shown, said, undo, removed),
        asked=asked,
        ask=ask,
        columns=columns,
        first=first,
        chosen=chosen,
        remove=remove,
        files=files,
        pasted=pasted,
        add=add,
        progress=progress,
        form=form,
        export=export,
        file=file,
    )


def _words() -> gr.Textbox:
    return gr.Textbox(
        label=said_as.SEARCH_LIBRARY,
        show_label=False,
        placeholder=said_as.SEARCH_HINT,
        container=False,
        elem_id="pa-words",
    )


def _fields() -> tuple[tuple[gr.Dropdown, ...], gr.Dropdown]:
    """What the papers stay within, each to choose or to type, and their order."""
    with gr.Row(elem_id="pa-filters"):
        fields = tuple(
            gr.Dropdown(
                [],
                value=None,
                label=said_as.FIELDS[name],
                allow_custom_value=True,
                min_width=0,
                elem_id=f"pa-within-{name.replace('_', '-')}",
            )
            for name in NAMES
            if name != "k"
        )
        sort = gr.Dropdown(
            [(said_as.SORTS[each], each) for each in SORTS],
            value=DEFAULT_SORT,
            label=said_as.ORDER,
            min_width=0,
            elem_id="pa-sort",
        )
    return fields, sort


def _asking() -> tuple[gr.Textbox, gr.Button]:
    """A question that each paper is asked."""
    with gr.Row(elem_id="pa-column"):
        asked = gr.Textbox(
            label=said_as.ASK_EACH,
            show_label=False,
            placeholder=said_as.ASK_EACH_HINT,
            container=False,
            elem_id="pa-each",
        )
        return asked, _button(said_as.ADD_COLUMN, "pa-add-column")


def _chosen() -> tuple[gr.Textbox, gr.Button]:
    """What can be done with the papers that are ticked; hidden while none is."""
    chosen = gr.Textbox(visible="hidden", label="Chosen", lines=2, elem_id="pa-chosen")
    with gr.Row(elem_id="pa-of-chosen"):
        gr.HTML('<span id="pa-n-chosen" role="status"></span>', padding=False)
        clear = f'<button type="button" class="pill" data-clear>{said_as.CLEAR_CHOICE}</button>'
        gr.HTML(clear, padding=False)
        remove = _button(said_as.REMOVE_CHOSEN, "pa-remove-chosen")
    return chosen, remove


def _adding() -> tuple[gr.File, gr.Textbox, gr.Button, gr.HTML]:
    gr.HTML(f"<h2>{said_as.ADD_PAPERS}</h2>", padding=False)
    files = gr.File(
        label=said_as.FILES,
        show_label=False,
        file_count="multiple",
        file_types=_FILE_TYPES,
        height=120,
        elem_id="pa-files",
    )
    pasted = gr.Textbox(
        label=said_as.PASTE,
        placeholder=said_as.PASTE_HINT,
        lines=4,
        max_lines=12,
        elem_id="pa-pasted",
    )
    add = gr.Button(said_as.ADD, variant="primary", elem_id="pa-add-button", size="sm")
    progress = _html("pa-progress", '<div aria-live="polite">${value}</div>')
    return files, pasted, add, progress


def _exporting() -> tuple[gr.Dropdown, gr.Button, gr.DownloadButton]:
    which = said_as.IN_BROWSER["listed"]
    what = f'<h2>{said_as.EXPORT} <span id="pa-export-what">{which}</span></h2>'
    gr.HTML(what, padding=False)
    with gr.Row(elem_id="pa-export"):
        form = gr.Dropdown(list(_FORMS), value="jsonl", label=said_as.FORM, show_label=False)
        export = _button(said_as.DOWNLOAD, "pa-export-button")
        file = gr.DownloadButton("File", visible="hidden", elem_id="pa-file")
    return form, export, file


def _button(words: str, name: str, *, visible: bool = True) -> gr.Button:
    return gr.Button(words, elem_id=name, size="sm", scale=0, visible=visible)


def _html(name: str, template: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(
        "", html_template=template, js_on_load=script, apply_default_css=False, elem_id=name
    )
