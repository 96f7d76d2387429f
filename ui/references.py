"""An answer as Markdown to paste elsewhere: what was asked, what was answered, its references."""

import re
from collections.abc import Sequence

from assistant.chat.checked import without_note
from assistant.support import WEAK
from assistant.types import Answer, Citation, Hit, Paper
from ui import words
from ui.citing import paper_as_markdown
from ui.exchange import Exchange

__all__ = ["exchange_as_markdown"]

# A writer's text may hold HTML, pictures and links; other programs would show or load them.
_ACTIVE = re.compile(r"(?<!\\)(?:<(?=[A-Za-z/!?])|!(?=\[)|\](?=\())")
_SIGNS = re.compile(r"[\\`*_\[\]<>#]")


def exchange_as_markdown(exchange: Exchange) -> str:
    """One question with its answer; an answer's numbers lead to its list of references.

    Args:
        exchange: Finished or not; what has not come is left out.
    """
    parts = [f"**{_escaped(exchange.question)}**"]
    answer = exchange.answer
    if exchange.hits is not None:
        parts.append(_listed(exchange.hits))
    elif answer and answer.refused:
        parts.append(_inert(answer.text.partition("\n\n")[0]))
        if answer.nearest:
            parts.append(f"{words.NEAREST}:\n\n{_listed(answer.nearest)}")
    elif answer:
        parts += [_inert(without_note(answer.text)), _weak(answer), _references(answer.citations)]
    else:
        parts.append(_inert(exchange.text) or exchange.problem)
    return "\n\n".join(filter(None, parts))


def _inert(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text)


def _escaped(line: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", " ".join(line.split()))


def _listed(hits: Sequence[Hit]) -> str:
    return "\n".join(f"{hit.rank}. {paper_as_markdown(hit.paper)}" for hit in hits)


def _weak(answer: Answer) -> str:
    """Which sentences their citations do not carry, and why."""
    weak = {
        number: _escaped(sentence.reason) or words.NO_REASON
        for number, sentence in enumerate(answer.sentences, 1)
        if sentence.support < WEAK
    }
    said = words.WEAK_SENTENCE
    return "\n".join(f"- {said.format(n=number, why=why)}" for number, why in weak.items())


def _references(citations: Sequence[Citation]) -> str:
    """A line a paper with all of its numbers, in the order of the first."""
    numbers: dict[Paper, list[int]] = {}
    for citation in citations:
        numbers.setdefault(citation.paper, []).append(citation.number)
    lines = (
        f"- {' '.join(f'[{number}]' for number in cited)} {paper_as_markdown(paper)}"
        for paper, cited in numbers.items()
    )
    return "\n".join((f"{words.REFERENCES}:", "", *lines)) if numbers else ""
