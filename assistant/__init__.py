"""The chain that turns a question into a checked answer, and its doors: Python, shell, HTTP."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.errors import AssistantError
    from assistant.evaluation.run import Evaluation, evaluate
    from assistant.types import Answer, Citation, Hit, IngestReport, Paper, Sentence
    from assistant.upkeep import backup, compact, re_encode
    from store.errors import StoreError

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Evaluation",
    "Hit",
    "IngestReport",
    "Paper",
    "Sentence",
    "StoreError",
    "backup",
    "compact",
    "evaluate",
    "re_encode",
]

_HOME = {
    "Assistant": "assistant.assistant",
    "AssistantError": "assistant.errors",
    "Evaluation": "assistant.evaluation.run",
    "StoreError": "store.errors",
    "backup": "assistant.upkeep",
    "compact": "assistant.upkeep",
    "evaluate": "assistant.evaluation.run",
    "re_encode": "assistant.upkeep",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used: a shell command pays for what it needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME.get(name, "assistant.types")), name)
