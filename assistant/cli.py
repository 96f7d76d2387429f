"""The shell's door: ``paper-assistant``.

Results go to standard output; progress and messages to standard error. Exit status: 0, also for a
refusal; 2 for a wrong call; 1 for anything else.
"""

import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import ChatModelError, QuestionError
from assistant.evaluation.command import evaluate
from assistant.feedback_command import feedback_app
from assistant.papers_command import papers_app
from assistant.shell import (
    FAILED,
    AsJson,
    Home,
    Model,
    Narrowed,
    NoCache,
    Papers,
    Query,
    Question,
    Topic,
    Topical,
    errors_as_lines,
    filters_of,
    open_assistant,
    print_result,
    say,
    show_progress,
    start,
    stoppable,
)
from assistant.upkeep_commands import backup, compact, re_encode, train_encoder

if TYPE_CHECKING:
    from assistant.types import Turn

__all__ = ["app", "main"]

app = typer.Typer(
    name="paper-assistant",
    help="Ask a collection of paper abstracts, and check every sentence of the answer.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(start)
app.add_typer(papers_app, name="papers")
app.add_typer(feedback_app, name="feedback")


@app.command()
def ask(  # noqa: PLR0913, PLR0917 (a command's options)
    words: Question,
    k: Papers = None,
    narrowed: Narrowed = None,
    home: Home = None,
    model: Model = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with citations."""
    from assistant.printing import print_answer

    question = " ".join(words)
    with open_assistant(home, model, question, no_cache=no_cache) as assistant:
        events = assistant.stream(question, (), k, **filters_of(narrowed))
        print_answer(events, as_json=as_json)


@app.command()
def chat(home: Home = None, model: Model = None, no_cache: NoCache = False) -> None:
    """Ask one question after another, as in a talk."""
    from assistant.printing import print_answer

    history: list[Turn] = []
    with open_assistant(home, model, no_cache=no_cache) as assistant:
        say(f"{assistant.count()} papers. Ctrl-D ends the chat.")
        for question in _typed():
            try:
                answer = print_answer(assistant.stream(question, history))
            except (QuestionError, ChatModelError) as error:
                say(str(error))
                continue
            typer.echo("")
            history.append({"role": "user", "content": question})
            history.append({"role": "assistant", "content": answer.text})


def _typed() -> Iterator[str]:
    """What a person types, line by line, until the end of the input; arrows bring lines back."""
    if sys.stdin.isatty():
        import readline  # noqa: F401 (makes input() editable)
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return
        if line.strip():
            yield line


@app.command()
def summarize(  # noqa: PLR0913, PLR0917 (a command's options)
    words: Topic,
    k: Topical = None,
    narrowed: Narrowed = None,
    home: Home = None,
    model: Model = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Say what the papers on a topic do and find."""
    from assistant.printing import print_answer

    topic = " ".join(words)
    with open_assistant(home, model, topic, no_cache=no_cache) as assistant:
        events = assistant.stream_summary(topic, k, **filters_of(narrowed))
        print_answer(events, as_json=as_json)


@app.command()
def search(
    words: Query,
    k: Annotated[int, typer.Option("-k", help="Papers wanted, 1 to 200.", metavar="N")] = 10,
    narrowed: Narrowed = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find papers, most relevant first."""
    from assistant.render import hit_as_dict, hits_as_text

    query = " ".join(words)
    with open_assistant(home, question=query) as assistant:
        hits = assistant.search(query, k, **filters_of(narrowed))
        print_result(
            as_json,
            lambda: {"query": query, "hits": [hit_as_dict(hit) for hit in hits]},
            lambda: hits_as_text(hits) or "No paper was found; try other words or fewer filters.",
        )


_SOURCES = (
    "Files of papers (pages, JSON Lines, CSV, BibTeX, RIS, Atom); or hf:2024-03-11,"
    " arxiv:2403.01234, arxiv-search:QUERY to fetch them."
)


@app.command()
def ingest(
    sources: Annotated[list[str], typer.Argument(help=_SOURCES, metavar="SOURCE…")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Add papers to the collection, from files or from the network where a source names it."""
    from assistant.render import report_as_text

    with stoppable(), open_assistant(home) as assistant:
        with show_progress(assistant.encoded) as show:
            report = assistant.ingest(*sources, on_progress=show)
        for rejection in report.rejected:
            say(str(rejection))
        print_result(as_json, lambda: asdict(report), lambda: report_as_text(report))
    if report.rejected and not (report.added or report.updated or report.unchanged):
        raise typer.Exit(FAILED)


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on.", metavar="ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on.", metavar="PORT", min=0, max=65535)
    ] = 7860,
    home: Home = None,
    model: Model = None,
) -> None:
    """Open the chat for a browser."""
    from assistant.server import listening_socket, serve

    with errors_as_lines(), listening_socket(host, port) as socket:
        say("Opening the collection …")
        with open_assistant(home, model) as assistant:
            serve(assistant, socket, lambda url: say(_welcome(url, assistant.count())))


app.command()(evaluate)


@app.command()
def doctor(home: Home = None, model: Model = None, as_json: AsJson = False) -> None:
    """Check the set-up, and say what to type."""
    from assistant.doctor import checks_as_dict, checks_as_text, examine

    with errors_as_lines():
        checks = list(examine(home, model))
    print_result(as_json, lambda: checks_as_dict(checks), lambda: checks_as_text(checks))
    if not all(check.ok for check in checks):
        raise typer.Exit(FAILED)


app.command("train-encoder")(train_encoder)
app.command("re-encode")(re_encode)
app.command()(backup)
app.command()(compact)


def main() -> None:
    """Run the command line."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    app()


def _welcome(url: str, n_papers: int) -> str:
    return f"Paper Assistant is at {url} with {n_papers} papers. Ctrl-C stops it."


if __name__ == "__main__":
    main()
