"""Twelve abstracts of papers that nobody wrote, and the encoders that tests share."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from store.encoders import Encoder, Vectors, load_encoder

Fields = Mapping[str, object]

LONG_ABSTRACT = " ".join(
    f"In the {place} we count barnacles on {number} hulls and find that {finding}."
    for number, (place, finding) in enumerate(
        [
            ("northern harbour", "copper paint halves the cover within a single season"),
            ("southern harbour", "the cover grows with the days a vessel lies at anchor"),
            ("eastern estuary", "fresh water loosens young shells before they harden"),
            ("western estuary", "silt keeps larvae from settling on the lower third"),
            ("outer roads", "a current above two knots leaves the keel almost clean"),
            ("inner basin", "shade under the quay doubles the number of adult shells"),
            ("fishing port", "nets dragged along the side remove shells but scar the paint"),
            ("ferry terminal", "a daily crossing costs nine percent more fuel by autumn"),
            ("naval yard", "electric currents in the plating repel larvae for four months"),
            ("marina", "owners who scrub twice a year need no poison at all"),
            ("dry dock", "a laser removes old cement without heating the steel"),
            ("reference bay", "wooden test panels match steel panels after eleven weeks"),
            ("cold fjord", "growth stops below four degrees and resumes in late spring"),
        ],
        start=31,
    )
)

PAPERS: tuple[Fields, ...] = (
    {
        "title": "Barnacle Growth on Ship Hulls in Thirteen Harbours",
        "abstract": LONG_ABSTRACT,
        "authors": ["Ada Keel", "Bo Stern"],
        "published": "2021-06-04",
    },
    {
        "title": "Tuning Violins by Listening to Their Varnish",
        "abstract": "The varnish of a violin changes how its top plate rings. We tap 48 violins and"
        " predict the age of the varnish within three years. Older varnish damps high notes.",
        "published": "2019",
        "url": "https://papers.test/violins",
    },
    {
        "title": "Forecasting Lava Flows with Cellular Automata",
        "abstract": "Lava threatens villages long before it reaches them. A cellular automaton with"
        " six rules forecasts the front of a lava flow twelve hours ahead. It runs on a phone.",
        "published": "2022-11",
        "listed": ["2022-11-02", "2022-11-03"],
    },
    {
        "title": "Spectral Gaps of Wandering Graphs",
        "abstract": r"We bound the gap $\lambda_2 - \lambda_1 \geq \frac{1}{n^2}$ for every graph"
        r" that a random walk \emph{leaves} in $O(n \log n)$ steps. The bound is tight up to a"
        r" factor of $\sqrt{2}$. It fails for trees.",
        "published": "2020-02-29",
    },
    {
        "title": "Reading Emoji 😀 across Scripts",
        "abstract": "Readers of Hebrew (שלום עולם) and Arabic (مرحبا بالعالم) place emoji 😀👩‍🚀 at"
        " different ends of a line. Cafe\u0301 menus with combining marks (n\u0303, o\u0308)"
        " confuse both groups alike. Reading time grows by a tenth 🚀.",
        "listed": ["Mar 14"],
    },
    {
        "title": "Glacier Tongues Seen from Kites",
        "abstract": "Satellites pass too rarely for fast glaciers [1]. A camera on a kite maps a"
        " glacier tongue every hour, as proposed in [2, 3]. We release nine weeks of maps [4-6].",
        "listed": ["Mar 14", "Mar 15"],
    },
    {
        "title": "Bread That Tells Its Own Freshness",
        "abstract": "Stale bread is thrown away too early. A paper label changes from green to red"
        " when the crumb loses moisture. In a trial with 210 households waste fell by a third.",
    },
    {
        "title": "Sparse Attention for Whale Song",
        "abstract": "Whale songs last for hours, which rules out full attention. We attend to"
        " phrases that rhyme with the present one. Sparse attention needs 3.2% of the memory.",
        "arxiv_id": "2403.01234v2",
        "published": "2024-03-01",
    },
    {
        "title": "Whale Song Atlas: a Thousand Hours with Labels",
        "abstract": "We publish a thousand hours of whale song from 14 hydrophones. Every phrase"
        " has a label by two listeners. Agreement between listeners is 0.81.",
        "doi": "10.5555/atlas",
        "published": "2023",
    },
    {
        "title": "Why Queues at Bakeries Move in Waves",
        "abstract": "Customers in a bakery queue copy the step of the person ahead. The"
        " copying makes waves that travel backwards at half a metre a second. Two counters remove"
        " them.",
        "listed": ["Dec 31"],
    },
    {
        "title": "Moss as a Clock for Abandoned Roofs",
        "abstract": "Nobody records when a roof was abandoned. The thickness of moss dates it"
        " within two years. We calibrate on 77 roofs with known dates.",
        "listed": ["2023-12-31"],
    },
    {
        "title": "Graph Networks That Forget on Purpose",
        "abstract": "Pre-training a graph network pays off when the labels are few. Forgetting the"
        " edges that were never used makes fine-tuning 40% faster. Accuracy stays the same.",
        "listed": ["2024-01-15"],
    },
)

TITLES = tuple(str(paper["title"]) for paper in PAPERS)


def write_papers(path: Path, papers: Iterable[Fields] = PAPERS) -> Path:
    """Write records as JSON Lines."""
    lines = (json.dumps(paper, ensure_ascii=False) + "\n" for paper in papers)
    path.write_text("".join(lines), encoding="utf-8")
    return path


@cache
def bundled_encoder() -> Encoder:
    """The quick encoder that ships, loaded once a run."""
    return load_encoder("static-256")


class HashEncoder:
    """A quick encoder: each word adds a direction of its own; records what it was given."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.casefold().split():
                digest = hashlib.sha256(word.strip(".,?").encode()).digest()
                row[int.from_bytes(digest[:4], "big") % self.dimension] += 1.0
            row /= np.linalg.norm(row) or 1.0
        return vectors


class CountingEncoder:
    """Another encoder, and what it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        return self._encoder.encode(texts)
