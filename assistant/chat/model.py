"""What a chat model is: messages in, pieces of text out, and a way to stop it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

__all__ = ["ChatModel", "Ended", "LlamaIndexLLM", "Message", "Stop", "Usage"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a reply took, in and out; estimated where the model does not tell."""

    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a reply.

    Attributes:
        why: "" for a whole reply, else why it is not whole, for people.
        usage: None where the model does not tell.
    """

    why: str = ""
    usage: Usage | None = None


class Stop:
    """A way to end a reply from another thread. Once set, it stays set."""

    def __init__(self) -> None:
        """Nothing is stopped yet."""
        self._lock = threading.Lock()
        self._set = False
        self._callbacks: list[Callable[[], object]] = []

    def __bool__(self) -> bool:
        """Whether it is set."""
        return self._set

    def when_set(self, callback: Callable[[], object]) -> None:
        """Have a function called when it is set; at once where it is."""
        with self._lock:
            self._callbacks.append(callback)
            late = self._set
        if late:
            callback()

    def set(self) -> None:
        """Stop; what was to be called is called, once."""
        with self._lock:
            callbacks, self._callbacks = (() if self._set else self._callbacks), []
            self._set = True
        for callback in callbacks:
            callback()


class ChatModel(Protocol):
    """Something that replies to messages.

    Attributes:
        name: What people know it by.
        identity: What tells it from every other; its answers are kept under it.
        context_tokens: How long prompt and reply may be together.
    """

    name: str
    identity: str
    context_tokens: int

    def stream(self, messages: Sequence[Message], stop: Stop) -> Iterator[str | Ended]:
        """Reply, piece by piece, and say in the end how it ended.

        Once ``stop`` is set, or the iterator closed, nothing more comes and nothing more is asked
        for; an iterator that is waiting then ends without ``Ended``.

        Raises:
            ChatModelError: The model does not answer, or breaks off.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class LlamaIndexLLM(Protocol):
    """What is asked of a LlamaIndex ``LLM``."""

    metadata: Any

    def stream_chat(self, messages: Sequence[Any]) -> Any:  # noqa: ANN401
        """Reply to messages, piece by piece."""
        ...
