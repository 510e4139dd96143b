"""IAM202: the caller may do this, but on other roles: a typo, a path, another account."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.conditions import literal_variables
from simulator.diagnosis.edits import add_value, replace_string
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnostic import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.model import Statement
    from simulator.sts.call import Call

_NEAR = 0.85


class _Named(NamedTuple):
    statement: Statement
    place: int
    text: str
    likeness: float


def other_resource(finding: Finding) -> Iterator[Cause]:
    """Report the nearest resource on which the action is allowed."""  # RES-9, RES-10
    if not isinstance(finding, Shortfall) or finding.layer is not Layer.IDENTITY:
        return
    if finding.stage is not Stage.RESOURCE:
        return
    asked, action = str(finding.evaluation.request.resource), finding.evaluation.request.action
    named = max(_named(finding, asked), key=lambda n: n.likeness, default=None)
    if named is None:
        return
    statement = named.statement
    yield Cause(
        "IAM202",
        Layer.IDENTITY,
        f"the identity-based policy allows `{action}`, but not on this role",
        Place(statement.document, _path(named)),
        f"the call is about `{asked}`",
        named.text,
        asked,
        _literal(named) or _advice(named, asked),
        tuple(_remedies(finding, named, asked)),
    )


def _named(finding: Shortfall, asked: str) -> Iterator[_Named]:
    for match in finding.near:
        patterns = match.statement.resources
        for index, text in enumerate(patterns.values.items if patterns else ()):
            likeness = SequenceMatcher(None, text[:500], asked, autojunk=False).ratio()
            yield _Named(match.statement, index, text, likeness)


def _path(named: _Named) -> tuple[str | int, ...]:
    assert named.statement.resources is not None  # noqa: S101 - it was found in there
    return named.statement.resources.values.place(named.place)


def _literal(named: _Named) -> str | None:
    patterns = named.statement.resources
    return literal_variables(named.statement, patterns.values) if patterns else None


def _advice(named: _Named, asked: str) -> str:
    if named.text.lower() == asked.lower():
        return "upper and lower case count in the names of roles"
    theirs, ours = parse_arn(named.text), parse_arn(asked)
    if theirs is None or ours is None:
        return "a resource is named by its whole ARN"
    if theirs.partition != ours.partition:
        return "the partitions differ: there is no way from one to another"
    if theirs.region != ours.region:
        return "IAM has no regions: the fourth part of a role's ARN is empty"
    if theirs.account != ours.account:
        return "the accounts differ"
    if theirs.name == ours.name:
        return "the path is part of a role's ARN: `role/team/R` is not `role/R`"
    return "compare the two letter by letter: account, path and name"


def _remedies(finding: Shortfall, named: _Named, asked: str) -> Iterator[Remedy]:
    statement, patterns = named.statement, named.statement.resources
    if patterns is None or patterns.negated:
        return
    document = statement.document
    if named.likeness >= _NEAR and "*" not in named.text:
        edit = replace_string(document, _path(named), asked)
        title = f"correct the resource to `{asked}`"
        yield Remedy(title, Access.WIDENED, edits=(edit,))
        yield from _ask_for(finding.call, named.text)
    if parse_arn(named.text) is None:  # what can never match is worth nothing
        edit = replace_string(document, _path(named), asked)
        yield Remedy(f"name `{asked}` in its place", Access.WIDENED, edits=(edit,))
        return
    edit = add_value(document, patterns.values, asked)
    yield Remedy(f"add `{asked}` to the resources", Access.WIDENED, edits=(edit,))


def _ask_for(call: Call, role_arn: str) -> Iterator[Remedy]:
    arn = parse_arn(role_arn)
    if arn is None or call.role is None or arn.account != call.role.arn.account:
        return
    if call.known_roles:
        return  # get-role has told the real name

    def applied(call: Call) -> Call:
        role = call.role._replace(arn=arn) if call.role else None
        return call._replace(role=role, parameters=call.parameters._replace(role_arn=role_arn))

    title = f"ask for `{role_arn}`, if that is the role's real name"
    yield Remedy(title, Access.UNCHANGED, applied)
