"""Encoding a home's passages anew with another encoder, beside the old vectors until all are done.

What the swap does, in an order in which a crash loses nothing: the old vectors are put aside (a
home without any builds them anew from its papers), the home is marked with the new encoder, the
new vectors take their place.
"""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from store.catalog import Catalog
from store.encoders import ADAPTED, Encoder
from store.errors import HomeError
from store.home import Home, MadeWith

__all__ = ["encode_anew"]

_BATCH_PAPERS = 200


def encode_anew(folder: Path, encoder: Encoder, on_progress: Callable[[int, int], None]) -> None:
    """Have a home use another encoder; no ``Collection`` of this process may have it open.

    Args:
        folder: The home folder.
        encoder: What it uses from now on.
        on_progress: Told how many papers of how many are encoded.

    Raises:
        StoreError: The home or the encoder cannot be used. The home is as it was then, and also
            where this is interrupted.
    """
    home = Home(folder)
    aside, fresh = (home.chroma.with_name(f"chroma.{each}") for each in ("old", "new"))
    with home.writing(), ExitStack() as rest:
        made_with = replace(home.made_with, encoder=encoder.name, dimension=encoder.dimension)
        catalog = Catalog(home.catalog)
        rest.callback(catalog.close)
        for leftover in (aside, fresh):
            shutil.rmtree(leftover, ignore_errors=True)
        rest.callback(lambda: fresh.with_name(f"{fresh.name}.lock").unlink(missing_ok=True))
        rest.callback(lambda: shutil.rmtree(fresh, ignore_errors=True))
        revision = _encode(catalog, encoder, fresh, on_progress)
        _swap(home, made_with, aside, fresh)
        # Other processes look at the home again, and see that its encoder is another one.
        catalog.note_follower("dense", revision)
        shutil.rmtree(aside, ignore_errors=True)
        for old in folder.glob(f"{ADAPTED}*"):
            if old.name != encoder.name:
                shutil.rmtree(old, ignore_errors=True)


def _swap(home: Home, made_with: MadeWith, aside: Path, fresh: Path) -> None:
    try:
        if home.chroma.exists():
            home.chroma.rename(aside)
        try:
            home.mark(made_with)
        except BaseException:
            aside.rename(home.chroma)
            raise
        fresh.rename(home.chroma)
    except OSError as error:
        raise HomeError(
            f"{home.folder} cannot be changed ({error.strerror}); close what else uses it, make it"
            " writable, and try again"
        ) from error


def _encode(
    catalog: Catalog, encoder: Encoder, folder: Path, on_progress: Callable[[int, int], None]
) -> int:
    """Fill an index with all passages; gives the last change that it holds."""
    from store.dense import DenseIndex

    n_papers, n_done = catalog.count(), 0
    index = DenseIndex(folder, encoder)
    try:
        while changes := catalog.changes(since=index.revision, limit=_BATCH_PAPERS):
            index.apply(changes)
            n_done += sum(bool(change.spans) for change in changes)
            on_progress(n_done, n_papers)
        return index.revision
    finally:
        index.close()
