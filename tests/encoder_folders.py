"""Small encoders on disk for tests, of random weights: ONNX graphs written byte by byte."""

import json
import shutil
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, processors

import store.encoders

WEIGHTS = Path(store.encoders.__file__).parent / "weights"
DIMENSION = 24
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?!:"
VOCABULARY = {
    token: number
    for number, token in enumerate([*_SPECIAL, *_LETTERS, *(f"##{letter}" for letter in _LETTERS)])
}
_FLOAT, _INT64 = 1, 7


def field(number: int, value: int | str | bytes) -> bytes:
    """One field of a protobuf message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def table(seed: int = 0, n_tokens: int = len(VOCABULARY)) -> np.ndarray:
    """Random vectors of tokens, shape (n_tokens, DIMENSION)."""
    return np.random.default_rng(seed).normal(size=(n_tokens, DIMENSION)).astype(np.float32)


def write_graph(
    path: Path,
    weights: np.ndarray,
    *,
    whole: bool = False,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask"),
    opset: int = 13,
    ir_version: int = 8,
) -> None:
    """Write a graph that looks tokens up in a table.

    Args:
        path: The file.
        weights: The table.
        whole: Whether it averages them too, as sentence_embedding beside token_embeddings.
        inputs: Names of its inputs; the first is looked up.
        opset: Of the operators it says it uses.
        ir_version: Of the format it says it has.
    """
    tokens = "token_embeddings" if whole else "last_hidden_state"
    nodes = [_node("Gather", ("table", inputs[0]), tokens)]
    outputs = [_value(tokens, _FLOAT, ("batch", "tokens", DIMENSION))]
    if whole:
        axes = field(1, "axes") + field(8, 1) + field(20, 7)
        flat = field(1, "keepdims") + field(3, 0) + field(20, 2)
        nodes.append(_node("ReduceMean", (tokens,), "sentence_embedding", axes, flat))
        outputs.append(_value("sentence_embedding", _FLOAT, ("batch", DIMENSION)))
    kept = b"".join(field(1, n) for n in weights.shape)
    initializer = kept + field(2, _FLOAT) + field(8, "table") + field(9, weights.tobytes())
    graph = b"".join(
        [
            *(field(1, node) for node in nodes),
            field(2, "encoder"),
            field(5, initializer),
            *(field(11, _value(name, _INT64, ("batch", "tokens"))) for name in inputs),
            *(field(12, output) for output in outputs),
        ]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(field(1, ir_version) + field(7, graph) + field(8, field(2, opset)))


def _node(kind: str, inputs: tuple[str, ...], output: str, *attributes: bytes) -> bytes:
    return b"".join(
        [
            *(field(1, name) for name in inputs),
            field(2, output),
            field(4, kind),
            *(field(5, attribute) for attribute in attributes),
        ]
    )


def _value(name: str, kind: int, shape: tuple[int | str, ...]) -> bytes:
    sizes = (field(1, field(1 if isinstance(size, int) else 2, size)) for size in shape)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, b"".join(sizes))))


def tokenizer() -> Tokenizer:
    """Letters of words, between [CLS] and [SEP]."""
    made = Tokenizer(
        models.WordPiece(VOCABULARY, unk_token="[UNK]", max_input_chars_per_word=1_000)
    )
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(token, VOCABULARY[token]) for token in ("[CLS]", "[SEP]")],
    )
    return made


def onnx_folder(
    folder: Path,
    *,
    pooling: dict[str, object] | None = None,
    whole: bool = False,
    settings: dict[str, object] | None = None,
    prompts: dict[str, str] | None = None,
    modules: tuple[str, ...] = ("Transformer", "Pooling", "Normalize"),
) -> Path:
    """Write a folder as sentence-transformers does: the graph in onnx/, its settings around it."""
    write_graph(folder / "onnx" / "model.onnx", table(), whole=whole)
    tokenizer().save(str(folder / "tokenizer.json"))
    listed = [
        {
            "idx": at,
            "name": str(at),
            "path": "" if at == 0 else f"{at}_{name}",
            "type": f"sentence_transformers.models.{name}",
        }
        for at, name in enumerate(modules)
    ]
    files: dict[str, object] = {
        "modules.json": listed,
        "sentence_bert_config.json": settings or {"max_seq_length": 64, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": prompts or {},
            "default_prompt_name": None,
        },
        "1_Pooling/config.json": pooling
        or {"word_embedding_dimension": DIMENSION, "pooling_mode_mean_tokens": True},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def static_folder(folder: Path) -> Path:
    """A Model2Vec folder of one's own."""
    return Path(shutil.copytree(WEIGHTS / "static-256", folder))
