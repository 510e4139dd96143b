"""Sessions as values: what a successful call yields, and who calls with it next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import Arn
from simulator.federation.keys import surviving_keys
from simulator.federation.model import SamlAssertion
from simulator.request.caller import Caller, Credentials
from simulator.request.context import Several
from simulator.request.principal import AccountRoot, Federated, FederatedUser, RoleSession, User
from simulator.sts.call import target_account
from simulator.sts.operations import Operation
from simulator.sts.refusals import time_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.evaluation.plan import Level
    from simulator.request.context import Value
    from simulator.sts.call import Call, Role

#: How long a session lasts if nothing is asked for, in seconds.
_DEFAULT_SECONDS: Mapping[Operation, int] = {  # STS-22
    Operation.GET_SESSION_TOKEN: 43_200,
    Operation.GET_FEDERATION_TOKEN: 43_200,
    Operation.ASSUME_ROOT: 900,
}
_ROLE_SECONDS = 3600
_ROOT_SECONDS = 3600  # STS-4, STS-5
UNNAMED = "<session-name>"


class Session(NamedTuple):
    """What the new credentials are: whose, for how long, with which tags and source identity.

    Without a session name the ARN ends in `<session-name>`. The duration is in seconds.
    `assumed_role_id` is known where the id of the role is; `caller` is who calls with the
    credentials, and `policies` are the session policies, nothing where one is not known.
    """

    arn: str
    duration_seconds: int
    tags: Mapping[str, str]
    transitive_tag_keys: tuple[str, ...]
    source_identity: str | None
    caller: Caller
    policies: Level | None = ()
    assumed_role_id: str | None = None


def new_session(call: Call) -> Session | None:
    """Return the session of a call that succeeded; some calls yield none."""
    match call.operation:
        case Operation.GET_SESSION_TOKEN:
            return _user_session(call)
        case Operation.GET_FEDERATION_TOKEN:
            return _federated_session(call)
        case Operation.ASSUME_ROOT:
            return _root_session(call)
        case _:
            return _role_session(call, call.role) if call.role is not None else None


def _role_session(call: Call, role: Role) -> Session:
    parameters, inherited = call.parameters, call.inherited_tags
    name = parameters.role_session_name or UNNAMED
    # STS-34: without the role's path
    arn = Arn(
        role.arn.partition, "sts", "", role.arn.account, f"assumed-role/{role.arn.name}/{name}"
    )
    transitive = dict.fromkeys((*inherited, *parameters.transitive_tag_keys))  # STS-72
    caller = Caller(
        RoleSession(arn, role.arn, role.unique_id),
        Credentials.ROLE_SESSION,  # CTX-41: whatever MFA the call had
        tags=_tags(call, role),
        open_tags=role.tags is None,
        transitive_tag_keys=frozenset(transitive),
        source_identity=call.kept_source_identity or parameters.source_identity,  # STS-74
        federation=dict(_federation(call)),
    )
    found = _session(call, caller, _tags(call, role), tuple(transitive))
    role_id = None if role.unique_id is None else f"{role.unique_id}:{name}"  # STS-34
    return found._replace(assumed_role_id=role_id)


def _session(
    call: Call, caller: Caller, tags: Mapping[str, str], transitive: tuple[str, ...] = ()
) -> Session:
    seconds, now = _seconds(call), time_of(call)
    if now is not None:
        caller = caller._replace(issued=now, expires=now + seconds)
    arn, source = str(caller.principal.arn), caller.source_identity
    level = call.new_policies.level
    return Session(arn, seconds, tags, transitive, source, caller, level)


def _tags(call: Call, role: Role) -> Mapping[str, str]:
    passed = dict(call.parameters.tags)
    return overlaid(role.tags or {}, call.inherited_tags, passed)  # STS-70


def _seconds(call: Call) -> int:
    """Return how long the session lasts."""
    default = _DEFAULT_SECONDS.get(call.operation, _ROLE_SECONDS)
    asked, identity, now = call.parameters.duration_seconds, call.identity, time_of(call)
    seconds = default if asked is None else asked
    if isinstance(identity, SamlAssertion) and identity.not_on_or_after and now is not None:
        return min(seconds, identity.not_on_or_after - now)  # STS-44
    return seconds


def _user_session(call: Call) -> Session | None:
    caller = call.caller
    if not isinstance(caller, Caller):
        return None
    has_mfa = call.parameters.token_code is not None
    kind = Credentials.SESSION_TOKEN_WITH_MFA if has_mfa else Credentials.SESSION_TOKEN  # CTX-8
    # CTX-9: how old the MFA is by the time of a later call nobody says
    made = caller._replace(credentials=kind, mfa_age_seconds=None)
    return _limited(call, _session(call, made, {}))  # the tags of the user are his, not its


def _limited(call: Call, session: Session) -> Session:
    """Return a session cut down to what a root user can have."""  # STS-4, STS-5
    if not isinstance(call.principal, AccountRoot):
        return session
    return session._replace(duration_seconds=min(session.duration_seconds, _ROOT_SECONDS))


def _federated_session(call: Call) -> Session | None:
    principal = call.principal
    if not isinstance(principal, (User, AccountRoot)):
        return None
    arn = Arn(
        *(principal.arn.partition, "sts", "", principal.arn.account),
        f"federated-user/{call.parameters.name}",
    )
    maker = principal.arn if isinstance(principal, User) else None
    own = call.caller.tags if isinstance(call.caller, Caller) else None
    tags = overlaid(own or {}, dict(call.parameters.tags))  # STS-76
    user = FederatedUser(arn, maker)
    made = Caller(user, Credentials.FEDERATION_TOKEN, tags=tags, open_tags=own is None)
    return _limited(call, _session(call, made, tags))


def _root_session(call: Call) -> Session | None:
    if not isinstance(call.caller, Caller):
        return None
    partition = call.caller.principal.arn.partition
    arn = Arn(partition, "iam", "", target_account(call.parameters), "root")
    made = Caller(AccountRoot(arn), Credentials.SESSION_TOKEN, tags={}, assumed_root=True)  # CTX-27
    # The policy of the task is AWS's, and its text is not known.
    return _session(call, made, {})._replace(policies=None)


def _federation(call: Call) -> Mapping[str, Value]:
    """Return the keys of a token or an assertion that live on in later calls."""  # STS-63
    if call.identity is None or not isinstance(call.caller, Federated):
        # A chained session is one of AWS's own, and has none of its caller's.
        return {}
    found = surviving_keys(call.identity)
    keys: dict[str, Value] = {
        key: value if isinstance(value, str) else Several(value) for key, value in found.items()
    }
    return {"aws:FederatedProvider": call.caller.provider, **keys}  # CTX-23, CTX-25


def overlaid(*layers: Mapping[str, str]) -> Mapping[str, str]:
    """Return tags of which later ones replace earlier ones, whatever their case."""  # STS-70
    tags: dict[str, tuple[str, str]] = {}
    for layer in layers:
        tags |= {key.lower(): (key, value) for key, value in layer.items()}
    return dict(tags.values())
