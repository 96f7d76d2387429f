"""``paper-assistant evaluate``."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from assistant.shell import (
    FAILED,
    AsJson,
    Home,
    Model,
    errors_as_lines,
    open_assistant,
    print_result,
    show_steps,
)

__all__ = ["evaluate"]

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Questions with known answers, JSON Lines, or folders of such files; without any,"
        " questions are made of the collection itself.",
        metavar="FILE…",
    ),
]
Against = Annotated[
    Path | None,
    typer.Option(help="Compare with what --json printed earlier.", metavar="EARLIER.json"),
]
Worst = Annotated[int, typer.Option(help="List so many of the worst of each kind.", min=0)]
Out = Annotated[
    Path | None, typer.Option(help="Write a line for each question.", metavar="FILE.jsonl")
]


def evaluate(  # noqa: PLR0913 (one parameter an option)
    files: Files = None,
    *,
    against: Against = None,
    worst: Worst = 0,
    out: Out = None,
    home: Home = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well questions with known answers are answered."""
    with errors_as_lines():
        from assistant.evaluation.cases import read_cases
        from assistant.evaluation.comparing import read_earlier
        from assistant.evaluation.report import evaluation_as_dict, write_records
        from assistant.evaluation.run import measured
        from assistant.evaluation.tables import evaluation_as_text

        # What cannot be read opens no home.
        cases = read_cases(files or ())
        earlier = read_earlier(against) if against else None
    with open_assistant(home, model) as assistant:
        with show_steps() as show:
            done = measured(assistant, cases, on_progress=partial(show, "Asking"))
        print_result(
            as_json,
            lambda: evaluation_as_dict(done, earlier, worst),
            lambda: evaluation_as_text(done, earlier, worst),
        )
        if out:
            write_records(done, out)
    if done.interrupted:
        raise typer.Exit(FAILED)
