"""Encoding with a small transformer on the CPU. Home of onnxruntime and tokenizers."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from store.encoders import Vectors
from store.errors import StoreError

__all__ = ["OnnxEncoder"]

_MAX_TOKENS = 256
_QUIET = 3  # errors only


class OnnxEncoder:
    """An ONNX folder as an ``Encoder``: tokenizer.json, and a graph with mean-pooled output or not.

    Texts are encoded one by one, so that a vector does not depend on what is encoded beside it
    (8-bit graphs scale by the batch) and nothing is padded; as many at a time as there are cores.
    """

    def __init__(self, folder: Path, graph: Path, name: str) -> None:
        """Load the folder.

        Args:
            folder: Holds tokenizer.json.
            graph: One of ``ONNX_FILES`` in it.
            name: What homes record.

        Raises:
            StoreError: The folder's files are damaged or of another kind.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = _QUIET
        try:
            self._session = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._inputs = {each.name for each in self._session.get_inputs()}
            self.name = name
            self.dimension = int(self._session.get_outputs()[0].shape[-1])
        except Exception as error:  # tokenizers raises nothing narrower
            raise StoreError(
                f"The encoder in {folder} cannot be loaded: {error}; restore its files"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="encoder")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; what is behind a text's first 256 tokens does not count."""
        encodings = self._tokenizer.encode_batch(list(texts))
        vectors = list(self._pool.map(self._encode, encodings))
        return np.stack(vectors) if vectors else np.empty((0, self.dimension), np.float32)

    def _encode(self, encoding: Encoding) -> Vectors:
        ids = np.array([encoding.ids], dtype=np.int64)
        given: dict[str, Any] = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        output = self._session.run(
            None, {name: value for name, value in given.items() if name in self._inputs}
        )[0][0]
        vector = np.asarray(output.mean(axis=0) if output.ndim > 1 else output, dtype=np.float32)
        return vector / np.float32(np.linalg.norm(vector) or 1.0)
