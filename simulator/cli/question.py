"""From what was typed to a question: files read, ARNs and parameters taken apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import Arn, parse_arn
from simulator.catalog.keys import is_multivalued
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files, Reader
from simulator.diagnostic import DocumentError
from simulator.evaluate import Policies
from simulator.policy import kinds
from simulator.request.context import Several
from simulator.request.principal import (
    FederatedUser,
    PrincipalError,
    RoleSession,
    parse_principal,
)
from simulator.sts.call import Call, Caller, Credentials, Role, implied_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.diagnostic import Diagnostic
    from simulator.policy.envelope import RoleFacts
    from simulator.request.principal import Principal
    from simulator.sts.parameters import Parameters

_TAG = re.compile(
    r"Key=(?P<key>.*?),Value=(?P<value>.*)|Value=(?P<value2>.*?),Key=(?P<key2>.*)", re.DOTALL
)


class Question(NamedTuple):
    """A call to decide, and what was odd about its files or taken for granted."""

    call: Call
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


def read_question(
    caller: Caller, parameters: Parameters, files: Files, context: Mapping[str, tuple[str, ...]]
) -> Question:
    """Return the question that files and options make.

    Raises:
        QuestionError: it cannot be read.
        DocumentError: one of the documents cannot be used.
    """
    reader = Reader()
    if files.session_policies and not isinstance(caller.principal, (RoleSession, FederatedUser)):
        raise QuestionError(
            "`--session-policy` is for sessions: the credentials of a user have none"
        )
    asked = _asked_role(parameters.role_arn)
    trust, facts = reader.trust(files.trust)
    policies = Policies(
        trust=trust,
        identity=reader.level(files.policies, kinds.IDENTITY) if files.policies else None,
        boundary=reader.level([files.boundary] if files.boundary else (), kinds.BOUNDARY),
        session=reader.level(files.session_policies, kinds.SESSION),
        scps=tuple(reader.scp_level(name) for name in files.scps),
        rcps=tuple(reader.level([name], kinds.RCP) for name in files.rcps),
    )
    if reader.errors:
        raise DocumentError(tuple(reader.errors))
    known = (_described(facts.arn, facts),) if facts else ()
    call = Call(caller, parameters, _role(asked, facts), policies, context, known_roles=known)
    return Question(call, tuple(reader.warnings), tuple(reader.notes))


def _asked_role(text: str) -> Arn | None:
    arn = parse_arn(text)
    if arn is not None and (arn.service, arn.kind) == ("sts", "assumed-role"):
        name = arn.resource.split("/")[1] if "/" in arn.resource else "ROLE"
        role = f"arn:{arn.partition}:iam::{arn.account}:role/{name}"
        raise QuestionError(
            f"`--role-arn {text}` is a session: the role it was made from is `{role}`"
            " (with the role's path, if it has one)"
        )
    return arn


def _role(asked: Arn | None, facts: RoleFacts | None) -> Role | None:
    """Return the role that is asked for, or nothing where there is none of that ARN."""
    if asked is None or (asked.service, asked.kind) != ("iam", "role"):
        return None
    if facts is None:
        return Role(asked)
    return _described(asked, facts) if facts.arn == asked else None  # RES-9, RES-10


def _described(arn: Arn, facts: RoleFacts) -> Role:
    return Role(arn, facts.unique_id, facts.tags, facts.max_session_duration)


def read_caller(text: str, context: Mapping[str, tuple[str, ...]], *, mfa: bool | None) -> Caller:
    """Return the caller of an ARN, with a session's credentials if something is said about MFA.

    Raises:
        QuestionError: nobody could call under that ARN, or not with MFA.
    """
    try:
        principal = parse_principal(text)
    except PrincipalError as error:
        raise QuestionError(f"`--as`: {error}") from error
    credentials = _credentials(principal, mfa=mfa)
    return Caller(principal, credentials, source_identity=_source_identity(context))


def _source_identity(context: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the source identity that the caller's session already has."""  # STS-75
    given = {key.lower(): values for key, values in context.items()}.get("aws:sourceidentity")
    return given[0] if given else None


def _credentials(principal: Principal, *, mfa: bool | None) -> Credentials:
    implied = implied_credentials(principal)
    if implied is Credentials.LONG_TERM and mfa is not None:
        return Credentials.SESSION_TOKEN_WITH_MFA if mfa else Credentials.SESSION_TOKEN
    if mfa and implied is not Credentials.LONG_TERM:  # CTX-41, CTX-42
        raise QuestionError(
            "`--mfa` is for users: a role session or a federated user carries no MFA, whatever"
            " it was made with"
        )
    return implied


def read_context(pairs: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return condition keys from `KEY=VALUE`; a key given twice has both values, `KEY=` is absent.

    Raises:
        QuestionError: one of them is not of that form.
    """
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or ":" not in key:
            raise QuestionError(f"`--context {pair}`: expected `prefix:Key=VALUE`")
        values = (*found.get(key, ()), *([value] if value else []))
        several = len(values) > 1 or is_multivalued(key.lower())
        found[key] = Several(values) if several and values else values
    return found


def read_tags(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return tags from the aws CLI's shorthand `Key=K,Value=V`.

    Raises:
        QuestionError: one of them is not of that form.
    """
    return tuple(_tag(text) for text in texts)


def _tag(text: str) -> tuple[str, str]:
    found = _TAG.fullmatch(text)
    if found is None:
        raise QuestionError(f"`--tags {text}`: expected `Key=KEY,Value=VALUE`")
    if found["key"] is not None:
        return found["key"], found["value"]
    return found["key2"], found["value2"]
