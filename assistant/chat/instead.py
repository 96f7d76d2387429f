"""The authors' own sentences, where nothing of a model's answer holds."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import extractive
from assistant.chat.citing import Citing
from assistant.evidence import Evidence
from assistant.types import Sentence

__all__ = ["own_words"]

_MARK = re.compile(r"(?<!\\)\[(\d+)\]")


def own_words(chosen: Sequence[Evidence], citing: Citing) -> tuple[str, list[Sentence]]:
    """An extractive answer, with numbers that go on from those given already.

    Args:
        chosen: What to quote, in reading order.
        citing: Gives the numbers.
    """
    sentences, citations = extractive.cite(chosen)
    numbers = {
        each.number: citing.number_of(each.paper, (each.start, each.end)) for each in citations
    }
    renumbered = [
        replace(
            sentence,
            text=_MARK.sub(lambda mark: f"[{numbers[int(mark[1])]}]", sentence.text),
            numbers=tuple(numbers[number] for number in sentence.numbers),
        )
        for sentence in sentences
    ]
    return "".join(extractive.paragraphs(renumbered, citations)), renumbered
