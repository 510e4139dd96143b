"""How many examples a property is tried on, by profile."""

from __future__ import annotations

import os

from hypothesis import settings

EXAMPLES = {"dev": 50, "ci": 300, "nightly": 20_000}

for name, examples in EXAMPLES.items():
    # No deadline: a machine that is busy is no bug. The blob repeats a failure seen elsewhere.
    settings.register_profile(
        name, max_examples=examples, deadline=None, derandomize=False, print_blob=True
    )

_default = "ci" if os.environ.get("CI") == "true" else "dev"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", _default))
