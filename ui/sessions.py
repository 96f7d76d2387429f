"""What the server keeps of each open tab: what was asked in it, and nothing of the page itself."""

import time
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.routing import Mount

from ui.exchange import Exchange, settled

__all__ = ["CLOSED_S", "MAX_TABS", "keep_little"]

MAX_TABS = 1_000
"""Tabs that are remembered; of more, those are forgotten that were used longest ago."""

CLOSED_S = 600.0
"""How long a closed tab is remembered; one that has only lost the network can go on meanwhile."""


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
        self._closed: dict[str, float] = {}

    def __getitem__(self, session_id: str) -> SessionState:
        self._closed.pop(session_id, None)
        with self.lock:
            if session_id not in self.session_data:
                self.session_data[session_id] = _Tab(self.blocks)
        return super().__getitem__(session_id)

    def delete_all_expired_state(self) -> None:
        """Forget the tabs that were closed a while ago; Gradio calls it every second."""
        now = time.monotonic()
        with self.lock:
            closed = [name for name, tab in self.session_data.items() if tab.is_closed]
            left = [self.session_data[name] for name in closed if name not in self._closed]
            self._closed = {name: self._closed.get(name, now) for name in closed}
            for name in closed:
                if now - self._closed[name] >= CLOSED_S:
                    self._forget(name)
        for tab in left:
            _end_answers(tab)

    def _forget(self, name: str) -> None:
        """Forget a tab, also where Gradio's queue would remember it for as long as it runs."""
        queue = self.blocks._queue
        for kept in (
            *(self.session_data, self.time_last_used, self._closed),
            *(queue.pending_messages_per_session, queue.pending_event_ids_session),
        ):
            kept.pop(name, None)


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


def _end_answers(tab: SessionState) -> None:
    """Stop what is written for a tab that is gone; a request to a chat model is closed."""
    for kept in tab.state_data.values():
        for each in kept if isinstance(kept, tuple) else ():
            if isinstance(each, Exchange):
                settled(each)


def _alike(one: gr.blocks.Block, other: gr.blocks.Block) -> bool:
    """Whether two parts differ in their values at most."""
    unset = {"value": None, "render": True}
    return bool(one.constructor_args | unset == other.constructor_args | unset)
