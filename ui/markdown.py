r"""The Markdown of answers as HTML: a small part of it, and nothing that loads or runs anything.

Paragraphs, lists, headings, ``**bold**``, `code`, and citation marks. Links, images and HTML stand
there as the characters they are, so neither an abstract nor a model can put one into the page.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ui.safe import plain

__all__ = ["Block", "Mark", "Range", "blocks", "inline", "render_markdown"]

Mark = Callable[[int], str]
"""Turns the number of a mark into HTML; "" where it stands for nothing and stays plain text."""

Range = tuple[int, int, Callable[[str], str]]
"""First character, the one behind the last, and what to wrap the HTML between them in."""

_LINE = re.compile(r"(?P<head>#{1,6} +)|(?P<item>[-*+] +)|(?P<step>\d{1,3}[.)] +)|(?P<fence>```.*)")
# x[1] and y^{[1]} are indices and \[1] is the abstract's own bracket; none is a citation. The space
# before a mark goes with it, so that a mark never begins a line.
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|`(?P<code>[^`\n]+)`|\*\*(?P<bold>(?:\\.|(?!\*\*).)+)\*\*"
    r"|[ \t]*(?<![\w\\{^])\[(?P<number>[1-9]\d{0,2})\]",
    re.DOTALL,
)
_TAGS = {"item": "ul", "step": "ol"}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: ``kind`` is "text", "head", "item", "step" or "code"."""

    kind: str
    start: int
    end: int


def render_markdown(text: str, mark: Mark, ranges: Sequence[Range] = ()) -> str:
    """Render a text.

    Args:
        text: Markdown from anywhere.
        mark: Renders the citation marks.
        ranges: Stretches of the text to wrap; in order, apart from each other.

    Returns:
        HTML in which every tag is this module's, ``mark``'s or a range's.
    """
    rendered = []
    for kind, group in groupby(blocks(text), key=lambda block: block.kind):
        inner = [_block(text, block, mark, ranges) for block in group]
        if tag := _TAGS.get(kind):
            items = "".join(f"<li>{item}</li>" for item in inner)
            rendered.append(f"<{tag}>{items}</{tag}>")
        else:
            name = {"head": "h3", "code": "pre"}.get(kind, "p")
            rendered += [f"<{name}>{each}</{name}>" for each in inner]
    return "".join(rendered)


def blocks(text: str) -> Iterator[Block]:
    """Divide a text into blocks, in order.

    A paragraph runs to an empty line or to a line that begins another block; a fence that is never
    closed runs to the end, as it does while an answer is still being written.
    """
    begun: Block | None = None
    for start, end in _lines(text):
        line = text[start:end]
        if begun and begun.kind == "code":
            closes = line.strip() == "```"
            begun = Block("code", begun.start, begun.end if closes else end)
            if closes:
                yield begun
                begun = None
            continue
        found = _LINE.match(line)
        if begun and (found or not line.strip()):
            yield begun
            begun = None
        if found and found.lastgroup == "fence":
            begun = Block("code", min(end + 1, len(text)), min(end + 1, len(text)))
        elif found and found.lastgroup:
            begun = Block(found.lastgroup, start + found.end(), end)
        elif line.strip():
            begun = Block(begun.kind if begun else "text", begun.start if begun else start, end)
        if begun and begun.kind == "head":
            yield begun
            begun = None
    if begun:
        yield begun


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """First character of each line and the one behind its last, line break apart."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _block(text: str, block: Block, mark: Mark, ranges: Sequence[Range]) -> str:
    """A block's HTML: cut at the ranges first, so that no tag crosses another."""
    if block.kind == "code":
        return f"<code>{plain(text[block.start : block.end])}</code>"
    rendered, at = [], block.start
    for first, last, wrap in ranges:
        start, end = max(first, at), min(last, block.end)
        if start < end:
            rendered.append(inline(text, mark, at, start))
            rendered.append(wrap(inline(text, mark, start, end)))
            at = end
    return "".join(rendered) + inline(text, mark, at, block.end)


def inline(text: str, mark: Mark, start: int = 0, end: int | None = None) -> str:
    """Render a stretch of running text.

    Args:
        text: Markdown from anywhere.
        mark: Renders the citation marks.
        start: First character of the stretch; what is before it decides whether "[1]" is a mark.
        end: The character behind its last.
    """
    end = len(text) if end is None else end
    rendered, at = [], start
    for found in _INLINE.finditer(text, start, end):
        rendered.append(plain(text[at : found.start()]))
        rendered.append(_token(found, mark))
        at = found.end()
    return "".join(rendered) + plain(text[at:end])


def _token(found: re.Match[str], mark: Mark) -> str:
    kind = found.lastgroup or ""
    if kind == "number":
        return mark(int(found[kind])) or plain(found[0])
    if kind == "bold":
        return f"<strong>{inline(found[kind], mark)}</strong>"
    return f"<code>{plain(found[kind])}</code>" if kind == "code" else plain(found[kind])
