"""An answer in the shape of AWS's own simulator, so that what reads its output reads ours.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html

AWS's simulator has no word for a decision that nobody can know. `EvalDecision` is `undecided` then:
a key that is left out would vanish from a list of decisions, and the list would look better than it
is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import explain_level
from simulator.policy.managed import FULL_AWS_ACCESS
from simulator.policy.model import Effect
from simulator.request.request import NO_RESOURCE
from simulator.syntax import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from simulator.decision.verdict import Verdict
    from simulator.evaluation.evaluate import Evaluation
    from simulator.matcher.statement import StatementMatch
    from simulator.matcher.truth import Truth
    from simulator.policy.model import Document, Statement
    from simulator.source import Place

#: How AWS calls the type of a policy, and one that was given as text; in the order of its lists.
#: It has words for the first four, and the rest are made after them.
_TYPES: Final[Mapping[Layer, tuple[str, str]]] = {
    Layer.TRUST: ("Resource Policy", "ResourcePolicy"),
    Layer.RESOURCE: ("Resource Policy", "ResourcePolicy"),
    Layer.IDENTITY: ("IAM Policy", "PolicyInputList"),
    Layer.BOUNDARY: ("Permissions Boundary Policy", "PermissionsBoundaryPolicyInputList"),
    Layer.SESSION: ("Session Policy", "SessionPolicyInputList"),
    Layer.ENDPOINT: ("VPC Endpoint Policy", "EndpointPolicyInputList"),
    Layer.SCP: ("Service Control Policy", "ServiceControlPolicyInputList"),
    Layer.RCP: ("Resource Control Policy", "ResourceControlPolicyInputList"),
}
_GRANTING: Final = frozenset({Layer.TRUST, Layer.RESOURCE, Layer.IDENTITY})
_RESOURCE: Final = frozenset({Layer.TRUST, Layer.RESOURCE})


def aws_value(evaluations: Iterable[Evaluation]) -> dict[str, Any]:
    """Return answers as `aws iam simulate-custom-policy` prints them."""
    return {"EvaluationResults": [_result(each) for each in evaluations], "IsTruncated": False}


def _result(evaluation: Evaluation) -> dict[str, Any]:
    request = evaluation.request
    on_all = request.resource == NO_RESOURCE
    statements, missing = _matched(evaluation), _missing(evaluation)
    return {
        "EvalActionName": request.action,
        "EvalResourceName": request.resource,
        "EvalDecision": str(evaluation.decision.outcome),
        "MatchedStatements": statements,
        # AWS tells the keys of a named resource with that resource, and only there
        "MissingContextValues": missing if on_all else [],
        **_organizations_detail(evaluation),
        **_boundary_detail(evaluation),
        **({} if on_all else _on_resource(evaluation, statements, missing)),
    }


def _on_resource(
    evaluation: Evaluation, statements: list[dict[str, Any]], missing: list[str]
) -> dict[str, Any]:
    """Return what AWS adds where a resource was named."""
    details = _details(evaluation)
    specific = {
        "EvalResourceName": evaluation.request.resource,
        "EvalResourceDecision": str(evaluation.decision.outcome),
        "MatchedStatements": statements,
        "MissingContextValues": missing,
        **(details if details.get("EvalDecisionDetails") else {}),
        **_boundary_detail(evaluation),
    }
    return {**details, "ResourceSpecificResults": [specific]}


def _organizations_detail(evaluation: Evaluation) -> dict[str, Any]:
    allowed = _allows(evaluation.verdicts[Layer.SCP])
    if allowed is None:
        return {}
    return {"OrganizationsDecisionDetail": {"AllowedByOrganizations": allowed}}


def _boundary_detail(evaluation: Evaluation) -> dict[str, Any]:
    allowed = _allows(evaluation.verdicts[Layer.BOUNDARY])
    if allowed is None or not evaluation.policies.levels(Layer.BOUNDARY):
        return {}
    return {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": allowed}}


def _allows(verdict: Verdict) -> Truth:
    if verdict.denies:
        return False
    return None if verdict.denies is None else verdict.grants()


def _details(evaluation: Evaluation) -> dict[str, Any]:
    """Return what each side says of a request across accounts; of others AWS has an empty map."""
    if _allows(evaluation.verdicts[Layer.SCP]) is False:
        return {}
    if evaluation.request.same_account is not False:
        return {"EvalDecisionDetails": {}}
    sides = (Layer.IDENTITY, evaluation.requirement.grantor)
    found = {_TYPES[layer][0]: _word(evaluation.verdicts[layer]) for layer in sides}
    return {"EvalDecisionDetails": found}


def _word(verdict: Verdict) -> str:
    if verdict.denies:
        return str(Outcome.EXPLICIT_DENY)
    allowed = _allows(verdict)
    outcomes = {True: Outcome.ALLOWED, False: Outcome.IMPLICIT_DENY, None: Outcome.UNDECIDED}
    return str(outcomes[allowed])


def _matched(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the statements that apply, as far as AWS lists them.

    Of a type of policy with a Deny that applies it lists the Denies alone. An Allow it lists of
    what grants, even beside the Deny of another type, and never of what limits.
    """
    found: list[dict[str, Any]] = []
    for layer in _TYPES:
        applying = [pair for pair in _matches(evaluation, layer) if pair[1].applies]
        denying = [pair for pair in applying if pair[1].statement.effect is Effect.DENY]
        for number, match in denying or (applying if layer in _GRANTING else ()):
            found.append(_entry(layer, number, match.statement))
    return found


def _matches(evaluation: Evaluation, layer: Layer) -> Iterator[tuple[int, StatementMatch]]:
    """Yield how each statement of a layer came out, with the number of its policy."""
    for number, compiled in enumerate(evaluation.policies.documents(layer), 1):
        for match in explain_level(evaluation, (compiled,)):
            yield number, match


def _entry(layer: Layer, number: int, statement: Statement) -> dict[str, Any]:
    start, end = _ends(statement)
    return {
        "SourcePolicyId": _policy_id(layer, number, statement.document),
        "SourcePolicyType": _TYPES[layer][0],
        "StartPosition": {"Line": start.line, "Column": start.column},
        "EndPosition": {"Line": end.line, "Column": end.column},
    }


def _policy_id(layer: Layer, number: int, document: Document) -> str:
    """Return the id of a policy: of an inline one what it is called, else its number in a list."""
    found = document.attachment
    if document.source.text == FULL_AWS_ACCESS:
        return "FullAWSAccess"
    if found is not None and found.owner and found.name:
        return f"{found.kind}_{found.owner}_{found.name}"
    name = _TYPES[layer][1]
    return name if layer in _RESOURCE else f"{name}.{number}"


def _ends(statement: Statement) -> tuple[Place, Place]:
    """Return where AWS says that a statement begins and ends in the text of its policy.

    AWS tells where its reader of JSON stands: lines and columns count from 1. When it has read a
    statement, it stands just past the statement's closing brace, and that is the end. When it comes
    to a statement of a list, it stands where it had read to: just past the list's opening bracket,
    or just past the brace of the statement before, so that the comma, blanks and line ends between
    two statements belong to the second one. A statement that is no list it has opened already, and
    stands just past its own opening brace. All recordings of AWS's simulator agree.
    """
    source, root = statement.document.source, statement.document.root
    places, path = locate(source), (*root, *statement.path)
    begin, end = places.value(path)
    if isinstance(path[-1], int):
        before = places.value((*path[:-1], path[-1] - 1)).end if path[-1] else None
        begin = places.value(path[:-1]).start + 1 if before is None else before
    else:
        begin += 1
    return source.place(begin), source.place(end)


def _missing(evaluation: Evaluation) -> list[str]:
    """Return the keys that statements about this action and resource ask for and nobody gave."""
    context = evaluation.request.context
    tests: Sequence[str] = [
        evidence.test.key
        for layer in _TYPES
        for _, match in _matches(evaluation, layer)
        if match.action and match.resource is not False and match.named is not False
        for evidence in match.tests
        if evidence.test.key.lower() not in context.known
    ]
    return list({key.lower(): key for key in reversed(tests)}.values())[::-1]
