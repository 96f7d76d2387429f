"""Encoding by an OpenAI-compatible endpoint. Home of openai, in the store."""

from collections.abc import Iterator
from weakref import finalize

import openai

from store.address import shown_address
from store.asking_encoder import AskingEncoder
from store.encoders import ENDPOINT, Endpoint
from store.errors import EncoderError

__all__ = ["endpoint_encoder"]

_BATCH = 64
_MAX_RETRIES = 2
_CONNECT_S = 5.0
_ANSWER_S = 60.0
_NO_KEY = "none"  # the client insists on one, and servers on this machine want none


def endpoint_encoder(name: str, endpoint: Endpoint, dimension: int = 0) -> AskingEncoder:
    """Make an encoder of a model that an endpoint serves; nothing is sent yet.

    Args:
        name: "endpoint:MODEL"; homes record it, so that the endpoint may move.
        endpoint: Where it is.
        dimension: Length of its vectors, where a home has recorded it.

    Raises:
        EncoderError: The name or the address makes no sense.
    """
    model = name.removeprefix(ENDPOINT).strip()
    if not model:
        raise EncoderError(f"The encoder {name!r} names no model; write {ENDPOINT}MODEL")
    asked = _Asked(model, endpoint)
    return AskingEncoder(ENDPOINT + model, asked.vectors, dimension=dimension)


class _Asked:
    """One model at one endpoint."""

    def __init__(self, model: str, endpoint: Endpoint) -> None:
        self._model = model
        self._key = endpoint.api_key
        self._shown = _checked_address(endpoint.base_url, model)
        # The client tries again by itself, ever later, or when a busy server says. A redirect is
        # not followed: texts and key go to the host that was named, and to no other.
        connections = openai.DefaultHttpxClient(follow_redirects=False)
        finalize(self, connections.close)
        self._client = openai.OpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key or _NO_KEY,
            max_retries=_MAX_RETRIES,
            timeout=openai.Timeout(_ANSWER_S, connect=_CONNECT_S),
            http_client=connections,
        )

    def vectors(self, texts: list[str]) -> list[list[float]]:
        """Ask for the vectors of texts, 64 at a time."""
        return [
            vector
            for at in range(0, len(texts), _BATCH)
            for vector in self._ask(texts[at : at + _BATCH])
        ]

    def _ask(self, texts: list[str]) -> Iterator[list[float]]:
        try:
            # Numbers are what every server can give; not all know base64.
            answer = self._client.embeddings.create(
                model=self._model, input=texts, encoding_format="float"
            )
            rows = sorted(answer.data, key=lambda row: row.index)
            vectors = [row.embedding for row in rows]
        except openai.OpenAIError as error:
            hidden = bool(self._key) and self._key in str(error)
            raise self._told(error) from (None if hidden else error)
        except (AttributeError, TypeError, ValueError) as error:
            raise EncoderError(
                f"The endpoint {self._shown} does not answer as OpenAI's does; check its address,"
                " which mostly ends in /v1"
            ) from error
        if len(vectors) != len(texts):
            raise EncoderError(
                f"The endpoint {self._shown} gave {len(vectors)} vectors for {len(texts)} texts;"
                f" it cannot be used with the model {self._model!r}"
            )
        return iter(vectors)

    def _told(self, error: openai.OpenAIError) -> EncoderError:
        """An error of the client in words, without the key."""
        where, model = f"The endpoint {self._shown}", repr(self._model)
        said = str(error).replace(self._key, "…") if self._key else str(error)
        for kind, message, retryable in (
            (openai.AuthenticationError, f"{where} refuses the key; set the right one in"
             " PAPER_ASSISTANT_API_KEY", False),
            (openai.PermissionDeniedError, f"{where} does not allow this key the model {model};"
             " set another one in PAPER_ASSISTANT_API_KEY", False),
            (openai.NotFoundError, f"{where} has no encoder {model}; check the model's name, and"
             " the address, which mostly ends in /v1", False),
            (openai.RateLimitError, f"{where} takes no more requests now ({said}); try again"
             " later", True),
            (openai.APITimeoutError, f"{where} did not answer in time; try again later", True),
            (openai.APIConnectionError, f"{where} cannot be reached; start it, or set the right"
             " address in PAPER_ASSISTANT_BASE_URL", True),
            (openai.InternalServerError, f"{where} failed ({said}); try again later", True),
        ):  # fmt: skip
            if isinstance(error, kind):
                return EncoderError(message, retryable=retryable)
        return EncoderError(f"{where} refused the texts for the encoder {model}: {said}")


def _checked_address(base_url: str, model: str) -> str:
    """The address without what a person may have put in it to sign in."""
    if not base_url:
        raise EncoderError(
            f"The encoder {ENDPOINT}{model} needs an address; set PAPER_ASSISTANT_BASE_URL, for"
            " example to http://localhost:11434/v1 or https://api.openai.com/v1"
        )
    shown = shown_address(base_url)
    if not shown:
        raise EncoderError(
            "The endpoint's address is not of the form http://HOST:PORT/v1; set"
            " PAPER_ASSISTANT_BASE_URL anew"
        )
    return shown
