"""Looking after a home as a whole: a copy of it, its room on disk, another encoder."""

from collections.abc import Callable
from pathlib import Path

from assistant.encoding import Given, chosen_encoder
from assistant.settings import Settings
from store.backup import copy_home
from store.collection import Collection
from store.reencoding import encode_anew

__all__ = ["backup", "compact", "re_encode"]


def backup(target: str | Path, home: str | Path | None = None) -> int:
    """Copy a home to a folder that can be opened as a home, while it is asked and written to.

    Args:
        target: An empty folder, or one that is not there yet.
        home: The folder; None for the one of the settings.

    Returns:
        How many bytes the copy has.

    Raises:
        StoreError: There is no home, or the target cannot be written to.
    """
    return copy_home(Settings.read(home=home).home, Path(target))


def compact(home: str | Path | None = None) -> int:
    """Give back the room on disk of removed papers; their removal cannot be taken back then.

    Returns:
        How many removed papers are forgotten.

    Raises:
        StoreError: The home cannot be written to.
    """
    settings = Settings.read(home=home)
    collection = Collection(
        settings.home, chosen_encoder(None, settings), starter=False, server=settings.server
    )
    try:
        return collection.compact()
    finally:
        collection.close()


def re_encode(
    encoder: Given,
    home: str | Path | None = None,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> str:
    """Give a home another encoder; the old one goes on answering until the last paper is encoded.

    Stopped at any moment, it goes on from there the next time. No ``Assistant`` of this process
    may have the home open.

    Args:
        encoder: As ``Assistant`` takes it.
        home: The folder; None for the one of the settings.
        on_progress: Told how many papers of how many are encoded.

    Returns:
        The encoder's name.

    Raises:
        StoreError: The encoder cannot be loaded, or the home cannot be written to.
    """
    named = encoder if isinstance(encoder, str) else None
    settings = Settings.read(home=home, encoder=named)
    chosen = chosen_encoder(encoder, settings)
    encode_anew(settings.home, chosen, on_progress, resumable=True)
    return chosen.name
