"""``paper-assistant papers``."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.shell import (
    AsJson,
    Home,
    Narrowed,
    filters_of,
    open_assistant,
    print_result,
)

if TYPE_CHECKING:
    from assistant.each import Said

__all__ = ["papers_app"]

papers_app = typer.Typer(help="List, show, ask, remove or export papers.", no_args_is_help=True)

_FORM = "Print the papers with the answers as a column: csv or jsonl."


@papers_app.command("list")
def list_papers(narrowed: Narrowed = None, home: Home = None, as_json: AsJson = False) -> None:
    """List papers by id."""
    from store.paper_json import paper_as_dict

    with open_assistant(home) as assistant:
        papers = assistant.papers(**filters_of(narrowed))
        print_result(
            as_json,
            lambda: {"papers": [paper_as_dict(paper) for paper in papers]},
            lambda: (
                "\n".join(f"{paper.paper_id}\t{paper.title}" for paper in papers)
                or "No paper is there; ingest adds some, and fewer filters find more."
            ),
        )


@papers_app.command("show")
def show_paper(
    paper_id: Annotated[str, typer.Argument(metavar="ID", help="As papers list gives it.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one paper with its abstract."""
    from assistant.render import paper_as_text
    from store.paper_json import paper_as_dict

    with open_assistant(home) as assistant:
        paper = assistant.paper(paper_id)
        print_result(as_json, lambda: paper_as_dict(paper), lambda: paper_as_text(paper))


@papers_app.command("remove")
def remove_papers(
    paper_ids: Annotated[
        list[str], typer.Argument(metavar="ID", help="As papers list gives them.")
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Remove papers, all or, where one is not there, none."""
    with open_assistant(home) as assistant:
        assistant.remove(*paper_ids)
        left = assistant.count()
        removed = paper_ids[0] if len(paper_ids) == 1 else f"{len(paper_ids):,} papers"
        print_result(
            as_json,
            lambda: {"removed": paper_ids, "papers": left},
            lambda: f"Removed {removed}; {left} papers are left.",
        )


@papers_app.command("export")
def export_papers(
    form: Annotated[
        str, typer.Option("--as", help="jsonl, csv or bibtex.", metavar="FORM")
    ] = "jsonl",
    narrowed: Narrowed = None,
    home: Home = None,
) -> None:
    """Print papers in a form that ingest reads; jsonl keeps everything."""
    from assistant.render import papers_as_file

    with open_assistant(home) as assistant:
        for piece in papers_as_file(assistant.papers(**filters_of(narrowed)), form):
            typer.echo(piece, nl=False)


@papers_app.command("ask")
def ask_papers(
    question: str,
    paper_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]")] = None,
    form: Annotated[str, typer.Option("--as", help=_FORM)] = "",
    narrowed: Narrowed = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask each paper by itself, all or those named: the sentence that answers, or a dash."""
    from assistant.render import papers_as_file

    with open_assistant(home, question=question) as assistant:
        told = assistant.ask_each(question, paper_ids or None, **filters_of(narrowed))
        if form:
            column = {question: {said.paper.paper_id: said.quote for said in told}}
            for piece in papers_as_file([said.paper for said in told], form, column):
                typer.echo(piece, nl=False)
            return
        print_result(
            as_json,
            lambda: {"question": question, "papers": [_as_dict(said) for said in told]},
            lambda: "\n".join(f"{said.paper.title}\n  {said.quote or '–'}" for said in told),
        )


def _as_dict(said: "Said") -> dict[str, object]:
    fields = asdict(said)
    del fields["paper"]
    return {"paper_id": said.paper.paper_id, "title": said.paper.title, **fields}
