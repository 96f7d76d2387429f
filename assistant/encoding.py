"""Which encoder an assistant uses."""

from assistant.errors import SettingError
from assistant.settings import Settings
from store.encoders import BUNDLED, DEFAULT_ENCODER, ENDPOINT, Encoder, Endpoint, load_encoder
from store.home import recorded_dimension, recorded_encoder
from store.llama_encoder import LlamaIndexEmbedding, llama_index_encoder

__all__ = ["Given", "chosen_encoder"]

Given = str | Encoder | LlamaIndexEmbedding | None
"""What a person may give as an encoder: a name, one of ours or of LlamaIndex, or nothing."""


def chosen_encoder(given: Given, settings: Settings) -> Encoder:
    """The encoder that was given or named, else the home's or the server's own, else the default.

    Raises:
        SettingError: What was given is no encoder.
        StoreError: It cannot be loaded.
    """
    if isinstance(given, LlamaIndexEmbedding):
        return llama_index_encoder(given)
    if given is not None and not isinstance(given, str):
        if not hasattr(given, "encode"):
            raise SettingError(
                f"The encoder is a {type(given).__name__}; give a name, an object with the methods"
                " of store.encoders.Encoder, or a LlamaIndex embedding"
            )
        return given
    name = settings.encoder or recorded_encoder(settings.home) or _on_server(settings)
    return load_encoder(
        name, Endpoint(*settings.encoder_endpoint), recorded_dimension(settings.home, name)
    )


def _on_server(settings: Settings) -> str:
    """The encoder of the collection that a new home will be a copy of; else the default."""
    if settings.server is None:
        return DEFAULT_ENCODER
    from store.server.chroma_server import glimpse

    name = glimpse(settings.server).encoder
    # One that lies in a folder has to be named; that it is another one is said on opening.
    return name if name in BUNDLED or name.startswith(ENDPOINT) else DEFAULT_ENCODER
