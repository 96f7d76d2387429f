"""Ways to lay a collection out: what share of each paper's ten nearest stay its ten nearest.

`python -m tests.bench.map` takes the five pages; `--papers FILE --sample 2000` a part of others.
openTSNE is measured where it is installed; it is no dependency. Then what a map of the starter
collection costs: to make, to read, for one more paper, and while questions are asked.
"""

import argparse
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant
from assistant.mapping import placing
from assistant.mapping.grouping import group
from assistant.mapping.naming import name_groups
from store.collection import Collection
from store.surveying import Survey
from tests.bench.common import pages_collection

_K = 10
_Floats = NDArray[np.float32]


def main() -> None:
    """Print one line a way, then the themes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--papers", nargs="*", default=[])
    parser.add_argument("--sample", type=int, default=2_000)
    arguments = parser.parse_args()
    with pages_collection() as collection:
        collection.ingest(arguments.papers)
        survey = collection.survey.some(arguments.sample)
        print(f"{len(survey.papers)} papers | kept | seconds of one core")
        for name, way in _ways().items():
            began = time.process_time()
            places = way(survey.vectors)
            took = time.process_time() - began
            print(f"{name} | {kept(survey.vectors, places):.3f} | {took:.1f}", flush=True)
        _print_themes(collection, survey)
    with TemporaryDirectory() as folder:
        _print_costs(Path(folder))


def kept(vectors: _Floats, places: _Floats) -> float:
    """Share of the nearest papers by vectors that are among as many nearest on the plane."""
    squares = np.square(places[:, None] - places[None]).sum(axis=-1)
    np.fill_diagonal(squares, np.inf)
    seen = np.argsort(squares, axis=1)[:, :_K]
    near = placing.nearest(vectors, vectors, _K)
    return float(np.mean([len({*a} & {*b}) / _K for a, b in zip(near, seen, strict=True)]))


def _ways() -> dict[str, Callable[[_Floats], _Floats]]:
    ways = {"principal components": placing._principal, "force atlas 2": _force_atlas}
    for perplexity in (10.0, 15.0, 30.0):
        ways[f"this map, perplexity {perplexity:.0f}"] = _with(perplexity)
    if find_spec("openTSNE"):
        ways["openTSNE"] = _open_tsne
    return ways


def _with(perplexity: float) -> Callable[[_Floats], _Floats]:
    def way(vectors: _Floats) -> _Floats:
        before = placing._PERPLEXITY, placing._N_NEIGHBOURS
        placing._PERPLEXITY, placing._N_NEIGHBOURS = perplexity, round(3 * perplexity)
        try:
            return placing.place(vectors)
        finally:
            placing._PERPLEXITY, placing._N_NEIGHBOURS = before

    return way


def _force_atlas(vectors: _Floats) -> _Floats:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(vectors)))
    near = placing.nearest(vectors, vectors, _K)
    graph.add_edges_from((at, int(other)) for at, row in enumerate(near) for other in row)
    begin = dict(enumerate(placing._principal(vectors)))
    found = nx.forceatlas2_layout(graph, pos=begin, seed=0)
    return np.array([found[at] for at in range(len(vectors))])


def _open_tsne(vectors: _Floats) -> _Floats:
    from openTSNE import TSNE

    return np.asarray(TSNE(metric="cosine", random_state=0).fit(vectors))


def _print_themes(collection: Collection, survey: Survey) -> None:
    groups = group(survey.vectors, placing.place(survey.vectors))
    names = name_groups(groups, survey.papers, collection.terms)
    for numbers, found in zip(groups, names, strict=True):
        print(len(numbers), "|", " · ".join(found))


def _print_costs(folder: Path) -> None:
    with Assistant(folder / "home") as assistant:
        alone = [_asked(assistant) for _ in range(21)]
        made = (folder / "home" / "map.json").exists()
        began = time.process_time()
        coming, meanwhile = assistant.maps.coming(), [_asked(assistant)]
        while not coming.done():
            meanwhile.append(_asked(assistant))
        print(f"made by a start and {len(alone)} answers | {made}")
        print(f"made and {len(meanwhile)} answers, s of cores | {time.process_time() - began:.2f}")
        print(f"an answer, ms | {median(alone):.1f}; while it is made {median(meanwhile):.1f}")
    with Assistant(folder / "home") as assistant:
        print(f"read again, ms | {_timed(assistant.maps.current):.1f}")
        source = folder / "more.csv"
        source.write_text("title,abstract\nTides of a bay,The tide rises twice a day.\n")
        assistant.ingest(source)
        print(f"with one more paper, ms | {_timed(assistant.maps.current):.1f}")


def _asked(assistant: Assistant) -> float:
    return _timed(lambda: assistant.ask("What are Pointer Networks?"))


def _timed(act: Callable[[], object]) -> float:
    """Milliseconds that it takes."""
    began = time.perf_counter()
    act()
    return 1_000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
