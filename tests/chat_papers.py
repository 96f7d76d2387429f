"""An assistant over the twelve papers whose answers a scripted server writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant import Assistant
from tests.chat_server import KEY, MODEL, ChatServer, Request, Script, chat_server, keys_of
from tests.papers import bundled_encoder, write_papers

QUESTION = "When does pre-training a graph network pay off?"
GRAPH = "Graph Networks That Forget on Purpose"
WHALE = "Sparse Attention for Whale Song"


@contextmanager
def chatting(folder: Path, **options: Any) -> Iterator[tuple[Assistant, ChatServer]]:
    """An assistant whose model is the scripted one."""
    with (
        chat_server() as server,
        Assistant(
            folder / "home",
            starter=False,
            encoder=bundled_encoder(),
            model=MODEL,
            base_url=server.base_url,
            api_key=KEY,
            **options,
        ) as assistant,
    ):
        assistant.ingest(write_papers(folder / "papers.jsonl"))
        yield assistant, server


def saying(text: str, size: int = 5, **options: Any) -> Script:
    """A script that says a text, ``{Title}`` being the key of that paper, in small pieces."""

    def pieces(request: Request) -> list[str]:
        said = text
        for title, key in keys_of(request).items():
            said = said.replace(f"{{{title}}}", f"[{key}]")
        return [said[at : at + size] for at in range(0, len(said), size)]

    return Script(pieces, **options)
