"""From what was typed to a question: files read, ARNs and parameters taken apart."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import Arn, parse_arn
from simulator.catalog.keys import is_multivalued
from simulator.cli.errors import QuestionError
from simulator.evaluate import Level, Policies
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import RoleFacts, Unwrapped, unwrap
from simulator.policy.model import Document, Effect
from simulator.request.context import Several
from simulator.request.principal import (
    FederatedUser,
    PrincipalError,
    RoleSession,
    parse_principal,
)
from simulator.source import Source
from simulator.sts.call import Call, Caller, Credentials, Role, implied_credentials
from simulator.syntax import SIZE_LIMIT, decode, decode_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from simulator.request.principal import Principal
    from simulator.sts.parameters import Parameters

FULL_AWS_ACCESS = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
}"""
_TAG = re.compile(
    r"Key=(?P<key>.*?),Value=(?P<value>.*)|Value=(?P<value2>.*?),Key=(?P<key2>.*)", re.DOTALL
)


class Files(NamedTuple):
    """The names of the files of each layer; `-` is standard input."""

    trust: str
    policies: tuple[str, ...] = ()
    boundary: str | None = None
    session_policies: tuple[str, ...] = ()
    scps: tuple[str, ...] = ()
    rcps: tuple[str, ...] = ()


class Question(NamedTuple):
    """A call to decide, and what was odd about its files or taken for granted."""

    call: Call
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


class Reader:
    """Reads policy files and keeps what was odd about them."""

    def __init__(self) -> None:
        self.warnings: list[Diagnostic] = []
        self.notes: list[str] = []
        self._stdin_read = False

    def unwrap(self, name: str) -> Unwrapped:
        """Return the document in a file.

        Raises:
            QuestionError: the file cannot be read.
            DocumentError: what is in it cannot be used.
        """
        source, warnings = decode_text(name, self._bytes(name))
        unwrapped = unwrap(source)
        self.warnings += (*warnings, *unwrapped.warnings)
        return unwrapped

    def policy(self, name: str, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy in a file, ready for matching."""
        return self.compile(self.unwrap(name).document, kind)

    def compile(self, document: Document, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy of a document, ready for matching."""
        policy = build(document, kind)
        self.warnings += policy.warnings
        return compile_policy(policy)

    def level(self, names: Iterable[str], kind: PolicyKind) -> Level:
        """Return the policies of several files."""
        return tuple(self.policy(name, kind) for name in names)

    def scp_level(self, name: str) -> Level:
        """Return the SCPs of one level: a file, and `FullAWSAccess` beside one that only denies."""
        compiled = self.policy(name, kinds.SCP)
        if any(s.effect is Effect.ALLOW for s in compiled.policy.statements):
            return (compiled,)
        # EVAL-42: it is attached everywhere until somebody removes it
        self.notes.append(
            f"`{name}` only denies: `FullAWSAccess` is taken to be attached beside it"
        )
        full = Source("FullAWSAccess", FULL_AWS_ACCESS)
        return (compiled, self.compile(Document(full, (), decode(full)), kinds.SCP))

    def _bytes(self, name: str) -> bytes:
        try:
            if name == "-":
                return self._stdin()
            with open(name, "rb") as file:  # noqa: PTH123 - pathlib costs 5 ms at every start
                return file.read(SIZE_LIMIT + 1)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise QuestionError(f"cannot read `{name}`: {reason}") from error

    def _stdin(self) -> bytes:
        if self._stdin_read:
            raise QuestionError("standard input (`-`) can be given for one file only")
        if sys.stdin is None:
            raise QuestionError("standard input (`-`) is closed")
        self._stdin_read = True
        return sys.stdin.buffer.read(SIZE_LIMIT + 1)


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
    trust = reader.unwrap(files.trust)
    policies = Policies(
        trust=(reader.compile(trust.document, kinds.TRUST),),
        identity=reader.level(files.policies, kinds.IDENTITY) if files.policies else None,
        boundary=reader.level([files.boundary] if files.boundary else (), kinds.BOUNDARY),
        session=reader.level(files.session_policies, kinds.SESSION),
        scps=tuple(reader.scp_level(name) for name in files.scps),
        rcps=tuple(reader.level([name], kinds.RCP) for name in files.rcps),
    )
    asked = _asked_role(parameters.role_arn)
    role = _role(asked, trust.role)
    known = _described(trust.role.arn, trust.role) if trust.role else None
    call = Call(caller, parameters, role, policies, context, known_roles=(known,) if known else ())
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


def read_caller(text: str, *, mfa: bool | None) -> Caller:
    """Return the caller of an ARN, with a session's credentials if something is said about MFA.

    Raises:
        QuestionError: nobody could call under that ARN, or not with MFA.
    """
    try:
        principal = parse_principal(text)
    except PrincipalError as error:
        raise QuestionError(f"`--as`: {error}") from error
    return Caller(principal, _credentials(principal, mfa=mfa))


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
