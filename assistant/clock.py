"""How long each step of an answer takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from assistant.types import Answer

__all__ = ["Clock"]


class Clock:
    """Measures the steps of one answer."""

    def __init__(self) -> None:
        """Begin."""
        self._began = time.perf_counter()
        self._steps: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step, in seconds."""
        began = time.perf_counter()
        yield
        self._steps[name] = time.perf_counter() - began

    def stamped(self, answer: Answer) -> Answer:
        """The answer with the time of each step and the total."""
        total = time.perf_counter() - self._began
        return replace(answer, timings_s={**self._steps, "total": total})
