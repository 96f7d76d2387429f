"""Any LlamaIndex LLM as a chat model. Home of llama_index, in the assistant."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from assistant.chat.budget import DEFAULT_CONTEXT_TOKENS
from assistant.chat.model import Ended, LlamaIndexLLM, Message, Stop
from assistant.errors import ChatModelError

__all__ = ["LlamaIndexModel"]


class LlamaIndexModel:
    """An LLM object of LlamaIndex, with the retries and time limits that it has of its own."""

    def __init__(self, llm: LlamaIndexLLM) -> None:
        """Wrap an LLM; nothing is asked yet."""
        self._llm = llm
        self.name = str(llm.metadata.model_name)
        self.identity = f"{type(llm).__name__}:{self.name}"
        self.context_tokens = int(llm.metadata.context_window or DEFAULT_CONTEXT_TOKENS)

    def stream(self, messages: Sequence[Message], stop: Stop) -> Iterator[str | Ended]:
        """Reply; see ``ChatModel``. A stop counts when the next piece comes."""
        from llama_index.core.llms import ChatMessage

        sent = [ChatMessage(role=each.role, content=each.content) for each in messages]
        said = False
        try:
            pieces = self._llm.stream_chat(sent)
            with closing(pieces):
                for piece in pieces:
                    if stop:
                        return
                    if piece.delta:
                        said = said or bool(piece.delta.strip())
                        yield piece.delta
        except GeneratorExit:
            raise
        except Exception as error:  # each LLM has errors of its own
            raise ChatModelError(
                f"The chat model {self.name!r} failed with {type(error).__name__}: {error}"
            ) from error
        if not said:
            raise ChatModelError(f"The chat model {self.name!r} gave an empty answer; try again")
        yield Ended()

    def close(self) -> None:
        """Nothing to let go of; the LLM is its owner's."""
