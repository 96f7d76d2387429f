"""A topic over many papers, by a chat model: notes on groups of them, then one text from the notes.

How many calls that takes is known before the first, and never more than ``MAX_CALLS``.
"""

from collections.abc import Sequence

from assistant.chat.checked import check_sentences
from assistant.chat.citing import Citing
from assistant.chat.draft import Draft
from assistant.chat.messages import Briefing, brief
from assistant.chat.sentences import plain_claim
from assistant.chat.writer import ChatWriter, Pieces
from assistant.evidence import Evidence
from assistant.support import WEAK
from assistant.types import Paper, Reading

__all__ = ["MAX_CALLS", "summary"]

MAX_CALLS = 7
"""Six groups of papers and the text from their notes; papers beyond are left out."""


def summary(
    writer: ChatWriter, topic: str, papers: Sequence[Paper], evidence: Sequence[Evidence]
) -> Pieces:
    """Write on a topic.

    Args:
        writer: Asks the model.
        topic: As the user named it.
        papers: Those on the topic, in the order in which they belong together.
        evidence: A sentence or two of each, the surest paper first; quoted where nothing holds.

    Raises:
        ChatModelError: The model does not answer.
    """
    groups = _groups(writer, topic, papers)
    if len(groups) == 1:
        only = list(groups[0].papers.values())
        return (yield from _told(writer, topic, only, evidence, {}))
    notes: dict[str, str] = {}
    n_calls = len(groups) + 1
    for done, group in enumerate(groups):
        yield Reading(done, n_calls)
        for paper, claim in _noted(writer, group):
            notes[paper.paper_id] = f"{notes.get(paper.paper_id, '')} {claim}".strip()
    yield Reading(len(groups), n_calls)
    noted = [paper for paper in papers if paper.paper_id in notes]
    return (yield from _told(writer, topic, noted or list(papers), evidence, notes))


def _told(
    writer: ChatWriter,
    topic: str,
    papers: Sequence[Paper],
    evidence: Sequence[Evidence],
    notes: dict[str, str],
) -> Pieces:
    """The text that is shown, from abstracts or from notes on them."""

    def briefing(context_tokens: int) -> Briefing:
        prompt = writer.prompts["summarize"]
        return brief(prompt, ("topic", topic), papers, context_tokens, (), notes)

    return writer.write(briefing, evidence, evidence)


def _groups(writer: ChatWriter, topic: str, papers: Sequence[Paper]) -> list[Briefing]:
    """A briefing for each group of papers that fits; the first papers count most."""
    groups: list[Briefing] = []
    left = list(papers)
    while left and len(groups) < MAX_CALLS - 1:
        prompt = writer.prompts["notes"]
        groups.append(brief(prompt, ("topic", topic), left, writer.model.context_tokens))
        taken = set(groups[-1].papers.values())
        left = [paper for paper in left if paper not in taken]
    return groups


def _noted(writer: ChatWriter, group: Briefing) -> list[tuple[Paper, str]]:
    """What the model notes on a group, each claim with its paper; unsupported ones are dropped."""
    citing = Citing(group.papers)
    draft = Draft(group.papers, citing.number, group.messages[0].content)
    draft.feed(writer.said(group))
    draft.end()
    return [
        (citing.cited[number - 1][0], plain_claim(sentence.text))
        for sentence in check_sentences(draft.text, citing)
        if sentence.support >= WEAK
        for number in sentence.numbers[:1]
    ]
