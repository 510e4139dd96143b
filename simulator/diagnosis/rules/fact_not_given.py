"""IAM90x: the answer hangs on something that nobody said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.changes import own_resource
from simulator.diagnosis.conditions import call_changes
from simulator.diagnosis.findings import (
    Finding,
    OpenQuestion,
    UnknownMaximum,
    UnknownOwner,
    UnknownPolicies,
)
from simulator.diagnosis.giving import how_to_give
from simulator.diagnosis.refusal_remedies import last
from simulator.diagnosis.words import LAYER_NAMES, describe
from simulator.diagnostic import Access
from simulator.policy.model import Effect
from simulator.policy.variables import Variable, read_template
from simulator.request.principal import FederatedUser, called
from simulator.sts.call import Call
from simulator.sts.refusals import LEAST_MAXIMUM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.policy.model import Values
    from simulator.request.context import RequestContext


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
            cause = _cause(finding, key, place, describe(test, holds=allows))
            # What one passes oneself one can choose; whatever else is unknown is as it is.
            passed = call_changes(finding, finding.match, test, holds=allows) if key in own else ()
            yield cause._replace(remedies=tuple(passed))
    if finding.match.named is None and isinstance(
        finding.evaluation.request.principal, FederatedUser
    ):
        yield _maker(finding)
    if finding.match.resource is None and statement.resources is not None:
        values = statement.resources.values
        for key in _unknown_variables(values, context, variables=variables):
            yield _cause(finding, key, Place(statement.document, values.path), None)


def _maker(finding: OpenQuestion) -> Cause:
    """Return that nobody said which user made the caller's session."""  # EVAL-15
    statement, principals = finding.match.statement, finding.match.statement.principals
    path = principals.path if principals is not None else statement.path
    return Cause(
        "IAM906",
        "fact",
        "the answer hangs on the user who called GetFederationToken, and nobody said who that is",
        Place(statement.document, path),
        f"{statement.title} of the {LAYER_NAMES[finding.layer]} names a user of the account",
        given="unknown",
        help="give `--federated-by ARN`, the user who made the caller's session",
    )


def _cause(finding: OpenQuestion, key: str, place: Place, wanted: str | None) -> Cause:
    return Cause(
        "IAM901",
        "fact",
        f"the answer hangs on `{key}`, and nobody said what it is",
        place,
        f"{finding.match.statement.title} of the {LAYER_NAMES[finding.layer]} asks for `{key}`",
        wanted,
        "unknown",
        how_to_give(key, finding.asked),
    )


def _unknown_variables(
    values: Values, context: RequestContext, *, variables: bool
) -> Iterator[str]:
    for text in values.items:
        for part in read_template(text, wildcards=True, variables=variables):
            if isinstance(part, Variable) and context.values(part.key) is None:
                yield part.written


class _Missing(NamedTuple):
    code: str
    whose: str
    how: str


_RESOURCE = _Missing(
    "IAM904", "the policy of `{resource}`", "give the policy of the resource with {option}"
)
_MISSING: Mapping[Layer, _Missing] = {
    Layer.IDENTITY: _Missing(
        "IAM902",
        "the identity-based policies of `{caller}`",
        "give each policy of the caller and its groups with `--policy FILE`",
    ),
    Layer.BOUNDARY: _Missing(
        "IAM902", "the permissions boundary of `{caller}`", "give it with `--boundary FILE`"
    ),
    Layer.SESSION: _Missing(
        "IAM902",
        "the managed session policies of `{caller}`",
        "pass their text as the policy of the call that makes the session",
    ),
    Layer.TRUST: _RESOURCE,
    Layer.RESOURCE: _RESOURCE,
}


def policies_not_given(finding: Finding) -> Iterator[Cause]:
    """Report the policies that decide, and that nobody gave."""
    if not isinstance(finding, UnknownPolicies):
        return
    if finding.names:
        yield _unseen(finding)
        return
    if finding.layer not in _MISSING:
        return
    request, row = finding.evaluation.request, _MISSING[finding.layer]
    option = "`--trust FILE`" if isinstance(finding.asked, Call) else "`--resource-policy FILE`"
    whose = row.whose.format(caller=called(request.principal), resource=request.resource)
    yield Cause(
        row.code,
        "fact",
        f"the answer hangs on {whose}",
        wanted=f"{request.action} on {request.resource}",
        given="unknown",
        help=row.how.format(option=option),
    )


_WHOLE_EXPORT = (
    "add to the inventory which policies are attached at each level, and their documents, as"
    " docs/how-to/inventory.md exports them"
)
_HOW_TO_SHOW: Mapping[Layer, str] = {Layer.SCP: _WHOLE_EXPORT, Layer.RCP: _WHOLE_EXPORT}
_WHOLE_DUMP = (
    "add to the inventory a whole dump of the account, or what the `aws iam` commands print that"
    " show it"
)


def _unseen(finding: UnknownPolicies) -> Cause:
    """Return that policies are attached which nobody has shown."""
    request = finding.evaluation.request
    return Cause(
        "IAM902",
        "fact",
        f"the answer hangs on what nobody has shown: {', '.join(finding.names)}",
        wanted=f"{request.action} on {request.resource}",
        given="unknown",
        help=_HOW_TO_SHOW.get(finding.layer, _WHOLE_DUMP),
    )


def owner_not_given(finding: Finding) -> Iterator[Cause]:
    """Report that the account of the resource decides, and nobody said it."""  # EVAL-5
    if not isinstance(finding, UnknownOwner):
        return
    request, ours = finding.evaluation.request, own_resource(finding.asked, finding.evaluation)
    yield Cause(
        "IAM905",
        "fact",
        f"the answer hangs on the account that owns `{request.resource}`, and its ARN does not"
        " say it",
        given="unknown",
        help="give `--resource-account ACCOUNT`: in the caller's account one side has to allow, in"
        " another one both have to",
        remedies=tuple(Remedy(own.title, Access.UNCHANGED, own.applied) for own in ours),
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
            # No role has a lower one (QUO-10).
            remedies=(last(LEAST_MAXIMUM),),
        )
