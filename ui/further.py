"""Under the last answer: questions to go on with, and the chat to be saved as it stands.

The questions are found once the answer is shown, and asked with one press.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from assistant import Assistant, StoreError
from assistant.further import Further
from ui import words
from ui.chat import Conversation
from ui.exchange import Exchange, Mode, history
from ui.safe import plain

__all__ = ["FURTHER", "FURTHER_JS", "render_further", "when_answered"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_MAX = 3
_MAX_AT_ONCE = 1
"""Answers come first: no more than one core goes into what may be asked next."""

_log = logging.getLogger(__name__)

FURTHER = (
    '<div>${value}<p class="save-chat"><button type="button" class="pill" data-save'
    f' title="{plain(words.SAVES_CHAT)}">{plain(words.SAVE_CHAT)}</button></p></div>'
)
FURTHER_JS = "window.paFurther(element, trigger);"
"""further.js sees that an answer is there, and then what is pressed."""


def render_further(exchange: Exchange, further: Sequence[Further]) -> str:
    """A list of buttons; it names the exchange that it belongs under."""
    if not further:
        return ""
    items = "".join(map(_item, further))
    return (
        f'<nav class="further" aria-labelledby="pa-go-on" data-after="{exchange.number - 1}"'
        f' data-of="{plain(exchange.question)}"><h3 id="pa-go-on">{plain(words.GO_ON)}</h3>'
        f"<ul>{items}</ul></nav>"
    )


def _item(further: Further) -> str:
    mode: Mode = "Summarize" if further.summarizes else "Answer"
    question = plain(further.question)
    said = words.SUMMARIZE_TOPIC.format(topic=further.question) if further.summarizes else ""
    return (
        f'<li><button type="button" data-mode="{mode}" data-question="{question}" dir="auto">'
        f"{plain(said) or question}</button></li>"
    )


def when_answered(further: gr.HTML, conversation: gr.State, assistant: Assistant) -> None:
    """Look for questions whenever an answer is there.

    Args:
        further: Where they stand.
        conversation: What was asked in this tab.
        assistant: Finds them.
    """
    further.input(
        _found(assistant),
        conversation,
        further,
        trigger_mode="always_last",
        concurrency_limit=_MAX_AT_ONCE,
        **_QUIET,
    )


def _found(assistant: Assistant) -> Callable[[Conversation], str]:
    def found(conversation: Conversation) -> str:
        if not conversation or not (answer := conversation[-1].answer):
            return ""
        *before, last = conversation
        try:
            turns, filters = history(before), last.within.filters()
            return render_further(last, assistant.further(answer, turns, _MAX, **filters))
        except StoreError:
            return ""
        except Exception:  # noqa: BLE001 (logged; the answer stands without)
            _log.exception("no questions to go on with could be found")
            return ""

    return found
