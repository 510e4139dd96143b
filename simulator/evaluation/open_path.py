"""Whether it matters that nobody told the path of the role behind a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.matcher.glob import compile_glob, read_glob
from simulator.request.principal import RoleSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.evaluation.policies import Policies
    from simulator.request.principal import Principal


def has_open_path(principal: Principal, policies: Policies, *, closed: bool) -> bool:
    """Whether an answer may hang on the path of the caller's role, which nobody told.

    A session's ARN does not tell it. It matters where a policy asks for a role of this name with a
    path, and to the roles of Identity Center, which have one that names a region. In a closed world
    what is not said does not exist.
    """  # CTX-1
    if not isinstance(principal, RoleSession) or principal.role is not None or closed:
        return False
    return principal.role_name.startswith(IDENTITY_CENTER_NAME) or any(
        _asks_for_path(text, principal.role_name) for text in _asked_principals(policies)
    )


def _asked_principals(policies: Policies) -> Iterator[str]:
    for statement in policies.statements():
        for test in statement.conditions:
            if test.key.lower() == "aws:principalarn":
                yield from test.values.items


def _asks_for_path(pattern: str, role_name: str) -> bool:
    """Whether a role of this name may fit a pattern with some path, and does not without one."""
    resource = pattern.split(":", 5)[-1]
    fits = compile_glob(read_glob(resource))
    if fits(f"role/{role_name}"):
        return False
    head, star, rest = resource.partition("*")
    if not star:
        path, _, name = resource.removeprefix("role/").rpartition("/")
        return path != "" and compile_glob(read_glob(name))(role_name)
    # RES-3: a wildcard takes in slashes, so that `role/team*` has `role/team/R` in it
    tail = rest.rpartition("*")[2]
    return _agree(head, "role/") and _agree(tail[::-1], f"/{role_name}"[::-1])


def _agree(pattern: str, text: str) -> bool:
    """Whether a pattern without `*` and a text are the same as far as both go."""
    return all(wanted in ("?", found) for wanted, found in zip(pattern, text, strict=False))
