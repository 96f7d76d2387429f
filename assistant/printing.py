"""Answers on standard output, word by word as they come, or as one JSON document."""

from collections.abc import Iterable

import typer

from assistant.escaping import unescaped
from assistant.extractive import NAME as EXTRACTIVE
from assistant.render import answer_as_dict, cost_as_text, notes_as_text
from assistant.shell import print_result, say
from assistant.types import Answer, Delta, Event, Finished, Reading

__all__ = ["print_answer"]


def print_answer(events: Iterable[Event], *, as_json: bool = False) -> Answer:
    """Print an answer as it comes, then what is weak in it and what its numbers stand for.

    Args:
        events: Of a stream.
        as_json: Whether to print the finished answer as JSON instead.

    Returns:
        The answer; what a chat model took for it is said on standard error.
    """
    for event in events:
        if isinstance(event, Delta) and not as_json:
            typer.echo(unescaped(event.text), nl=False)
        elif isinstance(event, Reading):
            say(f"Call {event.done + 1} of {event.n_calls} …")
        elif isinstance(event, Finished):
            answer = event.answer
    end = "\n" + notes_as_text(answer)
    print_result(as_json, lambda: answer_as_dict(answer), lambda: end.rstrip("\n"))
    if answer.model != EXTRACTIVE:
        say(cost_as_text(answer))
    return answer
