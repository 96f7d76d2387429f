"""Which papers of a map belong together: communities of the graph of nearest neighbours.

Home of networkx. Source: Blondel et al., Fast unfolding of communities in large networks, J. Stat.
Mech. (2008): the number of groups comes out of the papers and is not given.
"""

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from assistant.mapping.placing import nearest

__all__ = ["group"]

_N_NEIGHBOURS = 10
_MAX_GROUPS = 10
"""As many as there are colours that people tell apart."""

_MIN_SHARE = 0.02
_MIN_PAPERS = 3


def group(vectors: NDArray[np.float32]) -> list[list[int]]:
    """Group papers by their neighbours.

    Args:
        vectors: One a paper, rows of unit length.

    Returns:
        Each paper's number in one of the groups, the largest group first, ties by its first paper;
        at most ten.
    """
    n = len(vectors)
    if n < 2:
        return [list(range(n))] if n else []
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    near = nearest(vectors, vectors, min(_N_NEIGHBOURS, n - 1))
    graph.add_edges_from((at, int(other)) for at, row in enumerate(near) for other in row)
    found = [sorted(each) for each in nx.community.louvain_communities(graph, seed=0)]
    return _ordered(_merged(_ordered(found), vectors))


def _merged(groups: list[list[int]], vectors: NDArray[np.float32]) -> list[list[int]]:
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
