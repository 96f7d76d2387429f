"""What can be done with an answer: asked again, copied, edited, judged."""

from ui import words
from ui.coverage import render_copy_link
from ui.exchange import Exchange
from ui.references import exchange_as_markdown
from ui.safe import plain

__all__ = ["render_actions", "render_retry"]

_MAX_REASON_CHARS = 500


def render_actions(exchange: Exchange) -> str:
    """Buttons under a finished exchange; "" while it is under way.

    Only the last question can be edited: page.css hides the button on the others.
    """
    if exchange.busy:
        return ""
    judged = exchange.answer is not None and exchange.answer.kind != "reply"
    buttons = (
        "" if exchange.problem else _button("retry", words.RETRY),
        _button("copy", words.COPY, f' data-text="{plain(exchange_as_markdown(exchange))}"'),
        render_copy_link(exchange),
        _button("edit", words.EDIT),
        _thumb(exchange, "up", words.GOOD) if judged else "",
        _thumb(exchange, "down", words.BAD) if judged else "",
        f'<span class="done" role="status" data-copied="{plain(words.COPIED)}"'
        f' data-refused="{plain(words.NOT_COPIED)}"></span>',
    )
    name = plain(words.DEEDS)
    row = f'<div class="deeds" role="group" aria-label="{name}">{"".join(buttons)}</div>'
    return row + (_why(exchange) if exchange.verdict else "")


def render_retry() -> str:
    """The button that asks again what went wrong."""
    return f'<button type="button" class="pill" data-do="retry">{plain(words.RETRY)}</button>'


def _button(what: str, label: str, more: str = "") -> str:
    """A button with the picture that page.css has for it, and its name where the pointer is."""
    return (
        f'<button type="button" class="deed {what}" data-do="{what}" title="{plain(label)}"'
        f' aria-label="{plain(label)}"{more}></button>'
    )


def _thumb(exchange: Exchange, verdict: str, label: str) -> str:
    pressed = "true" if exchange.verdict == verdict else "false"
    return _button(verdict, label, f' aria-pressed="{pressed}"')


def _why(exchange: Exchange) -> str:
    """Thanks, and a line to say why in; what was said stands in it and can be changed."""
    said = words.REASON_KEPT if exchange.reason else words.THANKS
    asked = plain(words.WHY_GOOD if exchange.verdict == "up" else words.WHY_BAD)
    return (
        f'<form class="why"><p role="status">{plain(said)}</p><div><input type="text" name="reason"'
        f' maxlength="{_MAX_REASON_CHARS}" autocomplete="off" aria-label="{asked}"'
        f' placeholder="{asked}" value="{plain(exchange.reason)}">'
        f'<button type="submit" class="pill">{plain(words.SEND)}</button></div></form>'
    )
