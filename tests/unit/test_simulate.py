"""What a request of any kind has in its context, and which policies apply to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.decision.verdict import Layer
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT, Policies
from simulator.request.caller import Caller, implied_credentials
from simulator.request.context import Several
from simulator.request.principal import Anonymous, RoleSession, ServicePrincipal, parse_principal
from simulator.simulate import Question, applicable, as_request
from tests import worlds

if TYPE_CHECKING:
    from simulator.request.context import RequestContext

QUEUE = "arn:aws:sqs:eu-west-1:111111111111:q"
ALICE = parse_principal("arn:aws:iam::111111111111:user/alice")
SERVICE = ServicePrincipal("sns.amazonaws.com")


def asked(caller: Any = ALICE, **more: Any) -> Question:  # noqa: ANN401 - fields of a question
    """Return a question about a queue."""
    signed = not isinstance(caller, (ServicePrincipal, Anonymous))
    who = Caller(caller, implied_credentials(caller)) if signed else caller
    fields = {"policies": Policies({}), "context": {}, "resource": QUEUE, **more}
    return Question(who, "sqs:SendMessage", **fields)


def context(caller: Any = ALICE, **more: Any) -> RequestContext:  # noqa: ANN401 - see above
    """Return the context of such a question."""
    return as_request(asked(caller, **more)).context


def test_a_call_through_a_service_comes_via_a_service() -> None:
    called_via = {"aws:CalledVia": Several(["athena.amazonaws.com"])}
    assert context(context=called_via).known["aws:viaawsservice"] == "true"  # CTX-14
    assert context().known["aws:viaawsservice"] == "false"  # CTX-13
    said = {**called_via, "aws:ViaAWSService": "false"}
    assert context(context=said).known["aws:viaawsservice"] == "false"


@pytest.mark.parametrize("caller", [SERVICE, Anonymous()])
def test_who_does_not_sign_is_of_no_organization(caller: Any) -> None:  # noqa: ANN401 - see above
    found = context(caller)
    assert found.presence("aws:principalorgid") is False  # CTX-3
    assert found.presence("aws:resourceorgid") is None
    assert found.presence("aws:principaltag/team") is False


def test_of_who_signs_nobody_knows_the_organization() -> None:
    assert context().presence("aws:principalorgid") is None
    assert context().presence("aws:principaltag/team") is None
    assert context(closed_world=True).presence("aws:principalorgid") is False


def test_one_account_is_in_one_organization() -> None:
    given = {"aws:PrincipalOrgID": "o-example"}
    assert context(context=given).known["aws:resourceorgid"] == "o-example"
    foreign = QUEUE.replace("111111111111", "222222222222")
    assert "aws:resourceorgid" not in context(context=given, resource=foreign).known


def test_through_an_endpoint_there_is_no_public_address() -> None:
    through = Policies({Layer.ENDPOINT: NO_GRANT})
    assert context().values("aws:sourceip") is None  # CTX-11
    assert context(policies=through).values("aws:sourceip") == ()
    assert context(policies=through).values("aws:sourcevpce") is None
    assert context(SERVICE).values("aws:sourceip") == ()


def test_nobody_knows_the_owner_of_a_bucket() -> None:
    assert context(resource="arn:aws:s3:::b").values("aws:resourceaccount") is None
    known = context(resource="arn:aws:s3:::b", owner="222222222222")
    assert known.known["aws:resourceaccount"] == "222222222222"  # CTX-15


LIMITED = Policies({Layer.SCP: NO_GRANT, Layer.RCP: NO_GRANT})
LINKED = worlds.arn("arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/R")
SESSION = RoleSession(worlds.arn("arn:aws:sts::111111111111:assumed-role/R/s"))


@pytest.mark.parametrize(
    ("question", "scps", "rcps"),
    [
        (asked(policies=LIMITED), NO_GRANT, NO_GRANT),
        (asked(policies=LIMITED, management_account="111111111111"), NO_LIMIT, NO_LIMIT),
        (asked(policies=LIMITED, management_account="222222222222"), NO_GRANT, NO_GRANT),
        (asked(SERVICE, policies=LIMITED), NO_LIMIT, NO_GRANT),  # EVAL-70, EVAL-53
        (asked(Anonymous(), policies=LIMITED), NO_LIMIT, NO_GRANT),
        (asked(SESSION._replace(role=LINKED), policies=LIMITED), NO_LIMIT, NO_LIMIT),  # EVAL-72
        (asked(SESSION, policies=LIMITED), NO_GRANT, NO_GRANT),
        (asked(policies=LIMITED, resource="*"), NO_GRANT, NO_LIMIT),  # EVAL-54
        (
            asked(policies=LIMITED, resource=QUEUE.replace("sqs", "sns"))._replace(
                action="sns:Publish"
            ),
            NO_GRANT,
            NO_LIMIT,  # EVAL-52
        ),
    ],
)
def test_whom_organizations_limit(question: Question, scps: object, rcps: object) -> None:
    found = applicable(question)
    assert (found.levels(Layer.SCP), found.levels(Layer.RCP)) == (scps, rcps)
