"""What is wrong with a set-up, if anything: one line each, and what to type."""

import difflib
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.chat.budget import room_for_reply
from assistant.chat.model import Ended, Message, Stop
from assistant.chat.models import Models
from assistant.errors import AssistantError, ChatModelError, ContextOverflowError
from assistant.extractive import NAME as EXTRACTIVE
from assistant.settings import Settings
from store.errors import EncoderError, StoreError
from store.home import Home
from store.server.address import ServerAddress

if TYPE_CHECKING:
    from assistant.chat.openai_model import OpenAIModel

__all__ = ["Check", "checks_as_dict", "checks_as_text", "examine"]

_FILLER = " moss"
"""One token at least, with every tokenizer."""
_TRUNCATED = 0.9


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What.
        ok: Whether it is as it should be.
        said: How it is; where it is not as it should be, also what to do.
    """

    name: str
    ok: bool
    said: str


def examine(home: Path | None, model: str | None) -> Iterator[Check]:
    """Look at settings, server, home, collection, encoder, and the chat model, as far as named.

    Args:
        home: The folder; None for the one of the settings.
        model: The chat model's name; None for the one of the settings.

    Yields:
        Each check as it is done. A chat model is asked twice, for a word each time, and once is
        sent as much text as it may be sent for an answer.
    """
    try:
        settings = Settings.read(home=home, model=model)
        models = Models(settings, cache=False)
    except AssistantError as error:
        yield Check("settings", False, str(error))
        return
    server = _server(settings.server) if settings.server else None
    if server:
        yield server
    yield from _home(settings, server)
    asked = models.named(None)
    if asked is None:
        yield Check("writer", True, f"{EXTRACTIVE}; no chat model is named, and nothing is sent")
        return
    try:
        yield from _endpoint(asked, settings)  # type: ignore[arg-type]
    finally:
        models.close()


def _server(address: ServerAddress) -> Check:
    """The Chroma server, what is there, and whether it lets us in."""
    from store.server.chroma_server import glimpse

    try:
        seen = glimpse(address)
    except StoreError as error:
        return Check("server", False, str(error))
    held = f"{seen.n_passages:,} passages, encoder {seen.encoder}"
    held = held if seen.encoder else "nothing there yet; the first machine begins it"
    return Check("server", True, f"{address.url} (version {seen.version}): {held}")


def _home(settings: Settings, server: Check | None) -> Iterator[Check]:
    """The home, its papers and its encoder, and whether it goes with a server that is well."""
    home = settings.home
    if not home.exists():
        yield Check("home", True, f"{home} is not there yet; the first question makes it")
        return
    try:
        is_read_only = Home(home).is_read_only
        if not (is_read_only or os.access(home, os.W_OK)):
            yield Check("home", False, f"{home} cannot be written to; type: chmod u+w '{home}'")
            return
        with Assistant(home, model=EXTRACTIVE) as assistant:
            said = f"{home} can be asked, and not be written to" if is_read_only else str(home)
            yield Check("home", True, said)
            yield _papers(assistant)
            if server and server.ok and assistant.server_fault:
                yield Check("copy", False, assistant.server_fault)
            assistant.encoder.encode(["moss"])
            yield Check("encoder", True, assistant.encoder.name)
    except EncoderError as error:
        yield Check("encoder", False, str(error))
    except StoreError as error:
        yield Check("home", False, str(error))


def _papers(assistant: Assistant) -> Check:
    n_encoded, n_papers = assistant.encoded()
    if not n_papers:
        return Check("collection", False, "no papers; type: paper-assistant ingest FILE")
    waiting = "" if n_encoded == n_papers else f"; vectors of {n_encoded:,} are ready"
    return Check("collection", True, f"{n_papers:,} papers{waiting}")


def _endpoint(model: "OpenAIModel", settings: Settings) -> Iterator[Check]:
    """The endpoint, its key, the model's name, how it streams and how much it takes."""
    told_tokens = 0
    try:
        listed = model.listed()
    except ChatModelError as error:
        yield Check("endpoint", False, str(error))
        if error.retryable:
            return  # it cannot be reached, and nothing else can be told
    else:
        yield Check("endpoint", True, f"{settings.base_url} lists {len(listed)} models")
        yield _name(model.name, list(listed))
        told_tokens = listed.get(model.name, 0)
    streams = _streaming(model)
    yield streams
    if streams.ok:
        yield _context(model, told_tokens)


def _name(name: str, listed: list[str]) -> Check:
    if name in listed:
        return Check("model", True, name)
    near = difflib.get_close_matches(name, listed, n=1) or listed[:1]
    type_it = f"; type: --model {near[0]}" if near else ""
    return Check("model", False, f"{name!r} is not listed there{type_it}")


def _streaming(model: "OpenAIModel") -> Check:
    """Whether words come one after the other, and how soon."""
    began, firsts, n_pieces = time.perf_counter(), list[float](), 0
    try:
        for piece in model.stream([Message("user", "Count from one to ten in words.")], Stop()):
            if not isinstance(piece, Ended):
                firsts.append(time.perf_counter() - began)
                n_pieces += 1
    except ChatModelError as error:
        return Check("streaming", False, str(error))
    if n_pieces == 1:
        return Check("streaming", True, f"the answer comes in one piece, after {firsts[0]:.1f} s")
    return Check("streaming", True, f"{n_pieces} pieces, the first after {firsts[0]:.1f} s")


def _context(model: "OpenAIModel", told_tokens: int) -> Check:
    """Whether as long a prompt as is sent for an answer gets there whole."""
    wanted = model.context_tokens
    if 0 < told_tokens < wanted:
        return Check("context", False, f"{told_tokens:,} tokens; {_set(told_tokens)}")
    n_filler = wanted - room_for_reply(wanted) - 100
    prompt = Message("user", f"Say yes.{_FILLER * n_filler}")
    try:
        pieces = list(model.stream([prompt], Stop()))
    except ContextOverflowError as error:
        return Check("context", False, f"{error}; {_set(wanted // 2)}")
    except ChatModelError as error:
        return Check("context", False, str(error))
    used = next((each.usage for each in pieces if isinstance(each, Ended)), None)
    if used and used.tokens_in < _TRUNCATED * n_filler:
        said = f"only {used.tokens_in:,} of {n_filler:,} tokens were read; raise the server's limit"
        return Check("context", False, f"{said} (Ollama: num_ctx), or {_set(used.tokens_in)}")
    more = f"; the model takes {told_tokens:,}" if told_tokens > wanted else ""
    return Check("context", True, f"{wanted:,} tokens are used{more}")


def _set(tokens: int) -> str:
    return f"type: export PAPER_ASSISTANT_CONTEXT_TOKENS={max(1_000, tokens)}"


def checks_as_text(checks: list[Check]) -> str:
    """A line a check."""
    return "\n".join(
        f"{'ok   ' if each.ok else 'WRONG'} {each.name}: {' '.join(each.said.split())}"
        for each in checks
    )


def checks_as_dict(checks: list[Check]) -> dict[str, object]:
    """Checks as JSON types."""
    return {"ok": all(each.ok for each in checks), "checks": [asdict(each) for each in checks]}
