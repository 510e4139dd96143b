"""What looks odd about a question as a whole, or is taken for granted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.request.principal import RoleSession, principal_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.evaluation.policies import Policies
    from simulator.request.principal import Principal, Signed


def policies_of_others(principal: Signed, policies: Policies) -> Iterator[str]:
    """Yield that the aws CLI printed a policy of somebody else than the caller."""
    own = principal_arn(principal)
    for compiled in policies.documents(Layer.IDENTITY):
        found = compiled.policy.document.attachment
        if found is None or found.kind not in {"user", "role"}:
            continue
        if (found.kind, found.owner) != (own.kind, own.name):
            yield (
                f"`{compiled.policy.name}` holds a policy of the {found.kind} `{found.owner}`, and"
                f" the caller is the {own.kind} `{own.name}`"
            )


def path_taken(principal: Principal, policies: Policies) -> Iterator[str]:
    """Yield that a role is taken to have no path, where a policy asks for its ARN."""
    if not isinstance(principal, RoleSession) or principal.role:
        return
    found = (compiled for layer in Layer for compiled in policies.documents(layer))
    documents = (compiled.policy.document for compiled in found)
    if any("principalarn" in document.source.text.lower() for document in documents):
        yield (  # CTX-1
            f"the role `{principal.role_name}` is taken to have no path, which a session's ARN does"
            " not tell: if it has one, give `--context aws:PrincipalArn=ARN`"
        )
