"""IAM90x: the answer hangs on something that nobody said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.findings import Finding, OpenQuestion, UnknownIdentity, UnknownMaximum
from simulator.diagnosis.words import LAYER_NAMES, describe
from simulator.policy.model import Effect
from simulator.policy.variables import Variable, read_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.model import Values
    from simulator.request.context import RequestContext

# CTX-12, CTX-13
_IN_EVERY_CALL = frozenset({"aws:requestedregion", "aws:epochtime", "aws:useragent", "aws:userid"})


def fact_not_given(finding: Finding) -> Iterator[Cause]:
    """Report each key that nobody gave and that decides whether a statement applies."""
    if not isinstance(finding, OpenQuestion):
        return
    context, statement = finding.evaluation.request.context, finding.match.statement
    variables = statement.variables
    allows = statement.effect is Effect.ALLOW
    for evidence in finding.match.tests:
        if evidence.holds is not None:
            continue
        test = evidence.test
        own = [test.key] if evidence.actual is None else []
        for key in (*own, *_unknown_variables(test.values, context, variables=variables)):
            place = Place(statement.document, test.values.path)
            yield _cause(finding, key, place, describe(test, holds=allows))
    if finding.match.resource is None and statement.resources is not None:
        values = statement.resources.values
        for key in _unknown_variables(values, context, variables=variables):
            yield _cause(finding, key, Place(statement.document, values.path), None)


def _cause(finding: OpenQuestion, key: str, place: Place, wanted: str | None) -> Cause:
    return Cause(
        "IAM901",
        "fact",
        f"the answer hangs on `{key}`, and nobody said what it is",
        place,
        f"{finding.match.statement.title} of the {LAYER_NAMES[finding.layer]} asks for `{key}`",
        wanted,
        "unknown",
        _how_to_give(key),
    )


def _how_to_give(key: str) -> str:
    if key.lower() == "sts:rolesessionname":
        return "give `--role-session-name NAME`"
    if key.lower() == "aws:currenttime":
        return "give `--context aws:CurrentTime=2026-11-24T12:00:00Z`: the clock is never looked at"
    if key.lower() == "aws:principalarn":
        return "give `--context aws:PrincipalArn=ARN`, the role's ARN with its path"  # CTX-1
    if key.lower() in _IN_EVERY_CALL:
        return f"give `--context {key}=VALUE`"
    return f"give `--context {key}=VALUE`, or `--context {key}=` if the call does not have it"


def _unknown_variables(
    values: Values, context: RequestContext, *, variables: bool
) -> Iterator[str]:
    for text in values.items:
        for part in read_template(text, wildcards=True, variables=variables):
            if isinstance(part, Variable) and context.values(part.key) is None:
                yield part.written


def identity_not_given(finding: Finding) -> Iterator[Cause]:
    """Report that the caller's identity policies decide, and nobody gave them."""
    if isinstance(finding, UnknownIdentity):
        request, caller = finding.evaluation.request, finding.call.caller.principal
        yield Cause(
            "IAM902",
            "fact",
            f"the answer hangs on the identity-based policies of `{caller.arn}`",
            wanted=f"{request.action} on {request.resource}",
            given="unknown",
            help="give each policy of the caller and its groups with `--policy FILE`",
        )


def maximum_not_given(finding: Finding) -> Iterator[Cause]:
    """Report that the role's maximum session duration decides, and nobody gave it."""
    if isinstance(finding, UnknownMaximum):
        yield Cause(
            "IAM903",
            "fact",
            "the answer hangs on the role's maximum session duration, and nobody said what it is",
            wanted=f"at least {finding.call.parameters.duration_seconds} seconds",
            given="unknown",
            help="give the whole output of `aws iam get-role` with `--trust`",
        )
