"""How strongly the principals of a statement name the caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from simulator.arn import Arn, parse_arn
from simulator.catalog.roles import IDENTITY_CENTER_NAME, IDENTITY_CENTER_PATH
from simulator.request.principal import RoleSession, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.model import PrincipalEntry, PrincipalPattern
    from simulator.request.principal import Principal
    from simulator.request.request import Request


class Reach(IntEnum):
    """How strongly a caller is named; the stronger, the less else has to allow."""

    NOBODY = 0
    ACCOUNT = 1  # the caller's account, which must in turn allow
    ENTITY = 2  # the role of the session
    DIRECT = 3  # this very user or session, or everyone


def compile_principals(pattern: PrincipalPattern | None) -> Callable[[Request], Reach]:
    """Return how strongly a statement names the caller of a request.

    A statement without principals speaks of whoever its policy is attached to.
    """
    if pattern is None:
        return lambda _request: Reach.DIRECT
    entries = pattern.entries

    def reach(request: Request) -> Reach:
        if request.principal.arn.partition != request.resource.partition:
            return Reach.NOBODY  # EVAL-33x
        # PRN-9, PRN-37: the strongest counts
        return max((entry_reach(e, request.principal) for e in entries), default=Reach.NOBODY)

    return reach


def entry_reach(entry: PrincipalEntry, caller: Principal) -> Reach:
    """Return how strongly one principal of a policy names a caller."""
    if entry.kind != "AWS":
        return Reach.NOBODY  # PRN-36
    value = entry.value
    if value == "*":
        return Reach.DIRECT  # PRN-7, PRN-30
    if value in (caller.arn.account, f"arn:{caller.arn.partition}:iam::{caller.arn.account}:root"):
        return Reach.ACCOUNT  # PRN-3, PRN-31
    if value == str(caller.arn):
        return Reach.DIRECT  # PRN-10, PRN-32, PRN-34, PRN-35
    if isinstance(caller, (User, RoleSession)) and value == caller.unique_id:
        return Reach.DIRECT if isinstance(caller, User) else Reach.ENTITY  # PRN-20, PRN-21
    if isinstance(caller, RoleSession) and _names_role(parse_arn(value), caller):
        return Reach.ENTITY  # PRN-33
    return Reach.NOBODY


def _names_role(named: Arn | None, session: RoleSession) -> bool:
    """Whether an ARN names the role of a session, by its name alone where its path is not known."""
    if named is None or (named.service, named.kind) != ("iam", "role"):
        return False
    if session.role is not None:
        return named == session.role
    if session.role_name.startswith(IDENTITY_CENTER_NAME) and not named.resource.startswith(
        IDENTITY_CENTER_PATH
    ):
        return False  # RES-10: these always have a path, so the bare name is nobody's
    arn = session.arn
    return (named.partition, named.account, named.name) == (
        arn.partition,
        arn.account,
        session.role_name,
    )
