"""When and where papers appeared, as SQLite looks it up: the filters of ``store.filters`` in SQL.

One row a listing, or one for a paper that was never listed, with the day it was published. What a
range of dates takes in is decided by ``store.dates.within`` alone, which SQLite asks of each
different date once; so a year, a month or a day without a year count here as they do there.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from store.dates import within
from store.types import Filters, Listing, Paper
from store.within import Within, paper_key

__all__ = ["Appearances", "appearances_in", "forget", "matching", "note", "prepare", "teach"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS appearances (
    paper_key  INTEGER NOT NULL,          -- see store.within
    published  TEXT NOT NULL,
    day        TEXT NOT NULL,
    source     TEXT NOT NULL              -- of the listing; '' where the paper has none
);
CREATE INDEX IF NOT EXISTS appearances_of_paper ON appearances (paper_key);
CREATE INDEX IF NOT EXISTS appearances_by_publication
    ON appearances (published, day, source, paper_key);
CREATE INDEX IF NOT EXISTS appearances_by_day ON appearances (day, source, published, paper_key);
CREATE TABLE IF NOT EXISTS dates (        -- every date that ever stood there, once
    date  TEXT PRIMARY KEY
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Appearances:
    """What there is to filter by, each once and in order.

    Attributes:
        days: Of listing.
        published: Dates of publication.
        sources: Names of lists.
    """

    days: tuple[str, ...]
    published: tuple[str, ...]
    sources: tuple[str, ...]


def prepare(database: sqlite3.Connection) -> None:
    """Make the tables where they are missing, and teach this connection what ``matching`` asks."""
    database.executescript(_SCHEMA)
    teach(database)


def teach(database: sqlite3.Connection) -> None:
    """Teach a connection what ``matching`` asks."""
    database.create_function("lies_within", 3, within, deterministic=True)


def note(database: sqlite3.Connection, papers: Iterable[Paper]) -> None:
    """Take papers in, in place of what was known of them."""
    for paper in papers:
        forget(database, paper.paper_id)
        key = paper_key(paper.paper_id)
        rows = [
            (key, paper.published, each.day, each.source)
            for each in paper.listed or (Listing("", ""),)
        ]
        database.executemany("INSERT INTO appearances VALUES (?, ?, ?, ?)", rows)
        dates = [(paper.published,), *((each.day,) for each in paper.listed)]
        database.executemany("INSERT OR IGNORE INTO dates VALUES (?)", dates)


def forget(database: sqlite3.Connection, paper_id: str) -> None:
    """Leave a paper out from now on."""
    database.execute("DELETE FROM appearances WHERE paper_key = ?", (paper_key(paper_id),))


def appearances_in(database: sqlite3.Connection) -> Appearances:
    """Look up all that the papers have; no paper is read."""

    def different(column: str) -> tuple[str, ...]:
        rows = f"SELECT DISTINCT {column} FROM appearances WHERE {column} <> '' ORDER BY {column}"
        return tuple(value for (value,) in database.execute(rows))

    return Appearances(different("day"), different("published"), different("source"))


def matching(database: sqlite3.Connection, filters: Filters) -> Within:
    """The papers that pass: one listing must pass all that concern listings."""
    conditions, values = ["true"], list[str]()
    for column, first, last in (
        ("published", filters.published_from, filters.published_to),
        ("day", filters.listed_from, filters.listed_to),
    ):
        if first or last:
            dates = "SELECT date FROM dates WHERE lies_within(date, ?, ?)"
            conditions.append(f"{column} IN ({dates})")
            values += (first, last)
    if filters.source:
        conditions.append("source = ?")
        values.append(filters.source)
    # One long text is read three times as fast as a hundred thousand rows.
    (listed,) = database.execute(
        f"SELECT group_concat(paper_key) FROM appearances WHERE {' AND '.join(conditions)}", values
    ).fetchone()
    return Within(np.fromstring(listed or "", np.int64, sep=","))
