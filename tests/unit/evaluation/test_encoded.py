"""Encoded authorization messages: what they hold, how long they are, what damage does to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.decision.verdict import Layer
from simulator.evaluation.denial import denial
from simulator.evaluation.encoded import (
    LONGEST,
    MARKER,
    EncodedError,
    decode,
    encode,
    is_decodable,
)
from simulator.evaluation.evaluate import Evaluation, evaluate
from simulator.evaluation.policies import Policies
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.request.context import RequestContext, Several
from simulator.request.principal import parse_principal
from simulator.request.request import Request
from simulator.source import Source

if TYPE_CHECKING:
    from simulator.request.context import Value

ALICE = "arn:aws:iam::111111111111:user/team/alice"
INSTANCE = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"
DENYING = """{"Statement": [
  {"Sid": "Other", "Effect": "Deny", "Action": "s3:*", "Resource": "*"},
  {"Sid": "Yes", "Effect": "Allow", "Action": "*", "Resource": "*"},
  {"Sid": "No", "Effect": "Deny", "Action": ["ec2:Stop*", "ec2:Start*"], "Resource": "*",
   "Condition": {"StringEquals": {"aws:username": ["alice", "bob"]}}}]}"""


def evaluated(
    text: str = DENYING,
    context: dict[str, Value] | None = None,
    action: str = "ec2:StopInstances",
    resource: str = INSTANCE,
) -> Evaluation:
    """Return what an identity policy says to a request of alice."""
    policy = build(unwrap(Source("p.json", text)).document, kinds.IDENTITY)
    known = RequestContext({"aws:username": "alice", **(context or {})})
    request = Request(parse_principal(ALICE), action, resource, known, "111111111111")
    return evaluate(request, Policies({Layer.IDENTITY: ((compile_policy(policy),),)}))


def items(*values: str) -> dict[str, Any]:
    """Return values as AWS lists them."""
    return {"items": [{"value": value} for value in values]}


def test_what_a_message_holds() -> None:
    found = decode(encode(evaluated(context={"aws:userid": "AIDAX", "aws:TagKeys": Several("ab")})))
    assert found == {
        "allowed": False,
        "explicitDeny": True,
        "matchedStatements": {
            "items": [
                {
                    "statementId": "No",
                    "effect": "DENY",
                    "principals": items(),
                    "principalGroups": items(),
                    "actions": items("ec2:Stop*", "ec2:Start*"),
                    "resources": items("*"),
                    "conditions": {
                        "items": [{"key": "aws:username", "values": items("alice", "bob")}]
                    },
                }
            ]
        },
        "failures": items(),
        "context": {
            "principal": {"id": "AIDAX", "name": "alice", "arn": ALICE},
            "action": "ec2:StopInstances",
            "resource": INSTANCE,
            "conditions": {
                "items": [
                    {"key": "aws:tagkeys", "values": items("a", "b")},
                    {"key": "aws:userid", "values": items("AIDAX")},
                    {"key": "aws:username", "values": items("alice")},
                ]
            },
        },
    }


def test_a_denial_that_nobody_spoke_out() -> None:
    text = '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    found = decode(encode(evaluated(text)))
    assert (found["explicitDeny"], found["matchedStatements"]) == (False, items())


@pytest.mark.parametrize("action", ["ec2:StopInstances", "EC2:StopInstances"])
def test_denial_of_ec2(action: str) -> None:
    evaluation = evaluated(action=action)
    found = denial(evaluation)
    assert found is not None
    assert (found.code, found.status) == ("UnauthorizedOperation", 403)
    assert found.message == (  # ERR-17
        f"You are not authorized to perform this operation. User: {ALICE} is not authorized to"
        f" perform: {action} on resource: {INSTANCE} with an explicit deny in an identity-based"
        f" policy. Encoded authorization failure message: {encode(evaluation)}"
    )


TEXTS = st.text(max_size=3000)


@given(st.dictionaries(st.text("abc", min_size=1).map("aws:{}".format), TEXTS), TEXTS, TEXTS)
def test_a_message_is_one_word_of_bounded_length(
    context: dict[str, Value], action: str, resource: str
) -> None:
    many = {f"aws:key{number}": str(number) * 40 for number in range(400)}
    message = encode(evaluated(context={**many, **context}, action=action, resource=resource))
    assert len(message) <= LONGEST
    assert re.fullmatch(r"[A-Za-z0-9_-]+", message)
    assert is_decodable(message)
    assert decode(message)["context"]["principal"]["name"] == "alice"


@given(st.data())
def test_damage_is_noticed(data: st.DataObject) -> None:
    message = encode(evaluated())
    place = data.draw(st.integers(len(MARKER), len(message) - 4))
    other = data.draw(st.sampled_from("AZaz09_-"))
    assert not is_decodable(message[:place])
    damaged = message[:place] + other + message[place + 1 :]
    if is_decodable(damaged):  # a few bits of the packed form say nothing
        assert decode(damaged) == decode(message)
    else:
        with pytest.raises(EncodedError):
            decode(damaged)


@given(st.text())
def test_no_text_makes_trouble(text: str) -> None:
    for message in (text, MARKER + text):
        is_decodable(message)
        with pytest.raises(EncodedError):
            decode(message)


def test_a_message_that_would_fill_the_memory() -> None:
    import zlib  # noqa: PLC0415
    from base64 import urlsafe_b64encode  # noqa: PLC0415

    bomb = MARKER + urlsafe_b64encode(zlib.compress(b" " * 100_000_000)).decode().rstrip("=")
    assert not is_decodable(bomb)


def test_what_aws_encoded_is_left_to_aws() -> None:
    assert is_decodable("AQIDBA")
    assert not is_decodable("no message")
    assert is_decodable(f"{encode(evaluated())}\n")
