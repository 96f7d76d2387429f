"""Adapting a home's encoder to its papers, and going back."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from store.adapted_encoder import AdaptedEncoder, base_of, write_adapted
from store.adapting.adapt import Adaptation, Progress, adapt
from store.encoders import ADAPTED, DEFAULT_ENCODER, Encoder, Endpoint, load_encoder
from store.errors import EncoderError
from store.home import Home, recorded_encoder
from store.reencoding import encode_anew
from store.types import Paper

__all__ = ["adapt_home", "restore_home"]

_ENCODING = "Encoding the collection anew"


def adapt_home(
    folder: Path, papers: Sequence[Paper], encoder: Encoder, on_progress: Progress
) -> Adaptation:
    """Adapt a home's encoder to its papers; where that does not help, nothing is changed.

    Args:
        folder: The home folder, which this process has not open.
        papers: Those of the home.
        encoder: The home's. One that was adapted before is left, and that beneath it adapted.
        on_progress: Told what is being done, and how much of how much.

    Raises:
        StoreError: There are too few papers, or the home cannot be written to. The home is as it
            was then.
    """
    base = encoder.base if isinstance(encoder, AdaptedEncoder) else encoder
    adaptation = adapt(papers, base, on_progress)
    if not adaptation.helps:
        return adaptation
    about = {each: getattr(adaptation, each) for each in ("n_papers", "n_queries")}
    figures = {each: asdict(getattr(adaptation, each)) for each in ("before", "after")}
    written = write_adapted(folder, base, adaptation.matrix, about | figures)
    try:
        adapted = AdaptedEncoder(written, base=base)
        encode_anew(folder, adapted, lambda done, n: on_progress(_ENCODING, done, n))
    finally:
        if recorded_encoder(folder) != str(written):
            shutil.rmtree(written, ignore_errors=True)
    return adaptation


def restore_home(folder: Path, named: str, endpoint: Endpoint, on_progress: Progress) -> Encoder:
    """Go back from an adapted encoder to the one beneath; the adapted one may be damaged.

    Args:
        folder: The home folder, which this process has not open.
        named: What to go back to instead; "" for the one beneath, or the default if that is lost.
        endpoint: Where it is asked, if it is not on this machine.
        on_progress: As for ``adapt_home``.

    Returns:
        What the home uses now.

    Raises:
        StoreError: The home's encoder was not adapted, or what it goes back to cannot be loaded.
    """
    recorded = Home(folder).made_with.encoder
    if not recorded.startswith(ADAPTED):
        raise EncoderError(
            f"The home uses {recorded!r}, which was not adapted; there is nothing to restore"
        )
    encoder = load_encoder(named or base_of(folder / recorded) or DEFAULT_ENCODER, endpoint)
    encode_anew(folder, encoder, lambda done, n: on_progress(_ENCODING, done, n))
    return encoder
