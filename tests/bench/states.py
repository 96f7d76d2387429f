"""The collection as a state machine, for long; an argument says how many runs.

Prints how many steps of each kind were run, and how many faults came in between: kills of a process
that stores, files of an index cut short. After each step the collection equals a dict, and catalog
and indexes hold the same passages; otherwise the shortest run that shows the fault is printed.
"""

import logging
import sys

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.test_store_states import SEEN, Comings

_FAULTS = ("killed", "damaged")


def main() -> None:
    """Run it."""
    logging.disable(logging.WARNING)
    n_runs = int(sys.argv[1]) if sys.argv[1:] else 60
    run_state_machine_as_test(
        Comings,
        settings=settings(
            max_examples=n_runs,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
        ),
    )
    # A kill comes at another moment each time, so Hypothesis may call a fault that it finds flaky.
    n_steps, n_faults = sum(SEEN.values()), sum(SEEN[name] for name in _FAULTS)
    print(f"{n_runs} runs, {n_steps} steps, {n_faults} faults injected, none lost")
    print(", ".join(f"{name} {n}" for name, n in SEEN.most_common()))


if __name__ == "__main__":
    main()
