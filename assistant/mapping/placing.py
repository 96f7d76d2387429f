"""Where papers stand on a map: near each other where their vectors are near. This is t-SNE.

Source: van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 9 (2008); begun from the
principal components, as Kobak and Berens, The art of using t-SNE for single-cell transcriptomics,
Nature Communications 10 (2019), found best for the large shape. Written out here because it is
short and numpy is there anyway; tests/bench/map.py compares it with what else there is.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["nearest", "place"]

_Floats = NDArray[np.float32]

_PERPLEXITY = 15.0
"""How many neighbours a paper is held to. Source: tests/bench/map.py; from 10 to 30 the share of
the ten nearest that stay so varies by 0.01."""

_N_NEIGHBOURS = 45
_MIN_PAPERS = 30
"""Fewer have no neighbourhoods to speak of; they stand where they differ most."""

_N_APART, _N_SETTLING = 75, 250
_APART = 12.0
"""How much more papers attract each other in the first steps, in which the themes come apart."""

_MAX_PRODUCT = 50_000
"""Numbers in a block of distances. Larger products would be shared out to threads that wait for
each other longer than they work: on a busy machine 400 ms a step in place of 11."""


def place(vectors: _Floats, on_step: Callable[[float], None] = lambda _: None) -> _Floats:
    """Place papers on a plane; the same vectors give the same places.

    Args:
        vectors: One a paper, rows of unit length; shape (n, dimension).
        on_step: Told after each step how much is done, 0 to 1.

    Returns:
        Shape (n, 2); in each direction from 0 to 1, both on the same scale, about (0.5, 0.5).
    """
    if len(vectors) < _MIN_PAPERS:
        return _within(_principal(vectors))
    rows, columns, weights = _attraction(vectors)
    starts = np.searchsorted(rows, np.arange(len(vectors)))
    places = _principal(vectors)
    places *= 1e-4 / (float(places.std()) or 1.0)
    speed, gain = np.zeros_like(places), np.ones_like(places)
    rate = max(len(vectors) / _APART, 50.0)
    n_steps = _N_APART + _N_SETTLING
    for step in range(n_steps):
        apart = step < _N_APART
        ways = places.take(rows, axis=0) - places.take(columns, axis=0)
        pull = weights / (1.0 + np.square(ways).sum(axis=1))
        together = np.add.reduceat(pull[:, None] * ways, starts, axis=0)
        force = 4.0 * ((_APART if apart else 1.0) * together - _repulsion(places))
        slower = np.maximum(0.8 * gain, 0.01)
        gain = np.where((force > 0) != (speed > 0), gain + 0.2, slower)
        speed *= 0.5 if apart else 0.8
        speed -= rate * gain * force
        places += speed
        on_step((step + 1) / n_steps)
    return _within(places)


def nearest(vectors: _Floats, others: _Floats, k: int) -> NDArray[np.int64]:
    """Find the rows of ``others`` nearest to each of ``vectors``, nearest first; shape (n, k).

    Where both are the same, a row is not its own neighbour.
    """
    cosines = vectors @ others.T
    if vectors is others:
        np.fill_diagonal(cosines, -np.inf)
    # Rounded, so that another number of threads does not change who is nearest.
    found = np.argsort(-np.round(cosines, 5), axis=1, kind="stable")[:, :k]
    return np.asarray(found, np.int64)


def _principal(vectors: _Floats) -> _Floats:
    """The two directions in which the papers differ most; equal papers lie a hair apart."""
    places = np.zeros((len(vectors), 2), np.float32)
    if len(vectors):
        centred = vectors - vectors.mean(axis=0)
        _, directions = np.linalg.eigh(centred.T @ centred)
        first = directions[:, :-3:-1]
        # Either sign is right; this one is taken always.
        first = first * np.sign(first[np.abs(first).argmax(axis=0), range(first.shape[1])])
        places[:, : first.shape[1]] = centred @ first
    hair = 1e-3 * (float(np.abs(places).max(initial=0.0)) or 1.0)
    noise = np.random.default_rng(0).normal(0.0, hair, places.shape)
    return np.asarray(places + noise, np.float32)


def _attraction(vectors: _Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], _Floats]:
    """Pairs of neighbours, both ways and in the order of the first, and how they attract."""
    n = len(vectors)
    k = min(_N_NEIGHBOURS, n - 1)
    near = nearest(vectors, vectors, k)
    distances = 2.0 - 2.0 * np.einsum("ij,ikj->ik", vectors, vectors[near])
    shares = _perplexed(distances - distances.min(axis=1, keepdims=True), min(_PERPLEXITY, k / 3))
    rows, columns = np.repeat(np.arange(n), k), near.ravel()
    both = np.concatenate([rows, columns])
    order = np.argsort(both, kind="stable")
    weights = np.tile(shares.ravel() / (2 * n), 2)[order]
    return both[order], np.concatenate([columns, rows])[order], weights.astype(np.float32)


def _perplexed(distances: _Floats, perplexity: float) -> NDArray[np.float64]:
    """Shares of attraction that fall with the distance, so fast that perplexity comes out."""
    low, high = np.full(len(distances), -5.0), np.full(len(distances), 15.0)
    for _ in range(30):
        steepness = (low + high) / 2
        falls = np.exp(steepness)[:, None] * distances
        raw = np.exp(-falls)
        total = raw.sum(axis=1)
        entropy = np.log(total) + (falls * raw).sum(axis=1) / total
        too_even = entropy > np.log(perplexity)
        low, high = np.where(too_even, steepness, low), np.where(too_even, high, steepness)
    return np.asarray(raw / total[:, None])


def _repulsion(places: _Floats) -> _Floats:
    """How every paper is pushed by all others, in blocks of rows."""
    n = len(places)
    ones, squares = np.ones((n, 1), np.float32), np.square(places).sum(axis=1, keepdims=True)
    left = np.hstack([-2.0 * places, squares + 1.0, ones])
    right = np.ascontiguousarray(np.hstack([places, ones, squares]).T)
    weighed = np.hstack([places, ones])
    pushed, total, block = np.empty_like(places), 0.0, max(1, _MAX_PRODUCT // n)
    for at in range(0, n, block):
        near = 1.0 / (left[at : at + block] @ right)
        total += float(near.sum())
        near *= near
        sums = near @ weighed
        pushed[at : at + block] = sums[:, 2:] * places[at : at + block] - sums[:, :2]
    return pushed / max(total - n, 1e-12)


def _within(places: _Floats) -> _Floats:
    """Scaled to the square from 0 to 1, in the middle of it."""
    if not len(places):
        return places
    low, high = places.min(axis=0), places.max(axis=0)
    size = float((high - low).max()) or 1.0
    return np.asarray((places - (low + high) / 2) / size + 0.5, np.float32)
