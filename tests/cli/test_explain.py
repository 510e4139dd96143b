"""`iamsim explain`: from an error, events and messages to what they prove, and decided anew."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import ALICE, CI, DEPLOY, allowing, policy, run, trusting

DENIAL = f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {DEPLOY}"
ERROR = f"An error occurred (AccessDenied) when calling the AssumeRole operation: {DENIAL}\n"
SECRET = "FwoGZXIvYXdzEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE"  # noqa: S105
WITH_ID = trusting("111111111111", Condition={"StringEquals": {"sts:ExternalId": "blue"}})


def event(number: int = 1, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return a record of CloudTrail about a denied AssumeRole, some of whose members differ."""
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:build",
            "arn": CI,
            "accountId": "111111111111",
            "accessKeyId": "ASIAEXAMPLEEXAMPLE00",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "arn": "arn:aws:iam::111111111111:role/team/ci",
                },
                "attributes": {
                    "creationDate": "2026-11-24T11:00:00Z",
                    "mfaAuthenticated": "false",
                },
            },
        },
        "eventTime": "2026-11-24T12:00:00Z",
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "Boto3/1.44",
        "errorCode": "AccessDenied",
        "errorMessage": DENIAL.replace(ALICE, CI),
        "requestParameters": None,
        "responseElements": None,
        "eventID": f"e-{number}",
        "recipientAccountId": "111111111111",
        **changed,
    }


def user(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return the identity of a user."""
    identity = {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": ALICE,
        "accountId": "111111111111",
        "accessKeyId": "AKIAEXAMPLEEXAMPLE00",
        "userName": "alice",
    }
    return {**identity, **changed}


def changed_role(seconds: int, name: str = "UpdateAssumeRolePolicy") -> dict[str, Any]:
    """Return a record of a change of the role, some seconds before the denial."""
    minutes, rest = divmod(3600 - seconds, 60)
    return {
        "eventName": name,
        "eventSource": "iam.amazonaws.com",
        "eventTime": f"2026-11-24T11:{minutes:02}:{rest:02}Z",
        "requestParameters": {"roleName": "deploy"},
        "recipientAccountId": "222222222222",
        "eventID": f"c-{seconds}",
        "userIdentity": user(),
    }


def write(name: str, value: object) -> str:
    """Write a document, as bytes, as text or as JSON, and return its name."""
    if not isinstance(value, bytes):
        value = (value if isinstance(value, str) else json.dumps(value)).encode()
    Path(name).write_bytes(value)
    return name


def explained(value: object, *options: str, status: int = 1) -> dict[str, Any]:
    """Return what is said as JSON of a text, a record, or several."""
    result = run("explain", write("told", value), *options, "--format", "json")
    assert result.status == status, result.err
    found: dict[str, Any] = json.loads(result.out)
    return found


def refused(value: object, *options: str) -> str:
    """Return the message about something that cannot be used."""
    result = run("explain", write("told", value), *options)
    assert result.status == 2
    assert result.out == ""
    return result.err


@pytest.fixture(autouse=True)
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("trust.json", WITH_ID)
    write("open.json", trusting("111111111111"))
    write("own.json", allowing())


GIVEN = ("--trust", "trust.json", "--policy", "own.json")


# --- where the incident comes from


def test_an_error_comes_from_a_file_a_pipe_or_the_command_line() -> None:
    by_file = run("explain", write("error.txt", ERROR))
    by_pipe = run("explain", stdin=ERROR.encode())
    by_dash = run("explain", "-", stdin=ERROR.encode())
    by_word = run("explain", ERROR)
    assert by_file.status == 1
    assert "denied by AWS (AccessDenied)" in by_file.out
    assert by_file.out == by_pipe.out == by_dash.out == by_word.out


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_what_has_a_byte_order_mark_is_read(mark: str) -> None:
    begin = "\ufeff" if mark == "utf-16-be" else ""
    plain = run("explain", write("told", ERROR)).out
    for text in (ERROR, ERROR.replace("\n", "\r\n")):
        assert run("explain", write("told", (begin + text).encode(mark))).out == plain
    assert explained((begin + json.dumps([event()])).encode(mark))["incident"]["event_id"] == "e-1"


def test_a_name_of_no_file_is_not_taken_for_an_error() -> None:
    result = run("explain", "error.log")
    assert result.status == 2
    assert "cannot read `error.log`" in result.err


def test_a_file_whose_name_has_spaces_is_a_file() -> None:
    assert run("explain", write("my error.txt", ERROR)).status == 1


def test_no_named_pipe_is_waited_for() -> None:  # row 133
    os.mkfifo("pipe")
    for options in (("pipe",), ("-", "--trust", "pipe")):
        result = run("explain", *options, stdin=ERROR.encode())
        assert result.status == 2
        assert "cannot read `pipe`: it is a named pipe, and a pipe is read as `-`" in result.err


def test_the_output_of_a_command_is_read_in_the_place_of_a_file() -> None:
    reading, writing = os.pipe()
    os.write(writing, ERROR.encode())
    os.close(writing)
    assert run("explain", f"/dev/fd/{reading}").out == run("explain", ERROR).out
    os.close(reading)


def test_standard_input_cannot_be_two_things() -> None:
    result = run("explain", "-", "--trust", "-", stdin=ERROR.encode())
    assert result.status == 2
    assert "standard input" in result.err


@pytest.mark.parametrize(
    "value",
    [
        event(),
        {"Records": [event()]},
        [event()],
        {"version": "0", "source": "aws.sts", "detail": event()},
        {"Events": [{"EventId": "e-1", "CloudTrailEvent": json.dumps(event())}]},
        "\n".join(json.dumps(event(eventID="e-1")) for _ in range(2)),
        json.dumps(event(), indent=2),
        b"\xef\xbb\xbf" + json.dumps(event()).encode(),
        gzip.compress(json.dumps({"Records": [event()]}).encode()),
        gzip.compress(b" ") + gzip.compress(json.dumps(event()).encode()),
    ],
    ids=[
        *("event", "Records", "list", "EventBridge", "lookup-events", "lines", "indented", "BOM"),
        *("gzip", "two gzip members"),
    ],
)
def test_events_in_every_envelope(value: object) -> None:
    found = explained(value)
    assert found["incident"]["event_id"] == "e-1"
    assert found["incident"]["times"] == 1
    assert found["log"]["failed"] == 1


# --- what an event tells


def test_who_called_where_from_and_when() -> None:
    incident = explained(event())["incident"]
    assert incident["caller"] == CI
    assert incident["role"] == DEPLOY
    assert incident["facts"] == {
        "aws:SourceIp": "203.0.113.7",
        "aws:UserAgent": "Boto3/1.44",
        "aws:RequestedRegion": "us-east-1",
        "aws:CurrentTime": "2026-11-24T12:00:00Z",
        "aws:userid": "AROAEXAMPLE:build",
        "aws:PrincipalArn": "arn:aws:iam::111111111111:role/team/ci",
        "aws:TokenIssueTime": "2026-11-24T11:00:00Z",
    }


def test_what_a_denial_does_not_tell_is_unknown_and_not_absent() -> None:
    found = explained(event(), *GIVEN)
    assert {"external id", "session tags"} <= set(found["incident"]["unknown"])
    assert found["decision"] == "undecided"
    assert any("sts:ExternalId" in cause["message"] for cause in found["causes"])
    assert found["agrees"] is None
    assert found["allowed_if"] == [["sts:ExternalId = blue"]]


def test_what_was_passed_is_taken_from_the_event() -> None:
    passed = {
        "roleArn": DEPLOY,
        "roleSessionName": "s1",
        "externalId": "red",
        "durationSeconds": 900,
        "tags": [{"key": "Team", "value": "a"}],
        "transitiveTagKeys": ["Team"],
    }
    found = explained(event(requestParameters=passed), *GIVEN)
    assert found["incident"]["unknown"] == []
    assert found["incident"]["parameters"] == {
        "role_arn": DEPLOY,
        "role_session_name": "s1",
        "duration_seconds": 900,
        "external_id": "red",
        "tags": [["Team", "a"]],
        "transitive_tag_keys": ["Team"],
    }
    assert found["decision"] == "implicitDeny"
    assert found["causes"][0]["code"] == "IAM313"
    assert found["agrees"] is True


def test_an_option_adds_what_the_event_does_not_tell() -> None:
    found = explained(event(), *GIVEN, "--external-id", "red")
    assert (found["decision"], found["agrees"]) == ("implicitDeny", True)
    assert "--external-id blue" in found["fixes"][0]["command"]


HOW_TO_GIVE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("sts:ExternalId", "blue", ("--external-id", "blue")),
    ("sts:SourceIdentity", "blue", ("--source-identity", "blue")),
    ("sts:RoleSessionName", "blue", ("--role-session-name", "blue")),
    ("aws:RequestTag/team", "blue", ("--tags", "Key=team,Value=blue")),
    ("aws:TagKeys", "team", ("--tags", "Key=team,Value=blue")),
    ("sts:TransitiveTagKeys", "team", ("--transitive-tag-keys", "team")),
    ("aws:PrincipalTag/team", "blue", ("--caller-tag", "team=blue")),
    ("aws:MultiFactorAuthPresent", "true", ("--mfa",)),
    ("aws:MultiFactorAuthPresent", "true", ("--token-code", "123456")),
    ("aws:MultiFactorAuthAge", "60", ("--context", "aws:MultiFactorAuthAge=60")),
)
DEVICE = ("--serial-number", "arn:aws:iam::111111111111:mfa/alice")
TAGS = ("--tags", "Key=team,Value=blue")


@pytest.mark.parametrize(("key", "value", "options"), HOW_TO_GIVE)
def test_the_option_that_gives_a_fact_is_named_and_gives_it(
    key: str, value: str, options: tuple[str, ...]
) -> None:
    condition = {"ForAnyValue:StringEquals": {key: value}}
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "111111111111"},
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        "Condition": condition,
    }
    write("trust.json", {"Version": "2012-10-17", "Statement": [statement]})
    own = policy({"Effect": "Allow", "Action": "sts:*", "Resource": "*"})
    write("own.json", own)
    asked = (cause for cause in explained(ERROR, *GIVEN)["causes"] if cause["code"] == "IAM901")
    (told,) = {cause["help"] for cause in asked}
    assert f"`{options[0]}" in told
    more = {"--token-code": DEVICE, "--transitive-tag-keys": TAGS}.get(options[0], ())
    assert explained(ERROR, *GIVEN, *options, *more)["decision"] == "allowed"


def test_where_the_policies_would_allow_it_the_likely_causes_are_told() -> None:
    found = explained(event(), *GIVEN, "--external-id", "blue")
    assert (found["decision"], found["agrees"]) == ("allowed", False)
    told = " ".join(found["remarks"])
    assert "service control policy" in told
    assert "session policy" in told
    assert "changed since" in told


def test_a_layer_that_aws_names_and_nobody_gave() -> None:
    text = f"{ERROR.strip()} with an explicit deny in a service control policy"
    found = explained(text, "--trust", "open.json", "--policy", "own.json")
    assert found["agrees"] is False
    assert "AWS names a service control policy, and none was given" in found["remarks"]


@pytest.mark.parametrize(
    ("identity", "caller", "mfa"),
    [
        (user(), ALICE, None),
        (
            user(
                accessKeyId="ASIAEXAMPLEEXAMPLE00",
                sessionContext={"attributes": {"mfaAuthenticated": "true"}},
            ),
            *(ALICE, True),
        ),
        (
            user(
                accessKeyId="ASIAEXAMPLEEXAMPLE00",
                sessionContext={"attributes": {"mfaAuthenticated": "false"}},
            ),
            *(ALICE, False),
        ),
        (
            {"type": "Root", "arn": "arn:aws:iam::111111111111:root", "accountId": "111111111111"},
            *("arn:aws:iam::111111111111:root", None),
        ),
        (
            {"type": "FederatedUser", "arn": "arn:aws:sts::111111111111:federated-user/bob"},
            *("arn:aws:sts::111111111111:federated-user/bob", None),
        ),
        (
            {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"},
            *("lambda.amazonaws.com", None),
        ),
    ],
    ids=["keys", "MFA", "no MFA", "root", "federated", "service"],
)
def test_callers(identity: dict[str, Any], caller: str, mfa: object) -> None:
    record = event(userIdentity=identity, errorMessage="Access denied")
    record["resources"] = [{"ARN": DEPLOY, "type": "AWS::IAM::Role"}]
    incident = explained(record)["incident"]
    assert (incident["caller"], incident["mfa"], incident["role"]) == (caller, mfa, DEPLOY)
    assert incident["not_decidable"] is None


def test_a_session_made_with_mfa_satisfies_a_condition_on_it() -> None:
    write(
        "mfa.json",
        trusting("111111111111", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    )
    session = {"attributes": {"mfaAuthenticated": "true"}}
    with_mfa = user(accessKeyId="ASIAEXAMPLEEXAMPLE00", sessionContext=session)
    given = ("--trust", "mfa.json", "--policy", "own.json")
    made_so = event(userIdentity=with_mfa, errorMessage=DENIAL)
    assert explained(made_so, *given)["decision"] == "allowed"
    keys = event(userIdentity=user(), errorMessage=DENIAL)
    assert explained(keys, *given)["decision"] == "undecided"
    assert explained(event(), *given)["decision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("key", "known", "unknown"),
    [
        ("AKIAEXAMPLEEXAMPLE00", "with long-term access keys, which carry no MFA", ()),
        ("ASIAEXAMPLEEXAMPLE00", "with a session", ("whether the session was made with MFA",)),
        (None, "", ("whether the credentials are access keys or a session made with MFA",)),
    ],
)
def test_an_access_key_tells_what_it_is(
    key: str | None, known: str, unknown: tuple[str, ...]
) -> None:
    incident = explained(event(userIdentity=user(accessKeyId=key), errorMessage=DENIAL))["incident"]
    assert incident["known"][0].partition("`111111111111`")[2].removeprefix(", ") == known
    assert tuple(each for each in incident["unknown"] if each.startswith("whether")) == unknown
    assert "EXAMPLE00" not in json.dumps(incident)


@pytest.mark.parametrize(("key", "decision"), [("AKIA", "explicitDeny"), ("ASIA", "undecided")])
def test_long_term_keys_carry_no_mfa(key: str, decision: str) -> None:
    record = event(
        userIdentity=user(accessKeyId=f"{key}EXAMPLEEXAMPLE00"),
        eventSource="s3.amazonaws.com",
        eventName="ListAllMyBuckets",
        errorMessage=None,
    )
    without = {"Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}}
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", **without}
    write("own.json", policy(allowing("s3:*")["Statement"][0], deny))
    found = explained(record, "--policy", "own.json")
    assert found["decision"] == decision
    with_mfa = explained(record, "--policy", "own.json", "--mfa")
    assert with_mfa["decision"] == "allowed"


def test_a_token_of_an_identity_provider() -> None:
    provider = "arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com"
    identity = {
        "type": "WebIdentityUser",
        "principalId": f"{provider}:sts.amazonaws.com:repo:acme/app:ref:dev",
        "userName": "repo:acme/app:ref:dev",
        "identityProvider": provider,
    }
    record = event(
        eventName="AssumeRoleWithWebIdentity",
        userIdentity=identity,
        requestParameters={"roleArn": DEPLOY, "roleSessionName": "s1"},
        errorMessage="Not authorized to perform sts:AssumeRoleWithWebIdentity",
    )
    write(
        "trust.json",
        policy(
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                        "token.actions.githubusercontent.com:sub": "repo:acme/app:ref:main",
                    }
                },
            }
        ),
    )
    found = explained(record, "--trust", "trust.json")
    assert found["incident"]["claims"]["aud"] == "sts.amazonaws.com"
    assert (found["decision"], found["operation"]) == (
        *("implicitDeny", "AssumeRoleWithWebIdentity"),
    )
    assert found["causes"][0]["given"] == "repo:acme/app:ref:dev"
    main = json.loads(json.dumps(record).replace("ref:dev", "ref:main"))
    allowed = explained(main, "--trust", "trust.json")
    assert allowed["decision"] == "allowed"
    told = " ".join(allowed["remarks"])
    assert "not given, and perhaps there: resource control policy" in told  # ERR-50
    assert "service control policy" not in told
    assert "boundary" not in told


VIA = {
    "athena.amazonaws.com": {
        "aws:CalledViaLast": "athena.amazonaws.com",
        "aws:ViaAWSService": "true",
    },
    "signin.amazonaws.com": {},
    "AWS Internal": {},
}


@pytest.mark.parametrize("name", VIA)
def test_through_which_service_a_user_calls(name: str) -> None:  # CTX-14
    own = {"roleArn": DEPLOY, "roleSessionName": "s1"}
    record = event(userIdentity=user(invokedBy=name), errorMessage=DENIAL, requestParameters=own)
    facts = explained(record)["incident"]["facts"]
    assert {key: facts[key] for key in facts if "Via" in key} == VIA[name]
    condition = {"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}
    write("via.json", trusting("111111111111", Condition=condition))
    found = explained(record, "--trust", "via.json", "--policy", "own.json")
    assert found["decision"] == "undecided"


def test_a_service_that_calls_with_a_role_is_perhaps_in_a_role_of_its_own() -> None:  # CTX-14
    identity = event()["userIdentity"] | {"invokedBy": "cloudformation.amazonaws.com"}
    incident = explained(event(userIdentity=identity))["incident"]
    assert not [key for key in incident["facts"] if "Via" in key]
    assert "in a role of its own" in incident["notes"][0]


def test_the_provider_of_an_assertion() -> None:
    provider = "arn:aws:iam::222222222222:saml-provider/corp"
    record = event(
        eventName="AssumeRoleWithSAML",
        userIdentity={"type": "SAMLUser", "principalId": "x:alice", "userName": "alice"},
        requestParameters={"roleArn": DEPLOY, "principalArn": provider},
        errorMessage="Not authorized to perform sts:AssumeRoleWithSAML",
    )
    found = explained(record)
    incident = found["incident"]
    assert incident["provider"] == provider
    assert "aws:userid" not in incident["facts"]
    assert provider in found["commands"][-1]["line"]


def test_a_denial_of_another_service() -> None:
    bucket = "arn:aws:s3:::artifacts/app.zip"
    record = event(
        userIdentity=user(),
        eventSource="s3.amazonaws.com",
        eventName="GetObject",
        errorMessage=f"User: {ALICE} is not authorized to perform: s3:GetObject on resource:"
        f' "{bucket}" because no identity-based policy allows the s3:GetObject action',
    )
    write("own.json", allowing("s3:PutObject"))
    found = explained(record, "--policy", "own.json", "--resource-account", "111111111111")
    assert (found["decision"], found["action"], found["resource"]) == (
        *("implicitDeny", "s3:GetObject", bucket),
    )
    assert found["incident"]["reason"]["layer"] == "identity"


@pytest.mark.parametrize(
    ("code", "denied"),
    [
        ("AccessDenied", True),
        ("AccessDeniedException", True),
        ("Client.UnauthorizedOperation", True),
        ("UnauthorizedOperation", True),
        ("NoSuchBucket", False),
        ("Throttling", False),
        ("ThrottlingException", False),
        ("ServiceUnavailable", False),
        (None, False),
    ],
)
def test_which_codes_are_denials(code: str | None, denied: object) -> None:  # row 128
    record = event(eventSource="s3.amazonaws.com", eventName="GetObject", errorCode=code)
    found = explained([record], status=1 if denied else 0)
    assert found["log"]["failed"] == (1 if denied else 0)


FAILURES = {
    "Throttling": ("failed with", "longer pauses"),
    "ThrottlingException": ("failed with", "longer pauses"),
    "RequestLimitExceeded": ("failed with", "longer pauses"),
    "InternalFailure": ("failed with", "try again"),
    "ServiceUnavailable": ("failed with", "try again"),
    "NoSuchEntity": ("failed with", "get-caller-identity"),
    "SomethingException": ("failed with", "nothing in it says that a policy denied it"),
    "ExpiredTokenException": ("refused by AWS (", "make the session anew"),
    "InvalidClientTokenId": ("refused by AWS (", "has not enabled"),  # ERR-37
    "SignatureDoesNotMatch": ("refused by AWS (", "secret key"),
}


@pytest.mark.parametrize("given", [(), GIVEN])
@pytest.mark.parametrize("is_event", [True, False])
@pytest.mark.parametrize("code", FAILURES)
def test_what_is_no_denial_is_not_told_as_one(
    code: str, is_event: object, given: tuple[str, ...]
) -> None:
    record: object = event(errorCode=code, errorMessage="Rate exceeded")
    error = (
        f"An error occurred ({code}) when calling the AssumeRole operation"
        " (reached max retries: 4): Rate exceeded"
    )
    result = run("explain", write("told", record if is_event else error), *given)
    head, advice = FAILURES[code]
    assert result.out.startswith(head + (" " if head.startswith("failed") else "") + code)
    assert advice in result.out
    for word in ("denied by AWS", "STS does not say which policy", "AWS denied", "decided anew"):
        assert word not in result.out
    assert "  AWS says: Rate exceeded\n" in result.out


def test_an_error_in_awss_words_is_a_denial_whatever_its_code() -> None:
    result = run("explain", ERROR.replace("AccessDenied", "ForbiddenException"))
    assert result.out.startswith(f"denied by AWS (ForbiddenException): {ALICE} cannot assume")


def test_calls_that_succeed_are_no_incidents() -> None:
    record = event(errorCode=None, errorMessage=None)
    result = run("explain", write("told", record))
    assert result.status == 0
    assert result.out == "nothing was denied: no call failed in 1 record\n"


def test_credentials_are_never_told() -> None:  # row 130
    credentials = {"accessKeyId": "ASIAEXAMPLEEXAMPLE00", "sessionToken": SECRET}
    record = event(responseElements={"credentials": credentials})
    for form in ("text", "json"):
        for more in ((), GIVEN):
            result = run("explain", write("told", record), *more, "--format", form)
            assert SECRET not in result.out + result.err
            assert "ASIAEXAMPLE" not in result.out + result.err


@pytest.mark.parametrize("address", ["lambda.amazonaws.com", "AWS Internal"])
def test_a_call_from_within_aws_has_no_address(address: str) -> None:  # row 131
    incident = explained(event(sourceIPAddress=address))["incident"]
    assert incident["facts"]["aws:SourceIp"] is None
    assert "from within AWS" in incident["notes"][0]


def test_addresses_of_version_6_and_of_endpoints() -> None:  # row 131
    assert explained(event(sourceIPAddress="2001:db8::1"))["incident"]["facts"]["aws:SourceIp"] == (
        "2001:db8::1"
    )
    facts = explained(event(vpcEndpointId="vpce-1", sourceIPAddress="10.0.0.1"))["incident"][
        "facts"
    ]
    assert facts["aws:SourceVpce"] == "vpce-1"
    assert facts["aws:VpcSourceIp"] == "10.0.0.1"
    assert facts["aws:SourceIp"] is None


# --- many records


def test_the_same_denial_is_told_once_with_its_count() -> None:
    records = [event(n, eventTime=f"2026-11-24T12:00:{n:02}Z") for n in (3, 1, 2)]
    other = event(9, errorMessage=DENIAL, userIdentity=user())
    found = explained({"Records": [*records, other]})
    first, second = found["results"]
    assert (first["incident"]["times"], second["incident"]["times"]) == (3, 1)
    assert first["incident"]["first"] == "2026-11-24T12:00:01Z"
    assert first["incident"]["last"] == "2026-11-24T12:00:03Z"
    text = run("explain", "told").out
    assert "incident 1 of 2" in text
    assert "3 times, from 2026-11-24T12:00:01Z to 2026-11-24T12:00:03Z" in text


def test_one_of_many_is_chosen_by_its_id_or_its_number() -> None:
    records = [event(1), event(2), event(3, userIdentity=user(), errorMessage=DENIAL)]
    assert explained(records, "--event-id", "e-2")["incident"]["event_id"] == "e-2"
    assert explained(records, "--index", "2")["incident"]["caller"] == ALICE
    assert "--index 3" in refused(records, "--index", "3")
    assert "there is no such event\n" in refused(records, "--event-id", "e-9")


@pytest.mark.parametrize(
    ("code", "told"),
    [(None, "succeeded"), ("NoSuchBucket", "failed with `NoSuchBucket`, which is no denial")],
)
def test_an_event_that_is_no_denial_is_told_as_what_it_is(code: str | None, told: str) -> None:
    harmless = event(2, errorCode=code, eventSource="s3.amazonaws.com", eventName="GetObject")
    result = run("explain", write("told", [event(1), harmless]), "--event-id", "e-2")
    assert result.status == 0
    assert result.out == f"nothing was denied: the call of this event {told}\n"


def test_a_log_that_ends_early_does_not_say_that_nothing_was_denied() -> None:  # row 123
    fine = [event(n, errorCode=None, errorMessage=None) for n in range(3)]
    text = json.dumps({"Records": fine})
    for cut in (text[:-1], text[:-2], text[:-30], text[: len(text) // 2]):
        result = run("explain", write("told", cut))
        assert (result.status, "ends within a record" in result.err) == (
            *((0, False) if cut == text[:-1] else (2, True)),
        )
        assert ("in what could be read" in result.out) is (cut != text[:-1])
        assert run("explain", "told", "--event-id", "e-0").status == 0
        assert explained(cut, status=result.status)["log"]["whole"] is (result.status == 0)
    assert "in what could be read" in refused(text[:-30], "--event-id", "e-9")
    packed = gzip.compress("\n".join(map(json.dumps, fine)).encode())
    result = run("explain", write("told", packed[:-8]))
    assert result.status == 2
    assert "nothing was denied in what could be read" in result.out
    assert "`told` is cut off: it ends at byte" in result.err


def test_a_last_line_that_is_still_being_written_is_no_damage() -> None:  # row 126
    fine = json.dumps(event(errorCode=None, errorMessage=None))
    result = run("explain", write("told", f"{fine}\n{fine[:99]}"))
    assert result.status == 0
    assert "nothing was denied in what could be read" in result.out


@pytest.mark.parametrize("rest", [12, 30, 60])
@pytest.mark.parametrize("text", [json.dumps({"Records": [event()]}), ERROR])
def test_a_gzip_file_without_anything_whole_is_one_error(text: str, rest: int) -> None:
    message = refused(gzip.compress(text.encode())[:rest])
    assert message.startswith(f"error: `told` is cut off: it ends at byte {rest}, before its end")
    assert "nothing in it is whole" in message
    assert message.count("error") == 1


def test_a_record_told_twice_counts_once() -> None:  # row 129
    found = explained([event(1), event(1)])
    assert found["incident"]["times"] == 1
    assert found["log"]["skipped"] == {"told twice": 1}


@pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", 7])
def test_strange_times(time: object) -> None:  # row 129
    assert explained(event(eventTime=time))["incident"]["times"] == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"userIdentity": None}, "no `userIdentity`"),
        ({"userIdentity": {"type": "Unknown"}}, "does not know who called"),
        ({"userIdentity": {"type": "Martian"}}, "type is `Martian`"),
        ({"userIdentity": {"type": "AWSAccount", "accountId": "333333333333"}}, "another account"),
        ({"userIdentity": user(arn="HIDDEN_DUE_TO_SECURITY_REASONS")}, "does not tell the caller"),
        ({"userIdentity": {"type": "SAMLUser"}}, "assertion"),
    ],
)
def test_what_cannot_be_decided_anew_is_counted_with_the_reason(
    changed: dict[str, Any], told: str
) -> None:  # row 127
    record = event(**changed, errorMessage="Access denied")
    found = explained(record)
    (reason,) = found["log"]["not_decidable"]
    assert told in reason
    assert told in refused(record, *GIVEN)


def test_hidden_parameters_are_unknown() -> None:  # row 127
    passed = {"roleArn": DEPLOY, "externalId": "HIDDEN_DUE_TO_SECURITY_REASONS"}
    found = explained(event(requestParameters=passed), *GIVEN)
    assert found["decision"] == "undecided"


@pytest.mark.parametrize("name", ["CreateRole", "UpdateAssumeRolePolicy"])
def test_a_denial_soon_after_a_change_may_come_too_early(name: str) -> None:
    soon = explained({"Records": [event(), changed_role(20, name)]})
    assert soon["incident"]["after_change"] == f"20 seconds after `{name}` of the role `deploy`"
    assert "perhaps only too early" in run("explain", "told").out
    late = explained({"Records": [changed_role(3000, name), event()]})
    assert late["incident"]["after_change"] is None
    failed = {**changed_role(20, name), "errorCode": "AccessDenied"}
    assert explained([failed, event()], "--index", "1")["incident"]["after_change"] is None


# --- damaged and hostile files


def test_a_line_that_is_half_written_is_left_out() -> None:  # row 126
    text = f"{json.dumps(event())}\n{json.dumps(event(2))[:200]}"
    result = run("explain", write("told", text))
    assert result.status == 1
    assert "`told` ends within a record: the others were read" in result.err
    assert run("explain", "told", "--strict").status == 2


def test_a_broken_line_among_others_is_counted() -> None:  # row 126
    text = f"{json.dumps(event())}\n{{broken\n{json.dumps(event(2))}\n"
    found = explained(text)
    assert found["incident"]["times"] == 2
    assert found["log"]["problems"] == ["`told`: 1 lines are no JSON: the others were read"]


@pytest.mark.parametrize("damage", ["cut", "checksum"])
def test_a_damaged_gzip_file_is_read_as_far_as_it_is_whole(damage: str) -> None:  # row 123
    records = [event(n, userAgent=str(n) * 50) for n in range(400)]
    packed = bytearray(gzip.compress("\n".join(map(json.dumps, records)).encode()))
    packed = packed[:-9] if damage == "cut" else packed[:-8] + b"\0\0\0\0" + packed[-4:]
    result = run("explain", write("told.gz", bytes(packed)))
    assert result.status == 1
    assert "`told.gz`" in result.err
    assert "was read" in result.err
    assert run("explain", "told.gz", "--strict").status == 2


def test_a_name_that_ends_in_gz_is_not_believed() -> None:  # row 123
    assert run("explain", write("told.gz", event())).status == 1


def test_what_is_packed_twice_is_refused() -> None:  # row 123
    assert "packed twice" in refused(gzip.compress(gzip.compress(b"{}")))


def test_a_bomb_is_refused() -> None:  # row 122
    assert "200 times as much" in refused(gzip.compress(b'{"Records": [' + b" " * 20_000_000))


def test_archives_are_refused() -> None:  # row 124
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../../x", "{}")
    assert "is a zip archive" in refused(held.getvalue())
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as bundle:
        bundle.addfile(tarfile.TarInfo("/etc/x"))
    assert "is a tar archive" in refused(held.getvalue())


def test_a_long_log_takes_no_more_memory_than_a_short_one() -> None:  # row 132
    from simulator.incident.values import Values  # noqa: PLC0415 - looked into here only

    line = json.dumps(event()) + "\n"
    values = Values(line for _ in range(20_000))
    held = [len(values._buffer) for _ in values]  # noqa: SLF001 - what is held is not seen outside
    assert len(held) == 20_000
    assert max(held) < 1_000_000


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "is empty"),
        ("hello world", "no error of AWS"),
        ('{"a": 1}', "neither a record of CloudTrail"),
        ("[]", "neither a record"),
        ('{"eventName": }', "IAM0"),
        ("[" * 100_000, "IAM012"),
        ("x" * 300_000, "longer than"),
        (b"\xff\xfe{\0}\0", "neither a record of CloudTrail"),
        (b"{\0}\0", "IAM0"),
        ('{"Records": [1, "x", null, {"eventName": 7}]}', "neither a record"),
        (json.dumps({"DecodedMessage": "{"}), "IAM0"),
        ("iamsim-1-" + "A" * 60, "damaged"),
        ({"DecodedMessage": '{"allowed": true}'}, "was allowed"),
    ],
)
def test_what_cannot_be_used_is_one_error(value: object, told: str) -> None:
    assert told in refused(value)


@pytest.mark.parametrize(
    "record",
    [
        event(userIdentity=[], requestParameters=[], errorMessage=7, resources={"a": 1}),
        event(userIdentity={"type": 3, "arn": {}, "sessionContext": "x"}, sourceIPAddress=4),
        event(requestParameters={"roleArn": ["x"], "tags": [{"key": 1}], "durationSeconds": [1]}),
        event(
            requestParameters={"roleArn": "\u0000", "policyArns": "x", "durationSeconds": "9" * 40}
        ),
        event(errorMessage="User: " * 5000),
        event(eventSource="", eventName=""),
    ],
)
def test_records_of_another_shape_are_told_as_far_as_they_go(record: dict[str, Any]) -> None:
    assert run("explain", write("told", record)).status == 1
    assert run("explain", "told", *GIVEN).status in (1, 2)


def test_nothing_in_a_text_acts_on_the_terminal() -> None:
    evil = "\x1b[2J\x1b]0;pwn\x07\u202e"
    record = event(userAgent=evil, errorMessage=f"{evil} denied", errorCode="AccessDenied")
    text = f"AccessDenied: {evil}{DENIAL}{evil}"
    for value in (record, text):
        result = run("explain", write("told", value))
        assert "\x1b" not in result.out + result.err
        assert "\u202e" not in result.out + result.err


# --- messages


def decoded(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return a decoded message."""
    return {
        "allowed": False,
        "explicitDeny": True,
        "matchedStatements": {
            "items": [
                {
                    "statementId": "NoLargeOnes",
                    "effect": "DENY",
                    "principals": {"items": [{"value": "AIDAEXAMPLE"}]},
                    "actions": {"items": [{"value": "ec2:RunInstances"}]},
                    "resources": {"items": [{"value": "*"}]},
                    "conditions": {
                        "items": [
                            {
                                "key": "ec2:InstanceType",
                                "values": {"items": [{"value": "m5.large"}]},
                            }
                        ]
                    },
                }
            ]
        },
        "failures": {"items": []},
        "context": {
            "principal": {"id": "AIDAEXAMPLE", "name": "alice", "arn": ALICE},
            "action": "ec2:RunInstances",
            "resource": "arn:aws:ec2:us-east-1:111111111111:instance/*",
            "conditions": {
                "items": [
                    {"key": "ec2:InstanceType", "values": {"items": [{"value": "m5.large"}]}},
                    {"key": "aws:Region", "values": {"items": [{"value": "us-east-1"}]}},
                ]
            },
        },
        **changed,
    }


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_decoded_message(wrapped: object) -> None:
    value = {"DecodedMessage": json.dumps(decoded())} if wrapped else decoded()
    found = explained(value)["incident"]
    assert (found["caller"], found["action"], found["explicit_deny"]) == (
        *(ALICE, "ec2:RunInstances", True),
    )
    assert found["facts"]["ec2:InstanceType"] == "m5.large"
    assert found["statements"][0]["sid"] == "NoLargeOnes"
    assert "DENY `NoLargeOnes`; actions ec2:RunInstances" in run("explain", "told").out


def test_a_decoded_message_is_decided_anew_with_its_facts() -> None:
    deny = {
        "Sid": "NoLargeOnes",
        "Effect": "Deny",
        "Action": "ec2:RunInstances",
        "Resource": "*",
        "Condition": {"StringLike": {"ec2:InstanceType": "*.large"}},
    }
    write("own.json", policy(allowing("ec2:*")["Statement"][0], deny))
    found = explained(decoded(), "--policy", "own.json")
    assert (found["decision"], found["agrees"]) == ("explicitDeny", True)


def test_an_encoded_message_is_for_aws_to_decode() -> None:
    text = "aB3_-" * 30
    result = run("explain", write("told", text))
    assert result.status == 1
    assert "AWS alone can decode" in result.out
    assert f" --output text --encoded-message {text} | iamsim explain -" in result.out


def test_an_encoded_message_of_ours_is_decoded() -> None:
    write("own.json", allowing("ec2:Describe*"))
    simulated = run(
        *("simulate", "--as", ALICE, "--action", "ec2:RunInstances"),
        *("--resource", "arn:aws:ec2:us-east-1:111111111111:instance/*", "--policy", "own.json"),
        *("--format", "json"),
    )
    message = json.loads(simulated.out)["error"]["message"]
    encoded = message.rpartition(": ")[2]
    found = explained(encoded)["incident"]
    assert (found["kind"], found["action"]) == ("decoded message", "ec2:RunInstances")
    assert explained(message)["incident"]["encoded_message"] == encoded


# --- refusals


def test_a_refusal_is_explained_with_its_page() -> None:
    text = (
        "An error occurred (ValidationError) when calling the AssumeRole operation: The requested"
        " DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
    )
    found = explained(text)
    assert found["incident"]["meaning"]["code"] == "IAM706"
    out = run("explain", "told").out
    assert out.startswith("refused by AWS (ValidationError): a session that is made from a session")
    assert "help: ask for 3600 seconds or less" in out


def test_answers_of_aws_as_json() -> None:
    coral = {"__type": "com.amazon.coral.service#AccessDeniedException", "Message": DENIAL}
    assert explained(coral)["incident"]["code"] == "AccessDeniedException"
    cli = {"Error": {"Code": "AccessDenied", "Message": DENIAL}}
    assert explained(cli)["incident"]["role"] == DEPLOY


# --- what to do next


def test_the_commands_only_read_and_end_with_the_question() -> None:
    lines = [command["line"] for command in explained(ERROR)["commands"]]
    verbs = {line.split()[2].partition("-")[0] for line in lines if line.startswith("aws ")}
    assert verbs <= {"get", "list", "describe", "decode"}
    assert lines[0] == "aws iam get-role --role-name deploy > role.json"
    assert lines[-1].startswith(f"iamsim assume --as {ALICE} --role-arn {DEPLOY} --trust role.json")


def test_the_reason_narrows_what_to_fetch() -> None:
    text = (
        f"{ERROR.strip()} with an explicit deny in a service control policy:"
        " arn:aws:organizations::999999999999:policy/o-x/service_control_policy/p-x"
    )
    lines = [command["line"] for command in explained(text)["commands"]]
    assert "aws organizations describe-policy --policy-id p-x > policy.json" in lines
    assert not any("list-attached" in line for line in lines)


def test_hostile_names_are_quoted_in_commands() -> None:
    role = "arn:aws:iam::222222222222:role/a;rm"
    text = DENIAL.replace(DEPLOY, role)
    assert any("'a;rm'" in command["line"] for command in explained(text)["commands"])


def test_tagging_that_is_denied_is_decided_as_that_action() -> None:
    text = ERROR.replace("perform: sts:AssumeRole", "perform: sts:TagSession")
    write("open.json", trusting("111111111111"))
    found = explained(text, "--trust", "open.json", "--policy", "own.json")
    assert (found["decision"], found["action"]) == ("implicitDeny", "sts:TagSession")


def test_a_query_picks_a_part() -> None:
    result = run("explain", write("told", event()), "--query", "incident.caller")
    assert result.out == f'"{CI}"\n'


@pytest.mark.parametrize(
    ("created", "told"),
    [
        ("2026-11-24T11:59:30+00:00", "30 seconds after the role was created"),
        ("2026-11-24T12:30:00Z", "created only later, at 2026-11-24T12:30:00Z"),
        ("2026-01-01T00:00:00Z", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("by_inventory", [True, False])
def test_a_role_that_was_new(created: str | None, told: str | None, by_inventory: object) -> None:
    role = {
        "RoleName": "deploy",
        "Arn": DEPLOY,
        "AssumeRolePolicyDocument": trusting("111111111111"),
        **({} if created is None else {"CreateDate": created}),
    }
    dump = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [role], "Policies": []}
    file = write("role.json", dump if by_inventory else {"Role": role})
    option = "--inventory" if by_inventory else "--trust"
    found = explained(event(), option, file, "--policy", "own.json")
    assert (found["decision"], found["agrees"]) == ("allowed", False)
    remarks = " ".join(found["remarks"])
    assert (" created" in remarks) is (told is not None)
    assert told is None or told in remarks


def test_who_made_the_session_of_a_federated_user() -> None:
    issuer = {"type": "IAMUser", "arn": ALICE}
    identity = {
        "type": "FederatedUser",
        "arn": "arn:aws:sts::111111111111:federated-user/bob",
        "sessionContext": {"sessionIssuer": issuer},
    }
    record = event(
        userIdentity=identity,
        eventSource="s3.amazonaws.com",
        eventName="ListAllMyBuckets",
        errorMessage=None,
    )
    write("session.json", allowing("s3:*"))
    write("own.json", allowing("ec2:*"))
    found = explained(record, "--policy", "own.json", "--session-policy", "session.json")
    assert found["incident"]["federated_by"] == ALICE
    assert (found["decision"], found["agrees"]) == ("implicitDeny", True)


def test_a_call_with_a_token_of_which_nothing_is_told() -> None:  # ERR-50
    found = explained("Not authorized to perform sts:AssumeRoleWithWebIdentity")
    told = " ".join(found["incident"]["known"])
    assert "trust policy" in told
    assert "identity-based" not in told
    lines = [command["line"] for command in found["commands"]]
    assert lines[0] == "aws iam get-role --role-name <role> > role.json"
    assert "aws iam list-open-id-connect-providers" in lines
    assert lines[-1].startswith("iamsim assume --web-identity-token <file> --role-arn <role>")


def test_the_role_that_only_terraform_names() -> None:
    denied = (
        "Error: operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode:"
        " 403, RequestID: 9, api error AccessDenied: Not authorized to perform"
        " sts:AssumeRoleWithWebIdentity\n\n"
    )
    other = DEPLOY.replace("deploy", "other")
    text = "".join(f"IAM Role ({role}) cannot be assumed.\n\n{denied}" for role in (DEPLOY, other))
    results = explained(text)["results"]
    assert [each["incident"]["role"] for each in results] == [DEPLOY, other]
    assert results[0]["incident"]["client"] == "Terraform"
    assert results[0]["commands"][0]["line"] == "aws iam get-role --role-name deploy > role.json"


def test_what_is_odd_about_the_policies_is_told_once() -> None:
    write("own.json", {**allowing(), "Version": "2008-10-17"})
    records = [event(1), event(2, userIdentity=user(), errorMessage=DENIAL)]
    result = run("explain", write("told", records), *GIVEN)
    assert result.out.count("decided anew") == 2
    lines = [line for line in result.err.splitlines() if line.startswith(("warning", "note"))]
    assert len(lines) == len(set(lines))
    assert lines


@pytest.mark.parametrize("text", ['{"Events": []}', '{"Records":[]}\n'])
def test_a_search_that_found_nothing(text: str) -> None:
    result = run("explain", stdin=text.encode())
    told = "nothing was denied: there is no event (those of the last minutes may come yet)\n"
    assert (result.status, result.out) == (0, told)
    assert (
        json.loads(run("explain", "--format", "json", stdin=text.encode()).out)["log"]["records"]
        == 0
    )


@pytest.mark.parametrize("text", ["{}", '{"Events": [', '{"Events": [1]}', '{"Events": [x]}'])
def test_a_list_without_a_record_is_no_search_that_found_nothing(text: str) -> None:
    assert run("explain", stdin=text.encode()).status == 2


def test_an_index_beyond_the_only_incident() -> None:
    assert "`--index 9`: there is one incident\n" in run("explain", ERROR, "--index", "9").err
