"""Whether AWS has the actions and condition keys that a test speaks of: a typo is no test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.catalog.actions import find_action, nearest_actions

if TYPE_CHECKING:
    from simulator.syntax import Path
    from simulator.testing.world import World

_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+", re.ASCII)


def check_action(world: World, action: str, path: Path) -> None:
    """Refuse what stands at a path for an action and is none of AWS's."""
    if _ACTION.fullmatch(action):
        if find_action(action) is None:
            world.refuse(path, f"AWS lists no action `{action}`{_near(action)}")
    elif "*" in action or "?" in action:
        world.refuse(path, f"`{action[:80]}` is a pattern: a request does one action")
    else:
        message = f"`{action[:80]}` is no action: expected `service:Action` such as `s3:GetObject`"
        world.refuse(path, message)


def _near(action: str) -> str:
    near = "` or `".join(nearest_actions(action))
    return f": did you mean `{near}`?" if near else ""
