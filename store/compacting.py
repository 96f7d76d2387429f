"""Giving back the room on disk that removed papers and old states of changed ones still take."""

import sqlite3

__all__ = ["shrink"]

_LEAST_SHARE = 0.1
"""Of a SQLite file that must be free for it to be written anew, which takes time in proportion to
all that it holds; what is free below that is used by the next papers."""


def shrink(database: sqlite3.Connection) -> None:
    """Write a SQLite file anew where much of it is free, and empty its log.

    Raises:
        sqlite3.Error: It cannot be written, or somebody reads it for a long time.
    """
    n_pages, n_free = (
        int(database.execute(f"PRAGMA {each}").fetchone()[0])
        for each in ("page_count", "freelist_count")
    )
    if n_free > _LEAST_SHARE * n_pages:
        database.execute("VACUUM")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
