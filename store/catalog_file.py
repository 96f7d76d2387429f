"""The catalog's SQLite file: its tables, and how it is opened to be written or only read."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store import appearances
from store.errors import HomeError

__all__ = ["VERSION", "CatalogToRead", "errors_named", "opened_to_write", "read_only_address"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS papers (
    paper_id    TEXT PRIMARY KEY,
    record      TEXT NOT NULL,            -- the Paper as JSON
    text_from   TEXT NOT NULL,            -- the source that gave the abstract
    spans       TEXT NOT NULL,            -- its passages; [] once removed
    n_passages  INTEGER NOT NULL,         -- the most it ever had
    revision    INTEGER NOT NULL UNIQUE,
    removed     INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS names (
    name      TEXT PRIMARY KEY,           -- see store.identity.identity_keys
    paper_id  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS names_of_paper ON names (paper_id);
CREATE INDEX IF NOT EXISTS papers_there ON papers (revision) WHERE NOT removed;
CREATE TABLE IF NOT EXISTS followers (
    name      TEXT PRIMARY KEY,
    revision  INTEGER NOT NULL,           -- the last that this index holds
    n_writes  INTEGER NOT NULL            -- grows whenever it changes
) WITHOUT ROWID;
"""
VERSION = 1
"""Of the tables, as SQLite's user_version; 0 had no appearances."""


def opened_to_write(path: Path) -> sqlite3.Connection:
    """Open the file, or begin one; what ingest has reported as stored survives a power cut."""
    database = sqlite3.connect(path, timeout=30, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA cache_size = -32000")  # kB: a large ingest comes to all of its pages
    database.executescript(_SCHEMA)
    appearances.prepare(database)
    return database


class CatalogToRead:
    """The file where it cannot be written to, opened again whenever others have changed it."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._path = path
        self._seen: tuple[object, ...] = ()
        self._database: sqlite3.Connection | None = None

    def opened(self) -> sqlite3.Connection:
        """The file as it is now."""
        about = self._path.stat()
        address = read_only_address(self._path)
        now = (address, about.st_mtime_ns, about.st_size, about.st_ino)
        if self._database is None or now != self._seen:
            self.close()
            self._database = sqlite3.connect(address, timeout=30, check_same_thread=False, uri=True)
            appearances.teach(self._database)
            self._seen = now
        return self._database

    def close(self) -> None:
        """Close it."""
        if self._database is not None:
            self._database.close()


def read_only_address(path: Path) -> str:
    """How SQLite is told to read a file without writing beside it.

    Where its log is there, somebody has it open who may write, and what a reader needs is there
    too; where it is not, all is in the file, and nobody writes.
    """
    log = path.with_name(f"{path.name}-wal")
    return f"{path.absolute().as_uri()}?mode=ro{'' if log.exists() else '&immutable=1'}"


@contextmanager
def errors_named(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise HomeError(
            f"The papers in {path} cannot be used: {error}. Check the disk and the folder's"
            " permissions, or restore the file from a backup"
        ) from error
