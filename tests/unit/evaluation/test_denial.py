"""What AWS answers to a denied request, word for word."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from simulator.decision.combine import Decision, Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.denial import denial
from simulator.evaluation.evaluate import Evaluation, evaluate
from simulator.evaluation.policies import Policies
from simulator.request.context import RequestContext
from simulator.request.principal import Anonymous, parse_principal
from simulator.request.request import Request

if TYPE_CHECKING:
    from simulator.request.principal import Principal

ALICE = parse_principal("arn:aws:iam::111111111111:user/alice")
QUEUE = "arn:aws:sqs:eu-west-1:111111111111:q"
ROLE = "arn:aws:iam::111111111111:role/r"
HEAD = "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: "


def decided(
    decision: Decision, action: str = "sqs:SendMessage", resource: str = QUEUE
) -> Evaluation:
    """Return an evaluation with a decision."""
    asked = Request(ALICE, action, resource, RequestContext({}), "111111111111")
    return evaluate(asked, Policies({}))._replace(decision=decision)


def message(evaluation: Evaluation) -> str:
    """Return the message of a denial."""
    found = denial(evaluation)
    assert found is not None
    assert (found.code, found.status) == ("AccessDenied", 403)
    return found.message


def explicit(*layers: Layer) -> Decision:
    """Return a decision by Deny statements of some layers."""
    return Decision(Outcome.EXPLICIT_DENY, denying=layers)


def implicit(*layers: Layer) -> Decision:
    """Return a decision by which some layers had to allow and do not."""
    return Decision(Outcome.IMPLICIT_DENY, missing=layers)


#: As the specification orders them for the message.
EXPLICIT = (  # ERR-11, ERR-14
    (Layer.SCP, "a service control policy"),
    (Layer.RCP, "a resource control policy"),
    (Layer.ENDPOINT, "a VPC endpoint policy"),
    (Layer.RESOURCE, "a resource-based policy"),
    (Layer.BOUNDARY, "a permissions boundary"),
    (Layer.SESSION, "a session policy"),
    (Layer.IDENTITY, "an identity-based policy"),
)
IMPLICIT = (  # ERR-12, ERR-13, ERR-14
    (Layer.SCP, "service control policy"),
    (Layer.ENDPOINT, "VPC endpoint policy"),
    (Layer.BOUNDARY, "permissions boundary"),
    (Layer.SESSION, "session policy"),
    (Layer.RESOURCE, "resource-based policy"),
    (Layer.IDENTITY, "identity-based policy"),
)


@pytest.mark.parametrize(("layer", "named"), EXPLICIT)
def test_explicit(layer: Layer, named: str) -> None:
    text = f"{HEAD}sqs:SendMessage on resource: {QUEUE} with an explicit deny in {named}"
    assert message(decided(explicit(layer))) == text


@pytest.mark.parametrize(("layer", "named"), IMPLICIT)
def test_implicit(layer: Layer, named: str) -> None:
    reason = f" because no {named} allows the sqs:SendMessage action"
    assert (
        message(decided(implicit(layer))) == f"{HEAD}sqs:SendMessage on resource: {QUEUE}{reason}"
    )


@pytest.mark.parametrize("pair", list(combinations(EXPLICIT, 2)))
def test_of_several_that_deny_one_is_named(pair: tuple[tuple[Layer, str], ...]) -> None:
    (first, named), (second, _) = pair
    assert message(decided(explicit(second, first))).endswith(f"in {named}")


@pytest.mark.parametrize("pair", list(combinations(IMPLICIT, 2)))
def test_of_several_that_are_silent_one_is_named(pair: tuple[tuple[Layer, str], ...]) -> None:
    (first, named), (second, _) = pair
    assert f"no {named} allows" in message(decided(implicit(second, first)))


def test_sts_says_no_reason() -> None:
    text = message(decided(implicit(Layer.TRUST), "sts:AssumeRole", ROLE))
    assert text == f"{HEAD}sts:AssumeRole on resource: {ROLE}"  # ERR-18


def test_s3_puts_the_resource_between_quotation_marks() -> None:
    text = message(decided(implicit(Layer.IDENTITY), "s3:GetObject", "arn:aws:s3:::b/k"))
    assert 'on resource: "arn:aws:s3:::b/k" because' in text  # ERR-10


@pytest.mark.parametrize("principal", [Anonymous()])
def test_who_does_not_sign_is_anonymous(principal: Principal) -> None:
    evaluation = decided(implicit(Layer.RESOURCE))
    asked = evaluation.request._replace(principal=principal)
    assert message(evaluation._replace(request=asked)).startswith("User: anonymous is not")


@pytest.mark.parametrize("outcome", [Outcome.ALLOWED, Outcome.UNDECIDED])
def test_what_is_not_denied_has_no_error(outcome: Outcome) -> None:
    assert denial(decided(Decision(outcome))) is None
