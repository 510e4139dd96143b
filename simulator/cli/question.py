"""From what was typed to a question: files read, ARNs and parameters taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import Arn, is_role, parse_arn
from simulator.cli.caller import with_role
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files, Reader
from simulator.decision.verdict import Layer
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import Policies
from simulator.policy import kinds
from simulator.request.principal import (
    FederatedUser,
    RoleSession,
    principal_arn,
)
from simulator.sts.call import Call, Role
from simulator.sts.context import has_open_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.plan import Level
    from simulator.policy.envelope import RoleFacts
    from simulator.request.caller import Caller
    from simulator.request.context import Value
    from simulator.request.principal import Signed
    from simulator.sts.parameters import Parameters


class Question(NamedTuple):
    """A call to decide, and what was odd about its files or taken for granted."""

    call: Call
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


def read_question(
    caller: Caller, parameters: Parameters, files: Files, context: Mapping[str, Value]
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
        {
            Layer.TRUST: (trust,),
            Layer.IDENTITY: reader.levels(files.policies, kinds.IDENTITY) or None,
            Layer.BOUNDARY: reader.levels(files.boundary and [files.boundary], kinds.BOUNDARY),
            Layer.SESSION: reader.levels(files.session_policies, kinds.SESSION),
            Layer.SCP: tuple(reader.scp_level(name) for name in files.scps),
            Layer.RCP: tuple(reader.level([name], kinds.RCP) for name in files.rcps),
        }
    )
    if reader.errors:
        raise DocumentError(tuple(reader.errors))
    caller = _with_path(caller, trust)
    known = (_described(facts.arn, facts),) if facts else ()
    call = Call(caller, parameters, _role(asked, facts), policies, context, known_roles=known)
    notes = (*reader.notes, *_notes(call))
    return Question(call, tuple(reader.warnings), notes)


def _notes(call: Call) -> Iterator[str]:
    """Yield what looks odd about the question as a whole, or is taken for granted in it."""
    principal, policies = call.caller.principal, call.policies
    yield from _policies_of_others(principal, policies)
    if not isinstance(principal, RoleSession) or principal.role or has_open_path(call):
        return
    found = (compiled for layer in Layer for compiled in policies.documents(layer))
    documents = (compiled.policy.document for compiled in found)
    if any("principalarn" in document.source.text.lower() for document in documents):
        yield (  # CTX-1
            f"the role `{principal.role_name}` is taken to have no path, which a session's ARN does"
            " not tell: if it has one, give `--context aws:PrincipalArn=ARN`"
        )


def _policies_of_others(principal: Signed, policies: Policies) -> Iterator[str]:
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
    if asked is None or not is_role(asked):
        return None
    if facts is None:
        return Role(asked)
    return _described(asked, facts) if facts.arn == asked else None  # RES-9, RES-10


def _described(arn: Arn, facts: RoleFacts) -> Role:
    return Role(arn, facts.unique_id, facts.tags, facts.max_session_duration)


def _with_path(caller: Caller, trust: Level) -> Caller:
    """Return a caller whose role has the path with which the trust policy names it.

    AWS stores the ARN of a principal only if it exists, and an account has one role of a name.
    """  # PRN-20, QUO-11
    principal = caller.principal
    if not isinstance(principal, RoleSession) or principal.role is not None:
        return caller
    for compiled in trust:
        for statement in compiled.policy.statements:
            for entry in statement.principals.entries if statement.principals else ():
                named = parse_arn(entry.value)
                if named is not None and "/" in named.resource.removeprefix("role/"):
                    known = with_role(principal, {"aws:principalarn": entry.value})
                    if known != principal:
                        return caller._replace(principal=known)
    return caller
