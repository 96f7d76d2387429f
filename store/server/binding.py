"""Which collection of which server a home is a copy of, and as which machine it writes there."""

import json
import os
import platform
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from store.errors import HomeError, ServerError
from store.server.address import ServerAddress

__all__ = ["Binding", "bind", "is_bound", "refuse_copy"]

_FILE = "chroma.server.json"


@dataclass(frozen=True, slots=True)
class Binding:
    """What a home remembers of its server; the token is not among it.

    Attributes:
        url: Where the server was, for people.
        collection: Chroma's own id of the collection.
        writer: The machine's name in it.
        place: Where the home lay: a copy of the home is another machine.
    """

    url: str
    collection: str
    writer: str
    place: str


def bind(home: Path, address: ServerAddress, collection: str) -> Binding:
    """Read what the home follows; one that follows nothing follows this from now on.

    Raises:
        ServerError: The home is a copy of another collection.
        HomeError: It cannot be written to.
    """
    before = _read(home)
    if before and before.collection != collection:
        raise ServerError(
            f"{home} is a copy of another collection than the one that is now at {address.url};"
            " name another --home, which then gets what is there"
        )
    place = f"{platform.node()}:{home.resolve()}"
    if before and before.place == place:
        return before
    binding = Binding(address.url, collection, secrets.token_hex(5), place)
    staged = home / f"{_FILE}.new"
    try:
        with staged.open("w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(binding), indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        staged.replace(home / _FILE)
    except OSError as error:
        raise HomeError(f"{home} cannot be written to ({error.strerror})") from error
    return binding


def is_bound(home: Path) -> bool:
    """Whether a home is a copy of a server's collection."""
    return (home / _FILE).exists()


def refuse_copy(home: Path) -> None:
    """Refuse a home that is a copy of a server's collection where no server is named.

    Raises:
        HomeError: It is one.
    """
    if before := _read(home):
        raise HomeError(
            f"{home} is a copy of a collection on the Chroma server {before.url}; name that with"
            " --chroma-url or PAPER_ASSISTANT_CHROMA_URL, or name another --home"
        )


def _read(home: Path) -> Binding | None:
    try:
        return Binding(**json.loads((home / _FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise HomeError(f"{home / _FILE} is damaged: {error}; restore it from a backup") from error
