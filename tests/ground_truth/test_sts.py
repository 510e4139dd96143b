"""Recorded answers of STS to whole calls, and its texts, against what is answered here."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.policy import kinds
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import parse_principal
from simulator.sts import errors, parameters
from simulator.sts.answer import Answer, answer_to
from simulator.sts.call import Call, Role
from simulator.sts.operations import OF_ROLES, Operation
from simulator.sts.parameters import Parameters
from simulator.testing.plain import as_policies, as_policy
from tests.ground_truth.recorded import NEEDED, Case, read_cases, texts

pytestmark = NEEDED

ALICE: Final = "arn:aws:iam::111111111111:user/alice"
FIELDS: Final = {
    "RoleSessionName": "role_session_name",
    "DurationSeconds": "duration_seconds",
    "ExternalId": "external_id",
    "SourceIdentity": "source_identity",
    "Policy": "policy",
    "Name": "name",
}
EVERYTHING: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}
#: Texts of AWS that are neither told nor read.
NOT_TOLD: Final = {
    "rep-mfa-wrong-code": "any six digits are right",
    "rep-packed-policy": "nobody outside AWS knows how tags are packed",
    "rep-invalid-token-2": "no provider is asked for its keys",
}


def _recorded() -> list[Any]:
    cases = read_cases("sts_localstack.json")
    return [pytest.param(case, id=case["id"]) for case in cases if case["request"]]


def _answer(case: Case) -> Answer:
    request = case["request"]
    operation = Operation(request["operation"].removeprefix("sts:"))
    given: dict[str, Any] = {f: request[name] for name, f in FIELDS.items() if name in request}
    given["tags"] = tuple((tag["Key"], tag["Value"]) for tag in request.get("Tags", ()))
    given["transitive_tag_keys"] = tuple(request.get("TransitiveTagKeys", ()))
    if operation is Operation.GET_FEDERATION_TOKEN:
        given["name"] = "carol"  # the recording does not show it
    role_arn = _named(request.get("RoleArn", ""))
    if "role_session_name" in given:
        given["role_session_name"] = _named(given["role_session_name"])
    arn = parse_arn(role_arn)
    role = Role(arn, tags={}, max_session_duration=3600) if arn and texts(case, "trust") else None
    documents = {Layer.IDENTITY: [EVERYTHING]}
    documents |= {Layer.TRUST: [json.loads(text) for text in texts(case, "trust")]} if role else {}
    passed = Parameters(role_arn=role_arn, **given)
    call = Call(_caller(case), passed, role, as_policies(documents), {}, operation=operation)
    call = call._replace(closed_world=True)
    return answer_to(call)


def _named(text: str) -> str:
    """Return a text with the placeholders of the recording filled in."""
    return re.sub(r"<([\w-]+)(?::\d)?>", r"\1", text)


def _caller(case: Case) -> Caller:
    session = case["context"].get("caller_session", {})
    tags = {tag["Key"]: tag["Value"] for tag in session.get("Tags", ())}
    who = parse_principal(case["principal"] if session else ALICE)
    kind = Credentials.ROLE_SESSION if session else Credentials.LONG_TERM
    return Caller(
        who, kind, tags=tags, transitive_tag_keys=frozenset(session.get("TransitiveTagKeys", ()))
    )


@pytest.mark.parametrize("case", _recorded())
def test_call(case: Case) -> None:
    expected, answer = case["expected"], _answer(case)
    assert (answer.outcome == "allowed") is (expected["decision"] == "allowed")
    assert (answer.error and answer.error.code) == expected["error_code"]
    assert (answer.error and answer.error.message) == expected["error_message"]
    user = (expected.get("response") or {}).get("AssumedRoleUser")
    if user and answer.session:
        assert answer.session.arn == _named(user["Arn"].replace("<partition>", "aws"))


KNOWN: Final = {
    error.message for error in vars(errors).values() if isinstance(error, errors.AwsError)
}


def _texts() -> list[Any]:
    cases = read_cases("manual_docs_and_reports.json")
    told = [c for c in cases if c["kind"] == "sts_parameter" and not c["request"]]
    return [pytest.param(case, id=case["id"]) for case in told]


@pytest.mark.parametrize("case", _texts())
def test_text(case: Case) -> None:
    message = case["expected"]["error_message"]
    issuer = message.partition("https://")[2]
    known = KNOWN | {errors.no_provider(issuer).message}
    assert (message in known) is (case["id"] not in NOT_TOLD)


def test_session_policies_are_refused_where_aws_refuses_their_length() -> None:
    (case,) = (c for c in read_cases("sts_localstack.json") if c["id"].endswith("policy-too-long"))
    policy = case["request"]["Policy"]
    as_policy(json.loads(policy), kinds.SESSION)
    for operation in (*OF_ROLES, Operation.GET_FEDERATION_TOKEN):
        passed = Parameters(policy=policy, name="carol" if operation not in OF_ROLES else None)
        error = parameters.refusal(passed, operation)
        limited = error is not None and "at 'policy'" in error.message
        assert limited is (operation is not Operation.ASSUME_ROLE)  # STS-23
