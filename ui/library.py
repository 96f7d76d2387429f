"""The library: the collection as a table; papers added, taken away, taken back and exported."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gradio as gr
from gradio.blocks import Block

from assistant import Assistant, AssistantError, Paper, StoreError
from assistant.render import papers_as_file
from ui import words as said_as
from ui.adding import add_papers
from ui.columns import (
    MAX_COLUMNS,
    MAX_ORDERED,
    Column,
    answering_first,
    asked_of,
    asked_of_many,
    with_column,
)
from ui.filters import NAMES, within_of
from ui.library_layout import Library
from ui.limits import choices_of
from ui.safe import plain
from ui.shelf import PER_PAGE, arranged, render_shelf, sorted_by, with_words

__all__ = ["when_used"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_COUNTED: dict[str, Any] = {"fn": None, "js": "() => document.getElementById('pa-look').click()"}
"""The header tells how many papers there are."""

_MAX_READ = 5_000
"""Papers that are looked through word by word; more are searched as questions are."""

_MAX_FOUND = 200
_Values = Mapping[Any, Any]
"""By part, what stands in it."""

_Removals = tuple[tuple[str, ...], ...]
_ENDINGS = {"jsonl": "jsonl", "csv": "csv", "bibtex": "bib"}


def when_used(parts: Library, assistant: Assistant) -> None:
    """Say what happens when the parts are used."""
    shelf = _Shelf(parts, assistant)
    narrowing: set[Block] = {parts.words, *parts.fields, parts.sort, parts.columns, parts.first}
    listed = [parts.shelf, parts.n_shown]
    refreshed = [parts.shelf, *parts.fields]
    parts.opened.click(shelf.opened, narrowing, refreshed, **_QUIET)
    gr.on(
        [parts.words.change, *(field.change for field in parts.fields)],
        shelf.narrowed,
        narrowing,
        listed,
        trigger_mode="always_last",
        **_QUIET,
    )
    parts.sort.input(shelf.reordered, narrowing, [*listed, parts.first], **_QUIET)
    _when_changed(parts, shelf, narrowing)
    gr.on(
        [parts.asked.submit, parts.ask.click],
        shelf.asked,
        {*narrowing, parts.asked, parts.n_shown},
        [parts.shelf, parts.columns, parts.first, parts.asked, parts.said],
        **_QUIET,
    )
    _when_added(parts, shelf, _adding(assistant), narrowing)
    exported: set[Block] = {*narrowing, parts.form, parts.chosen}
    made = parts.export.click(shelf.exported, exported, [parts.file, parts.said], **_QUIET)
    made.success(None, None, None, js="() => window.paLibrary('download')")


def _when_changed(parts: Library, shelf: "_Shelf", narrowing: set[Block]) -> None:
    """Buttons of the list, and removing and taking back."""
    chosen: set[Block] = {*narrowing, parts.n_shown, parts.removed}
    changed = [parts.shelf, parts.removed, parts.said, parts.undo]
    pressed = [*changed, parts.n_shown, parts.sort, parts.columns, parts.first]
    parts.shelf.select(shelf.pressed, chosen, pressed, **_QUIET).then(**_COUNTED)
    parts.undo.click(shelf.undone, chosen, changed, **_QUIET).then(**_COUNTED)
    removed = parts.remove.click(shelf.removed_chosen, {*chosen, parts.chosen}, changed, **_QUIET)
    removed.then(None, None, None, js="() => window.paShelf.clear()").then(**_COUNTED)


def _when_added(
    parts: Library, shelf: "_Shelf", adding: Callable[..., Any], narrowing: set[Block]
) -> None:
    given = [parts.files, parts.pasted]
    added = parts.add.click(adding, given, [parts.progress, parts.add, *given], **_QUIET)
    listed = added.then(shelf.opened, narrowing, [parts.shelf, *parts.fields], **_QUIET)
    listed.then(**_COUNTED)


class _Shelf:
    """What the list becomes, from the values of the parts."""

    def __init__(self, parts: Library, assistant: Assistant) -> None:
        self._parts = parts
        self._assistant = assistant

    def opened(self, values: _Values) -> list[Any]:
        """The list as it is now, and what there is to choose from in each field."""
        choices = choices_of(self._assistant)
        fields = [
            gr.update(choices=choices[name], visible=bool(choices[name]))
            for name in NAMES
            if name != "k"
        ]
        return [self._rendered(values), *fields]

    def narrowed(self, values: _Values) -> list[Any]:
        """The beginning of the list for other words, filters or another order."""
        return [self._rendered(values), PER_PAGE]

    def reordered(self, values: _Values) -> list[Any]:
        """The beginning of the list in the order that was chosen, and no more by answers."""
        return [self._rendered({**values, self._parts.first: ""}), PER_PAGE, ""]

    def pressed(self, values: _Values, event: gr.EventData) -> list[Any]:
        """A button of the list: show more, sort by or drop a column, or remove a paper."""
        if event.what == "remove":
            return [*self._removed(values, [str(event.name)]), *[gr.skip()] * 4]
        parts = self._parts
        n_shown, sort, first = (values[each] for each in (parts.n_shown, parts.sort, parts.first))
        columns = values[parts.columns]
        chosen = next((each for at, each in enumerate(columns) if str(at) == event.name), "")
        if event.what == "show":
            n_shown += PER_PAGE
        elif event.what == "drop":
            columns = tuple(each for each in columns if each != chosen)
        elif event.what == "first":
            first = "" if first == chosen else chosen
        else:
            sort, first = sorted_by(str(event.name), sort), ""
        first = first if first in columns else ""
        after = {parts.n_shown: n_shown, parts.sort: sort, parts.columns: columns}
        now = {**values, **after, parts.first: first}
        said = self._left_unasked(now) if event.what == "first" else gr.skip()
        return [self._rendered(now), gr.skip(), said, gr.skip(), n_shown, sort, columns, first]

    def asked(self, values: _Values) -> list[Any]:
        """The list with a column for the question that was typed, its answers first."""
        before, question = values[self._parts.columns], " ".join(values[self._parts.asked].split())
        if not question:
            return [gr.skip()] * 5
        if len(columns := with_column(before, question)) > MAX_COLUMNS:
            said = said_as.TOO_MANY_COLUMNS.format(n=len(before))
            return [*[gr.skip()] * 4, plain(said)]
        try:
            asked_of(self._assistant, columns, ())
        except AssistantError as error:
            return [*[gr.skip()] * 4, plain(str(error))]
        now = {**values, self._parts.columns: columns, self._parts.first: question}
        return [self._rendered(now), columns, question, "", self._left_unasked(now)]

    def removed_chosen(self, values: _Values) -> list[Any]:
        """The papers that are ticked removed."""
        return self._removed(values, _ids(values[self._parts.chosen]))

    def _removed(self, values: _Values, paper_ids: Sequence[str]) -> list[Any]:
        before: _Removals = values[self._parts.removed]
        try:
            said = self._told(paper_ids)
            self._assistant.remove(*paper_ids)
        except StoreError as error:
            return self._changed(values, before, str(error))
        return self._changed(values, (*before, tuple(paper_ids)), said_as.REMOVED.format(what=said))

    def undone(self, values: _Values) -> list[Any]:
        """The last removal taken back."""
        *before, last = values[self._parts.removed]
        try:
            self._assistant.restore(*last)
            said = said_as.IS_BACK[len(last) != 1].format(what=self._told(last))
        except StoreError as error:
            said = str(error)
        return self._changed(values, tuple(before), said)

    def exported(self, values: _Values) -> Iterator[list[Any]]:
        """A file of what is ticked, else of what is listed; before, how far asking is."""
        form = values[self._parts.form]
        chosen = {*_ids(values[self._parts.chosen])}
        papers = self._assistant.papers() if chosen else self._listed(values)
        wanted = [paper for paper in papers if not chosen or paper.paper_id in chosen]
        columns: list[Column] = []
        asking = values[self._parts.columns]
        for n, so_far in asked_of_many(self._assistant, asking, wanted) if asking else ():
            columns = so_far
            yield [gr.skip(), said_as.ASKING_EACH.format(n=n, all=len(wanted))]
        path = Path(mkdtemp(prefix="paper-assistant-")) / f"papers.{_ENDINGS[form]}"
        with path.open("w", encoding="utf-8", newline="") as file:
            quotes = {column.question: column.quotes for column in columns}
            file.writelines(papers_as_file(wanted, form, quotes))
        yield [str(path), ""]

    def _told(self, paper_ids: Sequence[str]) -> str:
        """The papers in words: the title of one, the number of more."""
        if len(paper_ids) == 1:
            return f"“{self._assistant.paper(paper_ids[0]).title}”"
        return said_as.MANY_PAPERS[1].format(n=len(paper_ids))

    def _changed(self, values: _Values, removed: _Removals, words: str) -> list[Any]:
        undo = gr.update(visible=bool(removed))
        return [self._rendered(values), removed, plain(words), undo]

    def _rendered(self, values: _Values) -> str:
        n_shown, sort = values.get(self._parts.n_shown, PER_PAGE), values[self._parts.sort]
        try:
            papers = self._listed(values)
            columns = asked_of(self._assistant, values[self._parts.columns], papers[:n_shown])
        except (AssistantError, StoreError) as error:
            return f'<p class="said warn" role="alert">{plain(str(error))}</p>'
        first = values[self._parts.first]
        return render_shelf(papers, n_shown, self._assistant.count(), sort, columns, first)

    def _listed(self, values: _Values) -> list[Paper]:
        """The papers that pass, in order, or those first that answer a question."""
        papers, first = self._matching(values), values[self._parts.first]
        return answering_first(self._assistant, first, papers) if first else papers

    def _left_unasked(self, values: _Values) -> str:
        """That papers were not asked to be put in order, if there are such."""
        n_papers = len(self._matching(values)) if values[self._parts.first] else 0
        said = said_as.ORDERED.format(n=MAX_ORDERED, all=n_papers)
        return said if n_papers > MAX_ORDERED else ""

    def _matching(self, values: _Values) -> list[Paper]:
        """The papers that pass, in order; of a large collection those that a search finds."""
        words = values[self._parts.words].strip()
        filters = within_of(*(values[field] for field in self._parts.fields), None).filters()
        if words and self._assistant.count() > _MAX_READ:
            return [hit.paper for hit in self._assistant.search(words, k=_MAX_FOUND, **filters)]
        papers = with_words(self._assistant.recent(**filters), words)
        return arranged(papers, values[self._parts.sort])


def _ids(lines: str) -> list[str]:
    return lines.split()


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
