"""Encoding with a static model: a text's vector is the mean of its tokens'. Home of model2vec."""

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

# The weights are a local folder; nothing may be asked of a hub, whatever the user's settings.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
from model2vec import StaticModel

from store.encoders import Vectors, checked_vectors, well_formed
from store.errors import EncoderError
from store.word_tokens import WordTokens, goes_by_word

__all__ = ["StaticEncoder"]

_MANY = 32
"""Texts of which words come again often enough to look them up."""


class StaticEncoder:
    """A Model2Vec folder as an ``Encoder``; about 6,000 abstracts a second on one core."""

    def __init__(self, folder: Path, name: str) -> None:
        """Load the folder.

        Args:
            folder: Holds config.json, tokenizer.json and model.safetensors, or what
                sentence-transformers writes for a static model.
            name: What homes record.

        Raises:
            EncoderError: The folder's files are damaged or of another kind.
        """
        self.name = name
        try:
            self._model = _ByWord.from_pretrained(folder, normalize=True)
            self.dimension = int(self._model.dim)
            self._model.encode(["length"])
        except Exception as error:
            # Neither of the libraries below it has a class for a damaged file.
            raise EncoderError(
                f"The encoder in {folder} cannot be loaded: {error}; restore its files, and where"
                " it is no Model2Vec model, export it to ONNX"
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; a text without any known token gets the zero vector."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode([well_formed(text) for text in texts])
        return checked_vectors(vectors, len(texts), self.dimension, self.name)


class _ByWord(StaticModel):
    """A model whose texts are cut into tokens word by word, where its tokenizer allows that."""

    @cached_property
    def _words(self) -> WordTokens | None:
        return WordTokens(self.tokenizer) if goes_by_word(self.tokenizer) else None

    def tokenize(self, sentences: Sequence[str]) -> list[list[int]]:
        """The known tokens of texts, as far as the model reads; the same as without words."""
        if self._words is None or len(sentences) < _MANY:
            return super().tokenize(sentences)
        unknown = self.unk_token_id
        read = [tokens[: self.max_length] for tokens in self._words.of(sentences)]
        return [
            [token for token in tokens if token != unknown] if unknown in tokens else tokens
            for tokens in read
        ]
