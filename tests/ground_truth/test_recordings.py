"""What AWS was recorded to answer, and what its documentation shows, is what we answer.

The recordings are other people's and no part of this project: `IAMSIM_GROUND_TRUTH` names the
folder that holds them, and the tests skip without it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnostic import DocumentError
from simulator.matcher.conditions import compile_test
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.policy.model import Document
from simulator.request.context import RequestContext, Several
from simulator.source import Source
from simulator.sts import parameters
from simulator.sts.parameters import Parameters
from simulator.syntax import decode

if TYPE_CHECKING:
    from simulator.request.context import Value

FOLDER = Path(os.environ.get("IAMSIM_GROUND_TRUTH", ""))
pytestmark = pytest.mark.skipif(
    "IAMSIM_GROUND_TRUTH" not in os.environ, reason="IAMSIM_GROUND_TRUTH names no recordings"
)
KINDS = {
    "identity": kinds.IDENTITY,
    "aws_managed": kinds.IDENTITY,
    "trust": kinds.TRUST,
    "session": kinds.SESSION,
    "scp": kinds.SCP,
    "rcp": kinds.RCP,
}
FIELDS = {
    "RoleArn": "role_arn",
    "RoleSessionName": "role_session_name",
    "DurationSeconds": "duration_seconds",
    "ExternalId": "external_id",
    "SerialNumber": "serial_number",
    "TokenCode": "token_code",
    "SourceIdentity": "source_identity",
}


def recorded(file: str, kind: str) -> list[Any]:
    """Return the cases of a kind in a file, none where there are no recordings."""
    if "IAMSIM_GROUND_TRUTH" not in os.environ:
        return []
    cases = json.loads((FOLDER / file).read_text())
    return [
        pytest.param(case, id=case["id"])
        for case in (cases if isinstance(cases, list) else cases["cases"])
        if case["kind"] == kind and "CONTESTED" not in (case["notes"] or "")
    ]


def is_stored(text: str, kind: kinds.PolicyKind) -> bool:
    """Whether we would evaluate a document, which is so if AWS would store it."""
    try:
        build(unwrap(Source("recorded", text)).document, kind)
    except DocumentError as error:
        return not error.diagnostics  # a refusal without a reason would be none
    return True


@pytest.mark.parametrize(
    "case", recorded("trust_document_validation_localstack.json", "trust_document_validation")
)
def test_trust_policies(case: dict[str, Any]) -> None:
    (text,) = case["policies"]["trust"]
    if "<" in text and case["expected"]["decision"] == "accepted":
        pytest.skip("the recording hides a part of the document")
    assert is_stored(text, kinds.TRUST) is (case["expected"]["decision"] == "accepted")


def test_every_document_of_the_corpus_is_read_or_refused_with_a_reason() -> None:
    read = 0
    for line in (FOLDER / "policy_corpus.jsonl").read_text().splitlines():
        entry = json.loads(line)
        read += is_stored(entry["text"], KINDS.get(entry["kind"], kinds.IDENTITY))
    assert read > 1000


@pytest.mark.parametrize("case", recorded("manual_docs_and_reports.json", "condition_operator"))
def test_condition_operators(case: dict[str, Any]) -> None:
    source = Source("documented", _policy_text(case))
    (built,) = build(Document(source, (), decode(source)), kinds.IDENTITY).statements
    values = {key: _value(given) for key, given in case["context"].items()}
    context = RequestContext(values)
    holds = [compile_test(test, variables=True)(context) for test in built.conditions]
    assert all(holds) is (case["expected"]["decision"] in {"match", "allowed", "explicitDeny"})


def _policy_text(case: dict[str, Any]) -> str:
    """Return the policy of a case; some give no more than the condition."""
    if case["request"] is None:
        (text,) = case["policies"]["identity"]
        return str(text)
    condition = case["request"]["condition"]
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _value(given: dict[str, Any]) -> Value:
    values = [str(value) for value in given["values"] or ()]
    if len(values) > 1 or given.get("multivalued"):
        return Several(values)
    return values[0] if values else None


@pytest.mark.parametrize(
    "case",
    [
        case
        for file in ("sts_localstack.json", "manual_docs_and_reports.json")
        for case in recorded(file, "sts_parameter")
    ],
)
def test_parameters(case: dict[str, Any]) -> None:
    request = case["request"] or {}
    if request.get("operation") != "sts:AssumeRole" or "RoleArn" not in request:
        pytest.skip("the request was not recorded, or is another call than AssumeRole")
    if "override-transitive" in case["id"]:
        pytest.skip("hangs on the caller's session: conformance case V20 holds it")
    given = {field: request[name] for name, field in FIELDS.items() if name in request}
    tags = tuple((tag["Key"], tag["Value"]) for tag in request.get("Tags", ()))
    keys = tuple(request.get("TransitiveTagKeys", ()))
    error = parameters.refusal(Parameters(**given, tags=tags, transitive_tag_keys=keys))
    expected = case["expected"]
    assert (error and error.code) == expected["error_code"]
    assert (error and error.message) == expected["error_message"]
