"""Encoding a home's passages anew with another encoder, beside the old vectors until all are done.

What was encoded when this was cut short is there the next time, if the encoder is the same one.

What the swap does, in an order in which a crash loses nothing: the old vectors are put aside (a
home without any builds them anew from its papers), the home is marked with the new encoder, the
new vectors take their place.
"""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import asdict, replace
from pathlib import Path

from store.catalog import Catalog
from store.encoders import ADAPTED, Encoder
from store.errors import HomeError
from store.home import Home, MadeWith
from store.server.binding import refuse_copy
from store.vector_folder import cut_short

__all__ = ["encode_anew"]

_BATCH_PAPERS = 200
_FOR = "encoding-for.json"
"""In the new folder until it is whole: what it is made with."""


def encode_anew(
    folder: Path,
    encoder: Encoder,
    on_progress: Callable[[int, int], None],
    *,
    resumable: bool = False,
) -> None:
    """Have a home use another encoder; no ``Collection`` of this process may have it open.

    Args:
        folder: The home folder.
        encoder: What it uses from now on.
        on_progress: Told how many papers of how many are encoded.
        resumable: Whether what was encoded stays where this is interrupted, for the next time.

    Raises:
        StoreError: The home or the encoder cannot be used. The home is as it was then, and also
            where this is interrupted.
    """
    home = Home(folder)
    refuse_copy(folder)
    aside, fresh = (home.chroma.with_name(f"chroma.{each}") for each in ("old", "new"))
    with home.writing(), ExitStack() as rest:
        made_with = replace(home.made_with, encoder=encoder.name, dimension=encoder.dimension)
        catalog = Catalog(home.catalog)
        rest.callback(catalog.close)
        shutil.rmtree(aside, ignore_errors=True)
        rest.callback(lambda: fresh.with_name(f"{fresh.name}.lock").unlink(missing_ok=True))
        if not resumable:
            rest.callback(lambda: shutil.rmtree(fresh, ignore_errors=True))
        _begin(fresh, made_with)
        revision = _encode(catalog, encoder, fresh, on_progress)
        (fresh / _FOR).unlink()
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


def _begin(fresh: Path, made_with: MadeWith) -> None:
    """Make the new folder, unless an earlier attempt has left one to go on with."""
    if not _goes_on(fresh, made_with):
        shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(exist_ok=True)
    (fresh / _FOR).write_text(json.dumps(asdict(made_with)), encoding="utf-8")


def _goes_on(fresh: Path, made_with: MadeWith) -> bool:
    """Whether what an earlier attempt has left can be gone on with."""
    try:
        begun_for = json.loads((fresh / _FOR).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(begun_for == asdict(made_with)) and not cut_short(fresh)


def _encode(
    catalog: Catalog, encoder: Encoder, folder: Path, on_progress: Callable[[int, int], None]
) -> int:
    """Fill an index with all passages; gives the last change that it holds.

    A person's Ctrl-C comes to this thread, which only waits, and ends it between two batches.
    """
    from store.dense import DenseIndex

    n_papers = catalog.count()
    with closing(DenseIndex(folder, encoder)) as index, ThreadPoolExecutor(1) as apart:
        if index.revision > catalog.revision:
            index.clear()
        while changes := catalog.changes(since=index.revision, limit=_BATCH_PAPERS):
            index.expect(catalog.changes(since=changes[-1].revision, limit=_BATCH_PAPERS))
            apart.submit(index.apply, changes).result()
            on_progress(catalog.count_until(index.revision), n_papers)
        return index.revision
