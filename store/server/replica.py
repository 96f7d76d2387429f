"""The catalog of a home as a copy of what is on a server."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from store import appearances
from store.catalog import Catalog
from store.identity import contradict, identity_keys
from store.server.contribution import State, unchecked, united

__all__ = ["Agreed", "Replica"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS agreed (       -- what this home and the server last agreed on
    paper_id  TEXT PRIMARY KEY,
    seen      TEXT NOT NULL,              -- by machine, the number of what it said, as JSON
    digest    TEXT NOT NULL,              -- of its state
    holder    TEXT NOT NULL               -- the machine that has its vectors there; '' for none
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS writers (
    writer    TEXT PRIMARY KEY,
    number    INTEGER NOT NULL            -- of its contributions, the last that is here
) WITHOUT ROWID;
"""
_MAX_VARIABLES = 30_000


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a home and the server last agreed on about a paper; see the table."""

    seen: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    holder: str = ""


class Replica(Catalog):
    """Another door to a home's catalog, with what it takes to follow a server."""

    def __init__(self, path: Path) -> None:
        """Open the catalog, or begin an empty one.

        Raises:
            HomeError: The file is damaged or cannot be opened.
        """
        super().__init__(path)
        with self._using():
            self._database.executescript(_SCHEMA)

    def states(self, paper_ids: Sequence[str]) -> dict[str, State]:
        """Look papers up, removed ones too."""
        rows = self._of(paper_ids, "record, text_from, spans, removed FROM papers")
        states = (
            unchecked(json.loads(record), text_from, json.loads(spans), removed)
            for record, text_from, spans, removed in rows
        )
        return {state.paper.paper_id: state for state in states}

    def agreed(self, paper_ids: Sequence[str]) -> dict[str, Agreed]:
        """What was last agreed on about papers."""
        rows = self._of(paper_ids, "paper_id, seen, digest, holder FROM agreed")
        return {name: Agreed(json.loads(seen), *rest) for name, seen, *rest in rows}

    def _of(self, paper_ids: Sequence[str], selected: str) -> Iterable[tuple]:  # type: ignore[type-arg]
        for at in range(0, len(paper_ids), _MAX_VARIABLES):
            some = paper_ids[at : at + _MAX_VARIABLES]
            yield from self._query(
                f"SELECT {selected} WHERE paper_id IN ({','.join('?' * len(some))})", *some
            )

    def seen(self) -> dict[str, int]:
        """By machine, the number of its last contribution that is here."""
        return dict(self._query("SELECT writer, number FROM writers"))

    def receive(self, states: Sequence[tuple[State, Agreed]], seen: Mapping[str, int]) -> None:
        """Take papers in as the server has them, in one transaction with how far that goes.

        Two machines may have found different names for one paper. All take the same of the two;
        what that changes here is sent like any other change.
        """
        with self._using(), self._database:
            known = self.states([state.paper.paper_id for state, _ in states])
            for state, agreed in states:
                before = known.get(state.paper.paper_id)
                if before is None or before.digest != state.digest:
                    self._take(state)
                self._note(state.paper.paper_id, agreed)
            for state, _ in states:
                if not state.removed:
                    self._unite_with_namesake(state)
            rows = list(seen.items())
            self._database.executemany("INSERT OR REPLACE INTO writers VALUES (?, ?)", rows)

    def note_sent(self, agreed: Mapping[str, Agreed], writer: str, number: int) -> None:
        """Note that the server has the papers as they are here."""
        with self._using(), self._database:
            for name, each in agreed.items():
                self._note(name, each)
            self._database.execute("INSERT OR REPLACE INTO writers VALUES (?, ?)", (writer, number))

    def _note(self, paper_id: str, agreed: Agreed) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO agreed VALUES (?, ?, ?, ?)",
            (paper_id, json.dumps(dict(agreed.seen)), agreed.digest, agreed.holder),
        )

    def _take(self, state: State) -> None:
        """Have a paper be as told, in a new change."""
        paper = state.paper
        most = self._query("SELECT n_passages FROM papers WHERE paper_id = ?", paper.paper_id)
        self._put(paper, state.text_from, state.spans, most[0][0] if most else 0)
        self._name(paper.paper_id, identity_keys(paper.title, paper.identifiers))
        if state.removed:
            self._database.execute(
                "UPDATE papers SET removed = 1, spans = '[]' WHERE paper_id = ?", (paper.paper_id,)
            )
            appearances.forget(self._database, paper.paper_id)

    def _unite_with_namesake(self, state: State) -> None:
        """Make one paper of two that go by the same names: that of an identifier, or the first."""
        paper = state.paper
        names = identity_keys(paper.title, paper.identifiers)
        others = self._query(
            "SELECT DISTINCT paper_id FROM names JOIN papers USING (paper_id) WHERE NOT removed"
            f" AND paper_id != ? AND name IN ({','.join('?' * len(names))}) ORDER BY paper_id",
            paper.paper_id,
            *names,
        )
        for (other,) in others:
            both = self.states([paper.paper_id, other])
            if both[paper.paper_id].removed:
                return  # another one of these has just taken it in
            stays, goes = (both[name] for name in sorted(both, key=_preference))
            theirs = identity_keys("", goes.paper.identifiers)
            if contradict(theirs, identity_keys("", stays.paper.identifiers)):
                continue
            self._take(united(stays, goes))
            self._take(State(goes.paper, goes.text_from, (), removed=True))
            self._database.execute(
                "UPDATE names SET paper_id = ? WHERE paper_id = ?",
                (stays.paper.paper_id, goes.paper.paper_id),
            )
            return


def _preference(paper_id: str) -> tuple[bool, str]:
    """An identifier comes before a name made of a title."""
    return ":" not in paper_id, paper_id
