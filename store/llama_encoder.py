"""Encoding with any embedding of LlamaIndex, which needs nothing of LlamaIndex itself."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol, runtime_checkable

from store.asking_encoder import AskingEncoder
from store.encoders import LLAMA_INDEX
from store.errors import EncoderError

__all__ = ["LlamaIndexEmbedding", "llama_index_encoder"]


@runtime_checkable
class LlamaIndexEmbedding(Protocol):
    """What is asked of a LlamaIndex ``BaseEmbedding``."""

    model_name: str

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Encode passages."""
        ...

    def get_query_embedding(self, query: str) -> list[float]:
        """Encode a query."""
        ...


def llama_index_encoder(embedding: LlamaIndexEmbedding) -> AskingEncoder:
    """Make an encoder of an embedding.

    A home records its class and its model, and is opened again by passing one of the same. It is
    asked by one thread at a time: tokenizers that such embeddings keep are not safe in several.
    """
    name = f"{LLAMA_INDEX}{type(embedding).__name__}:{embedding.model_name}"
    turn = Lock()

    def asked(ask: Callable[[list[str]], Any]) -> Callable[[list[str]], Any]:
        def ask_in_turn(texts: list[str]) -> Any:  # noqa: ANN401 (checked by the encoder)
            try:
                with turn:
                    return ask(texts)
            except Exception as error:  # each embedding has errors of its own
                raise EncoderError(
                    f"The encoder {name!r} failed with {type(error).__name__}: {error}"
                ) from error

        return ask_in_turn

    return AskingEncoder(
        name,
        asked(embedding.get_text_embedding_batch),
        asked(lambda queries: [embedding.get_query_embedding(query) for query in queries]),
    )
