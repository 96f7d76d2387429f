"""The catalog: every paper of a home and the order of its changes, in one SQLite file.

The catalog is the one truth. Its rows carry a growing revision, removals included, and the two
indexes follow it: each remembers the last revision it holds and can be brought up to date, or
built from nothing, by applying the changes since.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from store.errors import HomeError
from store.filters import passes
from store.identity import contradict, identity_keys, paper_id_of
from store.merge import folded, merged, new_paper
from store.readers.record import Record
from store.types import Filters, Listing, Paper

__all__ = ["Catalog", "Change", "Spans"]

Spans = tuple[tuple[int, int], ...]
"""The passages of an abstract, as (start, end) in order."""

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
CREATE TABLE IF NOT EXISTS followed (     -- the last revision that both indexes hold
    revision  INTEGER NOT NULL
);
"""
_MAX_VARIABLES = 30_000
_MAX_MATCHED = 8


@dataclass(frozen=True, slots=True)
class Change:
    """The latest state of one paper, for an index to follow.

    Attributes:
        revision: Its place in the order of changes.
        paper: The paper; where it was removed, as it last was.
        spans: Its passages; none where it was removed.
        n_passages: The most passages that it ever had.
    """

    revision: int
    paper: Paper
    spans: Spans
    n_passages: int

    @property
    def passage_ids(self) -> list[str]:
        """Ids of its passages, in the order of ``spans``."""
        return [passage_id(self.paper.paper_id, number) for number in range(len(self.spans))]

    @property
    def stale_ids(self) -> list[str]:
        """Ids of passages that it may once have had and has no more."""
        numbers = range(len(self.spans), self.n_passages)
        return [passage_id(self.paper.paper_id, number) for number in numbers]


def passage_id(paper_id: str, number: int) -> str:
    """Name a passage: its paper, and its place among the paper's passages from 0."""
    return f"{paper_id}#{number}"


class Catalog:
    """The papers of a home; safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the catalog, or begin an empty one.

        Raises:
            HomeError: The file is damaged or cannot be opened.
        """
        self._path = path
        self._lock = threading.RLock()
        self._matched: dict[tuple[int, Filters], Set[str]] = {}
        with self._errors_named():
            self._database = sqlite3.connect(path, timeout=30, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            # What ingest has reported as stored survives a power cut.
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_SCHEMA)

    def add(
        self, records: Iterable[Record], split: Callable[[str], Spans]
    ) -> list[tuple[str, str]]:
        """Store records in one transaction, merging those of the same paper.

        Args:
            records: In any order.
            split: Cuts an abstract into passages; called for abstracts that changed only.

        Returns:
            (paper id, "added" | "updated" | "unchanged") for each record; several of one source
            for the same paper count as one.

        Raises:
            HomeError: Nothing of the batch could be stored.
        """
        with self._lock, self._errors_named(), self._database:
            return [self._add(record, split) for record in folded(records)]

    def _add(self, record: Record, split: Callable[[str], Spans]) -> tuple[str, str]:
        names = identity_keys(record.title, record.identifiers)
        row = self._find(names)
        if row is None:
            paper = new_paper(record, paper_id_of(record.title, record.identifiers))
            self._put(paper, record.source, split(paper.abstract), 0)
            self._name(paper.paper_id, names)
            return paper.paper_id, "added"
        old, text_from, spans, n_passages, removed = row
        if removed:
            paper, text_from_now = new_paper(record, old.paper_id), record.source
        else:
            paper, text_from_now = merged(old, text_from, record)
        self._name(paper.paper_id, names)
        if paper == old and text_from == text_from_now and not removed:
            return paper.paper_id, "unchanged"
        if removed or paper.abstract != old.abstract:
            spans = split(paper.abstract)
        self._put(paper, text_from_now, spans, n_passages)
        return paper.paper_id, "added" if removed else "updated"

    def _find(self, names: Sequence[str]) -> tuple[Paper, str, Spans, int, bool] | None:
        """The paper that goes by one of the names, the surest first, unless others deny it."""
        for name in names:
            row = self._database.execute(
                "SELECT record, text_from, spans, n_passages, removed"
                " FROM names JOIN papers USING (paper_id) WHERE name = ?",
                (name,),
            ).fetchone()
            if row and not contradict(
                names, identity_keys("", (paper := _paper(row[0])).identifiers)
            ):
                return paper, row[1], _spans(row[2]), row[3], bool(row[4])
        return None

    def _name(self, paper_id: str, names: Sequence[str]) -> None:
        rows = [(name, paper_id) for name in names]
        self._database.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", rows)

    def _put(self, paper: Paper, text_from: str, spans: Spans, n_passages: int) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO papers VALUES"
            " (?, ?, ?, ?, ?, (SELECT coalesce(max(revision), 0) + 1 FROM papers), 0)",
            (
                paper.paper_id,
                _json(paper),
                text_from,
                json.dumps(spans),
                max(n_passages, len(spans)),
            ),
        )

    def remove(self, paper_id: str) -> bool:
        """Remove a paper; a later ``add`` of it starts afresh. False where there is none."""
        with self._lock, self._errors_named(), self._database:
            done = self._database.execute(
                "UPDATE papers SET removed = 1, spans = '[]',"
                " revision = (SELECT max(revision) + 1 FROM papers)"
                " WHERE paper_id = ? AND NOT removed",
                (paper_id,),
            )
            return done.rowcount == 1

    def papers(self, paper_ids: Sequence[str]) -> dict[str, tuple[Paper, Spans]]:
        """Look papers up; those that are not there are left out."""
        found: dict[str, tuple[Paper, Spans]] = {}
        for at in range(0, len(paper_ids), _MAX_VARIABLES):
            some = paper_ids[at : at + _MAX_VARIABLES]
            rows = self._query(
                "SELECT record, spans FROM papers WHERE NOT removed AND paper_id IN"
                f" ({','.join('?' * len(some))})",
                *some,
            )
            found |= {(paper := _paper(row[0])).paper_id: (paper, _spans(row[1])) for row in rows}
        return found

    def every(self) -> Iterator[Paper]:
        """All papers, by id."""
        for (record,) in self._query(
            "SELECT record FROM papers WHERE NOT removed ORDER BY paper_id"
        ):
            yield _paper(record)

    def matching(self, filters: Filters) -> Set[str]:
        """Ids of the papers that pass the filters; the last few are remembered until a change."""
        key = (self.revision, filters)
        with self._lock:
            if key not in self._matched:
                while len(self._matched) >= _MAX_MATCHED:
                    self._matched.popitem()
                self._matched[key] = {p.paper_id for p in self.every() if passes(p, filters)}
            return self._matched[key]

    def count(self) -> int:
        """How many papers there are."""
        return int(self._query("SELECT count(*) FROM papers WHERE NOT removed")[0][0])

    def changes(self, since: int, limit: int) -> list[Change]:
        """The next changes behind a revision, in order, at most ``limit``."""
        rows = self._query(
            "SELECT revision, record, spans, n_passages FROM papers WHERE revision > ?"
            " ORDER BY revision LIMIT ?",
            since,
            limit,
        )
        return [Change(row[0], _paper(row[1]), _spans(row[2]), row[3]) for row in rows]

    @property
    def revision(self) -> int:
        """The last change; 0 where nothing was ever stored."""
        return int(self._query("SELECT coalesce(max(revision), 0) FROM papers")[0][0])

    @property
    def followed(self) -> int:
        """The last change that both indexes are known to hold."""
        rows = self._query("SELECT revision FROM followed")
        return int(rows[0][0]) if rows else 0

    @followed.setter
    def followed(self, revision: int) -> None:
        with self._lock, self._errors_named(), self._database:
            self._database.execute("DELETE FROM followed")
            self._database.execute("INSERT INTO followed VALUES (?)", (revision,))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _query(self, statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, self._errors_named():
            return self._database.execute(statement, values).fetchall()

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        """Turn SQLite's errors into ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise HomeError(
                f"The papers in {self._path} cannot be used: {error}. Check the disk and the"
                " folder's permissions, or restore the file from a backup"
            ) from error


def _json(paper: Paper) -> str:
    return json.dumps(paper_as_dict(paper), ensure_ascii=False, separators=(",", ":"))


def paper_as_dict(paper: Paper) -> dict[str, object]:
    """A paper as JSON types; empty fields are kept."""
    fields = {name: getattr(paper, name) for name in Paper.__slots__}
    return fields | {"listed": [{"source": at.source, "day": at.day} for at in paper.listed]}


def _paper(text: str) -> Paper:
    fields = json.loads(text)
    listed = tuple(Listing(**listing) for listing in fields.pop("listed"))
    several = ("authors", "links", "identifiers")
    return Paper(**fields | {name: tuple(fields[name]) for name in several} | {"listed": listed})


def _spans(text: str) -> Spans:
    return tuple((start, end) for start, end in json.loads(text))
