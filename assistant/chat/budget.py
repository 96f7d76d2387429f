"""How long texts are for a chat model whose tokenizer is not known."""

from collections.abc import Iterable

from assistant.chat.model import Message

__all__ = ["DEFAULT_CONTEXT_TOKENS", "n_tokens", "n_tokens_of", "room_for_reply"]

DEFAULT_CONTEXT_TOKENS = 4_096
"""What every model takes; Ollama, unless told otherwise, silently drops the beginning of more."""

_BYTES_A_TOKEN = 3.5
"""Source: abstracts of the five pages have 4.24 bytes a token at the least and 5.53 at the median
with cl100k_base; smaller vocabularies cut finer, and this errs on the side of too many tokens."""
_A_MESSAGE = 8
_MAX_REPLY_TOKENS = 1_000


def n_tokens(text: str) -> int:
    """Estimate how many tokens a text has, rather too many than too few."""
    return int(len(text.encode("utf-8", "replace")) / _BYTES_A_TOKEN) + 1


def n_tokens_of(messages: Iterable[Message]) -> int:
    """Estimate how many tokens messages have together."""
    return sum(n_tokens(message.content) + _A_MESSAGE for message in messages)


def room_for_reply(context_tokens: int) -> int:
    """Tokens that are kept free for the reply."""
    return min(_MAX_REPLY_TOKENS, context_tokens // 4)
