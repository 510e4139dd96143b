"""From what was typed to an AssumeRole call: files read, ARNs and parameters taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import Arn, is_role, parse_arn
from simulator.cli.caller import check_is_no_session, with_path
from simulator.cli.context import check_values
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files, Reader
from simulator.cli.notes import path_taken, policies_of_others
from simulator.decision.verdict import Layer
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import Policies
from simulator.policy import kinds
from simulator.request.caller import Caller
from simulator.request.principal import FederatedUser, RoleSession
from simulator.sts.call import Call, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.diagnostic import Diagnostic
    from simulator.policy.envelope import RoleFacts
    from simulator.request.context import Value
    from simulator.sts.parameters import Parameters


class ReadCall(NamedTuple):
    """A call to decide, and what was odd about its files or taken for granted."""

    call: Call
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


def read_call(
    caller: Caller, parameters: Parameters, files: Files, context: Mapping[str, Value]
) -> ReadCall:
    """Return the call that files and options make.

    Raises:
        QuestionError: it cannot be read.
        DocumentError: one of the documents cannot be used.
    """
    reader = Reader()
    reader.notes += check_values(context)
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
    caller = with_path(caller, trust)
    known = (_described(facts.arn, facts),) if facts else ()
    call = Call(caller, parameters, _role(asked, facts), policies, context, known_roles=known)
    notes = (*reader.notes, *_notes(call))
    return ReadCall(call, tuple(reader.warnings), notes)


def _notes(call: Call) -> Iterator[str]:
    """Yield what looks odd about the question as a whole, or is taken for granted in it."""
    if isinstance(call.caller, Caller):
        yield from policies_of_others(call.caller.principal, call.policies)
        yield from path_taken(call.caller.principal, call.policies)


def _asked_role(text: str) -> Arn | None:
    check_is_no_session("--role-arn", text)
    return parse_arn(text)


def _role(asked: Arn | None, facts: RoleFacts | None) -> Role | None:
    """Return the role that is asked for, or nothing where there is none of that ARN."""
    if asked is None or not is_role(asked):
        return None
    if facts is None:
        return Role(asked)
    return _described(asked, facts) if facts.arn == asked else None  # RES-9, RES-10


def _described(arn: Arn, facts: RoleFacts) -> Role:
    return Role(arn, facts.unique_id, facts.tags, facts.max_session_duration)
