"""What happens on the page when something is asked, asked again, stopped, or begun anew."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant import Assistant
from ui.answers import render_conversation
from ui.chat import Conversation, converse, stopped
from ui.evidence import NO_EVIDENCE, render_evidence
from ui.exchange import Asked, Mode
from ui.frame import EMPTY, HINT, render_hint
from ui.layout import Parts
from ui.overview import overview_of

__all__ = ["when_asked"]

# No event of the page is an endpoint of an API, and nothing is dimmed while one runs.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def when_asked(parts: Parts, assistant: Assistant) -> None:
    """Ask what stands in the box, or on an example; stop; begin anew."""
    outputs = [parts.box, parts.past, parts.now, parts.papers, parts.hint, parts.conversation]

    def asked(
        question: str, mode: Mode, model: str | None, before: Conversation
    ) -> Iterator[list[Any]]:
        yield from _frames(assistant, before, Asked(question, mode, model or None))

    def picked(question: str, model: str | None, before: Conversation) -> Iterator[list[Any]]:
        known = {each.question: each.mode for each in overview_of(assistant).examples}
        mode = known.get(question, "Answer")
        yield from _frames(assistant, before, Asked(question, mode, model or None))

    inputs = [parts.box, parts.mode, parts.model, parts.conversation]
    running = [gr.on([parts.box.submit, parts.ask.click], asked, inputs, outputs, **_QUIET)]
    for button in parts.examples:
        inputs = [button, parts.model, parts.conversation]
        running.append(button.click(picked, inputs, outputs, **_QUIET))
    _when_ended(parts, outputs, running)


def _when_ended(parts: Parts, outputs: list[Any], running: list[Any]) -> None:
    def stop(conversation: Conversation) -> list[Any]:
        return [gr.skip(), *_shown(stopped(conversation), first=True)]

    def begin_anew(conversation: Conversation) -> list[Any]:
        stopped(conversation)
        return ["", "", "", NO_EVIDENCE, render_hint(HINT), ()]

    parts.stop.click(stop, parts.conversation, outputs, cancels=running, **_QUIET)
    parts.new.click(begin_anew, parts.conversation, outputs, cancels=running, **_QUIET)


def _frames(assistant: Assistant, before: Conversation, asked: Asked) -> Iterator[list[Any]]:
    """What the outputs become, again and again, while a question is answered."""
    if not asked.question.strip():
        yield [*[gr.skip()] * 4, render_hint(EMPTY), gr.skip()]
        return
    first = True
    for conversation in converse(assistant, before, asked):
        again = asked.question if conversation[-1].problem else gr.skip()
        yield ["" if first else again, *_shown(conversation, first=first)]
        first = False


def _shown(conversation: Conversation, *, first: bool) -> list[Any]:
    """Earlier exchanges, the last, the panel, the hint and the conversation itself.

    Args:
        conversation: As it is now.
        first: Whether it is a question longer than what the page shows.
    """
    last = conversation[-1:]
    shows = any(not each.busy or (each.near and not each.text) for each in last)
    return [
        render_conversation(conversation[:-1]) if first else gr.skip(),
        render_conversation(last),
        render_evidence(conversation) if shows else gr.skip(),
        render_hint(HINT) if first else gr.skip(),
        conversation,
    ]
