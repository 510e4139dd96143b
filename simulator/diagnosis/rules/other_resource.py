"""The action is allowed, but on other resources: a typo, a path, another account."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import of_call, of_question
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.conditions import literal_variables
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import (
    allow_statement,
    keeps_conditions,
    others_widened,
    statements_place,
)
from simulator.diagnosis.variables import (
    hangs_on_variables,
    new_version,
    shown,
    stand_for,
    without_value,
)
from simulator.diagnosis.words import LAYER_NAMES
from simulator.diagnostic import Access
from simulator.evaluation.relation import grantor
from simulator.policy.edits import add_value, replace_string
from simulator.request.request import NO_RESOURCE
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.arn import Arn
    from simulator.diagnosis.asked import Asked
    from simulator.matcher.statement import StatementMatch
    from simulator.policy.model import Statement
    from simulator.request.request import Request
    from simulator.simulate import Question

CODES: Mapping[Layer, str] = {Layer.IDENTITY: "IAM202", Layer.RESOURCE: "IAM305"}
_NEAR = 0.85


class _Named(NamedTuple):
    """A resource that is named instead: its text, and what that is for this very request."""

    match: StatementMatch
    place: int
    text: str
    shown: str | None
    hangs_on_variables: bool
    likeness: float

    @property
    def statement(self) -> Statement:
        return self.match.statement


def other_resource(finding: Finding) -> Iterator[Cause]:
    """Report the nearest resource on which the action is allowed."""  # RES-9, RES-10
    if not isinstance(finding, Shortfall) or finding.layer not in CODES:
        return
    if finding.stage is not Stage.RESOURCE:
        return
    request = finding.evaluation.request
    named = max(_named(finding, request), key=_nearness, default=None)
    target = "role" if grantor(request.resource) is Layer.TRUST else "resource"
    yield Cause(
        CODES[finding.layer],
        finding.layer,
        f"the {LAYER_NAMES[finding.layer]} allows `{request.action}`, but not on this {target}",
        Place(named.statement.document, _path(named)) if named else statements_place(finding),
        f"the {'call' if target == 'role' else 'request'} is about `{request.resource}`"
        f"{_here(named)}",
        _wanted(named),
        request.resource,
        (_literal(named) or _of_variables(finding, named) or _advice(named, request))
        if named
        else None,
        tuple(_remedies(finding, named, request.resource))
        if named
        else (allow_statement(finding),),
    )


def _wanted(named: _Named | None) -> str:
    if named is None:
        return "no resource at all"
    negated = named.statement.resources is not None and named.statement.resources.negated
    text = named.shown or named.text
    return f"anything but {text}" if negated else text


def _here(named: _Named | None) -> str:
    return f", and this is `{named.shown}` here" if named and named.shown else ""


def _named(finding: Shortfall, request: Request) -> Iterator[_Named]:
    asked = request.resource
    for match in finding.near:
        patterns, variables = match.statement.resources, match.statement.variables
        for index, text in enumerate(patterns.values.items if patterns else ()):
            here = shown(text, request.context) if variables else None
            likeness = SequenceMatcher(None, (here or text)[:500], asked, autojunk=False).ratio()
            yield _Named(match, index, text, here, hangs_on_variables(text, asked), likeness)


def _nearness(named: _Named) -> tuple[bool, float]:
    return named.hangs_on_variables, named.likeness


def _of_variables(finding: Shortfall, named: _Named) -> str | None:
    """Return what the variables of the nearest resource stand for, where it hangs on that."""
    if not named.hangs_on_variables:
        return None
    context = finding.evaluation.request.context
    absent = without_value(named.text, finding.asked, context)
    return absent or stand_for(named.text, context)


def _path(named: _Named) -> tuple[str | int, ...]:
    assert named.statement.resources is not None  # noqa: S101 - it was found in there
    return named.statement.resources.values.place(named.place)


def _literal(named: _Named) -> str | None:
    patterns = named.statement.resources
    return literal_variables(named.statement, patterns.values) if patterns else None


def _advice(named: _Named, request: Request) -> str:
    asked = request.resource
    if asked == NO_RESOURCE:
        return f"`{request.action}` is done to no resource of its own: only `*` allows it"  # RES-2
    if named.text.lower() == asked.lower():
        return "upper and lower case count in the names of roles and other resources"
    theirs, ours = parse_arn(named.text), parse_arn(asked)
    if theirs is None or ours is None:
        return "a resource is named by its whole ARN"
    return _difference(theirs, ours)


def _difference(theirs: Arn, ours: Arn) -> str:
    is_role = (ours.service, ours.kind) == ("iam", "role")
    if theirs.partition != ours.partition:
        return "the partitions differ: there is no way from one to another"
    if theirs.region != ours.region:
        is_iam = "IAM has no regions: the fourth part of a role's ARN is empty"
        return is_iam if is_role else "the regions differ"
    if theirs.account != ours.account:
        return "the accounts differ"
    if (
        ours.service == "s3"
        and theirs.resource.partition("/")[0] == ours.resource.partition("/")[0]
    ):
        return "`arn:aws:s3:::B` is a bucket, and `arn:aws:s3:::B/*` are the objects in it"
    if is_role and theirs.name == ours.name:
        return "the path is part of a role's ARN: `role/team/R` is not `role/R`"
    return "compare the two letter by letter: account, path and name"


def _remedies(finding: Shortfall, named: _Named, asked: str) -> Iterator[Remedy]:
    statement, patterns = named.statement, named.statement.resources
    if patterns is None or patterns.negated:
        if not statement.conditions:
            yield allow_statement(finding)
        return
    document, also = statement.document, others_widened(finding, named.match)
    if named.hangs_on_variables:  # an ARN in their place would be there for everybody
        if not statement.variables:
            yield new_version(document)
        return
    if named.likeness >= _NEAR and "*" not in named.text:
        edit = replace_string(document, _path(named), asked)
        title = f"correct the resource to `{asked}`"
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)
        yield from _ask_for(finding.asked, named.text)
    if parse_arn(named.text) is None:  # what can never match is worth nothing
        edit = replace_string(document, _path(named), asked)
        title = f"name `{asked}` in its place"
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)
    elif keeps_conditions(finding, named.match):
        edit = add_value(document, patterns.values, asked)
        title = f"add `{asked}` to the resources"
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)
    else:
        yield allow_statement(finding)


def _ask_for(asked: Asked, resource: str) -> Iterator[Remedy]:
    ours = parse_arn(asked.parameters.role_arn if isinstance(asked, Call) else asked.resource)
    arn = parse_arn(resource)
    if arn is None or ours is None or (arn.service, arn.account) != (ours.service, ours.account):
        return
    if isinstance(asked, Call):
        if asked.known_roles or asked.role is None:
            return  # get-role has told the real name
        title = f"ask for `{resource}`, if that is the role's real name"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda call: _with_role(call, arn)))
        return

    def applied(question: Question) -> Question:
        return question._replace(resource=resource)

    title = f"ask for `{resource}`, if that is the resource's real name"
    yield Remedy(title, Access.UNCHANGED, of_question(applied))


def _with_role(call: Call, arn: Arn) -> Call:
    role = call.role._replace(arn=arn) if call.role else None
    return call._replace(role=role, parameters=call.parameters._replace(role_arn=str(arn)))
