"""A server's collection as a log that a home's catalog follows, and adds to."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.changes import Change
from store.errors import EncoderMismatchError, ServerError
from store.server.address import ServerAddress
from store.server.binding import Binding, bind, is_bound
from store.server.contribution import Contribution, State, together
from store.server.records import contribution_of
from store.server.replica import Agreed, Replica

if TYPE_CHECKING:
    from store.server.chroma_server import ChromaServer
    from store.server.records import Metadata

__all__ = ["NUMBERS_AT_ONCE", "MadeFor", "ServerLog"]

NUMBERS_AT_ONCE = 250
"""As many as a server gives in one answer: from one page to the next, records may move."""
_MAX_PAUSE_S = 60.0
_HERE = ""
"""Who says what is not on the server yet."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MadeFor:
    """What all machines of a collection must have in common."""

    encoder: str
    dimension: int
    format: int

    @property
    def about(self) -> dict[str, str | int]:
        """How a collection remembers it: of an encoder's folder only the name, and the digest."""
        path, at, digest = self.encoder.rpartition("@")
        name = f"{Path(path).name}@{digest}" if at else self.encoder
        return {"encoder": name, "dimension": self.dimension, "format": self.format}


class ServerLog:
    """What is on the server, in step with a home's catalog. The caller holds the home to write."""

    def __init__(self, home: Path, replica: Replica, address: ServerAddress, made: MadeFor) -> None:
        """Prepare; nothing is asked yet.

        Args:
            home: The home folder.
            replica: Its catalog.
            address: The server.
            made: The home's encoder.
        """
        self.replica = replica
        self.address = address
        self._home = home
        self._made = made
        self._silent: dict[tuple[str | int, ...], tuple[float, float]] = {}
        self._connecting = threading.Lock()
        self._connected: tuple[ChromaServer, Binding] | None = None

    def connect(self) -> None:
        """Connect now, rather than when something is asked; see ``server``."""
        self._connection()

    @property
    def server(self) -> "ChromaServer":
        """The server, connected to where it is not yet.

        Raises:
            ServerError: It cannot be reached, or does not let us in.
            HomeError: The home is a copy of something else, or made with another encoder.
        """
        return self._connection()[0]

    @property
    def writer(self) -> str:
        """This machine's name on the server."""
        return self._connection()[1].writer

    def _connection(self) -> "tuple[ChromaServer, Binding]":
        with self._connecting:
            if self._connected is None:
                from store.server.chroma_server import ChromaServer

                new = not is_bound(self._home)
                server = ChromaServer(self.address, self._made.about, new=new)
                try:
                    self._check(server.about)
                    binding = bind(self._home, self.address, server.collection_id)
                except BaseException:
                    server.close()
                    raise
                self._connected = server, binding
            return self._connected

    def _check(self, about: Mapping[str, object]) -> None:
        """Compare what the collection was made with."""
        mine = self._made.about
        theirs = {name: about.get(name) for name in mine}
        if theirs["format"] != mine["format"]:
            raise ServerError(
                f"The collection at {self.address.url} was made by another version of this program;"
                " use the same version on all machines, or name another collection"
            )
        if theirs != mine:
            raise EncoderMismatchError(
                f"The collection at {self.address.url} was made with encoder"
                f" {theirs['encoder']!r} ({theirs['dimension']} dimensions), not"
                f" {mine['encoder']!r}; name that encoder and a new --home, or another collection"
            )

    def is_behind(self) -> bool:
        """Whether the server has something that is not here; mostly one small request."""
        return any(True for _ in self._news())

    def pull(self) -> bool:
        """Bring the catalog to what is on the server.

        Returns:
            Whether anything was new.

        Raises:
            ServerError: The server does not answer; what was taken in so far stays.
        """
        anything = False
        for told in self._news():
            self._take_in(_read(told.values()), dict(sorted(told)))
            anything = True
        return anything

    def _news(self) -> "Iterator[dict[tuple[str, int], Metadata]]":
        """What machines said that is not here, by machine and number, some at a time.

        Up to the number that a machine has announced, something may still be about to come; so
        only what has come counts as seen. As every machine begins at 1, several are read at once.
        """
        heads, seen = self.server.heads(), self.replica.seen()
        behind = {
            writer
            for writer, until in heads.items()
            if until > (here := seen.get(writer, 0)) and not self._is_silent(writer, here, until)
        }
        at, n = 0, max(1, NUMBERS_AT_ONCE // max(1, len(heads)))
        while behind:
            at = max(at, min(seen.get(writer, 0) for writer in behind))
            until = min(at + n, max(heads[writer] for writer in behind))
            told = {_place(each): each for each in self.server.told_at(range(at + 1, until + 1))}
            news = {
                (writer, number): each
                for (writer, number), each in told.items()
                if seen.get(writer, 0) < number <= heads.get(writer, 0)
            }
            at, behind = until, {writer for writer in behind if heads[writer] > until}
            if news:
                yield news
            else:  # cut short, or all of these were changed again
                for writer in sorted(behind):
                    if not self.server.has_told(writer, at, heads[writer]):
                        behind.remove(writer)
                        self._note_silent(writer, seen.get(writer, 0), heads[writer])

    def _is_silent(self, *place: str | int) -> bool:
        """Whether a machine was found to have said no more, and it is too soon to look again."""
        return time.monotonic() < self._silent.get(place, (0.0, 0.0))[1]

    def _note_silent(self, *place: str | int) -> None:
        """Look ever more seldom for what a machine announced and did not say: it may be gone."""
        now = time.monotonic()
        since, _ = self._silent.get(place, (now, now))
        self._silent[place] = since, now + min(now - since, _MAX_PAUSE_S)

    def _take_in(self, news: Sequence[Contribution], seen: Mapping[str, int]) -> None:
        """Take in what is new, beside what was said of the same papers and what is only here."""
        names = list(dict.fromkeys(each.state.paper.paper_id for each in news))
        agreed = self.replica.agreed(names)
        states = self.replica.states(names)
        said = {name: list[Contribution]() for name in names}
        for each in [*news, *_read(self.server.told_of(list(agreed)))]:
            said[each.state.paper.paper_id].append(each)
        for name, state in states.items():
            before = agreed.get(name, Agreed())
            if state.digest != before.digest:  # a change that is not on the server yet
                said[name].append(Contribution(_HERE, 1, before.seen, state))
        self.replica.receive([_agreement(said[name]) for name in names], seen)

    def unsent(self, changes: Sequence[Change]) -> dict[str, Contribution]:
        """What the server does not know yet of some changes, by paper.

        A paper that has changed again meanwhile is left to that change.
        """
        agreed = self.replica.agreed(_names(changes))
        return {
            name: Contribution(_HERE, 1, before.seen, state)
            for name, state in self._latest(changes).items()
            if state.digest != (before := agreed.get(name, Agreed())).digest
        }

    def holders(self, changes: Sequence[Change]) -> dict[str, tuple[str, int]]:
        """By paper, the machine whose vectors on the server are those of a change, and where."""
        agreed = self.replica.agreed(_names(changes))
        return {
            name: (before.holder, before.seen[before.holder])
            for name, state in self._latest(changes).items()
            if (before := agreed.get(name, Agreed())).holder and before.digest == state.digest
        }

    def _latest(self, changes: Sequence[Change]) -> dict[str, State]:
        """The states that changes brought papers to, where that is how they still are."""
        states = self.replica.states(_names(changes))
        return {
            name: states[name]
            for each in changes
            if (name := each.paper.paper_id) in states
            and (states[name].paper, states[name].spans) == (each.paper, each.spans)
        }

    def check_writable(self) -> None:
        """See whether the server takes anything from this machine, before there is anything.

        Raises:
            ServerError: It does not.
        """
        self.begin_sending(0)

    def begin_sending(self, n: int) -> int:
        """Announce some contributions; gives the number before the first."""
        last = max(self.server.heads().get(self.writer, 0), self.replica.seen().get(self.writer, 0))
        self.server.announce(self.writer, last + n)
        return last

    def note_sent(self, sent: Sequence[Contribution]) -> None:
        """Note that contributions are on the server."""
        agreed = {
            each.state.paper.paper_id: Agreed(
                {**each.seen, self.writer: each.number}, each.state.digest, self.writer
            )
            for each in sent
        }
        self.replica.note_sent(agreed, self.writer, sent[-1].number)

    def close(self) -> None:
        """Let go of the server."""
        with self._connecting:
            if self._connected:
                self._connected[0].close()
        self.replica.close()


def _names(changes: Sequence[Change]) -> list[str]:
    return [each.paper.paper_id for each in changes]


def _place(told: "Metadata") -> tuple[str, int]:
    """By whom something was said, and the place of it among all that was."""
    return str(told.get("writer", "")), int(str(told["number"]))


def _read(told: "Iterable[Metadata]") -> list[Contribution]:
    """What can be read of what is on the server."""
    read = []
    for metadata in told:
        try:
            read.append(contribution_of(metadata))
        except ValueError as error:
            _log.warning("A record on the Chroma server is left out: %s", error)
    return read


def _agreement(said: Sequence[Contribution]) -> tuple[State, Agreed]:
    """The paper that all give together, and what there is to remember of it.

    Where something that is only here changes the paper, what the server gives is not the paper
    itself, and it is sent.
    """
    state = together(said)
    there = [each for each in said if each.writer != _HERE]
    holders = [each.writer for each in there if each.state.has_text_of(state)]
    seen = {each.writer: each.number for each in sorted(there, key=lambda each: each.number)}
    return state, Agreed(seen, together(there).digest, holders[0] if holders else "")
