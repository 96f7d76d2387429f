"""What the shell's commands share: options, an assistant to ask, messages and exit statuses."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.condense import checked_question
from assistant.errors import AssistantError, QuestionError
from assistant.progress import Telling, kept_as_text
from store.errors import FilterError, StoreError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from store.types import Progress

__all__ = [
    "FAILED",
    "AsJson",
    "Home",
    "Model",
    "Narrowed",
    "NoCache",
    "Papers",
    "Query",
    "Question",
    "Topic",
    "Topical",
    "errors_as_lines",
    "filters_of",
    "open_assistant",
    "print_result",
    "say",
    "show_progress",
    "show_steps",
    "start",
    "stoppable",
]

FAILED = 1
_WRONG_CALL = 2
_STOPPED = 130

Home = Annotated[
    Path | None, typer.Option("--home", help="Home folder of the collection.", metavar="DIR")
]
Model = Annotated[
    str | None, typer.Option("--model", help="Chat model that writes the answer.", metavar="NAME")
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Ask the chat model anew, and keep no reply of it.")
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
Papers = Annotated[
    int | None,
    typer.Option("-k", help="Papers to look at, 1 to 200; 8 unless given.", metavar="N"),
]
Topical = Annotated[
    int | None,
    typer.Option(
        "-k", help="Papers to cite at most; all on the topic, up to 20, unless given.", metavar="N"
    ),
]
Question = Annotated[list[str], typer.Argument(help="Quoted or not.", metavar="QUESTION")]
Topic = Annotated[list[str], typer.Argument(help="Quoted or not.", metavar="TOPIC")]
Query = Annotated[list[str], typer.Argument(help="Quoted or not.", metavar="QUERY")]


def _told(asked: bool) -> None:
    """Say the version, and end."""
    if asked:
        typer.echo(f"paper-assistant {version('paper-assistant')}")
        raise typer.Exit


def start(
    chroma_url: Annotated[
        str | None,
        typer.Option("--chroma-url", help="Chroma server that keeps the papers.", metavar="URL"),
    ] = None,
    _: Annotated[
        bool,
        typer.Option("--version", help="Say which version it is.", callback=_told, is_eager=True),
    ] = False,
) -> None:
    """Ask a collection of paper abstracts, and check every sentence of the answer."""
    if chroma_url:  # for every command alike, as the variable is
        os.environ["PAPER_ASSISTANT_CHROMA_URL"] = chroma_url


@contextmanager
def open_assistant(
    home: Path | None,
    model: str | None = None,
    question: str | None = None,
    *,
    no_cache: bool = False,
) -> Iterator["Assistant"]:
    """An assistant for one command, with errors told in a line; a bad question opens no home."""
    with errors_as_lines():
        if question is not None:
            checked_question(question)
        from assistant.assistant import Assistant

        with Assistant(home, model=model, cache=not no_cache) as assistant:
            yield assistant


@contextmanager
def errors_as_lines() -> Iterator[None]:
    """Tell an error in one line on standard error and leave with its status."""
    try:
        yield
    except (QuestionError, FilterError) as error:
        say(str(error))
        raise typer.Exit(_WRONG_CALL) from error
    except (AssistantError, StoreError) as error:
        say(str(error))
        raise typer.Exit(FAILED) from error


@contextmanager
def show_progress(
    encoded: Callable[[], tuple[int, int]],
) -> Iterator[Callable[["Progress"], None]]:
    """Show how far an ingest has come in one rewritten line; nothing without a terminal.

    Where a person stops it with Ctrl-C, say what is stored and how to go on.

    Args:
        encoded: How many papers have their vectors, and how many papers there are.
    """
    from rich.console import Console
    from rich.text import Text

    telling = Telling(time.monotonic())
    try:
        with Console(stderr=True).status("Reading …") as status:
            yield lambda progress: status.update(Text(telling.line(progress, time.monotonic())))
    except KeyboardInterrupt:
        say(kept_as_text(*encoded()))
        raise


@contextmanager
def stoppable() -> Iterator[None]:
    """Leave with the status of Ctrl-C where a person stops a command, at once the second time.

    The first waits for what is under way; but however a process ends, what is stored stays.
    """

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, leave)
        say("Stopping … Ctrl-C once more does not wait.")
        raise KeyboardInterrupt

    def leave(*_: object) -> None:
        from rich.console import Console

        Console(stderr=True).show_cursor()
        os._exit(_STOPPED)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
        signal.signal(signal.SIGINT, before)
    except KeyboardInterrupt as stopped:
        raise typer.Exit(_STOPPED) from stopped


@contextmanager
def show_steps() -> Iterator[Callable[[str, int, int], None]]:
    """Show what is being done and how much of how much, in one rewritten line on a terminal."""
    from rich.console import Console

    with Console(stderr=True).status("Opening the collection …") as status:
        yield lambda what, done, n: status.update(f"{what}: {done:,} of {n:,} …")


def filters_of(narrowed: list[str] | None) -> dict[str, str]:
    """Read NAME=VALUE pairs.

    Raises:
        FilterError: A text is no such pair.
    """
    pairs = [text.partition("=") for text in narrowed or []]
    for name, equals, _ in pairs:
        if not equals:
            raise FilterError(f"The filter {name!r} is not of the form NAME=VALUE")
    return {name: value for name, _, value in pairs}


def print_result(
    as_json: bool, as_dict: Callable[[], Mapping[str, object]], as_text: Callable[[], str]
) -> None:
    """Write a command's result to standard output."""
    text = json.dumps(as_dict(), ensure_ascii=False, indent=2) if as_json else as_text()
    typer.echo(text.encode(errors="backslashreplace").decode())  # the name of a file may be no text


def say(message: str) -> None:
    """Write a line to standard error; signs that a terminal would obey are written out."""
    line = " ".join(message.split())
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)
    print(shown, file=sys.stderr)  # noqa: T201 (this is the shell's door)
