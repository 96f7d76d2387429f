"""Chat models behind OpenAI-compatible endpoints. Home of openai, in the assistant."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from queue import SimpleQueue
from typing import Any

import openai

from assistant.chat.loop import Loop
from assistant.chat.model import Ended, Message, Stop, Usage
from assistant.chat.openai_faults import Fault, Teller
from assistant.errors import ChatModelError, SettingError
from store.address import shown_address

__all__ = ["OpenAIModel"]

_MAX_TRIES = 3
_LIST_S = 10.0
_FIRST_WAIT_S = 0.5
_CONNECT_S = 5.0
_FIRST_BYTE_S = 120.0
_SILENCE_S = 60.0
_TOTAL_S = 600.0
"""A model on this machine may first have to be loaded, and some think before they speak."""

_NO_KEY = "none"  # the client insists on one, and servers on this machine want none
_OPTIONS = {"temperature": 0.0, "stream_options": {"include_usage": True}}
"""What is left out for an endpoint that refuses it by name."""

_CONTEXT_FIELDS = ("max_model_len", "loaded_context_length", "context_length", "context_window")

_WHY_CUT = {
    "length": "the model reached the limit of its reply",
    "content_filter": "the endpoint's content filter cut it off",
    "": "the endpoint broke off",
}
"""By the reason to finish; any other means that the reply is whole."""

Put = Callable[[str | Ended], None]


class OpenAIModel:
    """One model at one endpoint."""

    def __init__(self, name: str, base_url: str, api_key: str, context_tokens: int) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            name: The model's name at the endpoint.
            base_url: The endpoint's address.
            api_key: Its key; "" for none.
            context_tokens: How long prompt and reply may be together.

        Raises:
            SettingError: The address is none.
        """
        shown = shown_address(base_url)
        if not shown:
            raise SettingError(_no_address(name, base_url))
        self.name = name
        self.identity = f"{name} at {shown}"
        self.context_tokens = context_tokens
        self._teller = Teller(shown, name, api_key)
        self._options: dict[str, Any] = dict(_OPTIONS)
        self._loop = Loop()
        # Retries are counted here, where they can be stopped. A redirect is not followed: texts
        # and key go to the host that was named, and to no other.
        self._client = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=api_key or _NO_KEY,
            max_retries=0,
            timeout=openai.Timeout(None, connect=_CONNECT_S),
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
        )

    def stream(self, messages: Sequence[Message], stop: Stop) -> Iterator[str | Ended]:
        """Reply; see ``ChatModel``."""
        came: SimpleQueue[str | Ended | Exception | None] = SimpleQueue()
        work = self._loop.submit(self._reply([asdict(each) for each in messages], came.put))
        work.add_done_callback(lambda done: came.put(_failure(done)))
        stop.when_set(work.cancel)
        try:
            while (piece := came.get()) is not None:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            work.cancel()

    def listed(self) -> dict[str, int]:
        """The models that the endpoint lists, with the length of their contexts; 0 where not told.

        Raises:
            ChatModelError: It does not list any.
        """
        listed: dict[str, int] = {}
        faults: list[Fault] = []

        async def ask() -> None:
            try:
                async with asyncio.timeout(_LIST_S):
                    page = await self._client.models.list()
                listed.update({str(each.id): _context_tokens(each) for each in page.data})
            except TimeoutError:
                faults.append(self._teller.late(_LIST_S, begun=False))
            except (openai.OpenAIError, *_NOT_AS_EXPECTED) as error:
                faults.append(self._teller.told(error))

        self._loop.submit(ask()).result()
        for fault in faults:
            raise fault.error
        return listed

    def close(self) -> None:
        """Close all connections."""
        self._loop.submit(self._client.close()).result()
        self._loop.close()

    async def _reply(self, messages: list[dict[str, Any]], put: Put) -> None:
        """Ask until something comes, a few times at most; what has begun is not asked again."""
        said: list[str] = []

        def put_and_note(piece: str | Ended) -> None:
            said.append("")
            put(piece)

        n_tries, wait_s = 0, _FIRST_WAIT_S
        while True:
            n_tries += 1
            sent = {"messages": messages, **self._options}
            fault = await self._once(sent, put_and_note)
            if fault is None:
                return
            if self._leaves_out(sent, fault.error) and not said:
                n_tries -= 1  # it is another request, and bounded by the number of options
                continue
            if said or not fault.again or n_tries == _MAX_TRIES:
                raise fault.error
            await asyncio.sleep(fault.wait_s or wait_s)
            wait_s *= 2

    def _leaves_out(self, sent: dict[str, Any], error: ChatModelError) -> bool:
        """Whether an option that was sent was refused by name; it is left out from now on."""
        cause = error.__cause__
        if not isinstance(cause, openai.BadRequestError | openai.UnprocessableEntityError):
            return False
        named = [name for name in _OPTIONS if name in sent and name in f"{cause.param} {cause}"]
        for name in named:
            self._options.pop(name, None)
        return bool(named)

    async def _once(self, sent: dict[str, Any], put: Put) -> Fault | None:
        """One request; a fault is returned, unless the reply was whole before it."""
        reading = _Reading(put)
        try:
            await self._read(sent, reading)
        except TimeoutError:
            limit_s = _SILENCE_S if reading.begun else _FIRST_BYTE_S
            fault = self._teller.late(limit_s, begun=reading.begun)
        except (openai.OpenAIError, *_NOT_AS_EXPECTED) as error:
            fault = self._teller.told(error)
        else:
            return self._ended(reading)
        return self._ended(reading) if reading.finish and reading.said else fault

    async def _read(self, sent: dict[str, Any], reading: "_Reading") -> None:
        clock = asyncio.get_running_loop().time
        last = clock() + _TOTAL_S
        async with asyncio.timeout_at(clock() + _FIRST_BYTE_S) as limit:
            stream: Any = await self._client.chat.completions.create(
                model=self.name, stream=True, **sent
            )
            try:
                async for chunk in stream:
                    limit.reschedule(min(clock() + _SILENCE_S, last))
                    reading.take(chunk)
            finally:
                await stream.close()

    def _ended(self, reading: "_Reading") -> Fault | None:
        if not reading.said:
            if reading.finish == "content_filter":
                return self._teller.withheld()
            return self._teller.spent() if reading.finish == "length" else self._teller.empty()
        reading.put(Ended(_WHY_CUT.get(reading.finish, ""), reading.usage))
        return None


_NOT_AS_EXPECTED = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What it raises to read an answer that is none of OpenAI's."""


class _Reading:
    """What has come of a reply so far."""

    def __init__(self, put: Put) -> None:
        self.put = put
        self.begun = False
        self.said = False
        self.finish = ""
        self.usage: Usage | None = None

    def take(self, chunk: Any) -> None:  # noqa: ANN401 (as far from its type as the endpoint is)
        """Take a chunk in; white space before the first word is no word."""
        self.begun = True
        if chunk.usage:
            self.usage = Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
        for choice in chunk.choices[:1]:
            text = choice.delta.content or getattr(choice.delta, "refusal", None) or ""
            if text and (self.said or text.strip()):
                self.said = True
                self.put(text)
            self.finish = choice.finish_reason or self.finish


def _context_tokens(listed: Any) -> int:  # noqa: ANN401 (each server adds fields of its own)
    """How long a model's context is, as vLLM, llama.cpp, LM Studio and OpenRouter write it."""
    told = dict(listed)
    meta = told.get("meta") or {}
    for value in (*map(told.get, _CONTEXT_FIELDS), meta.get("n_ctx"), meta.get("n_ctx_train")):
        if isinstance(value, int) and value > 0:
            return value
    return 0


def _failure(done: Any) -> Exception | None:  # noqa: ANN401 (a future of any kind)
    """Why work ended; None where it is done, or was cancelled."""
    if done.cancelled():
        return None
    error = done.exception()
    return error if isinstance(error, Exception) else None


def _no_address(name: str, base_url: str) -> str:
    if base_url:
        return (
            "The endpoint's address is not of the form http://HOST:PORT/v1; set"
            " PAPER_ASSISTANT_BASE_URL anew"
        )
    return (
        f"The chat model {name!r} needs an address; set PAPER_ASSISTANT_BASE_URL, for example to"
        " http://localhost:11434/v1 or https://api.openai.com/v1"
    )
