"""``paper-assistant feedback``."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from assistant.shell import AsJson, Home, errors_as_lines, print_result, say

if TYPE_CHECKING:
    from assistant.feedback import Judgement

__all__ = ["feedback_app"]

feedback_app = typer.Typer(help="List or export what was judged on the page.", no_args_is_help=True)


@feedback_app.command("list")
def list_feedback(home: Home = None, as_json: AsJson = False) -> None:
    """List judgements with their reasons, oldest first."""
    with errors_as_lines():
        judgements = _judgements(home)
        print_result(
            as_json,
            lambda: {"judgements": [asdict(each) for each in judgements]},
            lambda: (
                "\n".join(
                    "\t".join((each.time, each.verdict, each.question, each.reason)).rstrip()
                    for each in judgements
                )
                or "Nothing was judged yet; the page has thumbs under each answer."
            ),
        )


@feedback_app.command("export")
def export_feedback(home: Home = None) -> None:
    """Print what was judged good as questions with known answers, for evaluate."""
    from assistant.feedback_cases import cases_of

    with errors_as_lines():
        judgements = _judgements(home)
        cases = cases_of(judgements)
        for case in cases:
            typer.echo(json.dumps(case, ensure_ascii=False))
        bad = sum(each.verdict == "down" for each in judgements)
        left = f"; {bad} judged bad have no known answer (feedback list has them)" if bad else ""
        said = "question" if len(cases) == 1 else "questions"
        say(f"{len(cases)} {said} judged good{left}")


def _judgements(home: Home) -> "list[Judgement]":
    """Those of a home; it is not opened, so that the page may have it open."""
    from assistant.feedback import Feedback
    from assistant.settings import Settings

    return Feedback(Settings.read(home=home).home).all()
