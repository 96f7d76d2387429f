"""The catalog: every paper of a home and the order of its changes, in one SQLite file.

The catalog is the one truth. Its rows carry a growing revision, removals included, and the two
indexes follow it: each remembers the last revision it holds and can be brought up to date, or
built from nothing, by applying the changes since.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from store import appearances
from store.appearances import Appearances
from store.catalog_file import VERSION, CatalogToRead, errors_named, opened_to_write
from store.changes import Change, Spans
from store.compacting import shrink
from store.errors import HomeError, PaperNotFoundError
from store.identity import identity_keys, is_paper_id, paper_id_of
from store.merge import as_record, folded, may_go_by, merged, new_paper
from store.paper_json import paper_as_json, read_paper, read_spans
from store.readers.record import Record
from store.types import Filters, Paper
from store.within import Within

__all__ = ["Catalog", "Change", "Spans"]

_MAX_VARIABLES = 30_000
_MAX_MATCHED = 8


class Catalog:
    """The papers of a home; safe to use from several threads and processes."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the catalog, or begin an empty one.

        Args:
            path: The file.
            read_only: Whether it cannot be written to.

        Raises:
            HomeError: The file is damaged or cannot be opened.
        """
        self._path = path
        self._lock = threading.RLock()
        self._matched: dict[tuple[int, Filters], Within] = {}
        self._read = CatalogToRead(path) if read_only else None
        self._is_closed = False
        with self._using():
            self._database = self._read.opened() if self._read else opened_to_write(path)
            self._upgrade()

    def _upgrade(self) -> None:
        """Note the appearances of papers that an earlier version stored."""
        with self._database:
            if self._database.execute("PRAGMA user_version").fetchone()[0] < VERSION:
                self._database.execute("BEGIN IMMEDIATE")
                appearances.note(self._database, self.every())
                self._database.execute(f"PRAGMA user_version = {VERSION}")

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
        with self._using(), self._database:
            return [self._add(record, split) for record in folded(records)]

    def _add(self, record: Record, split: Callable[[str], Spans]) -> tuple[str, str]:
        names = identity_keys(record.title, record.identifiers)
        found = self._find(names)
        if not found:
            paper = new_paper(record, self._new_id(record))
            self._put(paper, record.source, split(paper.abstract), 0)
            self._name(paper.paper_id, names)
            return paper.paper_id, "added"
        old, text_from, spans, n_passages, removed = found[0]
        if removed:
            paper, text_from_now = new_paper(record, old.paper_id), record.source
        else:
            paper, text_from_now = merged(old, text_from, record)
        for other, other_from, *_, gone in found[1:]:
            if not gone and may_go_by(other, identity_keys("", paper.identifiers)):
                paper, text_from_now = merged(paper, text_from_now, as_record(other, other_from))
                self._remove(other.paper_id)
                rename = "UPDATE names SET paper_id = ? WHERE paper_id = ?"
                self._database.execute(rename, (paper.paper_id, other.paper_id))
        self._name(paper.paper_id, names)
        if paper == old and text_from == text_from_now and not removed:
            return paper.paper_id, "unchanged"
        if removed or paper.abstract != old.abstract:
            spans = split(paper.abstract)
        self._put(paper, text_from_now, spans, n_passages)
        return paper.paper_id, "added" if removed else "updated"

    def _new_id(self, record: Record) -> str:
        """The id that an exported paper had, unless another paper has it here; else one by name."""
        wanted = record.paper_id
        taken = "SELECT 1 FROM papers WHERE paper_id = ?"
        if is_paper_id(wanted) and not self._database.execute(taken, (wanted,)).fetchone():
            return wanted
        return paper_id_of(record.title, record.identifiers)

    def _find(self, names: Sequence[str]) -> list[tuple[Paper, str, Spans, int, bool]]:
        """The papers that go by the names and none that others deny: there, and by surest name."""
        found: dict[str, tuple[Paper, str, Spans, int, bool]] = {}
        for name in names:
            row = self._database.execute(
                "SELECT paper_id, record, text_from, spans, n_passages, removed"
                " FROM names JOIN papers USING (paper_id) WHERE name = ?",
                (name,),
            ).fetchone()
            if row and row[0] not in found and may_go_by(paper := read_paper(row[1]), names):
                found[row[0]] = (paper, row[2], read_spans(row[3]), row[4], bool(row[5]))
        return sorted(found.values(), key=lambda each: each[-1])

    def _name(self, paper_id: str, names: Sequence[str]) -> None:
        rows = [(name, paper_id) for name in names]
        self._database.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", rows)

    def _put(self, paper: Paper, text_from: str, spans: Spans, n_passages: int) -> None:
        row = (paper.paper_id, paper_as_json(paper), text_from, json.dumps(spans))
        self._database.execute(
            "INSERT OR REPLACE INTO papers VALUES"
            " (?, ?, ?, ?, ?, (SELECT coalesce(max(revision), 0) + 1 FROM papers), 0)",
            (*row, max(n_passages, len(spans))),
        )
        appearances.note(self._database, [paper])

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Remove papers, all or none; a later ``add`` of one starts afresh.

        Raises:
            PaperNotFoundError: There is none of one of the ids.
        """
        with self._using(), self._database:
            for paper_id in dict.fromkeys(paper_ids):
                self._remove(paper_id)

    def _remove(self, paper_id: str) -> None:
        done = self._database.execute(
            "UPDATE papers SET removed = 1, spans = '[]',"
            " revision = (SELECT max(revision) + 1 FROM papers)"
            " WHERE paper_id = ? AND NOT removed",
            (paper_id,),
        )
        if not done.rowcount:
            raise PaperNotFoundError(paper_id)
        appearances.forget(self._database, paper_id)

    def restore(self, paper_ids: Sequence[str], split: Callable[[str], Spans]) -> None:
        """Take removals back, all or none: the papers are as they were.

        Raises:
            PaperNotFoundError: None of one of the ids was removed.
        """
        with self._using(), self._database:
            for paper_id in dict.fromkeys(paper_ids):
                row = self._database.execute(
                    "SELECT record, text_from, n_passages FROM papers"
                    " WHERE paper_id = ? AND removed",
                    (paper_id,),
                ).fetchone()
                if not row:
                    raise PaperNotFoundError(paper_id)
                paper = read_paper(row[0])
                self._put(paper, row[1], split(paper.abstract), row[2])

    def forget_removed(self) -> int:
        """Delete what is kept of removed papers to take that back; gives how many there were.

        The last change stays, removal or not: its number is what the indexes are compared with.
        """
        with self._using(), self._database:
            forgotten = self._database.execute(
                "DELETE FROM papers WHERE removed AND revision < (SELECT max(revision) FROM papers)"
            )
            self._database.execute(
                "DELETE FROM names WHERE paper_id NOT IN (SELECT paper_id FROM papers)"
            )
            return forgotten.rowcount

    def shrink(self) -> None:
        """Give back the room on disk that is not used."""
        with self._using():
            shrink(self._database)

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
            pairs = ((read_paper(record), read_spans(spans)) for record, spans in rows)
            found |= {pair[0].paper_id: pair for pair in pairs}
        return found

    def every(self, *, recent_first: bool = False) -> Iterator[Paper]:
        """All papers, by id; or those first that came or changed last."""
        by = "revision DESC" if recent_first else "paper_id"
        for row in self._query(f"SELECT record FROM papers WHERE NOT removed ORDER BY {by}"):
            yield read_paper(row[0])

    def matching(self, filters: Filters) -> Within:
        """The papers that pass the filters; the last few are remembered until a change."""
        key = (self.revision, filters)
        with self._using():
            if key not in self._matched:
                while len(self._matched) >= _MAX_MATCHED:
                    self._matched.popitem()
                self._matched[key] = appearances.matching(self._database, filters)
            return self._matched[key]

    def appearances(self) -> Appearances:
        """The days, dates and sources that the papers have."""
        with self._using():
            return appearances.appearances_in(self._database)

    def count(self, filters: Filters | None = None) -> int:
        """How many papers there are, or how many of them pass."""
        if filters:
            return len(self.matching(filters))
        return int(self._query("SELECT count(*) FROM papers WHERE NOT removed")[0][0])

    def changes(self, since: int, limit: int) -> list[Change]:
        """The next changes behind a revision, in order, at most ``limit``."""
        rows = self._query(
            "SELECT revision, record, spans, n_passages FROM papers WHERE revision > ?"
            " ORDER BY revision LIMIT ?",
            since,
            limit,
        )
        return [Change(row[0], read_paper(row[1]), read_spans(row[2]), row[3]) for row in rows]

    @property
    def revision(self) -> int:
        """The last change; 0 where nothing was ever stored."""
        return int(self._query("SELECT coalesce(max(revision), 0) FROM papers")[0][0])

    def count_until(self, revision: int) -> int:
        """How many of the papers there are have not changed after a revision."""
        counted = "SELECT count(*) FROM papers WHERE NOT removed AND revision <= ?"
        return int(self._query(counted, revision)[0][0])

    def count_changes(self, since: int) -> int:
        """How many changes lie behind a revision."""
        return int(self._query("SELECT count(*) FROM papers WHERE revision > ?", since)[0][0])

    def followers(self) -> dict[str, tuple[int, int]]:
        """By an index's name: the last change that it holds, and how often that was noted."""
        rows = self._query("SELECT name, revision, n_writes FROM followers")
        return {name: (revision, n_writes) for name, revision, n_writes in rows}

    def note_follower(self, name: str, revision: int) -> None:
        """Note the last change that an index holds, so that other processes look at it again."""
        with self._using(), self._database:
            self._database.execute(
                "INSERT INTO followers VALUES (?, ?, 1) ON CONFLICT (name) DO UPDATE SET"
                " revision = excluded.revision, n_writes = n_writes + 1",
                (name, revision),
            )

    def close(self) -> None:
        """Close the file, once nobody is reading in it."""
        with self._lock:
            self._is_closed = True
            self._database.close()

    def _query(self, statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._using():
            if self._read:
                self._database = self._read.opened()
            return self._database.execute(statement, values).fetchall()

    @contextmanager
    def _using(self) -> Iterator[None]:
        """Keep other threads out, so that none closes the file meanwhile."""
        with self._lock, errors_named(self._path):
            if self._is_closed:
                raise HomeError(f"The papers in {self._path} were closed; open the home again")
            yield
