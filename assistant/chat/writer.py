"""The chat model as the writer of an answer: briefed, streamed, checked, and answered for."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.chat.checked import check_sentences, citations_of, holds, weak_note
from assistant.chat.citing import Citing, first_spans
from assistant.chat.draft import Draft
from assistant.chat.instead import own_words
from assistant.chat.messages import Briefing, brief
from assistant.chat.model import ChatModel, Stop, Usage
from assistant.chat.reply import Kept, Reply
from assistant.errors import ChatModelError, ContextOverflowError
from assistant.escaping import escaped
from assistant.evidence import Evidence
from assistant.extractive import choose
from assistant.types import Citation, Reading, Sentence, Turn
from prompts import Prompt

__all__ = ["ChatWriter", "Pieces", "Written"]

_INSTEAD = "The cited abstracts do not bear this out. What the abstracts themselves say:"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a draft.

    Attributes:
        text: As it was shown, notes included.
        sentences: With their support.
        citations: 1 to n.
        refused: Whether the model finds that the evidence does not answer; then there is no text.
        incomplete: Why the model's text is not whole; "" where it is.
        usage: What it took.
        cached: Whether it was kept from before.
    """

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    refused: bool
    incomplete: str
    usage: Usage
    cached: bool


Pieces = Generator[str | Reading, None, Written]
"""Text as it is to be shown, piece by piece, after how far the reading is; what became of it."""


@dataclass(slots=True)
class ChatWriter:
    """Writes one answer with one model.

    Attributes:
        model: Replies.
        prompts: By name.
        kept: Replies from before; None to keep none.
        stop: Ends the writing, from any thread.
        spent: What all calls took so far.
    """

    model: ChatModel
    prompts: Mapping[str, Prompt]
    kept: Kept | None
    stop: Stop
    spent: Usage = field(default_factory=Usage)

    def answer(self, question: str, history: Sequence[Turn], ranked: Sequence[Evidence]) -> Pieces:
        """Answer a question from evidence.

        Args:
            question: What the user typed.
            history: The turns before it, oldest first.
            ranked: Evidence, strongest first, at least one.

        Raises:
            ChatModelError: The model said nothing; once it has said something, that is kept.
        """
        papers = list({each.paper.paper_id: each.paper for each in ranked}.values())

        def briefing(context_tokens: int) -> Briefing:
            prompt = self.prompts["answer"]
            return brief(prompt, ("question", question), papers, context_tokens, history)

        return self.write(briefing, ranked, choose(ranked))

    def write(
        self,
        briefing: Callable[[int], Briefing],
        ranked: Sequence[Evidence],
        instead: Sequence[Evidence],
    ) -> Pieces:
        """Write from a briefing and check what was written.

        Args:
            briefing: Makes one that fits so many tokens; asked for half as many where the model
                finds the first too long.
            ranked: Evidence, strongest first.
            instead: What to quote where nothing of the model's text holds.
        """
        try:
            draft = self._drafted(briefing(self.model.context_tokens), ranked, instead)
            return (yield from draft)
        except ContextOverflowError:
            draft = self._drafted(briefing(self.model.context_tokens // 2), ranked, instead)
            return (yield from draft)

    def said(self, briefing: Briefing) -> str:
        """The whole reply to a briefing that is not shown as it comes.

        Raises:
            ChatModelError: There is none, or it is not whole.
        """
        reply = Reply(self.model, briefing, self.kept, self.stop)
        text = "".join(reply.pieces())
        self.spent += reply.usage
        if reply.cut:
            raise ChatModelError(f"The chat model {self.model.name!r} broke off: {reply.cut}")
        return text

    def _drafted(
        self, briefing: Briefing, ranked: Sequence[Evidence], instead: Sequence[Evidence]
    ) -> Pieces:
        """Show a draft as it comes, and then what the check says of it."""
        citing = Citing(briefing.papers, first_spans(ranked))
        draft = Draft(briefing.papers, citing.number, briefing.messages[0].content)
        reply = Reply(self.model, briefing, self.kept, self.stop)
        try:
            for piece in reply.pieces():
                if shown := draft.feed(piece):
                    yield shown
        except ChatModelError as error:
            if not draft.text.strip():
                raise
            reply.cut = str(error)
        if rest := draft.end():
            yield rest
        self.spent += reply.usage
        if draft.refused:
            return _written("", (), Citing({}), reply, self.spent)
        if not draft.text.strip():
            raise ChatModelError(
                f"The chat model {self.model.name!r} gave no answer; try again, or name another"
            )
        after, sentences = _afterwards(draft.text, citing, instead, reply.cut)
        if after:
            yield after
        return _written(draft.text + after, sentences, citing, reply, self.spent)


def _afterwards(
    text: str, citing: Citing, instead: Sequence[Evidence], cut: str
) -> tuple[str, list[Sentence]]:
    """What is said behind a draft: that it is cut, what is weak, and what holds in its place."""
    sentences = check_sentences(text, citing)
    parts = [f"Incomplete: {escaped(cut)}."] if cut else []
    if holds(sentences):
        parts.append(weak_note(sentences))
    else:
        words, held = own_words(instead, citing)
        parts += [_INSTEAD, words]
        sentences += held
    return "".join(f"\n\n{part}" for part in parts if part), sentences


def _written(
    text: str, sentences: Sequence[Sentence], citing: Citing, reply: Reply, spent: Usage
) -> Written:
    return Written(
        text=text,
        sentences=tuple(sentences),
        citations=tuple(citations_of(sentences, citing)),
        refused=not text,
        incomplete=reply.cut,
        usage=spent,
        cached=reply.cached,
    )
