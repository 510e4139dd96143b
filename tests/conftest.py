"""How many examples a property is tried on, by profile."""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

EXAMPLES = {"dev": 25, "ci": 200, "nightly": 20_000}

# The laws have preconditions, so a run of bad luck in drawing is no failure; nor is a busy machine.
LUCK = [HealthCheck.filter_too_much, HealthCheck.too_slow]

for name, examples in EXAMPLES.items():
    # The blob repeats a failure seen elsewhere. Continuous integration draws the same examples each
    # time, so that a change is judged by itself; the other profiles look for new ones.
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        derandomize=name == "ci",
        print_blob=True,
        suppress_health_check=LUCK,
    )

_default = "ci" if os.environ.get("CI") == "true" else "dev"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", _default))


def pytest_collection_finish() -> None:
    """Leave the many cases alone when looking for garbage: that took a third of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
