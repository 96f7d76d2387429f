"""The shell's commands that look after a home as a whole."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from assistant.shell import (
    AsJson,
    Home,
    errors_as_lines,
    print_result,
    say,
    show_steps,
    stoppable,
)

__all__ = ["backup", "compact", "re_encode", "train_encoder"]

_ENCODING = "Encoding the collection anew"


def backup(
    folder: Annotated[Path, typer.Argument(help="An empty or a new folder.", metavar="DIR")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Copy the collection to a folder, also while it is served."""
    with errors_as_lines():
        from assistant import upkeep

        n_bytes = upkeep.backup(folder, home)
        print_result(
            as_json,
            lambda: {"folder": str(folder), "bytes": n_bytes},
            lambda: f"Copied {n_bytes / 1e6:,.1f} MB to {folder}; --home {folder} opens it.",
        )


def compact(home: Home = None, as_json: AsJson = False) -> None:
    """Forget removed papers, and give back their room."""
    with errors_as_lines():
        from assistant import upkeep

        n_forgotten = upkeep.compact(home)
        print_result(
            as_json,
            lambda: {"forgotten": n_forgotten},
            lambda: f"{n_forgotten:,} removed papers are forgotten.",
        )


def re_encode(
    encoder: Annotated[
        str, typer.Argument(help="What PAPER_ASSISTANT_ENCODER takes.", metavar="ENCODER")
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Give the collection another encoder."""
    with errors_as_lines():
        from assistant import upkeep

        with stoppable():
            try:
                with show_steps() as show:
                    name = upkeep.re_encode(encoder, home, partial(show, _ENCODING))
            except KeyboardInterrupt:
                say("Stopped. The collection is as it was; the same command goes on from there.")
                raise
        text = f"The collection uses {name} now."
        print_result(as_json, lambda: {"encoder": name}, lambda: text)


def train_encoder(
    restore: Annotated[
        bool, typer.Option("--restore", help="Go back to the encoder that was adapted.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Adapt the encoder to your field, if that helps."""
    with errors_as_lines():
        from assistant.own_field import (
            adapt_encoder,
            adaptation_as_dict,
            adaptation_as_text,
            restore_encoder,
        )

        with show_steps() as show:
            if restore:
                name = restore_encoder(home, show)
            else:
                adaptation = adapt_encoder(home, show)
        if restore:
            text = f"The collection uses {name} again."
            print_result(as_json, lambda: {"encoder": name}, lambda: text)
            return
        print_result(
            as_json,
            lambda: adaptation_as_dict(adaptation),
            lambda: adaptation_as_text(adaptation),
        )
