"""The library: the collection as a list, papers added and taken away, the whole of it exported."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gradio as gr
from gradio.blocks import Block

from assistant import Assistant, Paper, StoreError
from assistant.days import days_of
from assistant.render import day_as_text, papers_as_file
from ui.adding import add_papers
from ui.safe import plain
from ui.shelf import PER_PAGE, SORTS, arranged, render_shelf, with_words

__all__ = ["Library", "lay_out_library", "when_used"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ANY_DAY, _ANY_SOURCE = ("Any day", ""), ("Any source", "")
_MAX_READ = 5_000
"""Papers that are looked through word by word; more are searched as questions are."""

_MAX_FOUND = 200
_Values = Mapping[Any, Any]
"""By part, what stands in it."""

_FORMS = (("JSON Lines", "jsonl"), ("CSV", "csv"), ("BibTeX", "bibtex"))
_ENDINGS = {"jsonl": "jsonl", "csv": "csv", "bibtex": "bib"}
_FILE_TYPES = [".txt", ".html", ".htm", ".json", ".jsonl", ".csv", ".tsv", ".bib", ".ris", ".xml"]

_SHELF_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  const about = button.closest("details")?.dataset ?? {};
  const { do: what } = button.dataset;
  if (what === "remove" || what === "show") trigger("select", { what, name: about.id ?? "" });
  else window.paLibrary(what, about);
});
"""
"""What only the browser does is in page.js; what changes the list comes here."""


@dataclass(frozen=True, slots=True)
class Library:
    """The parts of the library.

    Attributes:
        opened: Pressed by the page when the library is first looked at.
        words: What is searched for.
        day: A listing day, or "".
        source: A list's name, or "".
        sort: The order.
        shelf: The papers.
        n_shown: How many of them are rendered.
        said: What was done last.
        undo: Takes the last removal back.
        removed: The papers removed on this page, the last at the end.
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
    day: gr.Dropdown
    source: gr.Dropdown
    sort: gr.Dropdown
    shelf: gr.HTML
    n_shown: gr.State
    said: gr.HTML
    undo: gr.Button
    removed: gr.State
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
    with gr.Row(elem_id="pa-library"):
        with gr.Column(elem_id="pa-shelf", min_width=0):
            words, day, source, sort = _filters()
            with gr.Row(elem_id="pa-done"):
                said = _html("pa-said", '<div role="status">${value}</div>')
                undo = gr.Button("Undo", elem_id="pa-undo", size="sm", scale=0, visible=False)
            shelf = _html("pa-list", "<div>${value}</div>", _SHELF_JS)
        with gr.Column(elem_id="pa-add", min_width=0, scale=0):
            gr.HTML("<h2>Add papers</h2>", padding=False)
            files = gr.File(
                label="Files of papers",
                file_count="multiple",
                file_types=_FILE_TYPES,
                height=120,
                elem_id="pa-files",
            )
            pasted = gr.Textbox(
                label="Or paste",
                placeholder="2403.01234 · hf:2024-03-11 · arxiv-search:graph kernels · BibTeX, RIS"
                " or JSON · or a title, and its abstract under it",
                lines=4,
                max_lines=12,
                elem_id="pa-pasted",
            )
            add = gr.Button("Add", variant="primary", elem_id="pa-add-button", size="sm")
            progress = _html("pa-progress", '<div aria-live="polite">${value}</div>')
            gr.HTML("<h2>Export what is listed</h2>", padding=False)
            with gr.Row(elem_id="pa-export"):
                form = gr.Dropdown(list(_FORMS), value="jsonl", label="Form", show_label=False)
                export = gr.Button("Download", elem_id="pa-export-button", size="sm")
                file = gr.DownloadButton("File", visible="hidden", elem_id="pa-file")
    return Library(
        *(opened, words, day, source, sort, shelf, n_shown, said, undo, removed),
        *(files, pasted, add, progress, form, export, file),
    )


def _filters() -> tuple[gr.Textbox, gr.Dropdown, gr.Dropdown, gr.Dropdown]:
    with gr.Row(elem_id="pa-filters"):
        words = gr.Textbox(
            label="Search the library",
            show_label=False,
            placeholder="Search titles, authors and abstracts",
            container=False,
            scale=3,
            elem_id="pa-words",
        )
        day = gr.Dropdown([_ANY_DAY], value="", label="Listed", container=False)
        source = gr.Dropdown([_ANY_SOURCE], value="", label="Source", container=False)
        sort = gr.Dropdown(list(SORTS), value=SORTS[0], label="Order", container=False)
    return words, day, source, sort


def _html(name: str, template: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(
        "", html_template=template, js_on_load=script, apply_default_css=False, elem_id=name
    )


def when_used(parts: Library, assistant: Assistant) -> None:
    """Say what happens when the parts are used."""
    shelf = _Shelf(parts, assistant)
    narrowing: set[Block] = {parts.words, parts.day, parts.source, parts.sort}
    chosen: set[Block] = {*narrowing, parts.n_shown, parts.removed}
    refreshed = [parts.shelf, parts.day, parts.source]
    changed = [parts.shelf, parts.n_shown, parts.removed, parts.said, parts.undo]
    parts.opened.click(shelf.opened, narrowing, refreshed, **_QUIET)
    gr.on(
        [parts.words.change, parts.day.input, parts.source.input, parts.sort.input],
        shelf.narrowed,
        narrowing,
        [parts.shelf, parts.n_shown],
        trigger_mode="always_last",
        **_QUIET,
    )
    parts.shelf.select(shelf.pressed, chosen, changed, **_QUIET)
    parts.undo.click(shelf.undone, chosen, changed, **_QUIET)
    given = [parts.files, parts.pasted]
    added = parts.add.click(
        _adding(assistant), given, [parts.progress, parts.add, *given], **_QUIET
    )
    added.then(shelf.opened, narrowing, refreshed, **_QUIET)
    made = parts.export.click(shelf.exported, {*narrowing, parts.form}, parts.file, **_QUIET)
    made.then(None, None, None, js="() => window.paLibrary('download')")


class _Shelf:
    """What the list becomes, from the values of the parts."""

    def __init__(self, parts: Library, assistant: Assistant) -> None:
        self._parts = parts
        self._assistant = assistant

    def opened(self, values: _Values) -> list[Any]:
        """The list as it is now, and the days and sources that there are to choose from."""
        small = self._assistant.count() <= _MAX_READ
        papers = self._assistant.papers() if small else []
        days = [(day_as_text(day), day) for day in reversed(days_of(papers))]
        sources = sorted({each.source for paper in papers for each in paper.listed})
        return [
            self._rendered(values, PER_PAGE),
            gr.update(choices=[_ANY_DAY, *days]),
            gr.update(choices=[_ANY_SOURCE, *sources]),
        ]

    def narrowed(self, values: _Values) -> list[Any]:
        """The beginning of the list for other words, days or order."""
        return [self._rendered(values, PER_PAGE), PER_PAGE]

    def pressed(self, values: _Values, event: gr.EventData) -> list[Any]:
        """A button of the list: show more, or remove a paper."""
        n_shown, removed = values[self._parts.n_shown], values[self._parts.removed]
        if event.what == "show":
            n_shown += PER_PAGE
            return [self._rendered(values, n_shown), n_shown, removed, gr.skip(), gr.skip()]
        try:
            paper = self._assistant.paper(event.name)
            self._assistant.remove(paper.paper_id)
        except StoreError as error:
            return self._changed(values, removed, str(error))
        return self._changed(values, (*removed, paper), f"Removed “{paper.title}”")

    def undone(self, values: _Values) -> list[Any]:
        """The last removal taken back."""
        *before, paper = values[self._parts.removed]
        try:
            self._assistant.restore(paper.paper_id)
        except StoreError as error:
            return self._changed(values, tuple(before), str(error))
        return self._changed(values, tuple(before), f"“{paper.title}” is back")

    def exported(self, values: _Values) -> str:
        """A file of what is listed."""
        form = values[self._parts.form]
        path = Path(mkdtemp(prefix="paper-assistant-")) / f"papers.{_ENDINGS[form]}"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(papers_as_file(self._matching(values), form))
        return str(path)

    def _changed(self, values: _Values, removed: tuple[Paper, ...], words: str) -> list[Any]:
        n_shown, undo = values[self._parts.n_shown], gr.update(visible=bool(removed))
        return [self._rendered(values, n_shown), n_shown, removed, plain(words), undo]

    def _rendered(self, values: _Values, n_shown: int) -> str:
        return render_shelf(self._matching(values), n_shown, self._assistant.count())

    def _matching(self, values: _Values) -> list[Paper]:
        """The papers that pass, in order; of a large collection those that a search finds."""
        parts, words = self._parts, values[self._parts.words].strip()
        day = values[parts.day]
        filters = {"listed_from": day, "listed_to": day, "source": values[parts.source]}
        if words and self._assistant.count() > _MAX_READ:
            return [hit.paper for hit in self._assistant.search(words, k=_MAX_FOUND, **filters)]
        papers = with_words(self._assistant.papers(**filters), words)
        return arranged(papers, values[parts.sort])


def _adding(assistant: Assistant) -> Callable[[list[str] | None, str], Iterator[list[Any]]]:
    def add(files: list[str] | None, pasted: str) -> Iterator[list[Any]]:
        added = add_papers(assistant, files or (), pasted)
        keep = [gr.skip(), gr.skip()]
        try:
            while True:
                yield [next(added), gr.update(interactive=False), *keep]
        except StopIteration as ended:
            yield [gr.skip(), gr.update(interactive=True), *([None, ""] if ended.value else keep)]

    return add
