"""The action is allowed, but on other resources: a typo, a path, another account."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from simulator.diagnosis.resources import Named, nearest_resource
from simulator.diagnosis.variables import new_version, stand_for, without_value
from simulator.diagnosis.words import LAYER_NAMES
from simulator.diagnostic import Access
from simulator.evaluation.relation import grantor
from simulator.policy.edits import add_value, replace_string
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.arn import Arn
    from simulator.diagnosis.asked import Asked
    from simulator.simulate import Question

CODES: Mapping[Layer, str] = {Layer.IDENTITY: "IAM202", Layer.RESOURCE: "IAM305"}


def other_resource(finding: Finding) -> Iterator[Cause]:
    """Report the nearest resource on which the action is allowed."""  # RES-9, RES-10
    if not isinstance(finding, Shortfall) or finding.layer not in CODES:
        return
    if finding.stage is not Stage.RESOURCE:
        return
    request = finding.evaluation.request
    named = nearest_resource(finding)
    target = "role" if grantor(request.resource) is Layer.TRUST else "resource"
    yield Cause(
        CODES[finding.layer],
        finding.layer,
        f"the {LAYER_NAMES[finding.layer]} allows `{request.action}`, but not on this {target}",
        Place(named.match.statement.document, named.path) if named else statements_place(finding),
        f"the {'call' if target == 'role' else 'request'} is about `{request.resource}`"
        f"{_here(named)}",
        _wanted(named),
        request.resource,
        _advice(finding, named) if named else None,
        tuple(_remedies(finding, named, request.resource))
        if named
        else (allow_statement(finding),),
    )


def _wanted(named: Named | None) -> str:
    if named is None:
        return "no resource at all"
    text = named.shown or named.text
    return f"anything but {text}" if named.patterns.negated else text


def _here(named: Named | None) -> str:
    return f", and this is `{named.shown}` here" if named and named.shown else ""


def _advice(finding: Shortfall, named: Named) -> str | None:
    literal = literal_variables(named.match.statement, named.patterns.values)
    return literal or _of_variables(finding, named) or named.why


def _of_variables(finding: Shortfall, named: Named) -> str | None:
    """Return what the variables of the nearest resource stand for, where it hangs on that."""
    if not named.hangs_on_variables:
        return None
    context = finding.evaluation.request.context
    absent = without_value(named.text, finding.asked, context)
    return absent or stand_for(named.text, context)


def _remedies(finding: Shortfall, named: Named, asked: str) -> Iterator[Remedy]:
    statement, patterns = named.match.statement, named.patterns
    if patterns.negated:
        if not statement.conditions:
            yield allow_statement(finding)
        return
    document, also = statement.document, others_widened(finding, named.match)
    if named.hangs_on_variables:  # an ARN in their place would be there for everybody
        if not statement.variables:
            yield new_version(document)
        return
    if named.near and "*" not in named.text:
        edit = replace_string(document, named.path, asked)
        title = f"correct the resource to `{asked}`"
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)
        yield from _ask_for(finding.asked, named.text)
    if parse_arn(named.text) is None:  # what can never match is worth nothing
        edit = replace_string(document, named.path, asked)
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
