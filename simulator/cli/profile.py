"""A profile of the aws CLI as the calls it makes, for `--profile`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from simulator.cli.call import Step
from simulator.cli.errors import QuestionError
from simulator.profiles.files import find_config, find_credentials
from simulator.profiles.model import ProfileError
from simulator.sts.operations import Operation
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.profiles.model import Hop, Resolved, Start
    from simulator.sts.call import Identity

_ANY_CODE = "123456"  # any six digits are right


def resolve_profile(
    name: str, config: str | None, credentials: str | None, *, caller: str | None
) -> Resolved:
    """Return what a profile does, as botocore has it; whoever `caller` is has the access keys.

    Raises:
        QuestionError: it yields no credentials, or its file cannot be read.
    """
    from simulator.profiles.resolve import resolve  # noqa: PLC0415 - it imports botocore

    file = find_config(config, os.environ)
    if credentials and _existing(credentials) is None:
        raise QuestionError(f"cannot read `{credentials}`: there is no such file")
    # Beside a file that is named, the usual file of keys is somebody else's.
    keys = credentials or (None if config else _existing(find_credentials(os.environ)))
    try:
        return resolve(name, file, keys, presumed=caller is not None)
    except ProfileError as error:
        raise QuestionError(str(error)) from error


def _existing(name: str | None) -> str | None:
    return name if name and os.path.exists(name) else None  # noqa: PTH110 - pathlib costs 5 ms


def steps_of(resolved: Resolved, token: Callable[[str], Identity]) -> tuple[Step, ...]:
    """Return the calls of a profile; `token` reads the file of a token.

    Raises:
        QuestionError: the profile makes no call.
    """
    if not resolved.hops:
        raise QuestionError("this profile assumes no role: it has credentials of its own")
    return tuple(_step(hop, token) for hop in resolved.hops)


def _step(hop: Hop, token: Callable[[str], Identity]) -> Step:
    identity = token(hop.web_identity_token_file) if hop.web_identity_token_file else None
    parameters = Parameters(
        hop.role_arn,
        hop.role_session_name,
        hop.duration_seconds,
        hop.external_id,
        hop.serial_number,
        _ANY_CODE if hop.serial_number else None,
    )
    return Step(Operation(hop.operation), parameters, hop.profile, identity)


def whose(resolved: Resolved, caller: str | None, *, mfa: bool | None = None) -> str:
    """Return who holds the credentials that a profile starts from.

    Raises:
        QuestionError: nobody said, and they do not tell; or whether they were made with MFA.
    """
    start = resolved.start
    found = caller or start.principal
    if found is None:
        account = f" of the account {start.account}" if start.account else ""
        other = "" if start.kind in _OF_ROLES else ", or the session they belong to"
        raise QuestionError(
            f"the profile starts from {_KINDS.get(start.kind, start.kind)}{account}, which do not"
            f" tell whose they are: give `--as {_example(start)}`{other}"
        )
    if start.kind in _OF_ROLES and ":assumed-role/" not in found:
        raise QuestionError(
            f"`--as {found}`: the profile starts from {_KINDS[start.kind]}, which are those of a"
            f" role session: give `--as {_example(start)}`"
        )
    if start.key_kind == "session" and ":user/" in found and mfa is None:  # STS-42, CTX-8
        raise QuestionError(
            "the keys of the profile are those of a session: say with `--mfa` or `--no-mfa` whether"
            " it was made with an MFA code"
        )
    if start.account is not None and f":{start.account}:" not in found:
        raise QuestionError(
            f"`--as {found}`: the credentials of the profile are of the account {start.account}"
        )
    return found


def _example(start: Start) -> str:
    account = start.account or "ACCOUNT"
    if start.kind in _OF_ROLES:
        return f"arn:aws:sts::{account}:assumed-role/ROLE/{_OF_ROLES[start.kind]}"
    return f"arn:aws:iam::{account}:user/NAME"


#: Credentials that are always those of a role session, and what such a session is called.
_OF_ROLES = {"ec2": "i-...", "ecs": "TASK", "sso": "NAME"}
_KINDS = {
    "static": "access keys",
    "environment": "credentials in the environment",
    "ec2": "the credentials of an EC2 instance",
    "ecs": "the credentials of a container",
    "sso": "credentials of IAM Identity Center",
    "process": "credentials that a command prints",
    "login": "the credentials of `aws login`",
}
