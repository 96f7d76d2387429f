"""The papers near one of the panel: what its "More like this" does."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.blocks import Block

from assistant import Assistant, AssistantError, StoreError
from assistant.render import papers_as_file
from ui import words
from ui.chat import UNEXPECTED, Conversation
from ui.evidence import render_evidence, render_like
from ui.filters import problem_of, told, within_of
from ui.safe import plain

__all__ = ["PANEL", "PANEL_JS", "when_more_is_wanted"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_N_LIKE = 8
_log = logging.getLogger(__name__)

PANEL = (
    f'<aside aria-label="{plain(words.PANEL)}" data-way-back="{plain(words.BACK_TO_ANSWER)}">'
    "${value}</aside>"
)
PANEL_JS = "window.paCards(element, (paper, back) => trigger('select', { paper, back }));"
"""Hands what is pressed in the panel to cards.js, which does what needs no server."""


def when_more_is_wanted(
    panel: gr.HTML, conversation: gr.State, fields: Sequence[Block], assistant: Assistant
) -> None:
    """Show, in place of the papers of the answer, those that are near the one that was pressed.

    Args:
        panel: The papers.
        conversation: What was asked in this tab.
        fields: What is stayed within, in the order of ``ui.filters.NAMES``.
        assistant: Finds them.
    """
    list(papers_as_file((), "bibtex"))  # loads what every card needs before the first one waits
    inputs = [conversation, *fields]
    panel.select(_wanted(assistant), inputs, panel, trigger_mode="always_last", **_QUIET)


def _wanted(assistant: Assistant) -> Callable[..., str]:
    def wanted(event: gr.EventData, conversation: Conversation, *values: object) -> str:
        within = within_of(*values)
        try:
            paper = assistant.paper(str(event.paper))
            problem = problem_of(within)
            k = within.k or _N_LIKE
            hits = [] if problem else assistant.like(paper.paper_id, k, **within.filters())
            shown = render_like(
                paper, hits, list(told(replace(within, k=None)).values()), str(event.back)
            )
        except (AssistantError, StoreError) as error:
            problem = str(error)
        except Exception:  # noqa: BLE001 (logged, and said to the person who waits)
            _log.exception("the papers near one could not be found")
            problem = UNEXPECTED
        if not problem:
            # The same papers may be wanted again; a value that stays the same would not be shown.
            return f"{render_evidence(conversation, shown)}<!-- {time.monotonic_ns()} -->"
        alert = f'<p class="said warn" role="alert">{plain(problem)}</p>'
        return alert + render_evidence(conversation)

    return wanted
