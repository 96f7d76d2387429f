"""One reply of a chat model, from its endpoint or kept from before, with what it took."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Protocol

from assistant.chat.budget import n_tokens
from assistant.chat.messages import Briefing
from assistant.chat.model import ChatModel, Ended, Message, Stop, Usage
from store.encoders import well_formed

__all__ = ["Kept", "Reply"]

_MAX_CHARS = 12_000
"""Of a reply; a model that goes on beyond that is stopped."""


class Kept(Protocol):
    """Where whole replies are kept."""

    def get(self, model: str, messages: Sequence[Message]) -> str | None:
        """The reply of a model to messages, where it is kept."""
        ...

    def put(self, model: str, messages: Sequence[Message], reply: str) -> None:
        """Keep a reply."""
        ...


class Reply:
    """What a model says to a briefing.

    Attributes:
        cut: Why it is not whole; "" where it is.
        usage: Tokens in and out, estimated where the model does not tell; none for a kept one.
        cached: Whether it was kept from before.
    """

    def __init__(self, model: ChatModel, briefing: Briefing, kept: Kept | None, stop: Stop) -> None:
        """Prepare to ask."""
        self._model = model
        self._briefing = briefing
        self._kept = kept
        self._stop = stop
        self._said = ""
        self.cut = ""
        self.cached = False
        self._told: Usage | None = None

    @property
    def usage(self) -> Usage:
        """What it took so far."""
        if self.cached:
            return Usage()
        return self._told or Usage(self._briefing.n_tokens, n_tokens(self._said))

    def pieces(self) -> Iterator[str]:
        """The reply as it comes.

        Raises:
            ChatModelError: The model does not answer, or breaks off.
        """
        messages = self._briefing.messages
        before = self._kept.get(self._model.identity, messages) if self._kept else None
        if before is not None:
            self.cached = True
            yield before
            return
        self.cut = "it was stopped"
        coming: Any = self._model.stream(messages, self._stop)
        with closing(coming):
            for piece in coming:
                if isinstance(piece, Ended):
                    self.cut, self._told = piece.why, piece.usage
                    break
                self._said += (text := well_formed(piece))
                yield text
                if len(self._said) > _MAX_CHARS:
                    self.cut = f"it went on beyond {_MAX_CHARS:,} characters"
                    break
        if self._kept and not self.cut:
            self._kept.put(self._model.identity, messages, self._said)
