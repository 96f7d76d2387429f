"""Adapting a home's encoder to the field of its papers, for the shell."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.errors import SettingError
from assistant.settings import Settings
from store.adapting.own_field import adapt_home, restore_home
from store.encoders import Endpoint

if TYPE_CHECKING:
    from store.adapting.adapt import Adaptation

__all__ = ["adapt_encoder", "adaptation_as_dict", "adaptation_as_text", "restore_encoder"]

Progress = Callable[[str, int, int], None]


def adapt_encoder(home: Path | None, on_progress: Progress) -> "Adaptation":
    """Adapt the encoder of a home to its papers; where that does not help, nothing is changed.

    Args:
        home: The folder; None for the one of the settings.
        on_progress: Told what is being done, and how much of how much.

    Raises:
        SettingError: An encoder or a server is named in the environment, and the encoder would
            not be the home's own.
        StoreError: There are too few papers, or the home cannot be written to.
    """
    with Assistant(home) as assistant:
        folder, named = assistant.settings.home, assistant.settings.encoder
        if named:
            raise SettingError(
                f"PAPER_ASSISTANT_ENCODER is {named!r}, and the home is to have an encoder of its"
                " own; unset it and try again"
            )
        if assistant.settings.server:
            raise SettingError(
                "All machines of a Chroma server have one encoder; train-encoder is for homes"
                " without a server"
            )
        papers, encoder = assistant.papers(), assistant.encoder
    return adapt_home(folder, papers, encoder, on_progress)


def restore_encoder(home: Path | None, on_progress: Progress) -> str:
    """Go back to the encoder that was adapted, or to the one that is named; gives its name.

    Raises:
        StoreError: The home's encoder was not adapted, or the home cannot be written to.
    """
    settings = Settings.read(home=home)
    endpoint = Endpoint(*settings.encoder_endpoint)
    return restore_home(settings.home, settings.encoder, endpoint, on_progress).name


def adaptation_as_dict(adaptation: "Adaptation") -> dict[str, object]:
    """Figures before and after as JSON types."""
    before, after = (
        {"right_paper_first": figures.first, "mrr_at_10": figures.mrr}
        for figures in (adaptation.before, adaptation.after)
    )
    return {
        "helps": adaptation.helps,
        "papers": adaptation.n_papers,
        "queries": adaptation.n_queries,
        "before": before,
        "after": after,
    }


def adaptation_as_text(adaptation: "Adaptation") -> str:
    """Figures before and after, and what was done."""
    before, after = adaptation.before, adaptation.after
    figures = (
        f"Given {adaptation.n_queries:,} titles and sentences that were kept from training, the"
        f" right one of {adaptation.n_papers:,} papers came first for {before.first:.1%} before and"
        f" for {after.first:.1%} after (MRR@10 {before.mrr:.3f} and {after.mrr:.3f}).\n"
    )
    if not adaptation.helps:
        return f"{figures}That is no clear gain, so nothing was changed."
    return (
        f"{figures}The collection now uses the adapted encoder;"
        " `paper-assistant train-encoder --restore` goes back."
    )
