"""From a trained encoder in Hugging Face form to the small ONNX folder that ships.

    python -m store.training.export TRAINED FOLDER

The vocabulary loses what papers in English never need (placeholders, scripts other than Latin and
Greek), and weights become 8-bit integers. The graph gives the vector of every token, so that one
pass serves a passage and each of its sentences.
"""

import json
import sys
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import BertModel

__all__ = ["export"]

MAX_TOKENS = 320
_OPSET = 17
_KEPT_SCRIPTS = ("LATIN", "GREEK", "MATHEMATICAL", "MICRO", "SUPERSCRIPT", "SUBSCRIPT", "MODIFIER")


class _Tokens(torch.nn.Module):  # type: ignore[misc]
    """A BERT whose output is one vector a token."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Encode (n_texts, n_tokens) ids to (n_texts, n_tokens, dimension)."""
        hidden: torch.Tensor = self.bert(input_ids, attention_mask).last_hidden_state
        return hidden


def export(trained: Path, folder: Path) -> None:
    """Write model.onnx and tokenizer.json.

    Args:
        trained: config.json, model.safetensors and tokenizer.json of a BERT encoder.
        folder: Where the result goes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = json.loads((trained / "tokenizer.json").read_text(encoding="utf-8"))
    kept = _kept(tokenizer["model"]["vocab"])
    bert = BertModel.from_pretrained(trained, dtype=torch.float32, add_pooling_layer=False,
                                     attn_implementation="eager").eval()  # fmt: skip
    words = bert.embeddings.word_embeddings
    words.weight = torch.nn.Parameter(words.weight[[old for _, old in kept]].clone())
    _write_graph(_Tokens(bert), folder / "model.onnx")
    renumbered = {token: new for new, (token, _) in enumerate(kept)}
    (folder / "tokenizer.json").write_text(
        json.dumps(_with_vocabulary(tokenizer, renumbered), ensure_ascii=False), encoding="utf-8"
    )


def _kept(vocabulary: dict[str, int]) -> list[tuple[str, int]]:
    """The tokens that stay, with their old numbers, in order."""
    ordered = sorted(vocabulary.items(), key=lambda entry: entry[1])
    return [
        entry for entry in ordered if not entry[0].startswith("[unused") and _in_script(entry[0])
    ]


def _in_script(token: str) -> bool:
    """Whether every letter of a token is of a script that is kept."""
    return all(
        unicodedata.name(letter, "").startswith(_KEPT_SCRIPTS)
        for letter in token
        if letter.isalpha()
    )


def _with_vocabulary(tokenizer: dict, numbers: dict[str, int]) -> dict:  # type: ignore[type-arg]
    """The tokenizer with another numbering, truncating to ``MAX_TOKENS``."""
    tokenizer["model"]["vocab"] = numbers
    for token in tokenizer["added_tokens"]:
        token["id"] = numbers[token["content"]]
    for name, special in tokenizer["post_processor"]["special_tokens"].items():
        special["ids"] = [numbers[name]]
    tokenizer["padding"] = None
    tokenizer["truncation"] |= {"max_length": MAX_TOKENS}
    return tokenizer


def _write_graph(model: torch.nn.Module, path: Path) -> None:
    ids, mask = torch.ones(2, 16, dtype=torch.long), torch.ones(2, 16, dtype=torch.long)
    sizes = {0: "texts", 1: "tokens"}
    with TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            model, (ids, mask), whole, opset_version=_OPSET, dynamo=False,
            input_names=["input_ids", "attention_mask"], output_names=["last_hidden_state"],
            dynamic_axes={"input_ids": sizes, "attention_mask": sizes, "last_hidden_state": sizes},
        )  # fmt: skip
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
