"""What a chat model writes, as events of the chain."""

from collections.abc import Generator
from dataclasses import replace

from assistant.chat.writer import ChatWriter, Pieces, Written
from assistant.clock import Clock
from assistant.types import Answer, Delta, Event, Finished, Reading

__all__ = ["written_events"]


def written_events(
    writer: ChatWriter, pieces: Pieces, refusal: Answer, clock: Clock
) -> Generator[Event, None, None]:
    """Have an answer written.

    Args:
        writer: Writes it.
        pieces: What it writes.
        refusal: The answer where the model finds that the evidence does not answer.
        clock: Runs since the question came.

    Yields:
        ``Reading`` before each of several calls, ``Delta`` after ``Delta``, then ``Finished``.
    """
    with clock.step("write"):
        written = yield from _deltas(pieces)
    if written.refused:
        yield Delta(refusal.text)
    yield Finished(clock.stamped(_answer(written, refusal, writer.model.name)))


def _deltas(pieces: Pieces) -> Generator[Event, None, Written]:
    """Pieces as events; gives what became of them."""
    while True:
        try:
            piece = next(pieces)
        except StopIteration as done:
            written: Written = done.value
            return written
        yield piece if isinstance(piece, Reading) else Delta(piece)


def _answer(written: Written, refusal: Answer, model: str) -> Answer:
    """What was written, or else the refusal, with what it took."""
    took = replace(
        refusal,
        model=model,
        tokens_in=written.usage.tokens_in,
        tokens_out=written.usage.tokens_out,
        cached=written.cached,
        incomplete=written.incomplete,
    )
    if written.refused:
        return took
    return replace(
        took,
        text=written.text,
        refused=False,
        citations=written.citations,
        sentences=written.sentences,
        nearest=(),
        missing=(),
    )
