"""What the rules on missing permissions share: where to look, and the statement that is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Place, Remedy
from simulator.diagnosis.words import LAYER_NAMES
from simulator.diagnostic import Access
from simulator.policy.edits import add_statement
from simulator.policy.managed import is_of_aws
from simulator.request.principal import (
    UNSIGNED,
    Anonymous,
    Federated,
    RoleSession,
    ServicePrincipal,
    called,
    principal_arn,
)
from simulator.request.request import NO_RESOURCE
from simulator.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.diagnosis.findings import Shortfall
    from simulator.matcher.statement import StatementMatch
    from simulator.request.principal import Principal, Signed
    from simulator.request.request import Request

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
_WITHOUT_POLICIES = frozenset(
    {
        *("athena", "autoscaling", "cloudformation", "cloudfront", "cloudwatch", "ec2", "ecs"),
        *("eks", "elasticache", "elasticloadbalancing", "iam", "rds", "route53"),
    }
)
_NEW: Mapping[Layer, str] = {
    Layer.IDENTITY: "give the caller an identity-based policy that allows {}",
    Layer.SESSION: "make the session with a session policy that allows {}",
    Layer.RESOURCE: "give the resource, if it has no policy yet, one that allows {}",
    Layer.TRUST: "give the role a trust policy that allows {}",
}


def can_have_policy(request: Request) -> bool:
    """Whether a resource is not of a service whose resources are known to have no policies."""
    arn = parse_arn(request.resource)
    return arn is None or arn.service not in _WITHOUT_POLICIES


def none_was_given(finding: Shortfall) -> str:
    """Return the advice, to go before other advice, to give the resource's policy if it has one."""
    request = finding.evaluation.request
    is_open = finding.layer is Layer.RESOURCE and not finding.level and can_have_policy(request)
    if not is_open or request.resource == NO_RESOURCE:
        return ""
    if _is_key(request):
        return "every key has a policy, so give `--resource-policy FILE`: "
    return "if the resource has a policy, give `--resource-policy FILE`: "


def allow_in_grant(finding: Shortfall) -> tuple[Remedy, ...]:
    """Return the remedy that allows the request in the resource's policy, if that is known.

    A key always has a policy, and a new one in its place could shut everybody out.
    """
    replaces = not finding.level and _is_key(finding.evaluation.request)
    return () if replaces else (allow_statement(finding),)


def is_session_without_policy(finding: Shortfall) -> bool:
    """Whether a federated user's session has no session policy, without which it may do nothing."""
    return finding.layer is Layer.SESSION and not finding.level  # EVAL-65, FED-NO-SESSION


def statements_place(finding: Shortfall) -> Place | None:
    """Return the place of the statements of the first document, if there is one."""
    if not finding.level:
        return None
    return Place(finding.level[0].policy.document, ("Statement",), on_key=True)


def allow_statement(finding: Shortfall) -> Remedy:
    """Return the remedy that adds the narrowest statement that allows the request."""
    request, layer = finding.evaluation.request, finding.layer
    statement = allowing(request, layer)
    allows = f"`{request.action}` on `{request.resource}`"
    also: tuple[str, ...] = ()
    if layer in (Layer.RESOURCE, Layer.TRUST):
        allows = f"{allows} to {_whom(request.principal)}"
        also = (*also_named(request.principal), *on_whose_behalf(request))
    own = [c.policy.document for c in finding.level if not is_of_aws(c.policy.document)]
    if not finding.level or (layer is Layer.IDENTITY and not own):
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
        source = Source("the new policy", text)
        title = _NEW[layer].format(allows)
        return Remedy(title, Access.WIDENED, attached=source, attached_to=layer, also_allows=also)
    document = next(iter(own), finding.level[0].policy.document)
    return Remedy(
        f"allow {allows} in the {LAYER_NAMES[layer]}",
        Access.WIDENED,
        edits=(add_statement(document, statement),),
        also_allows=also,
    )


def allowing(request: Request, layer: Layer) -> dict[str, object]:
    """Return the narrowest statement of a layer's policy that allows a request."""
    statement: dict[str, object] = {"Effect": "Allow"}
    if layer in (Layer.TRUST, Layer.RESOURCE):
        statement["Principal"] = principal_element(request.principal)
    if layer is Layer.ENDPOINT:
        statement["Principal"] = "*"
    statement["Action"] = request.action
    if layer is not Layer.TRUST:
        statement["Resource"] = _resource(request, layer)
    if layer is Layer.ENDPOINT and not isinstance(request.principal, UNSIGNED):
        # Many endpoints take no other principal than everyone.
        arn = str(principal_arn(request.principal))
        statement["Condition"] = {"ArnEquals": {"aws:PrincipalArn": arn}}
    if layer in (Layer.TRUST, Layer.RESOURCE) and (source := _source(request) or of_token(request)):
        statement["Condition"] = source
    return statement


def of_token(request: Request) -> dict[str, object]:
    """Return the conditions on whom a provider vouches for: for whom, and who it is."""  # TRU-7
    if not isinstance(request.principal, Federated):
        return {}
    wanted = (":aud", ":app_id", ":sub", ":user_id")
    known = request.context.known.items()
    found = {key: value for key, value in known if key.endswith(wanted) and isinstance(value, str)}
    return {"StringEquals": found} if found else {}


def _source(request: Request) -> dict[str, object]:
    """Return the conditions on whose behalf a service calls, as far as the request says it."""
    if not isinstance(request.principal, ServicePrincipal):
        return {}
    arn = request.context.known.get("aws:sourcearn")
    account = request.context.known.get("aws:sourceaccount")
    found: dict[str, object] = {}
    if isinstance(arn, str) and parse_arn(arn) is not None:
        found["ArnEquals"] = {"aws:SourceArn": arn}
    if isinstance(account, str):
        found["StringEquals"] = {"aws:SourceAccount": account}
    return found


def on_whose_behalf(request: Request) -> tuple[str, ...]:
    """Return what else is let in with a service of which nobody said for whom it calls."""
    if not isinstance(request.principal, ServicePrincipal) or _source(request):
        return ()
    return (f"every call of `{request.principal.name}`, on whoever's behalf",)


def _resource(request: Request, layer: Layer) -> str:
    # The policy of a key speaks of that key alone.
    return "*" if layer is Layer.RESOURCE and _is_key(request) else request.resource


def _is_key(request: Request) -> bool:
    return ":kms:" in request.resource


def _whom(principal: Principal) -> str:
    if isinstance(principal, Anonymous):
        return "everyone"
    name = called(principal) if isinstance(principal, UNSIGNED) else principal_arn(principal)
    return f"`{name}`{path_hint(principal)}"


def principal_element(principal: Principal) -> object:
    """Return the element by which a policy names a caller for good: the user, the role."""
    match principal:
        case Anonymous():
            return "*"
        case ServicePrincipal(name=name):
            return {"Service": name}
        case Federated(provider=provider):
            return {"Federated": provider}
        case signed:
            return {"AWS": principal_to_name(signed)}


def principal_to_name(caller: Signed) -> str:
    """Return the ARN by which a policy names a caller for good: the user, the role."""
    return str(principal_arn(caller))


def path_hint(caller: Principal) -> str:
    """Return the hint that a role is to be named with its path."""
    # A session's ARN does not tell the path of its role, and AWS refuses a role it cannot find.
    return " (with the role's path, if it has one)" if isinstance(caller, RoleSession) else ""


def also_named(caller: Principal) -> tuple[str, ...]:
    """Return whom a policy means too that names a caller."""
    if isinstance(caller, Anonymous):
        return ("everyone, whether they sign the request or not",)
    if isinstance(caller, RoleSession):
        return (f"every session of `{principal_to_name(caller)}`, whoever assumed it",)
    return ()


def others_widened(finding: Shortfall, match: StatementMatch) -> tuple[str, ...]:
    """Return what else a statement allows once it is made to speak of the request."""
    statement, request = match.statement, finding.evaluation.request
    actions = statement.actions
    exact = [request.action.lower()] == [text.lower() for text in actions.values.items]
    if exact and not actions.negated:
        return ()
    return (f"whatever else {statement.title} allows",)


def keeps_conditions(finding: Shortfall, match: StatementMatch) -> bool:
    """Whether a near statement has to be made wider itself, so that its conditions stay.

    Otherwise a new statement is narrower, unless this one is about nothing else.
    """
    statement = match.statement
    return bool(statement.conditions) or others_widened(finding, match) == ()
