"""A real assistant that keeps what it was asked, over a few papers, for tests of the page."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from assistant import Assistant
from assistant.answering import Answering
from assistant.types import Hit, Turn

LORA = (
    "Adapters run after each layer and slow training down. Partial connection tuning trains a"
    " random selection of connections inside the pretrained weights. Against low-rank adapters its"
    " training time falls by 22 percent and its memory by 16 percent."
)
ASK_LORA = "How much training time does partial connection tuning save?"
ASK_NOISE = "How do networks learn from noisy labels?"
OFF_TOPIC = "Who won the 1998 football world cup in Paris?"

_PAPERS: tuple[dict[str, object], ...] = (
    {
        "title": "PaCo: Partial Connection Tuning for Efficient Language Models",
        "abstract": LORA,
        "authors": ["A. Mariner", "B. Gull"],
        "published": "2024-02-29",
        "listed": ["Mar 10"],
        "url": "https://example.org/paco",
    },
    {
        "title": "Sharing Low-Rank Adapters between Layers",
        "abstract": "Low-rank adapters are shared between the layers of a network. Memory of the"
        " adapters falls by half, and training time stays as it was.",
        "listed": ["Mar 11"],
    },
    {
        "title": "Early Learning from Noisy Labels",
        "abstract": "Networks trained on noisy labels first fit the clean examples and later"
        " memorize the false labels. A regularizer that remembers the early predictions keeps them"
        " from memorizing.",
        "published": "2022",
        "listed": ["Mar 12"],
    },
    {
        "title": "Triplet Mining for Face Embeddings",
        "abstract": "A face embedding is trained on triplets of matching and non-matching faces."
        " Semi-hard triplets are mined online from large batches.",
        "listed": ["Mar 13"],
    },
    {
        "title": "Whistles of River Dolphins",
        "abstract": "River dolphins whistle at higher pitch in turbid water. Recordings from nine"
        " rivers show it.",
        "published": "2021",
    },
)


class Watched(Assistant):
    """The real assistant; ``asked`` is what was asked of it, the last at the end."""

    def __init__(self, folder: Path, **more: Any) -> None:
        super().__init__(folder / "home", starter=False, **more)
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        source = folder / "papers.jsonl"
        source.write_text("\n".join(map(json.dumps, _PAPERS)))
        assert self.ingest(source).added == len(_PAPERS)

    def stream(
        self, question: str, history: Sequence[Turn] = (), *args: Any, **given: Any
    ) -> Answering:
        self.asked.append(("Answer", question, given))
        return super().stream(question, history, *args, **given)

    def stream_summary(self, topic: str, *args: Any, **given: Any) -> Answering:
        self.asked.append(("Summarize", topic, given))
        return super().stream_summary(topic, *args, **given)

    def search(self, query: str, *args: Any, **given: Any) -> list[Hit]:
        self.asked.append(("Find", query, given))
        return super().search(query, *args, **given)

    def like(self, paper_id: str, *args: Any, **given: Any) -> list[Hit]:
        self.asked.append(("Like", paper_id, given))
        return super().like(paper_id, *args, **given)


def box(page: Page) -> Locator:
    """The question's box."""
    return page.get_by_label("Question", exact=True)


def ask(page: Page, question: str, *, mode: str = "Answer") -> Locator:
    """Ask with the keyboard; gives the new exchange once it is finished."""
    page.get_by_role("radio", name=mode, exact=True).check(force=True)
    before = page.locator(".turn").count()
    box(page).fill(question)
    box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)
    turn = page.locator(".turn").last
    expect(turn).to_have_attribute("aria-busy", "false")
    return turn
