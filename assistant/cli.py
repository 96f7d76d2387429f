"""The shell's door: ``paper-assistant``.

Results go to standard output; progress and messages to standard error. Exit status: 0, also for a
refusal; 2 for a wrong call; 1 for anything else.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.condense import checked_question
from assistant.errors import AssistantError, QuestionError
from store.errors import FilterError, StoreError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from store.collection import Progress

__all__ = ["app", "main"]

app = typer.Typer(
    name="paper-assistant",
    help="Ask a collection of paper abstracts, and check every sentence of the answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
papers_app = typer.Typer(help="List, show, remove or export papers.", no_args_is_help=True)
app.add_typer(papers_app, name="papers")

_WRONG_CALL = 2
_FAILED = 1

Home = Annotated[
    Path | None, typer.Option("--home", help="Home folder of the collection.", metavar="DIR")
]
Model = Annotated[
    str | None, typer.Option("--model", help="Chat model that writes the answer.", metavar="NAME")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Narrowed = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        help="listed_from, listed_to, published_from, published_to or source; may be repeated.",
        metavar="NAME=VALUE",
    ),
]
Papers = Annotated[int | None, typer.Option("-k", help="Papers to look at.")]


@app.command()
def ask(
    question: str,
    k: Papers = None,
    narrowed: Narrowed = None,
    home: Home = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with citations."""
    from assistant.render import answer_as_dict, answer_as_text

    with _assistant(home, model, question) as assistant:
        answer = assistant.ask(question, (), k, **_filters(narrowed))
        _print(as_json, lambda: answer_as_dict(answer), lambda: answer_as_text(answer))


@app.command()
def summarize(
    topic: str,
    k: Papers = None,
    narrowed: Narrowed = None,
    home: Home = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Say what the papers on a topic do and find."""
    from assistant.render import answer_as_dict, answer_as_text

    with _assistant(home, model, topic) as assistant:
        answer = assistant.summarize(topic, k=k, **_filters(narrowed))
        _print(as_json, lambda: answer_as_dict(answer), lambda: answer_as_text(answer))


@app.command()
def search(
    query: str,
    k: Annotated[int, typer.Option("-k", help="Papers wanted.")] = 10,
    narrowed: Narrowed = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find papers, most relevant first."""
    from assistant.render import hit_as_dict, hits_as_text

    with _assistant(home, question=query) as assistant:
        hits = assistant.search(query, k, **_filters(narrowed))
        _print(
            as_json,
            lambda: {"query": query, "hits": [hit_as_dict(hit) for hit in hits]},
            lambda: hits_as_text(hits) or "No paper was found; try other words or fewer filters.",
        )


@app.command()
def ingest(
    sources: Annotated[list[Path], typer.Argument(help="Files of papers.", metavar="SOURCE…")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Add papers from files to the collection."""
    from assistant.render import report_as_text

    with _assistant(home) as assistant:
        with _progress() as show:
            report = assistant.ingest(*sources, on_progress=show)
        for rejection in report.rejected:
            _say(str(rejection))
        _print(as_json, lambda: asdict(report), lambda: report_as_text(report))
    if report.rejected and not (report.added or report.updated or report.unchanged):
        raise typer.Exit(_FAILED)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 7860,
    home: Home = None,
    model: Model = None,
) -> None:
    """Open the chat for a browser."""
    from assistant.server import listening_socket, serve

    with _errors_as_lines(), listening_socket(host, port) as socket:
        _say("Opening the collection …")
        with _assistant(home, model) as assistant:
            serve(assistant, socket, lambda url: _say(_welcome(url, assistant.count())))


@papers_app.command("list")
def list_papers(narrowed: Narrowed = None, home: Home = None, as_json: AsJson = False) -> None:
    """List papers by id."""
    from store.catalog import paper_as_dict

    with _assistant(home) as assistant:
        papers = assistant.papers(**_filters(narrowed))
        _print(
            as_json,
            lambda: {"papers": [paper_as_dict(paper) for paper in papers]},
            lambda: "\n".join(f"{paper.paper_id}\t{paper.title}" for paper in papers),
        )


@papers_app.command("show")
def show_paper(paper_id: str, home: Home = None, as_json: AsJson = False) -> None:
    """Show one paper with its abstract."""
    from assistant.render import paper_as_text
    from store.catalog import paper_as_dict

    with _assistant(home) as assistant:
        paper = assistant.paper(paper_id)
        _print(as_json, lambda: paper_as_dict(paper), lambda: paper_as_text(paper))


@papers_app.command("remove")
def remove_paper(paper_id: str, home: Home = None, as_json: AsJson = False) -> None:
    """Remove one paper."""
    with _assistant(home) as assistant:
        assistant.remove(paper_id)
        left = assistant.count()
        _print(
            as_json,
            lambda: {"removed": paper_id, "papers": left},
            lambda: f"Removed {paper_id}; {left} papers are left.",
        )


@papers_app.command("export")
def export_papers(narrowed: Narrowed = None, home: Home = None) -> None:
    """Print papers as JSON Lines, in the form that ingest reads."""
    from store.catalog import paper_as_dict

    with _assistant(home) as assistant:
        for paper in assistant.papers(**_filters(narrowed)):
            typer.echo(json.dumps(paper_as_dict(paper), ensure_ascii=False))


def main() -> None:
    """Run the command line."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    app()


@contextmanager
def _assistant(
    home: Path | None, model: str | None = None, question: str | None = None
) -> Iterator["Assistant"]:
    """An assistant for one command, with errors told in a line; a bad question opens no home."""
    with _errors_as_lines():
        if question is not None:
            checked_question(question)
        from assistant.assistant import Assistant

        with Assistant(home, model=model) as assistant:
            yield assistant


@contextmanager
def _errors_as_lines() -> Iterator[None]:
    """Tell an error in one line on standard error and leave with its status."""
    try:
        yield
    except (QuestionError, FilterError) as error:
        _say(str(error))
        raise typer.Exit(_WRONG_CALL) from error
    except (AssistantError, StoreError) as error:
        _say(str(error))
        raise typer.Exit(_FAILED) from error


@contextmanager
def _progress() -> Iterator[Callable[["Progress"], None]]:
    """Show how far an ingest has come in one rewritten line; nothing without a terminal."""
    from rich.console import Console

    began = time.monotonic()
    with Console(stderr=True).status("Reading …") as status:

        def show(progress: "Progress") -> None:
            rate = progress.n_records / (time.monotonic() - began)
            status.update(f"{progress.n_records:,} papers, {rate:,.0f} a second: {progress.source}")

        yield show


def _filters(narrowed: list[str] | None) -> dict[str, str]:
    """Read NAME=VALUE pairs.

    Raises:
        FilterError: A text is no such pair.
    """
    pairs = [text.partition("=") for text in narrowed or []]
    for name, equals, _ in pairs:
        if not equals:
            raise FilterError(f"The filter {name!r} is not of the form NAME=VALUE")
    return {name: value for name, _, value in pairs}


def _print(
    as_json: bool, as_dict: Callable[[], Mapping[str, object]], as_text: Callable[[], str]
) -> None:
    typer.echo(json.dumps(as_dict(), ensure_ascii=False, indent=2) if as_json else as_text())


def _say(message: str) -> None:
    """Write a line to standard error."""
    print(" ".join(message.split()), file=sys.stderr)  # noqa: T201 (this is the shell's door)


def _welcome(url: str, n_papers: int) -> str:
    return f"Paper Assistant is at {url} with {n_papers} papers. Ctrl-C stops it."


if __name__ == "__main__":
    main()
