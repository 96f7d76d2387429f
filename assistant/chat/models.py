"""The chat models that an assistant may write with, each made when it is first asked for."""

import threading
from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING

from assistant.chat.model import ChatModel, LlamaIndexLLM, Stop
from assistant.errors import SettingError
from assistant.extractive import NAME as EXTRACTIVE
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.chat.writer import ChatWriter
    from prompts import Prompt

__all__ = ["Models"]


class Models:
    """The model that was named, and others of its endpoint."""

    def __init__(self, settings: Settings, given: object = None, *, cache: bool = True) -> None:
        """Make the model that is named; nothing is sent yet.

        Args:
            settings: Name, address and key.
            given: A LlamaIndex LLM in place of the name; a name is in the settings.
            cache: Whether replies are kept in the home.

        Raises:
            SettingError: A model is named and no endpoint, or a prompt cannot be used.
        """
        self._settings = settings
        self._cache = cache
        self._fresh = False
        self._lock = threading.Lock()
        self._made: dict[str, ChatModel] = {}
        self._prompts: Mapping[str, Prompt] | None = None
        self.name = settings.model or EXTRACTIVE
        if given is not None and not isinstance(given, str):
            model = _wrapped(given)
            self.name = model.name
            self._made[self.name] = model
        self.writer(None, Stop())  # says at once what cannot be used

    def writer(self, name: str | None, stop: Stop) -> "ChatWriter | None":
        """A writer for one answer; None for the extractive one.

        Args:
            name: The model's; None for the assistant's own.
            stop: Ends the writing.

        Raises:
            SettingError: There is no endpoint to ask for it, or a prompt cannot be used.
        """
        model = self.named(name)
        if model is None:
            return None
        from assistant.chat.kept import KeptReplies
        from assistant.chat.writer import ChatWriter

        if self._prompts is None:
            self._prompts = _prompts(self._settings)
        kept = KeptReplies(self._settings.home, fresh=self._fresh) if self._cache else None
        return ChatWriter(model, self._prompts, kept, stop)

    def named(self, name: str | None) -> ChatModel | None:
        """The model of a name, or else the assistant's own; None for the extractive writer.

        Raises:
            SettingError: There is no endpoint to ask for it.
        """
        name = name or self.name
        if name == EXTRACTIVE:
            return None
        with self._lock:
            if name not in self._made:
                self._made[name] = self._at_endpoint(name)
            return self._made[name]

    def listed(self) -> list[str]:
        """The names of all that can be asked, the assistant's own first, the extractive one last.

        Raises:
            ChatModelError: The endpoint does not list its models.
        """
        ask = getattr(self.named(None), "listed", dict)
        listed: Mapping[str, int] = ask()
        return list(dict.fromkeys((self.name, *sorted(listed), EXTRACTIVE)))

    def anew(self) -> "Models":
        """The same models, which write anew what was kept from before; that is then replaced."""
        other = copy(self)
        other._fresh = True
        return other

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
            for model in self._made.values():
                model.close()
            self._made.clear()

    def _at_endpoint(self, name: str) -> ChatModel:
        from assistant.chat.openai_model import OpenAIModel

        settings = self._settings
        if not settings.model:
            raise SettingError(
                f"The chat model {name!r} cannot be asked: no endpoint is in use. Start with a"
                " model named, by --model or PAPER_ASSISTANT_MODEL"
            )
        return OpenAIModel(name, settings.base_url, settings.api_key, settings.context_tokens)


def _wrapped(given: object) -> ChatModel:
    """A LlamaIndex LLM as a chat model."""
    if not isinstance(given, LlamaIndexLLM):
        raise SettingError(
            f"The model is a {type(given).__name__}; give a chat model's name, or a LlamaIndex LLM"
        )
    from assistant.chat.llama_model import LlamaIndexModel

    return LlamaIndexModel(given)


def _prompts(settings: Settings) -> "Mapping[str, Prompt]":
    """What ships, or what the user has put in its place in the home folder."""
    from prompts import PromptError, load_prompts

    try:
        return load_prompts(settings.home / "prompts")
    except PromptError as error:
        raise SettingError(str(error)) from error
