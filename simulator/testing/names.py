"""Whether AWS has the actions and condition keys that a test speaks of: a typo is no test.

And whether an action is done to such a resource: not all of that is known, and so it is a note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.catalog.actions import (
    find_action,
    fits_resource,
    nearest_actions,
    resource_formats,
)
from simulator.request.request import NO_RESOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def odd_resource(name: str, resource: str) -> Iterator[str]:
    """Yield that an action is not done to such a resource, or that no resource is called so."""
    action = find_action(name)
    if action is not None and fits_resource(action, resource) is False:
        formats = "` or `".join(resource_formats(action)) or "*"
        yield f"`{action.name}` is not done to `{resource}`, but to `{formats}`"
    elif resource != NO_RESOURCE and ("*" in resource or "?" in resource):
        yield f"`{resource}` is taken as the name of one resource, and not as a pattern"
