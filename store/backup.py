"""A copy of a home that can be opened as one, made while others ask and write.

The papers are copied by SQLite, whole and as of one moment, also while somebody writes; the rest
lies still under the home's lock. Whatever the copy of an index lacks, it makes up for on opening.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from store.catalog_file import read_only_address
from store.errors import HomeError
from store.home import Home
from store.server.binding import refuse_copy

__all__ = ["copy_home"]

_NOT_COPIED = ("*.lock", "writing.turn", "chroma.new", "chroma.old")
_PAPERS = "papers.sqlite3*"


def copy_home(folder: Path, target: Path) -> int:
    """Copy a home.

    Args:
        folder: The home; it may be open here and elsewhere. Who wants to write to it waits.
        target: A folder that is empty, or not there yet.

    Returns:
        How many bytes the copy has.

    Raises:
        HomeError: There is no home, the target is not empty, or cannot be written to.
        HomeBusyError: Another process was writing all the time.
    """
    home = Home(folder)
    refuse_copy(folder)
    if home.is_new:
        raise HomeError(f"{folder} is no home yet; there is nothing to copy")
    staged = target.with_name(f"{target.name}.part")
    try:
        if target.exists() and any(target.iterdir()):
            raise HomeError(f"{target} is not empty; name a folder that is, or a new one")
        if folder.resolve() in target.resolve().parents:
            raise HomeError(f"{target} is inside the home; name a folder outside of it")
        shutil.rmtree(staged, ignore_errors=True)
        _copy(home, staged)
        if target.exists():
            target.rmdir()
        staged.rename(target)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(staged, ignore_errors=True)
        reason = getattr(error, "strerror", None) or error
        raise HomeError(f"{target} cannot be written ({reason}); name another folder") from error
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def _copy(home: Home, target: Path) -> None:
    if home.is_read_only:
        _copy_files(home, target)  # who writes elsewhere is not waited for: papers are whole anyway
        return
    with home.writing():
        _copy_files(home, target)


def _copy_files(home: Home, target: Path) -> None:
    """The indexes first: of the papers there may be more by then, never fewer."""
    ignored = shutil.ignore_patterns(*_NOT_COPIED, _PAPERS)
    shutil.copytree(home.folder, target, ignore=ignored)
    address = read_only_address(home.catalog) if home.is_read_only else str(home.catalog)
    with (
        closing(sqlite3.connect(address, uri=home.is_read_only)) as papers,
        closing(sqlite3.connect(target / home.catalog.name)) as copy,
    ):
        papers.backup(copy)
