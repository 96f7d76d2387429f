"""How a folder of sentence-transformers says that its encoder is to be used."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import EncoderError

__all__ = ["POOLINGS", "Usage", "read_usage"]

POOLINGS = ("mean", "cls", "max", "lasttoken")
"""How the vectors of a text's tokens become one."""

_MAX_TOKENS = 512
_DEFAULT_TOKENS = 256
_OFFSET_POSITIONS = ("roberta", "xlm-roberta", "camembert", "mpnet")
"""Models whose first two positions are never a token's."""

_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("document", "passage", "corpus")
"""Names of prompts, in the order in which sentence-transformers looks for them."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How texts become vectors, beside the graph itself.

    Attributes:
        pooling: One of ``POOLINGS``, for graphs that give a vector a token.
        whole: Why a graph that gives a vector a token is not enough; "" where it is.
        max_tokens: What is behind them does not count; 512 at most.
        lower: Whether texts are put in lower case.
        query_prompt: What goes before each query.
        passage_prompt: What goes before each passage.
    """

    pooling: str = "mean"
    whole: str = ""
    max_tokens: int = _DEFAULT_TOKENS
    lower: bool = False
    query_prompt: str = ""
    passage_prompt: str = ""


def read_usage(folder: Path, tokenizer_limit: int | None) -> Usage:
    """Read the settings beside a graph.

    Args:
        folder: The encoder's; every file of settings may be missing.
        tokenizer_limit: Tokens that the tokenizer cuts texts to, if any.

    Raises:
        EncoderError: A file is damaged, or asks for what cannot be done.
    """
    sentence = _read(folder / "sentence_bert_config.json")
    modules = _read(folder / "modules.json", [])
    prompts = _read(folder / "config_sentence_transformers.json")
    pooling, whole = _pooling(folder, modules)
    return Usage(
        pooling=pooling,
        whole=whole,
        max_tokens=_max_tokens(folder, sentence.get("max_seq_length"), tokenizer_limit),
        lower=bool(sentence.get("do_lower_case")),
        query_prompt=_prompt(prompts, _QUERY_PROMPTS),
        passage_prompt=_prompt(prompts, _PASSAGE_PROMPTS),
    )


def _read(path: Path, absent: Any = None) -> Any:  # noqa: ANN401 (JSON)
    if not path.is_file():
        return {} if absent is None else absent
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderError(f"{path} is damaged: {error}; restore the encoder's files") from error
    if not isinstance(found, dict if absent is None else type(absent)):
        raise EncoderError(f"{path} is damaged: it holds no settings; restore the encoder's files")
    return found


def _pooling(folder: Path, modules: list[Any]) -> tuple[str, str]:
    """The pooling, and what else would have to be done to the vectors of tokens."""
    paths = {
        str(each.get("type", "")).rpartition(".")[2]: str(each.get("path", ""))
        for each in modules
        if isinstance(each, dict)
    }
    more = sorted(paths.keys() - {"Transformer", "Pooling", "Normalize"})
    config = _read(folder / paths.get("Pooling", "1_Pooling") / "config.json")
    chosen = [
        name.removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token")
        for name, on in config.items()
        if name.startswith("pooling_mode_") and on is True
    ] or config.get("pooling_mode", "mean")
    several = chosen if isinstance(chosen, list) else [chosen]
    if more:
        return "", f"its modules {', '.join(more)} would be left out"
    if len(several) != 1 or several[0] not in POOLINGS:
        return "", f"it pools by {' and '.join(map(str, several))}, not by one of {POOLINGS}"
    return str(several[0]), ""


def _max_tokens(folder: Path, said: object, tokenizer_limit: int | None) -> int:
    config = _read(folder / "config.json")
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int) and config.get("model_type") in _OFFSET_POSITIONS:
        positions -= 2
    limits = [
        limit
        for limit in (said or tokenizer_limit or _DEFAULT_TOKENS, positions, _MAX_TOKENS)
        if isinstance(limit, int) and limit > 2
    ]
    return min(limits)


def _prompt(config: dict[str, Any], names: tuple[str, ...]) -> str:
    prompts = config.get("prompts")
    if not isinstance(prompts, dict):
        return ""
    for name in (*names, config.get("default_prompt_name")):
        if prompt := prompts.get(name):
            return str(prompt)
    return ""
