"""What the server keeps of each open tab: what was asked in it, and nothing of the page itself."""

from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.routing import Mount

__all__ = ["MAX_TABS", "keep_little"]

MAX_TABS = 1_000
"""Tabs that are remembered; of more, those are forgotten that were used longest ago."""


def keep_little(mounted: FastAPI) -> None:
    """Have Gradio remember of a tab what its states hold, not how every part was set and filled.

    That would serve links to a state of the page, which this page makes by itself.

    Args:
        mounted: Where the page is mounted.

    Source: ``python -m tests.bench.page``, the server's memory under a crowd.
    """
    mounts = (each.app for each in mounted.routes if isinstance(each, Mount))
    for app in mounts:
        if isinstance(app, App):
            app.state_holder = _Tabs(app.get_blocks())


class _Tabs(StateHolder):
    """The tabs by their names."""

    def __init__(self, page: gr.Blocks) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.set_blocks(page)
        self.capacity = MAX_TABS

    def __getitem__(self, session_id: str) -> SessionState:
        with self.lock:
            if session_id not in self.session_data:
                self.session_data[session_id] = _Tab(self.blocks)
        return super().__getitem__(session_id)


class _Tab(SessionState):
    """A tab: its states, and those parts that were set otherwise than the page has them.

    Gradio 6.31 makes a part anew, with a number of its own, for each that an event leaves as it is,
    and keeps all of these under those numbers for as long as the tab lives: 80 kB a question.
    """

    def __init__(self, page: gr.Blocks) -> None:
        kept = SimpleNamespace(default_config=page.default_config, blocks={})
        super().__init__(cast("gr.Blocks", kept))

    def __setitem__(self, key: int, value: Any) -> None:  # noqa: ANN401 (Gradio's)
        parts = self.blocks_config.blocks
        if isinstance(parts.get(key), gr.State):
            super().__setitem__(key, value)
            self.config_values.clear()
        elif key in parts and not _alike(parts[key], value):
            parts[key] = value

    def _update_config(self, key: int) -> None:
        """Keep nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:  # noqa: ANN401 (Gradio's)
        """Keep nothing."""


def _alike(one: gr.blocks.Block, other: gr.blocks.Block) -> bool:
    """Whether two parts differ in their values at most."""
    unset = {"value": None, "render": True}
    return bool(one.constructor_args | unset == other.constructor_args | unset)
