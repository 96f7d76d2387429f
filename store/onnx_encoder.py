"""Encoding with a small transformer on the CPU. Home of onnxruntime and tokenizers."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

# onnxruntime would keep a number of this device in the user's cache, and report to its makers.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from store.encoders import Spans, Vectors, checked_vectors, well_formed
from store.errors import EncoderError
from store.onnx_folder import read_usage

__all__ = ["OnnxEncoder"]

_QUIET = 4  # what goes wrong is raised; on standard error it would only stand a second time
_TYPES = {"tensor(int32)": np.int32, "tensor(int64)": np.int64}
_KNOWN_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_WHOLE = "sentence_embedding"
"""The output of a graph that does all that sentence-transformers would do behind it."""

_POOL: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "mean": lambda tokens: tokens.mean(axis=0),
    "cls": lambda tokens: tokens[0],
    "max": lambda tokens: tokens.max(axis=0),
    "lasttoken": lambda tokens: tokens[-1],
}


class OnnxEncoder:
    """An ONNX folder as an ``Encoder``: this project's, or one of sentence-transformers.

    Texts are encoded one by one, so that a vector does not depend on what is encoded beside it
    (8-bit graphs scale by the batch) and nothing is padded; as many at a time as there are cores.
    """

    def __init__(self, folder: Path, graph: Path, name: str) -> None:
        """Load the folder.

        Args:
            folder: Holds tokenizer.json, and what sentence-transformers puts beside it.
            graph: One of ``ONNX_FILES`` in it.
            name: What homes record.

        Raises:
            EncoderError: The folder's files are damaged or of another kind.
        """
        self.name = name
        self._folder = folder
        self._session = _session(graph)
        self._inputs = {each.name: _TYPES.get(each.type) for each in self._session.get_inputs()}
        outputs = [each.name for each in self._session.get_outputs()]
        self._output = _WHOLE if _WHOLE in outputs else outputs[0]
        if not {"input_ids"} <= self._inputs.keys() <= _KNOWN_INPUTS or None in (
            self._inputs.values()
        ):
            raise EncoderError(
                f"The graph {graph} takes {', '.join(self._inputs)} and not the tokens of a text;"
                " name the folder of an encoder of texts"
            )
        self._tokenizer = _tokenizer(folder)
        self._usage = read_usage(folder, (self._tokenizer.truncation or {}).get("max_length"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._usage.max_tokens)
        self._pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="encoder")
        self.dimension = 0
        self.dimension = self.encode(["length"]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode passages; what is behind a text's first tokens (256 mostly) does not count."""
        return self._encode_all(texts, self._usage.passage_prompt)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Encode queries: behind the prompt that the encoder was trained with, if any."""
        return self._encode_all(texts, self._usage.query_prompt)

    def encode_parts(self, texts: Sequence[str], parts: Sequence[Spans]) -> list[Vectors]:
        """Encode passages, and pieces of each as the mean of their tokens, in one pass.

        A piece so means what it means where it stands. A graph that gives no vectors of tokens, or
        is not to be pooled by their mean, gives the passages alone.

        Source:
            "Late chunking", Günther et al. 2024, arXiv:2409.04701.
        """
        read = self._read(texts, self._usage.passage_prompt)
        shift = len(self._usage.passage_prompt)
        moved = [[(start + shift, end + shift) for start, end in some] for some in parts]
        return list(self._pool.map(self._encode_with_parts, read, moved))

    def _encode_with_parts(self, encoding: Encoding, parts: Spans) -> Vectors:
        output = self._output_for(encoding)
        rows = [self._pooled(output)]
        if output.ndim > 1 and self._usage.pooling == "mean":
            starts, ends = np.array(encoding.offsets).T
            # Some tokenizers let a word begin with the space before it.
            within = [(ends > start) & (ends <= end) & (ends > starts) for start, end in parts]
            rows += [tokens @ output for tokens in within]
        return checked_vectors(rows, len(rows), self.dimension, self.name)

    def _encode_all(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        read = self._read(texts, prompt)
        at_once = self._pool.map if len(read) > 1 else map  # one query need not wait for a thread
        outputs = at_once(self._output_for, read)
        vectors = [self._pooled(output) for output in outputs]
        return checked_vectors(vectors, len(texts), self.dimension, self.name)

    def _read(self, texts: Sequence[str], prompt: str) -> list[Encoding]:
        """The tokens of texts, behind a prompt."""
        prompted = [prompt + well_formed(text) for text in texts]
        if self._usage.lower:
            prompted = [text.lower() for text in prompted]
        return self._tokenizer.encode_batch(prompted)

    def _output_for(self, encoding: Encoding) -> NDArray[Any]:
        """What the graph gives for one text: a vector, or one a token."""
        n_tokens = len(encoding.ids)
        if not n_tokens:
            return np.zeros(self.dimension, np.float32)
        given: dict[str, Any] = {
            "input_ids": [encoding.ids],
            "attention_mask": [[1] * n_tokens],
            "token_type_ids": [[0] * n_tokens],
        }
        fed = {name: np.array(given[name], kind) for name, kind in self._inputs.items()}
        try:
            return np.asarray(self._session.run([self._output], fed)[0][0])
        except Exception as error:  # onnxruntime's errors have no common class
            raise EncoderError(
                f"The encoder in {self._folder} cannot encode {n_tokens} tokens: {error}; its"
                " graph and its tokenizer do not belong together, save both anew"
            ) from error

    def _pooled(self, output: NDArray[Any]) -> NDArray[Any]:
        """One vector of what the graph gave for one text."""
        if output.ndim == 1:
            return output
        if self._usage.whole:
            raise EncoderError(
                f"The encoder in {self._folder} cannot be used as it is: {self._usage.whole};"
                f" export a graph whose output {_WHOLE} does all of it"
            )
        return _POOL[self._usage.pooling](output)


def _session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = _QUIET
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common class
        later = "IR version" in str(error) or "opset" in str(error)
        way_out = (
            f"onnxruntime {onnxruntime.__version__} is too old for it: upgrade onnxruntime, or"
            " export the graph for an earlier opset"
            if later
            else "restore its files"
        )
        raise EncoderError(
            f"The encoder in {graph.parent} cannot be loaded: {error}; {way_out}"
        ) from error


def _tokenizer(folder: Path) -> Tokenizer:
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise EncoderError(
            f"The encoder in {folder} cannot be loaded: it has no tokenizer.json; save its"
            " tokenizer there in the fast form"
        )
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing narrower
        raise EncoderError(
            f"The encoder in {folder} cannot be loaded: {path.name}: {error}; restore its files"
        ) from error
