"""What looks odd about a question as a whole, or is taken for granted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.open_path import has_open_path
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import AccountRoot, Anonymous, RoleSession, principal_arn
from simulator.request.request import NO_RESOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.policies import Policies
    from simulator.request.principal import Principal, Signed
    from simulator.request.request import Request
    from simulator.simulate import Question


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
    if has_open_path(principal, policies, closed=False):
        return  # the answer does not take it for granted
    found = (compiled for layer in Layer for compiled in policies.documents(layer))
    documents = (compiled.policy.document for compiled in found)
    if any("principalarn" in document.source.text.lower() for document in documents):
        yield (  # CTX-1
            f"the role `{principal.role_name}` is taken to have no path, which a session's ARN does"
            " not tell: if it has one, give `--context aws:PrincipalArn=ARN`"
        )


def notes_on_request(question: Question, evaluation: Evaluation) -> Iterator[str]:
    """Yield what looks odd about a request of any kind, or is taken for granted in it."""
    request = evaluation.request
    if isinstance(question.caller, Caller):
        yield from policies_of_others(question.caller.principal, question.policies)
        yield from path_taken(request.principal, question.policies)
    if request.other_partition:
        yield (  # EVAL-33x
            f"`{request.resource}` is in another partition than the caller, and no policy reaches"
            " from one to another"
        )
    if request.resource != NO_RESOURCE and ("*" in request.resource or "?" in request.resource):
        yield f"`{request.resource}` is taken as the name of one resource, and not as a pattern"
    if request.action.lower() == "sts:assumerole":
        yield "`iamsim assume` also looks at the rules of STS itself: parameters, MFA, duration"
    allowed = evaluation.decision.outcome is Outcome.ALLOWED
    if allowed and not evaluation.policies.is_known(Layer.IDENTITY):
        yield "no `--policy` was given: what nobody knows is taken to deny nothing"
    yield from _refused(question, evaluation)
    yield from _looks_linked(question)
    yield from _action_and_resource(request, evaluation)


class _Refused(NamedTuple):
    """Actions that AWS refuses to some callers, whatever policies say."""

    callers: frozenset[str]
    services: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()


_ASSUMING: Final = "sts:assumerole"
_REFUSED: Final = (
    _Refused(  # STS-8
        frozenset({"a session token made without MFA"}), services=frozenset({"iam"})
    ),
    _Refused(  # STS-9
        frozenset({"a session token", "a session token made without MFA"}),
        services=frozenset({"sts"}),
        but=frozenset({_ASSUMING, "sts:getcalleridentity"}),
    ),
    _Refused(  # STS-11
        frozenset({"a federated user"}),
        services=frozenset({"iam", "sts"}),
        but=frozenset({"sts:getcalleridentity"}),
    ),
    _Refused(  # STS-10
        frozenset({"a role session"}),
        actions=frozenset({"sts:getsessiontoken", "sts:getfederationtoken"}),
    ),
    _Refused(frozenset({"a root user"}), actions=frozenset({_ASSUMING})),  # STS-1
    _Refused(frozenset({"nobody"}), services=frozenset({"iam", "sts"})),  # ERR-3
)
_CALLED: Final = {
    Credentials.SESSION_TOKEN: "a session token made without MFA",
    Credentials.SESSION_TOKEN_WITH_MFA: "a session token",
    Credentials.FEDERATION_TOKEN: "a federated user",
    Credentials.ROLE_SESSION: "a role session",
}


def _refused(question: Question, evaluation: Evaluation) -> Iterator[str]:
    """Yield that policies are not all that AWS asks of such a caller."""
    if evaluation.decision.outcome is not Outcome.ALLOWED:
        return
    action, caller = question.action.lower(), _kind_of(question)
    for row in _REFUSED:
        speaks = action.partition(":")[0] in row.services or action in row.actions
        if caller in row.callers and speaks and action not in row.but:
            yield (
                f"no policy is in the way, but AWS refuses `{question.action}` signed by {caller}:"
                " see docs/reference/not-decided.md"
            )


def _kind_of(question: Question) -> str | None:
    if isinstance(question.caller, Anonymous):
        return "nobody"
    if not isinstance(question.caller, Caller):
        return None
    if isinstance(question.caller.principal, AccountRoot):
        return "a root user"
    return _CALLED.get(question.caller.credentials)


def _looks_linked(question: Question) -> Iterator[str]:
    """Yield that the name of a role is one AWS gives service-linked roles."""
    principal = question.principal
    if not isinstance(principal, RoleSession) or principal.role is not None:
        return
    if principal.role_name.startswith("AWSServiceRoleFor"):
        yield (  # EVAL-40, EVAL-72
            f"`{principal.role_name}` is called like a service-linked role, which no SCP and no RCP"
            " limits: if it is one, give `--context aws:PrincipalArn=ARN` with its path"
        )


def _action_and_resource(request: Request, evaluation: Evaluation) -> Iterator[str]:
    """Yield that there is no such action, or that it is not done to such a resource."""
    allowed = evaluation.decision.outcome is Outcome.ALLOWED
    if allowed and _is_named(request, evaluation):
        return  # the list of all actions takes as long to read as the whole answer
    from simulator.catalog.actions import (  # noqa: PLC0415 - see above
        find_action,
        fits_resource,
        nearest_actions,
        resource_formats,
    )

    action = find_action(request.action)
    if action is None:
        near = "` or `".join(nearest_actions(request.action))
        meant = f": did you mean `{near}`?" if near else ""
        yield f"AWS lists no action `{request.action}`{meant}"
    elif fits_resource(action, request.resource) is False:
        formats = "` or `".join(resource_formats(action)) or "*"
        yield f"`{action.name}` is not done to `{request.resource}`, but to `{formats}`"
    elif not allowed and request.resource == NO_RESOURCE and action.has_resource:
        yield (
            f"`{action.name}` is done to a resource, and none was given: only statements about all"
            " resources speak of `*`"
        )


def _is_named(request: Request, evaluation: Evaluation) -> bool:
    """Whether a policy names the action in full, which hardly happens to a misspelt one.

    And the resource, if there is one, is of the same service.
    """
    wanted = request.action.lower()
    arn = parse_arn(request.resource)
    return (arn is None or arn.service == wanted.partition(":")[0]) and any(
        wanted == text.lower()
        for statement in evaluation.policies.statements()
        for text in statement.actions.values.items
    )
