"""How caller and resource of a request stand to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.doubts import NONE_OPEN, Doubt
from simulator.decision.requirements import Relation
from simulator.decision.verdict import Layer
from simulator.request.principal import UNSIGNED, AccountRoot

if TYPE_CHECKING:
    from simulator.catalog.doubts import Doubts
    from simulator.request.request import Request

#: What nobody can be kept from, whatever any policy says.
UNDENIABLE: Final = frozenset({"sts:getsessiontoken", "sts:getcalleridentity"})  # EVAL-45

_ACCOUNT_DIGITS: Final = 12
_UNSIGNED = (Relation.UNSIGNED,)
_OTHER_ACCOUNT = (Relation.OTHER_ACCOUNT,)


def relations(request: Request, opened: Doubts = NONE_OPEN) -> tuple[Relation, ...]:
    """Return how caller and resource stand to each other; where nobody knows, both ways."""
    if isinstance(request.principal, UNSIGNED):
        return _UNSIGNED
    if request.owner is not None and request.owner != request.principal.arn.account:
        return _OTHER_ACCOUNT  # as below, and soonest said
    same = request.same_account
    if same is False:
        return _OTHER_ACCOUNT
    own = Relation.DELEGATED if must_grant(request) else Relation.ORDINARY  # EVAL-17
    if Doubt.ROOT_TRUST in opened and same and isinstance(request.principal, AccountRoot):
        return tuple({own: None, Relation.ORDINARY: None})  # ROOT-TRUST
    return (own,) if same else (own, Relation.OTHER_ACCOUNT)


def must_grant(request: Request) -> bool:
    """Whether the policy of a resource must allow even what its own account allows."""  # EVAL-17
    action = request.action.lower()
    if action.startswith("kms:"):
        return ":key/" in request.resource  # by its ARN, not by an alias
    return action.startswith("sts:") and grantor(request.resource) is Layer.TRUST


def grantor(resource: str) -> Layer:
    """Return the layer of the resource's policy: a role's is called its trust policy."""
    service = resource.find(":", 4)  # behind `arn:` and the partition
    is_role = resource.startswith(":iam::", service) and resource.startswith(
        ":role/", service + len(":iam::") + _ACCOUNT_DIGITS
    )
    return Layer.TRUST if is_role else Layer.RESOURCE
