"""Replies of chat models kept in the home, so that the same prompt need not be paid for twice."""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from assistant.chat.model import Message

__all__ = ["KeptReplies"]

_MAX_REPLIES = 5_000
"""Beyond that, those that were not asked for the longest give way; about 5 MB."""

_TABLE = "CREATE TABLE IF NOT EXISTS replies (prompt TEXT PRIMARY KEY, reply TEXT, used INTEGER)"

_log = logging.getLogger(__name__)


class KeptReplies:
    """A small database in a home; what goes wrong with it costs a request, and nothing else."""

    def __init__(self, home: Path, *, fresh: bool = False) -> None:
        """Remember the place; nothing is made before there is something to keep.

        Args:
            home: The home folder.
            fresh: Whether to give nothing of what is kept, and to replace it.
        """
        self._fresh = fresh
        self._path = home / "replies.sqlite3"

    def get(self, model: str, messages: Sequence[Message]) -> str | None:
        """The reply of a model to messages, where it is kept."""
        if self._fresh or not self._path.exists():
            return None
        name = _digest(model, messages)
        found = self._done(
            (f"UPDATE replies SET used = {_NEXT} WHERE prompt = ?", (name,)),
            ("SELECT reply FROM replies WHERE prompt = ?", (name,)),
        )
        return found[0] if found else None

    def put(self, model: str, messages: Sequence[Message], reply: str) -> None:
        """Keep a reply."""
        self._done(
            (
                f"INSERT OR REPLACE INTO replies VALUES (?, ?, {_NEXT})",
                (_digest(model, messages), reply),
            ),
            (
                "DELETE FROM replies WHERE prompt NOT IN"
                " (SELECT prompt FROM replies ORDER BY used DESC LIMIT ?)",
                (_MAX_REPLIES,),
            ),
        )

    def _done(self, *statements: tuple[str, tuple[object, ...]]) -> list[str]:
        """Run statements, all or none; gives what the last found, nothing where they failed."""
        try:
            with closing(sqlite3.connect(self._path, timeout=1.0)) as replies, replies:
                replies.execute(_TABLE)
                for statement, values in statements:
                    found = replies.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            _log.warning("Replies cannot be kept in %s: %s", self._path, error)
            return []
        return [str(reply) for (reply,) in found]


_NEXT = "(SELECT COALESCE(MAX(used), 0) + 1 FROM replies)"
"""When a reply was last used, as a count that grows."""


def _digest(model: str, messages: Sequence[Message]) -> str:
    """What tells a prompt from every other: model, instructions, evidence, history, question."""
    told = json.dumps([model, *map(asdict, messages)], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
