"""What the server keeps of each open tab: what was asked in it, and nothing of the page itself."""

from types import SimpleNamespace
from typing import cast

import gradio as gr

__all__ = ["MAX_TABS", "keep_little"]

MAX_TABS = 1_000
"""Tabs that are remembered; of more, those are forgotten that were used longest ago."""


def keep_little(page: gr.Blocks) -> None:
    """Have Gradio remember of a tab what its states hold, not a copy of how every part was set.

    That copy would serve links to a state of the page, which this page makes by itself. It takes
    170 kB and a tenth of the time of opening the page, for each tab, and is never given back.

    Args:
        page: Mounted.

    Source: ``python -m tests.bench.page``, the server's memory under a crowd.
    """
    tabs = page.state_holder
    tabs.capacity = MAX_TABS
    kept = SimpleNamespace(default_config=page.default_config, blocks={})
    tabs.blocks = cast("gr.Blocks", kept)
