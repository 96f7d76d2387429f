"""Evidence, history and question as messages to a chat model, within its context."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from assistant.chat.budget import n_tokens, n_tokens_of, room_for_reply
from assistant.chat.model import Message
from assistant.chat.secret import EXAMPLE_KEY, make_keys
from assistant.escaping import unescaped
from assistant.render import listed_as_text
from assistant.types import Paper, Turn
from prompts import Prompt
from store.encoders import well_formed
from store.sentences import sentence_spans

__all__ = ["NOT_THERE", "Briefing", "brief", "conversation"]

NOT_THERE = "NOT-IN-THE-ABSTRACTS"
"""What a model says where the evidence does not answer."""

_OWN_CITATION = re.compile(
    r"[ \t]*(?:\[[1-9]\d{0,2}(?:\s*[,;–-]\s*[1-9]\d{0,2})*\]|\\cite[tp]?\*?\{[^{}]*\})"
)
"""An abstract's own; [0, 1] is none, as no citation has the number 0."""
_MARK = re.compile(r"[ \t]*(?<![\w\\{^])\[[1-9]\d{0,2}\]")
_HISTORY_SHARE = 0.25
_MAX_SENTENCES = 100

Block = Callable[[str, Paper, int | None], str]
"""Makes the text of a paper with its key, of so many sentences where not of all."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is sent for one answer.

    Attributes:
        messages: System, history, request.
        papers: By key, those whose abstracts are in it, best first.
        n_tokens: How long it is, estimated.
    """

    messages: tuple[Message, ...]
    papers: dict[str, Paper]
    n_tokens: int


def brief(
    prompt: Prompt,
    asked: tuple[Literal["question", "topic"], str],
    papers: Sequence[Paper],
    context_tokens: int,
    history: Sequence[Turn] = (),
    notes: Mapping[str, str] | None = None,
) -> Briefing:
    """Put together what is sent, best evidence first, as much as fits.

    Args:
        prompt: With places for evidence, question or topic, an example key and what to say where
            nothing answers.
        asked: Name and value of what is asked.
        papers: Those with the best evidence first.
        context_tokens: How long prompt and reply may be together.
        history: The turns before, oldest first; the oldest give way first.
        notes: What to say of a paper in place of its abstract, by its id.
    """
    name, value = asked
    value = well_formed(value)
    turns = conversation(history)
    notes = notes or {}
    texts = [value, *(turn.content for turn in turns), *map(_said_by, papers), *notes.values()]
    fence, keys = make_keys(texts, len(papers))

    def filled(evidence: str) -> tuple[Message, Message]:
        system, user = prompt.filled(
            **{name: value}, evidence=evidence, example=EXAMPLE_KEY, not_there=NOT_THERE
        )
        return Message("system", system), Message("user", user)

    room = context_tokens - room_for_reply(context_tokens) - n_tokens_of(filled(""))
    turns = _newest(turns, int(room * _HISTORY_SHARE))
    room -= n_tokens_of(turns)
    blocks = _fitting(dict(zip(keys, papers, strict=True)), partial(_block, fence, notes), room)
    system, user = filled("\n\n".join(text for _, text in blocks.values()))
    messages = (system, *turns, user)
    fit = {key: paper for key, (paper, _) in blocks.items()}
    return Briefing(messages, fit, n_tokens_of(messages))


def conversation(history: Sequence[Turn]) -> list[Message]:
    """Turns as messages, without the numbers of their citations, which mean nothing any more."""
    messages = []
    for turn in history:
        said = unescaped(_MARK.sub("", well_formed(turn["content"]))).strip()
        if said:
            messages.append(Message("user" if turn["role"] == "user" else "assistant", said))
    return messages


def _newest(turns: Sequence[Message], room: int) -> list[Message]:
    """The last turns that fit, beginning with one of the user's."""
    kept: list[Message] = []
    for turn in reversed(turns):
        if n_tokens_of([turn, *kept]) > room:
            break
        kept.insert(0, turn)
    while kept and kept[0].role != "user":
        kept.pop(0)
    return kept


def _fitting(papers: dict[str, Paper], block: Block, room: int) -> dict[str, tuple[Paper, str]]:
    """The blocks that fit, in order; the first is cut rather than left out."""
    blocks: dict[str, tuple[Paper, str]] = {}
    for key, paper in papers.items():
        text = block(key, paper, None)
        if n_tokens(text) > room and not blocks:
            text = _cut(partial(block, key, paper), room if len(papers) == 1 else room // 2)
        if n_tokens(text) <= room or not blocks:
            blocks[key] = (paper, text)
            room -= n_tokens(text)
    return blocks


def _cut(block: Callable[[int], str], room: int) -> str:
    """A block of as many sentences as fit, one at least."""
    n = 1
    while n < _MAX_SENTENCES and n_tokens(block(n + 1)) <= room:
        n += 1
    return block(n)


def _block(
    fence: str, notes: Mapping[str, str], key: str, paper: Paper, n_sentences: int | None
) -> str:
    """A paper between its fences, which none of its texts holds."""
    date = ", ".join(filter(None, (paper.published, listed_as_text(paper))))
    noted = notes.get(paper.paper_id)
    said = noted or _OWN_CITATION.sub("", _abstract(paper, n_sentences))
    lines = (
        f'<paper-{fence} key="{key}">',
        f"Title: {_line(paper.title)}",
        f"Date: {_line(date)}" if date else "",
        f"{'Notes' if noted else 'Abstract'}: {_line(said)}",
        f"</paper-{fence}>",
    )
    return "\n".join(filter(None, lines))


def _abstract(paper: Paper, n_sentences: int | None) -> str:
    if n_sentences is None:
        return paper.abstract
    spans = sentence_spans(paper.abstract)[:n_sentences]
    return paper.abstract[: spans[-1][1]] if spans else ""


def _line(text: str) -> str:
    return " ".join(well_formed(text).split())


def _said_by(paper: Paper) -> str:
    return f"{paper.title}\n{paper.abstract}\n{listed_as_text(paper)}"
