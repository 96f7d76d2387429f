"""Encoding with a static model: a text's vector is the mean of its tokens'. Home of model2vec."""

import os
from collections.abc import Sequence
from pathlib import Path

# The weights are a local folder; nothing may be asked of a hub, whatever the user's settings.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
from model2vec import StaticModel

from store.encoders import Vectors
from store.errors import StoreError

__all__ = ["StaticEncoder"]


class StaticEncoder:
    """A Model2Vec folder as an ``Encoder``; about 3,000 abstracts a second on one core."""

    def __init__(self, folder: Path, name: str) -> None:
        """Load the folder.

        Args:
            folder: Holds config.json, tokenizer.json and model.safetensors.
            name: What homes record.

        Raises:
            StoreError: The folder's files are damaged or of another kind.
        """
        try:
            self._model = StaticModel.from_pretrained(folder, normalize=True)
        except Exception as error:
            # Neither of the libraries below it has a class for a damaged file.
            raise StoreError(f"The encoder in {folder} cannot be loaded: {error}") from error
        self.name = name
        self.dimension = int(self._model.dim)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; a text without any known token gets the zero vector."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)
