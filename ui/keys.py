"""What the keyboard does on the page, and the list of it that "?" opens."""

from dataclasses import dataclass

from ui import words
from ui.safe import plain

__all__ = ["KEYS", "Key", "render_keys"]


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the list; keys.js does what it says.

    Attributes:
        keys: What is pressed, as the browser names it; "g c" is one key after the other.
        words: What it does.
        press: CSS selector; the first such element that can be seen is pressed.
        focus: CSS selector; the first such element that can be seen gets the focus.
        step: How many citations on; 0 where it is no such key.
        view: The view that it goes to first, as in the address; "" where it stays.
        typing: Whether it holds while something is being typed, too.
    """

    keys: str
    words: str
    press: str = ""
    focus: str = ""
    step: int = 0
    view: str = ""
    typing: bool = False

    @property
    def ours(self) -> bool:
        """Whether keys.js does it; the others are what a part of the page does anyway."""
        return bool(self.press or self.focus or self.step or self.view)


_DO = words.KEYS_DO
_MODE = "#pa-mode label:nth-of-type({}) input"
_DEED = "#pa-now .turn:last-child .deed.{}"
_WRITE = "#pa-words textarea, #pa-words input, #pa-box textarea"

KEYS: dict[str, tuple[Key, ...]] = {
    words.KEY_GROUPS["everywhere"]: (
        Key("?", _DO["list"], press="#pa-keys-open"),
        Key("/", _DO["write"], focus=_WRITE, view="#chat"),
        Key("g c", _DO["chat"], view="#chat"),
        Key("g l", _DO["library"], view="#library"),
        Key("g m", _DO["map"], view="#map"),
    ),
    words.KEY_GROUPS["asking"]: (
        Key("1", _DO["answer"], press=_MODE.format(1), view="#chat"),
        Key("2", _DO["summarize"], press=_MODE.format(2), view="#chat"),
        Key("3", _DO["find"], press=_MODE.format(3), view="#chat"),
        Key("f", _DO["filters"], press="#pa-filter button", view="#chat"),
        Key("n", _DO["new"], press="#pa-new", view="#chat"),
        Key("h", _DO["chats"], press="#pa-chats-open"),
        Key("Enter", _DO["ask"]),
        Key("Shift Enter", _DO["line"]),
        Key("Escape", _DO["stop"], press="#pa-stop", typing=True),
    ),
    words.KEY_GROUPS["reading"]: (
        Key("j", _DO["next"], step=1, view="#chat"),
        Key("k", _DO["before"], step=-1, view="#chat"),
        Key("c", _DO["copy"], press=_DEED.format("copy"), view="#chat"),
        Key("e", _DO["edit"], press=_DEED.format("edit"), view="#chat"),
        Key("r", _DO["again"], press=_DEED.format("retry"), view="#chat"),
        Key("Enter", _DO["sentence"]),
    ),
    words.KEY_GROUPS["map"]: (
        Key("← ↑ ↓ →", _DO["step"]),
        Key("Enter", _DO["open"]),
        Key("+ - 0", _DO["zoom"]),
    ),
}
"""By heading, what each key does."""


def render_keys() -> str:
    """The button that opens the list, and the list: a dialog."""
    parts = "".join(
        f"<section><h3>{plain(heading)}</h3><dl>{''.join(map(_row, keys))}</dl></section>"
        for heading, keys in KEYS.items()
    )
    name = plain(words.SHORTCUTS)
    return (
        '<button type="button" id="pa-keys-open" class="pill" aria-haspopup="dialog"'
        f' aria-label="{name}" title="{name}">?</button>'
        '<dialog id="pa-keys-list" aria-labelledby="pa-keys-title">'
        f'<div class="top"><h2 id="pa-keys-title">{name}</h2>'
        f'<button type="button" class="pill" data-close>{plain(words.CLOSE)}</button></div>'
        f'<div class="keys">{parts}</div>'
        '<label><input type="checkbox" id="pa-keys-on" checked>'
        f" {plain(words.SHORTCUTS_ON)}</label></dialog>"
    )


def _row(key: Key) -> str:
    told = {
        "keys": key.keys,
        "press": key.press,
        "focus": key.focus,
        "step": str(key.step or ""),
        "view": key.view,
        "typing": "yes" * key.typing,
    }
    does = "".join(f' data-{name}="{plain(value)}"' for name, value in told.items() if value)
    pressed = " ".join(f"<kbd>{plain(each)}</kbd>" for each in key.keys.split())
    return f"<div{does if key.ours else ''}><dt>{pressed}</dt><dd>{plain(key.words)}</dd></div>"
