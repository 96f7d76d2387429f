"""The home folder: what lies in it, what it was made with, and who may write to it.

home.json         format, encoder and passage size the indexes were made with
papers.sqlite3    the catalog, the one truth
chroma/           passages with their vectors
chroma.new/       the same with another encoder, as far as it is made; see store.reencoding
lexical/          passages by their words
adapted-…/        the encoder, where it was adapted to this collection
map.json          the map of the papers, see assistant.mapping
writing.lock      held by the process that writes
writing.turn      held by the one that waits for it
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from store.encoders import ADAPTED, unmarked
from store.errors import EncoderMismatchError, HomeBusyError, HomeError

__all__ = ["FORMAT", "Home", "MadeWith", "recorded_dimension", "recorded_encoder"]

FORMAT = 2
"""Of the vectors, shipped weights included; those of an earlier one are made anew."""

_ABOUT = "home.json"


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What the indexes of a home depend on; saved beside them and compared on opening."""

    encoder: str
    dimension: int
    chunk_size: int
    chunk_overlap: int
    format: int = FORMAT


def recorded_encoder(folder: Path) -> str:
    """What ``load_encoder`` takes for a home's own encoder; "" where the folder is no home yet."""
    name = unmarked(str(_recorded(folder).get("encoder", "")))
    inside = name.startswith(ADAPTED) and (folder / name).is_dir()
    return str(folder / name) if inside else name


def recorded_dimension(folder: Path, encoder: str) -> int:
    """How long the vectors are that a home has of an encoder; 0 where it has none of it."""
    recorded = _recorded(folder).get("dimension") if encoder == recorded_encoder(folder) else 0
    return recorded if isinstance(recorded, int) else 0


def _recorded(folder: Path) -> dict[str, object]:
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # opening the home says what is wrong with it
    return about if isinstance(about, dict) else {}


class Home:
    """A folder that holds one collection."""

    def __init__(self, folder: Path) -> None:
        """Check the folder, and make it where it does not exist.

        Args:
            folder: Empty, absent, or a home.

        Raises:
            HomeError: It is no folder, holds something else, or cannot be made.
        """
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            strangers = not self._about.exists() and any(folder.iterdir())
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise HomeError(
                f"{str(folder)!r} cannot be used as a home folder ({reason});"
                " name another one with --home"
            ) from error
        if strangers and not self._begun():
            raise HomeError(
                f"{folder} is not a home folder and not empty; name an empty or a new one with"
                " --home"
            )

    def _begun(self) -> bool:
        """Whether this is a home whose making was interrupted: nothing but its own files."""
        return all(
            entry.name.startswith(("papers.sqlite3", "chroma", "lexical", "writing.", _ABOUT))
            for entry in self.folder.iterdir()
        )

    @property
    def _about(self) -> Path:
        return self.folder / _ABOUT

    @property
    def catalog(self) -> Path:
        """The SQLite file of the papers."""
        return self.folder / "papers.sqlite3"

    @property
    def chroma(self) -> Path:
        """Chroma's folder."""
        return self.folder / "chroma"

    @property
    def lexical(self) -> Path:
        """The lexical index's folder."""
        return self.folder / "lexical"

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever stored here."""
        return not self._about.exists()

    @cached_property
    def is_read_only(self) -> bool:
        """Whether there are papers here, and this process may not write."""
        there = (self.folder, self.catalog)
        return self.catalog.is_file() and not all(os.access(path, os.W_OK) for path in there)

    @property
    def is_outdated(self) -> bool:
        """Whether an earlier version made the vectors."""
        return self.made_with.format < FORMAT

    def check(self, made_with: MadeWith) -> None:
        """Compare what the home was made with.

        Raises:
            EncoderMismatchError: Another encoder or passage size was used.
            HomeError: The mark cannot be read, or comes from a later version.
        """
        found = replace(self.made_with, format=FORMAT)
        if not self.catalog.is_file() or not self.catalog.stat().st_size:
            raise HomeError(f"{self.catalog} is missing or empty; restore it from a backup")
        self.check_encoder(made_with.encoder, made_with.dimension)
        if found != made_with:
            raise HomeError(
                f"{self.folder} was made with passages of {found.chunk_size} words; name another"
                " --home, and ingest its papers there"
            )

    def check_encoder(self, name: str, dimension: int) -> None:
        """Compare the encoder that the home's vectors come from.

        Raises:
            EncoderMismatchError: It is another one.
            HomeError: The mark cannot be read.
        """
        found = self.made_with
        if (found.encoder, found.dimension) != (name, dimension):
            raise EncoderMismatchError(
                f"{self.folder} was made with encoder {found.encoder!r} ({found.dimension}"
                f" dimensions), not {name!r}; name that encoder, or another --home; or give the"
                " home another encoder with `paper-assistant re-encode`"
            )

    @property
    def made_with(self) -> MadeWith:
        """What the home was made with.

        Raises:
            HomeError: The mark cannot be read, or comes from a later version.
        """
        try:
            about = json.loads(self._about.read_text(encoding="utf-8"))
            later = about["format"] > FORMAT
            found = None if later else MadeWith(**about)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise HomeError(
                f"{self._about} is damaged: {error}; restore it from a backup"
            ) from error
        if found is None:
            raise HomeError(f"{self.folder} was made by a later version; upgrade to open it")
        return found

    def mark(self, made_with: MadeWith) -> None:
        """Make a new folder a home, in one step, once what it begins with is stored.

        Raises:
            HomeError: The folder cannot be written to.
        """
        staged = self.folder / f"{_ABOUT}.new"
        try:
            staged.write_text(json.dumps(asdict(made_with), indent=2) + "\n", encoding="utf-8")
            staged.replace(self._about)
        except OSError as error:
            raise HomeError(
                f"{self.folder} cannot be written to ({error.strerror}); make it writable or name"
                " another one with --home"
            ) from error

    @contextmanager
    def writing(self, wait_s: float = 10.0) -> Iterator[None]:
        """Be the only process that writes here.

        Who waits takes the turn first, so that one who lets go to begin again at once, batch after
        batch, comes behind those that wait.

        Args:
            wait_s: How long to wait for another one to finish.

        Raises:
            HomeBusyError: Another process is still writing.
            HomeError: The folder is read-only.
        """
        turn, lock = (FileLock(self.folder / f"writing.{each}") for each in ("turn", "lock"))
        try:
            with turn.acquire(timeout=wait_s):
                lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise HomeBusyError(
                f"{self.folder} is being written to by another process; try again when it is done"
            ) from error
        except OSError as error:
            raise HomeError(
                f"{self.folder} cannot be written to ({error.strerror}); make it writable or name"
                " another one with --home"
            ) from error
        try:
            yield
        finally:
            lock.release()
