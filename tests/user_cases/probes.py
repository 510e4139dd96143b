"""Requests around a call: made by others, of other roles, with other parameters and keys."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from simulator.arn import Arn, parse_arn
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import NO_LIMIT, Policies
from simulator.federation.model import WebIdentity
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import RoleSession, ServicePrincipal, User
from simulator.source import Source
from simulator.sts.asking import vouched_for
from simulator.sts.context import of_caller

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.evaluation.context import Who
    from simulator.request.context import Value
    from simulator.sts.call import Call, Identity
    from simulator.sts.parameters import Parameters

_ALL: Final = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
_ACCOUNTS: Final = ("111111111111", "222222222222", "333333333333", "444444444444")
_SERVICES: Final = ("ec2.amazonaws.com", "codedeploy.amazonaws.com", "lambda.amazonaws.com")


def probes(calls: Sequence[Call], layers: Sequence[Layer]) -> Iterator[Call]:
    """Yield requests around calls that differ in the policies of some layers.

    What others may do on their side is everything, so that only these layers decide.
    """
    call = calls[0]
    for caller, identity in _who(calls):
        policies = _policies(call, layers, by_other=(caller, identity) != _asker(call))
        given = (p for p in _parameters(calls) if Layer.TRUST not in layers or _is_same(p, call))
        for parameters, context in product(given, _contexts(calls)):
            made = call._replace(
                caller=caller,
                identity=identity,
                parameters=parameters,
                context=context,
                policies=policies,
                others=None,
                provider=call.provider._replace(client_ids=None),
            )
            yield _of_role(made)


def _is_same(parameters: Parameters, call: Call) -> bool:
    """Whether parameters ask for the role of a call: a trust policy is that of one role."""
    return parameters.role_arn == call.parameters.role_arn


def _asker(call: Call) -> tuple[Who, Identity | None]:
    return call.caller, call.identity


def _policies(call: Call, layers: Sequence[Layer], *, by_other: bool) -> Policies:
    """Return the policies of a call, those of another caller without limits."""
    if not by_other or Layer.TRUST not in layers:
        return call.policies
    source = Source("all", json.dumps(_ALL))
    everything = compile_policy(build(unwrap(source).document, kinds.IDENTITY))
    free = {Layer.BOUNDARY: NO_LIMIT, Layer.SESSION: NO_LIMIT, Layer.SCP: NO_LIMIT}
    return call.policies.having({Layer.IDENTITY: ((everything,),), **free})


def _of_role(call: Call) -> Call:
    arn = parse_arn(call.parameters.role_arn)
    assert arn is not None
    assert call.role is not None
    return call._replace(role=call.role._replace(arn=arn, layers=None))


def _who(calls: Sequence[Call]) -> Iterator[tuple[Who, Identity | None]]:
    call = calls[0]
    yield _asker(call)
    if isinstance(call.identity, WebIdentity):
        for claims in _claims(call.identity, calls):
            identity = call.identity._replace(claims=claims)
            yield vouched_for(identity, call.parameters.role_arn).caller, identity
        other = call.identity._replace(issuer="other.example.com")
        yield vouched_for(other, call.parameters.role_arn).caller, other
        return
    yield from ((ServicePrincipal(name), None) for name in _SERVICES)
    for account, name in product(_ACCOUNTS, _names(calls)):
        user = Arn("aws", "iam", "", account, f"user/{name}")
        yield Caller(User(user), Credentials.LONG_TERM), None
        for session in ("s1", "other"):
            arn = Arn("aws", "sts", "", account, f"assumed-role/{name}/{session}")
            role = Arn("aws", "iam", "", account, f"role/{name}")
            yield Caller(RoleSession(arn, role), Credentials.ROLE_SESSION), None


def _names(calls: Sequence[Call]) -> list[str]:
    """Return the names of users and roles that policies speak of, and another."""
    arns = (parse_arn(text) for text in _texts(calls))
    return sorted({arn.name for arn in arns if arn is not None and "*" not in arn.name} | {"x"})


def _texts(calls: Sequence[Call]) -> set[str]:
    """Return all strings in the documents of calls, and who makes them."""
    found = {str(call.caller.principal.arn) for call in calls if isinstance(call.caller, Caller)}
    for call in calls:
        for layer in Layer:
            for compiled in call.policies.documents(layer):
                found |= set(_strings(compiled.policy.document.value))
    return found


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


def _claims(identity: WebIdentity, calls: Sequence[Call]) -> Iterator[Mapping[str, Any]]:
    """Yield the claims of a token with each of them otherwise: nearby, and as policies name it."""
    texts = sorted(text.replace("*", "x") for text in _texts(calls))
    for name, value in identity.claims.items():
        many = isinstance(value, (list, tuple))
        near = value[0] if many else str(value)
        for other in (f"{near}x", near.upper(), near.rpartition("/")[0] + "/x", *texts):
            yield {**identity.claims, name: [other] if many else other}


def _parameters(calls: Sequence[Call]) -> Iterator[Parameters]:
    base = calls[0].parameters
    yield base
    role = parse_arn(base.role_arn)
    assert role is not None
    for other in (role._replace(account="444444444444"), role._replace(resource="role/x")):
        yield base._replace(role_arn=str(other))
    yield base._replace(role_arn=str(role._replace(resource=f"role/team/{role.name}")))
    for changed in (
        {"external_id": None},
        {"external_id": "another"},
        {"role_session_name": "another"},
        {"tags": ()},
        {"tags": (("team", "blue"),)},
        {"source_identity": None},
        {"source_identity": "another"},
    ):
        yield type(base)(**{**base._asdict(), **changed})


def _contexts(calls: Sequence[Call]) -> Iterator[dict[str, Value]]:
    """Yield the keys of a call, and each key that policies test absent and otherwise.

    What follows from caller, token and parameters is left to them.
    """
    base = dict(calls[0].context)
    yield base
    tests = (t for call in calls for s in call.policies.statements() for t in s.conditions)
    keys = {test.key.lower() for test in tests if test.key.lower().startswith("aws:")}
    for key in sorted(keys - set(of_caller(keys))):
        yield {**base, key: None}
        yield {**base, key: "another"}
