"""Who calls, as it is typed: an ARN, the name of a service, or `anonymous`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.arn import parse_arn, role_arn
from simulator.cli.errors import QuestionError
from simulator.policy.findings import nearest
from simulator.request.caller import Caller, Credentials, implied_credentials
from simulator.request.principal import (
    FederatedUser,
    PrincipalError,
    RoleSession,
    User,
    parse_principal,
)
from simulator.sts.asking import NobodyError, asker_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.evaluation.plan import Level
    from simulator.inventory.model import Inventory
    from simulator.request.context import Value
    from simulator.request.principal import Signed
    from simulator.sts.asking import Asker


def read_caller(text: str, context: Mapping[str, Value], *, mfa: bool | None) -> Caller:
    """Return the caller of an ARN, with a session's credentials if something is said about MFA.

    Raises:
        QuestionError: nobody could call under that ARN, or not with MFA.
    """
    try:
        principal = parse_principal(text)
    except PrincipalError as error:
        raise QuestionError(f"`--as`: {error}") from error
    credentials = _credentials(principal, mfa=mfa)
    given = context.get("aws:sourceidentity")
    source_identity = given if isinstance(given, str) else None  # STS-75
    return Caller(with_role(principal, context), credentials, source_identity=source_identity)


def who_is(inventory: Inventory, caller: Caller) -> Asker:
    """Return a caller with what an inventory knows of the user or role behind the credentials.

    Raises:
        QuestionError: the inventory would have such a user or role, and has not.
        DocumentError: one of the policies cannot be used.
    """
    try:
        return asker_of(inventory, caller)
    except NobodyError as error:
        near = nearest(error.name, error.known)
        meant = f": did you mean `{near}`?" if near else ""
        raise QuestionError(f"`--as`: the inventory has no `{error.name}`{meant}") from error


def with_maker(caller: Caller, user: str) -> Caller:
    """Return the session of a federated user with the user who made it.

    Raises:
        QuestionError: the caller is no such session, or nobody of that ARN could have made it.
    """
    principal = caller.principal
    if not isinstance(principal, FederatedUser):
        raise QuestionError("`--federated-by` is for federated users: `federated-user/NAME`")
    try:
        maker = parse_principal(user)
    except PrincipalError as error:
        raise QuestionError(f"`--federated-by`: {error}") from error
    if not isinstance(maker, User) or maker.arn.account != principal.arn.account:
        raise QuestionError(
            f"`--federated-by {user}`: expected a user of the account `{principal.arn.account}`"
        )
    return caller._replace(principal=principal._replace(user=maker.arn))


def with_role(principal: Signed, context: Mapping[str, Value]) -> Signed:
    """Return a session with its role where the context tells the role's ARN."""  # CTX-1
    said = context.get("aws:principalarn")
    given = parse_arn(said) if isinstance(said, str) else None
    if given is None or not isinstance(principal, RoleSession):
        return principal
    own = (principal.arn.partition, principal.arn.account, principal.role_name)
    is_own = (given.partition, given.account, given.name) == own
    return principal._replace(role=given) if is_own else principal


def with_path(caller: Caller, granting: Level) -> Caller:
    """Return a caller whose role has the path with which the resource's policy names it.

    AWS stores the ARN of a principal only if it exists, and an account has one role of a name.
    """  # PRN-20, QUO-11
    principal = caller.principal
    if not isinstance(principal, RoleSession) or principal.role is not None:
        return caller
    for compiled in granting:
        for statement in compiled.policy.statements:
            for entry in statement.principals.entries if statement.principals else ():
                named = parse_arn(entry.value)
                if named is not None and "/" in named.resource.removeprefix("role/"):
                    known = with_role(principal, {"aws:principalarn": entry.value})
                    if known != principal:
                        return caller._replace(principal=known)
    return caller


def check_is_no_session(option: str, text: str) -> None:
    """Refuse the ARN of a session where that of its role is wanted.

    Raises:
        QuestionError: it is that of a session; its role is told.
    """
    arn = parse_arn(text)
    if arn is not None and (arn.service, arn.kind) == ("sts", "assumed-role"):
        name = arn.resource.split("/")[1] if "/" in arn.resource else "ROLE"
        role = role_arn(arn.partition, arn.account, name)
        raise QuestionError(
            f"`{option} {text}` is a session: the role it was made from is `{role}`"
            " (with the role's path, if it has one)"
        )


def _credentials(principal: Signed, *, mfa: bool | None) -> Credentials:
    implied = implied_credentials(principal)
    if implied is Credentials.LONG_TERM and mfa is not None:
        return Credentials.SESSION_TOKEN_WITH_MFA if mfa else Credentials.SESSION_TOKEN
    if mfa and implied is not Credentials.LONG_TERM:  # CTX-41, CTX-42
        raise QuestionError(
            "`--mfa` is for users: a role session or a federated user carries no MFA, whatever"
            " it was made with"
        )
    return implied
