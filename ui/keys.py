"""What the keyboard does on the page, and the list of it that "?" opens."""

from dataclasses import dataclass

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


_MODE = "#pa-mode label:nth-of-type({}) input"
_DEED = "#pa-now .turn:last-child .deed.{}"
_WRITE = "#pa-words textarea, #pa-words input, #pa-box textarea"

KEYS: dict[str, tuple[Key, ...]] = {
    "Everywhere": (
        Key("?", "This list", press="#pa-keys-open"),
        Key("/", "Write a question; in the library, search it", focus=_WRITE, view="#chat"),
        Key("g c", "Go to the chat", view="#chat"),
        Key("g l", "Go to the library", view="#library"),
        Key("g m", "Go to the map", view="#map"),
    ),
    "Asking": (
        Key("1", "Answer a question", press=_MODE.format(1), view="#chat"),
        Key("2", "Summarize a topic", press=_MODE.format(2), view="#chat"),
        Key("3", "Find papers", press=_MODE.format(3), view="#chat"),
        Key("f", "Filters and settings", press="#pa-filter button", view="#chat"),
        Key("n", "New chat", press="#pa-new", view="#chat"),
        Key("h", "Earlier chats", press="#pa-chats-open"),
        Key("Enter", "Ask"),
        Key("Shift Enter", "New line"),
        Key("Escape", "Stop the answer", press="#pa-stop", typing=True),
    ),
    "Reading": (
        Key("j", "Next citation", step=1, view="#chat"),
        Key("k", "Citation before", step=-1, view="#chat"),
        Key("c", "Copy the answer", press=_DEED.format("copy"), view="#chat"),
        Key("e", "Edit the question", press=_DEED.format("edit"), view="#chat"),
        Key("r", "Ask it again", press=_DEED.format("retry"), view="#chat"),
        Key("Enter", "From a citation to its sentence in the abstract, and back"),
    ),
    "On the map": (
        Key("← ↑ ↓ →", "From paper to paper"),
        Key("Enter", "Open a paper"),
        Key("+ - 0", "Enlarge, shrink, show all"),
    ),
}
"""By heading, what each key does."""


def render_keys() -> str:
    """The button that opens the list, and the list: a dialog."""
    parts = "".join(
        f"<section><h3>{plain(heading)}</h3><dl>{''.join(map(_row, keys))}</dl></section>"
        for heading, keys in KEYS.items()
    )
    return (
        '<button type="button" id="pa-keys-open" class="pill" aria-haspopup="dialog"'
        ' aria-label="Keyboard shortcuts" title="Keyboard shortcuts">?</button>'
        '<dialog id="pa-keys-list" aria-labelledby="pa-keys-title">'
        '<div class="top"><h2 id="pa-keys-title">Keyboard shortcuts</h2>'
        '<button type="button" class="pill" data-close>Close</button></div>'
        f'<div class="keys">{parts}</div>'
        '<label><input type="checkbox" id="pa-keys-on" checked>'
        " Letters, digits and “/” are shortcuts while nothing is typed</label></dialog>"
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
