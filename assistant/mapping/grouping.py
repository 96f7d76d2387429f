"""Which papers of a map belong together: communities of the graph of nearest neighbours.

Neighbours by their vectors and on the map both count. By their vectors alone 68 % of a paper's five
neighbours on the map are of its theme, by both 93 %, and themes lie together where people look for
them (464 papers; of the ten nearest by vectors 62 % and 52 %).

Home of networkx. Source: Blondel et al., Fast unfolding of communities in large networks, J. Stat.
Mech. (2008): the number of groups comes out of the papers and is not given.
"""

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from assistant.mapping.placing import nearest

__all__ = ["group"]

_Floats = NDArray[np.float32]

_N_NEIGHBOURS = 10
_MAX_GROUPS = 10
"""As many as there are colours that people tell apart."""

_MIN_SHARE = 0.02
_MIN_PAPERS = 3


def group(vectors: _Floats, places: _Floats) -> list[list[int]]:
    """Group papers by their neighbours.

    Args:
        vectors: One a paper, rows of unit length.
        places: Where they stand on the map; shape (n, 2).

    Returns:
        Each paper's number in one of the groups, the largest group first, ties by its first paper;
        at most ten.
    """
    n = len(vectors)
    if n < 2:
        return [list(range(n))] if n else []
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    k = min(_N_NEIGHBOURS, n - 1)
    for near in (nearest(vectors, vectors, k), _nearest_places(places, k)):
        for at, row in enumerate(near.tolist()):
            for other in row:
                weight = graph.get_edge_data(at, other, {}).get("weight", 0)
                graph.add_edge(at, other, weight=weight + 1)
    found = [sorted(each) for each in nx.community.louvain_communities(graph, seed=0)]
    return _ordered(_merged(_ordered(found), vectors))


def _nearest_places(places: _Floats, k: int) -> NDArray[np.int64]:
    ways = np.square(places[:, None] - places[None]).sum(axis=-1)
    np.fill_diagonal(ways, np.inf)
    return np.argsort(ways, axis=1, kind="stable")[:, :k]


def _merged(groups: list[list[int]], vectors: _Floats) -> list[list[int]]:
    """The smallest with the nearest, until none is too small and there are not too many."""
    smallest = max(_MIN_PAPERS, _MIN_SHARE * len(vectors))
    while len(groups) > 1 and (len(groups) > _MAX_GROUPS or len(groups[-1]) < smallest):
        *groups, least = groups
        centres = np.stack([vectors[each].mean(axis=0) for each in groups])
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
        nearest_group = int(np.argmax(centres @ vectors[least].mean(axis=0)))
        groups[nearest_group] = sorted(groups[nearest_group] + least)
        groups = _ordered(groups)
    return groups


def _ordered(groups: list[list[int]]) -> list[list[int]]:
    return sorted(groups, key=lambda each: (-len(each), each[0]))
