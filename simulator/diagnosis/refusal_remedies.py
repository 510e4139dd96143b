"""What takes away a refusal of STS: another parameter, another caller, a provider."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from simulator.catalog.roles import is_fixed
from simulator.diagnosis.asked import of_call
from simulator.diagnosis.cause import Remedy
from simulator.diagnosis.changes import for_audience, in_region, with_code
from simulator.diagnosis.credentials import as_user
from simulator.diagnosis.near.devices import nearest_device
from simulator.diagnostic import Access
from simulator.federation.keys import audience
from simulator.federation.model import WebIdentity
from simulator.request.principal import Federated
from simulator.sts.asking import passing
from simulator.sts.call import Provider
from simulator.sts.operations import Operation
from simulator.sts.parameters import DURATIONS, TAKES, Parameters, misplaced, refusal
from simulator.sts.refusals import CHAIN_LIMIT, LEAST_MAXIMUM, Rule, region_to_enable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.diagnosis.findings import StsRefusal
    from simulator.sts.call import Call


_LONGEST_MAXIMUM: Final = DURATIONS[Operation.ASSUME_ROLE][1]
_NO_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)  # STS-21


def remedies(finding: StsRefusal) -> Iterator[Remedy]:
    """Yield the changes that may take a refusal away."""
    find = _REMEDIES.get(finding.refusal.rule)
    if find is not None:
        yield from find(finding.call)


def _without_misplaced(call: Call) -> Iterator[Remedy]:
    field = misplaced(call.passed or call.parameters, call.operation)
    if field is not None:
        empty = {field: Parameters()._asdict()[field]}
        yield _passing(f"leave out `--{field.replace('_', '-')}`", empty)


def _within_limits(call: Call) -> Iterator[Remedy]:
    """Yield the call with what has to be given otherwise: one parameter left out, or changed."""
    yield from _without_misplaced(call)
    parameters = call.parameters
    name = _NO_NAME.sub("-", parameters.role_session_name or "")[:64].ljust(2, "-")
    is_passed = "role_session_name" in TAKES[call.operation]
    if is_passed and parameters.role_session_name not in (None, name):
        title = f"pass `--role-session-name {name}`"
        yield _passing(title, {"role_session_name": name})
    shortest, longest = DURATIONS.get(call.operation, (0, 0))
    if call.role is not None:
        longest = min(longest, call.role.max_session_duration or LEAST_MAXIMUM)
    seconds = parameters.duration_seconds
    if seconds is not None and longest and not shortest <= seconds <= longest:
        yield last(min(max(seconds, shortest), longest))
    if parameters.external_id is not None and _refuses(call, external_id=None):
        yield _passing("leave out `--external-id`", {"external_id": None})
    device, code = parameters.serial_number, parameters.token_code
    if device is not None and code is not None and _refuses(call, token_code=None):
        title = "pass the six digits that the MFA device shows"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda c: with_code(c, device)))


def _refuses(call: Call, **changed: None) -> bool:
    """Whether STS would say something else of a call without a parameter, or nothing."""
    other = Parameters(**{**call.parameters._asdict(), **changed})
    return refusal(other, call.operation) != refusal(call.parameters, call.operation)


def _passing(title: str, changed: Mapping[str, object]) -> Remedy:
    return Remedy(title, Access.UNCHANGED, of_call(lambda call: passing(call, changed)))


def _at_most_an_hour(_: Call) -> Iterator[Remedy]:
    yield last(CHAIN_LIMIT)


def _at_most_the_maximum(call: Call) -> Iterator[Remedy]:
    role, seconds = call.role, call.parameters.duration_seconds or 0
    if role is None or not role.max_session_duration:
        return
    yield last(role.max_session_duration)
    if seconds <= _LONGEST_MAXIMUM and not is_fixed(str(role.arn)):
        longer = role._replace(max_session_duration=seconds)
        name = shlex.quote(role.arn.name)
        yield Remedy(
            f"raise the maximum session duration of the role to {seconds} seconds",
            Access.WIDENED,
            of_call(lambda c: c._replace(role=longer)),
            also_allows=(f"sessions of {seconds} seconds to whoever assumes the role",),
            commands=(f"aws iam update-role --role-name {name} --max-session-duration {seconds}",),
        )


def last(seconds: int) -> Remedy:
    """Return the remedy that asks for a session of so many seconds."""
    return _passing(f"ask for {seconds} seconds", {"duration_seconds": seconds})


def _without_source_identity(_: Call) -> Iterator[Remedy]:
    yield _passing("leave out `--source-identity`", {"source_identity": None})


def _without_inherited_tags(_: Call) -> Iterator[Remedy]:
    title = "leave out the inherited tags"
    yield Remedy(title, Access.UNCHANGED, of_call(_without_inherited))


def _whole_mfa(call: Call) -> Iterator[Remedy]:
    device = call.parameters.serial_number or nearest_device(call, "")
    if device is not None:
        title = "pass the MFA device and the code together"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda c: with_code(c, device)))
    yield Remedy("leave out both MFA parameters", Access.UNCHANGED, of_call(_without_mfa))


def _own_device(call: Call) -> Iterator[Remedy]:
    device = nearest_device(call, call.parameters.serial_number or "")
    if device is not None and device != call.parameters.serial_number:
        title = f"pass `--serial-number {device}`, if that is the caller's device"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda c: with_code(c, device)))
    yield Remedy("leave out both MFA parameters", Access.UNCHANGED, of_call(_without_mfa))


def _without_mfa(call: Call) -> Call:
    return call._replace(parameters=call.parameters._replace(serial_number=None, token_code=None))


def _without_inherited(call: Call) -> Call:
    inherited = {key.lower() for key in call.inherited_tags}
    tags = tuple(t for t in call.parameters.tags if t[0].lower() not in inherited)
    keys = tuple(k for k in call.parameters.transitive_tag_keys if k.lower() not in inherited)
    return call._replace(parameters=call.parameters._replace(tags=tags, transitive_tag_keys=keys))


_ANY_ACCOUNT_HAS: Final = "us-east-1"


def _other_region(call: Call) -> Iterator[Remedy]:
    region = region_to_enable(call)
    if region is None:
        return
    elsewhere = in_region(_ANY_ACCOUNT_HAS, f"aws:RequestedRegion = {_ANY_ACCOUNT_HAS}")
    title = f"call STS in a Region that every account has, such as `{_ANY_ACCOUNT_HAS}`"
    yield Remedy(title, Access.UNCHANGED, elsewhere.applied, commands=elsewhere.commands)
    enabled = frozenset({*(call.regions or ()), region})
    yield Remedy(
        f"enable the Region `{region}` in the caller's account",
        Access.WIDENED,
        of_call(lambda c: c._replace(regions=enabled)),
        also_allows=(f"everything that the account's policies allow, in `{region}` too",),
        commands=(f"aws account enable-region --region-name {region}",),
    )


def _with_provider(call: Call) -> Iterator[Remedy]:
    if not isinstance(call.identity, WebIdentity):
        return
    ids = audience(call.identity)[:1]
    url = f"https://{call.identity.issuer}"
    listed = " ".join(map(shlex.quote, ids))
    command = f"aws iam create-open-id-connect-provider --url {shlex.quote(url)}"
    yield Remedy(
        f"make a provider for `{url}` in the role's account",
        Access.WIDENED,
        of_call(lambda c: c._replace(provider=Provider(exists=True, client_ids=frozenset(ids)))),
        also_allows=("roles of the account can trust tokens of this issuer",),
        commands=(f"{command} --client-id-list {listed}",),
    )


def _with_client_id(call: Call) -> Iterator[Remedy]:
    if not isinstance(call.identity, WebIdentity) or not isinstance(call.principal, Federated):
        return
    yield from _with_audience(call.identity, call)
    client_id = next(iter(audience(call.identity)), "")
    ids = frozenset({*(call.provider.client_ids or ()), client_id})
    provider = call.provider._replace(client_ids=ids)
    arn = call.principal.provider
    command = (
        f"aws iam add-client-id-to-open-id-connect-provider --client-id {shlex.quote(client_id)}"
    )
    yield Remedy(
        f"add the client id `{client_id}` to the provider",
        Access.WIDENED,
        of_call(lambda c: c._replace(provider=provider)),
        also_allows=(f"tokens for `{client_id}`, for every role that trusts the provider",),
        commands=(f"{command} --open-id-connect-provider-arn {arn}",),
    )


def _with_audience(identity: WebIdentity, call: Call) -> Iterator[Remedy]:
    """Yield the call with a token for whom the provider takes one."""
    for wanted in sorted(call.provider.client_ids or ()):
        other = for_audience(identity, wanted)
        title = f"ask the issuer for a token with the audience `{wanted}`"
        yield Remedy(title, Access.UNCHANGED, of_call(_with_identity(other)))


def _with_identity(identity: WebIdentity) -> Callable[[Call], Call]:
    return lambda call: call._replace(identity=identity)


_REMEDIES: Final[Mapping[Rule, Callable[[Call], Iterator[Remedy]]]] = {
    Rule.PARAMETERS: _within_limits,
    Rule.CHAIN_DURATION: _at_most_an_hour,
    Rule.MAXIMUM_DURATION: _at_most_the_maximum,
    Rule.SOURCE_IDENTITY_SET: _without_source_identity,
    Rule.TAG_INHERITED: _without_inherited_tags,
    Rule.MFA_HALF: _whole_mfa,
    Rule.MFA_DEVICE: _own_device,
    Rule.CREDENTIALS: as_user,
    Rule.FEDERATED_CALLER: as_user,
    Rule.ROOT_CALLER: as_user,
    Rule.NO_PROVIDER: _with_provider,
    Rule.REGION: _other_region,
    Rule.AUDIENCE: _with_client_id,
}
