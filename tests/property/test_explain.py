"""What `assume` and `simulate` print of a denial is read back, in every client's wrapping."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from unicodedata import category

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.diagnostic import DocumentError
from simulator.evaluation.denial import NAMED, denial, reason_of
from simulator.incident.commands import commands
from simulator.incident.errors import incidents_in
from simulator.incident.meanings import meaning_of
from simulator.incident.model import IncidentError
from simulator.incident.read import read_incidents
from simulator.rendering.incident import incident_text, incident_value, log_value
from simulator.request.principal import called
from simulator.simulate import simulate
from simulator.sts import errors
from simulator.sts.errors import AwsError
from simulator.sts.operations import UNSIGNED
from tests import questions, sts_engine, sts_strategies

if TYPE_CHECKING:
    from simulator.incident.model import Incident
    from tests.questions import Ask

_CLAUSE = re.compile("because no|explicit deny")
WRAPPINGS = (
    "{message}",
    "\nAn error occurred ({code}) when calling the {operation} operation: {message}\n",
    "aws: [ERROR]: An error occurred ({code}) when calling the {operation} operation: {message}\n",
    (
        "botocore.exceptions.ClientError: An error occurred ({code}) when calling the {operation}"
        " operation: {message}"
    ),
    (
        "│ Error: operation error {service}: {operation}, https response error StatusCode: 403,"
        " RequestID: 1-2, api error {code}: {message}\n│ \n╵"
    ),
    "{code}: {message}\n\tstatus code: 403, request id: 1-2",
    "a.b.{service}Exception: {message} (Service: {service}, Status Code: 403, Request ID: 1-2)",
    (
        "a.b.{service}Exception: {message} (Service: {service}; Status Code: 403; Error Code:"
        " {code}; Request ID: 1-2; Proxy: null)"
    ),
    "{code}: {message}\n    at f (/a/b.js:1:2) {{\n  Code: '{code}'\n}}",
)


def wrapped(wrapping: str, message: str, code: str, action: str) -> str:
    """Return an error as a client prints it; what is in the message stays as it is."""
    service, _, operation = action.partition(":")
    told = {"{code}": code, "{operation}": operation, "{service}": service.upper()}
    for mark, text in told.items():
        wrapping = wrapping.replace(mark, text)
    return wrapping.replace("{{", "{").replace("}}", "}").replace("{message}", message)


def only(text: str) -> Incident:
    """Return the one incident in a text."""
    (found,) = incidents_in(text)
    return found


@given(questions.asks(), st.sampled_from(WRAPPINGS))
def test_every_denial_of_a_request_is_read_back(ask: Ask, wrapping: str) -> None:
    evaluation = simulate(ask.question)
    error = denial(evaluation)
    assume(error is not None)
    assert error is not None
    request = evaluation.request
    found = only(wrapped(wrapping, error.message, error.code, request.action))
    assert found.caller == called(request.principal)
    assert (found.action, found.resource) == (request.action, request.resource)
    assert_reason(found, reason_of(evaluation) if _CLAUSE.search(error.message) else "")


def assert_reason(found: Incident, clause: str) -> None:
    """Assert that the reason that was read is the one that a clause tells."""
    layers = [layer for name, layer in NAMED.items() if f" {name}" in clause]
    if not clause:
        assert found.reason is None
    else:
        assert found.reason is not None
        assert found.reason.layer in layers
        assert found.reason.explicit is (" explicit deny " in clause)


@given(sts_strategies.files(), st.sampled_from(WRAPPINGS))
def test_every_error_of_sts_is_read_back(
    drawn: tuple[dict[str, Any], dict[str, Any]], wrapping: str
) -> None:
    call, answer = sts_engine.links(drawn[0])[-1]
    error = answer.error
    assume(error is not None and error.status is not None)
    assert error is not None
    found = only(wrapped(wrapping, error.message, error.code, call.operation.action))
    if " is not authorized to perform: " in error.message:
        assert found.caller == called(call.principal)
        assert found.resource == call.resource
        assert found.action is not None
        assert f"perform: {found.action} on" in error.message
    elif call.operation in UNSIGNED and error.code == "AccessDenied":
        assert found.action == call.operation.action
    else:
        meaning = meaning_of(found.message, found.code)
        assert meaning is not None
        assert meaning == meaning_of(error.message, error.code)
        assert found.message == " ".join(error.message.split())


ALONE = st.sampled_from(
    [
        *(error for error in vars(errors).values() if isinstance(error, AwsError)),
        errors.packed_tags(120),
        errors.packed_too_large(138),
        errors.region_disabled("111111111111"),
        errors.no_provider("token.example.com/a"),
        errors.token_expired(1, 2),
        errors.AwsError(
            "SignatureDoesNotMatch",
            "Signature expired: 20261124T010000Z is now earlier than 20261124T014500Z"
            " (20261124T020000Z - 15 min.)",
            403,
        ),
    ]
)


@given(ALONE, st.sampled_from(WRAPPINGS), st.sampled_from(["", "\n2026-11-24 INFO retrying\n"]))
def test_what_aws_says_comes_back_whole(error: AwsError, wrapping: str, behind: str) -> None:
    text = wrapped(wrapping, error.message, error.code, "sts:AssumeRole") + behind
    assert only(text).message == " ".join(error.message.split())


# --- whatever is read, it is told or refused

EVENT: dict[str, Any] = {
    "eventName": "AssumeRole",
    "eventSource": "sts.amazonaws.com",
    "eventID": "e-1",
    "eventTime": "2026-11-24T12:00:00Z",
    "errorCode": "AccessDenied",
    "errorMessage": "User: a is not authorized to perform: sts:AssumeRole on resource: b",
    "sourceIPAddress": "203.0.113.7",
    "recipientAccountId": "111111111111",
    "resources": [{"ARN": "arn:aws:iam::111111111111:role/r"}],
    "requestParameters": {
        "roleArn": "arn:aws:iam::111111111111:role/r",
        "durationSeconds": 900,
        "tags": [{"key": "k", "value": "v"}],
        "transitiveTagKeys": ["k"],
        "policyArns": [{"arn": "arn:aws:iam::aws:policy/p"}],
    },
    "userIdentity": {
        "type": "AssumedRole",
        "arn": "arn:aws:sts::111111111111:assumed-role/r/s",
        "accessKeyId": "ASIAEXAMPLEEXAMPLE00",
        "identityProvider": "accounts.google.com",
        "principalId": "accounts.google.com:a:b",
        "userName": "b",
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111111111111:role/r"},
            "attributes": {"mfaAuthenticated": "true", "creationDate": "2026-11-24T12:00:00Z"},
        },
    },
}
TYPES = ("IAMUser", "Root", "FederatedUser", "WebIdentityUser", "SAMLUser", "AWSService", "Unknown")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.sampled_from(TYPES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths of all members of a value."""
    members: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    inner = [found for step, each in members for found in paths(each, (*path, step))]
    return [*([path] if path else []), *inner]


def changed(
    path: tuple[str | int, ...], value: object, document: dict[str, Any] = EVENT
) -> dict[str, Any]:
    """Return a document with another value at a path."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    holder: Any = copy
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return copy


#: Control characters, halves of others, and what ends lines and paragraphs.
ACTING = frozenset({"Cc", "Cs", "Zl", "Zp"})


def told(data: bytes) -> str:
    """Return how some bytes are told as incidents in all formats, or with which message refused."""
    shown = []
    try:
        reading = read_incidents(io.BytesIO(data), "log")
    except (IncidentError, DocumentError) as error:
        return str(error)
    for found in reading.found:
        fetch = commands(found.incident)
        text = incident_text(found, fetch)
        assert not [char for char in text if char != "\n" and category(char) in ACTING]
        shown += [text, *(command.line for command in fetch), json.dumps(incident_value(found))]
    return "\n".join((*shown, json.dumps(log_value(reading))))


#: What a secret is written with, and what of it must not be seen.
SECRETS = {
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": "wJalrXUtnFEMI",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": "wJalrXUtnFEMI",
    "x\nAWS_SESSION_TOKEN=IQoJ" + "EXAMPLE" * 20: "EXAMPLEEXAMPLE",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJFWEFNUExFIn0.EXAMPLE": "eyJzdWIi",
    "PHNhbWxw" + "EXAMPLE" * 20: "EXAMPLEEXAMPLE",
    'password: "EXAMPLE-of-one"': "of-one",
}
ERROR = "An error occurred ({}) when calling the {} operation: {}"
DECODED: dict[str, Any] = {
    "explicitDeny": True,
    "matchedStatements": {
        "items": [
            {
                "statementId": "s",
                "effect": "DENY",
                "actions": {"items": [{"value": "s3:*"}]},
                "conditions": {"items": [{"key": "k:k", "values": {"items": [{"value": "v"}]}}]},
            }
        ]
    },
    "context": {
        "principal": {"id": "AIDA", "arn": "arn:aws:iam::111111111111:user/alice"},
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "conditions": {"items": [{"key": "aws:k", "values": {"items": [{"value": "v"}]}}]},
    },
}


@given(st.sampled_from(sorted(SECRETS)), st.sampled_from(("{}", "foo {}", "{} bar")), st.data())
def test_no_format_tells_a_secret(secret: str, around: str, data: st.DataObject) -> None:
    text = around.format(secret)
    form = data.draw(st.sampled_from(("event", "decoded", "error", "answer")))
    if form == "error":
        parts = ["SomethingException", "AssumeRole", "foo"]
        parts[data.draw(st.integers(0, 2))] = text
        document = ERROR.format(*parts)
    elif form == "answer":
        members = {"Code": "SomethingException", "Message": "m"}
        document = json.dumps(
            {"Error": members | {data.draw(st.sampled_from(sorted(members))): text}}
        )
    else:
        value = EVENT if form == "event" else DECODED
        document = json.dumps(changed(data.draw(st.sampled_from(paths(value))), text, value))
    shown = told(document.encode())
    assert SECRETS[secret] not in shown


def test_what_looks_like_a_secret_is_unknown_and_no_other_text() -> None:
    event = changed(("requestParameters", "externalId"), "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    (found,) = read_incidents(io.BytesIO(json.dumps(event).encode()), "log").found
    assert found.incident.parameters.external_id is None
    assert not found.incident.whole
    assert "left out, since it looks like a secret: `external_id`" in found.incident.notes


@given(st.sampled_from(paths(EVENT)), JSON)
def test_an_event_of_any_shape_is_told(path: tuple[str | int, ...], value: object) -> None:
    told(json.dumps(changed(path, value)).encode())


@given(JSON)
def test_any_json_is_told_or_refused(value: object) -> None:
    told(json.dumps(value).encode())


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_are_told_or_refused(data: bytes) -> None:
    told(data)
    told(b"AccessDenied: User: " + data)
