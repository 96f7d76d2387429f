"""Plain text as Markdown that shows it as it is, and back."""

import re

__all__ = ["escaped", "titled", "unescaped"]

_MEANS_SOMETHING = re.compile(
    r"""
      [`*]                                          # code, emphasis
    | \\(?=[!-/:-@\[-`{-~])                         # an escape
    | <(?=[A-Za-z/!?])                              # HTML
    | \[(?=\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\])       # what reads as a citation
    | !(?=\[) | \](?=\()                           # a picture, a link
    | ^[#>+-](?=[\s#]) | (?<=^\d)[.)](?=\s) | (?<=^\d\d)[.)](?=\s)  # a heading, a list
    """,
    re.VERBOSE,
)
"""What Markdown would not show as it is."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def escaped(quote: str) -> str:
    r"""Write a plain text so that Markdown shows it as it is, with no citation that is not ours."""
    line = " ".join(quote.split("\n"))
    return _MEANS_SOMETHING.sub(r"\\\g<0>", line)


def titled(title: str) -> str:
    """A title in bold before what is said of its paper: with a stop, where it has no other end."""
    plain = escaped(title.rstrip("."))
    return f"**{plain}{'' if plain.endswith(('?', '!')) else '.'}**"


def unescaped(text: str) -> str:
    """Undo ``escaped``, for readers of plain text."""
    return _ESCAPE.sub(r"\1", text)
