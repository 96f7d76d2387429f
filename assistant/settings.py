"""Settings: argument, else environment, else default. The one reader of the environment."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from assistant.chat.budget import DEFAULT_CONTEXT_TOKENS
from assistant.errors import SettingError
from store.server.address import ServerAddress, server_address

__all__ = ["ENVIRONMENT", "Settings"]

_PREFIX = "PAPER_ASSISTANT_"
_MIN_CONTEXT_TOKENS = 1_000

ENVIRONMENT = (
    *("HOME", "MODEL", "BASE_URL", "API_KEY", "ENCODER", "ENCODER_BASE_URL", "ENCODER_API_KEY"),
    *("CONTEXT_TOKENS", "CHROMA_URL", "CHROMA_TOKEN"),
)
"""What may follow ``PAPER_ASSISTANT_`` in the name of a variable."""

_ALSO = {"base_url": "OPENAI_BASE_URL", "api_key": "OPENAI_API_KEY"}
"""Variables of other programs that count where ours are not set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an assistant is set up; checked when made.

    Attributes:
        home: The home folder.
        model: The chat model's name; "" for the extractive writer.
        base_url: The endpoint of the chat model, and of an encoder that has none of its own.
        api_key: Its key; never shown.
        encoder: Name or folder of the encoder; "" for the home's own, or in a new one the default.
        encoder_base_url: The endpoint of an encoder "endpoint:MODEL" where it is another one.
        encoder_api_key: Its key; never shown.
        context_tokens: How long the chat model's prompt and reply may be together.
        chroma_url: A Chroma server's address, see ``store.server.address``; "" for Chroma embedded
            in the home.
        chroma_token: Its token; never shown.

    Raises:
        SettingError: A value makes no sense.
    """

    home: Path
    model: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    encoder: str = ""
    encoder_base_url: str = ""
    encoder_api_key: str = field(default="", repr=False)
    context_tokens: int = DEFAULT_CONTEXT_TOKENS
    chroma_url: str = ""
    chroma_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse what this version cannot do, rather than ignore it."""
        if self.model not in ("", "extractive") and not self.base_url:
            raise SettingError(
                f"The chat model {self.model!r} needs an address; set PAPER_ASSISTANT_BASE_URL,"
                " for example to http://localhost:11434/v1 or https://api.openai.com/v1"
            )
        _ = self.server  # it is checked so

    @property
    def server(self) -> ServerAddress | None:
        """The Chroma server that keeps the papers; None where the home does.

        Raises:
            SettingError: Its address makes no sense.
        """
        if not self.chroma_url:
            return None
        try:
            return server_address(self.chroma_url, self.chroma_token)
        except ValueError as error:
            raise SettingError(
                f"PAPER_ASSISTANT_CHROMA_URL is no address of a Chroma server: {error}"
            ) from error

    @property
    def encoder_endpoint(self) -> tuple[str, str]:
        """Address and key for an encoder; the chat model's key goes to the chat model's alone."""
        if self.encoder_base_url:
            return self.encoder_base_url, self.encoder_api_key
        return self.base_url, self.encoder_api_key or self.api_key

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, **arguments: object) -> "Settings":
        """Gather the settings.

        Args:
            environment: The variables to look in.
            arguments: Fields given by the caller; None for not given.

        Raises:
            SettingError: A variable with our prefix is not one of ``ENVIRONMENT``.
        """
        _check_names(environment)
        given = {name: value for name, value in arguments.items() if value not in (None, "")}
        for each in fields(cls):
            ours = environment.get(_PREFIX + each.name.upper())
            if value := ours or environment.get(_ALSO.get(each.name, "")):
                given.setdefault(each.name, value)
        if "context_tokens" in given:
            given["context_tokens"] = _tokens(given["context_tokens"])
        home = Path(str(given.pop("home", "") or _default_home()))
        try:
            home = home.expanduser()
        except RuntimeError as error:
            raise SettingError(f"The home {home} cannot be found: {error}") from error
        return cls(home=home, **given)  # type: ignore[arg-type]


def _tokens(given: object) -> int:
    try:
        tokens = int(str(given))
    except ValueError:
        tokens = 0
    if tokens < _MIN_CONTEXT_TOKENS:
        raise SettingError(
            f"PAPER_ASSISTANT_CONTEXT_TOKENS is {given!r}; set a number of tokens from"
            f" {_MIN_CONTEXT_TOKENS:,} on"
        )
    return tokens


def _check_names(environment: Mapping[str, str]) -> None:
    for name in environment:
        if name.startswith(_PREFIX) and name.removeprefix(_PREFIX) not in ENVIRONMENT:
            known = [_PREFIX + each for each in ENVIRONMENT]
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise SettingError(f"There is no setting {name}; {meant}")


def _default_home() -> str:
    """The folder that the system keeps for a program's data."""
    from platformdirs import user_data_dir

    return user_data_dir("paper-assistant", appauthor=False)
