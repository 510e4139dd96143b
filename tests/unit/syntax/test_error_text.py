"""Errors of AWS are read out of what each client prints around them, and out of hostile texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.syntax import error_text
from simulator.syntax.error_text import ErrorText, client_of, read_errors

if TYPE_CHECKING:
    from lark.parsers.lalr_interactive_parser import InteractiveParser

WHO = "arn:aws:iam::111111111111:user/alice"
ROLE = "arn:aws:iam::222222222222:role/deploy"
DENIAL = f"User: {WHO} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
WRAPPED = DENIAL.replace(" is not", "\n│ is not").replace("resource: ", "resource:\n│ ")

CLIENTS = {
    "aws CLI or boto3": (
        f"\nAn error occurred (AccessDenied) when calling the AssumeRole operation: {DENIAL}\n"
    ),
    "aws CLI v2": (
        "aws: [ERROR]: An error occurred (AccessDenied) when calling the AssumeRole operation"
        f" (reached max retries: 4): {DENIAL}\n\nAdditional error details:\nType: Sender\n"
    ),
    "boto3": (
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n'
        "    sts.assume_role(RoleArn=role)\n"
        "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the"
        f" AssumeRole operation: {DENIAL}\n"
    ),
    "Terraform": (
        "╷\n│ Error: Cannot assume IAM Role\n│ \n│   on provider.tf line 12\n│ \n"
        "│ Error: operation error STS: AssumeRole, https response error\n│ StatusCode: 403,"
        f" RequestID: 1-2, api error AccessDenied:\n│ {WRAPPED}\n╵\n"
    ),
    "AWS SDK for Go v2": (
        "operation error STS: AssumeRole, exceeded maximum number of attempts, 3, https response"
        f" error StatusCode: 403, RequestID: 1-2, api error AccessDenied: {DENIAL}"
    ),
    "AWS SDK for Go v1": f"AccessDenied: {DENIAL}\n\tstatus code: 403, request id: 1-2",
    "AWS SDK for Java 1": (
        f"com.amazonaws.services.securitytoken.model.AWSSecurityTokenServiceException: {DENIAL}"
        " (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied;"
        " Request ID: 1-2; Proxy: null)\n\tat com.amazonaws.Http.call(Http.java:1)"
    ),
    "AWS SDK for Java 2": (
        f"software.amazon.awssdk.services.sts.model.StsException: {DENIAL} (Service: Sts, Status"
        " Code: 403, Request ID: 1-2) (SDK Attempt Count: 1)"
    ),
    "AWS SDK for .NET": (f"Amazon.SecurityToken.AmazonSecurityTokenServiceException: '{DENIAL}'"),
    "AWS SDK for PHP": (
        'Error executing "AssumeRole" on "https://sts.amazonaws.com"; AWS HTTP error: Client error:'
        f" `POST` resulted in a `403 Forbidden`: AccessDenied (client): {DENIAL}"
    ),
    "AWS SDK for JavaScript": (
        f"AccessDenied: {DENIAL}\n    at throwDefaultError (/app/node_modules/x.js:8:2) {{\n"
        "  '$fault': 'client',\n  Code: 'AccessDenied'\n}"
    ),
    "answer of AWS": (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{DENIAL}"
        "</Message></Error><RequestId>1-2</RequestId></ErrorResponse>"
    ),
}
SAYS_STATUS = {"Terraform", "AWS SDK for Go v2", "AWS SDK for Go v1", "AWS SDK for Java 1"}
SAYS_NO_CODE = {"AWS SDK for Java 2", "AWS SDK for .NET"}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_denial_in_the_wrapping_of_each_client(client: str) -> None:
    text = CLIENTS[client]
    (found,) = read_errors(text)
    assert (found.caller, found.action, found.resource) == (WHO, "sts:AssumeRole", ROLE)
    assert found.code == (None if client in SAYS_NO_CODE else "AccessDenied")
    assert found.is_denial
    assert found.message == DENIAL
    if client in SAYS_STATUS:
        assert (found.status, found.request_id) == (403, "1-2")
    assert client_of(text) == client


@pytest.mark.parametrize("client", CLIENTS)
def test_colours_and_line_ends_of_windows_change_nothing(client: str) -> None:
    text = CLIENTS[client].replace("│", "\x1b[31m│\x1b[0m\x1b[0m").replace("\n", "\r\n")
    (found,) = read_errors(text)
    assert (found.caller, found.resource) == (WHO, ROLE)


@pytest.mark.parametrize(
    ("clause", "layer", "explicit", "policy", "through"),
    [
        (
            "because no identity-based policy allows the sts:AssumeRole action",
            *("identity-based policy", False, None, None),
        ),
        (
            "with an explicit deny in a service control policy: arn:aws:organizations::1:p/o/s/p-x",
            *("service control policy", True, "arn:aws:organizations::1:p/o/s/p-x", None),
        ),
        (
            (
                "with an explicit deny in a VPC endpoint policy transitively through a service"
                " control policy"
            ),
            *("VPC endpoint policy", True, None, "service control policy"),
        ),
        ("with an explicit deny in the role trust policy", "role trust policy", True, None, None),
        ("with an explicit deny", None, True, None, None),
    ],
)
def test_the_reason(
    clause: str, layer: str | None, explicit: object, policy: str | None, through: str | None
) -> None:  # ERR-11, ERR-12, ERR-15, ERR-16
    (found,) = read_errors(f"{DENIAL} {clause}")
    assert found.resource == ROLE
    assert (found.layer, found.explicit, found.policy, found.through) == (
        *(layer, explicit, policy, through),
    )


@pytest.mark.parametrize(
    ("on", "resource"),
    [
        (' on resource: "arn:aws:s3:::b/a key"', "arn:aws:s3:::b/a key"),
        (" on resource: role deploy", "role deploy"),
        (" on resource: policy path /", "policy path /"),
        (" on resource: *", "*"),
        (" on the specified resource", None),
        ("", None),
    ],
)
def test_resources_as_services_name_them(on: str, resource: str | None) -> None:
    because = " because no identity-based policy allows the x:Do action"
    for clause in ("", because):
        (found,) = read_errors(f"User: {WHO} is not authorized to perform: x:Do{on}{clause}")
        assert found.resource == resource
        assert found.layer == ("identity-based policy" if clause else None)


def test_an_encoded_message_of_ec2() -> None:
    (found,) = read_errors(
        "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are"
        f" not authorized to perform this operation. User: {WHO} is not authorized to perform:"
        " ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111111111111:instance/* with an"
        " explicit deny in an identity-based policy. Encoded authorization failure message: aB-_9"
    )
    assert found.encoded == "aB-_9"
    assert found.resource == "arn:aws:ec2:us-east-1:111111111111:instance/*"
    (bare,) = read_errors(
        "Client.UnauthorizedOperation: You are not authorized to perform this operation. Encoded"
        " authorization failure message: aB-_9"
    )
    assert (bare.encoded, bare.caller) == ("aB-_9", None)


def test_an_error_that_is_no_denial_has_its_sentence() -> None:
    (found,) = read_errors(
        "x.InvalidIdentityTokenException: Incorrect token audience (Service: Sts, Status Code: 400,"
        " Request ID: 1)"
    )
    assert found == ErrorText(
        "Incorrect token audience", "InvalidIdentityTokenException", status=400, request_id="1"
    )


def test_a_denial_behind_other_words_is_found() -> None:
    (found,) = read_errors(f"AccessDenied: cannot get credentials: {DENIAL}")
    assert (found.code, found.caller, found.resource) == ("AccessDenied", WHO, ROLE)


FEDERATED = (
    "operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 403,"
    " RequestID: 1-2, api error AccessDenied: Not authorized to perform"
    " sts:AssumeRoleWithWebIdentity"
)


@pytest.mark.parametrize(
    "sentence",
    [
        f"IAM Role ({ROLE}) cannot be assumed.",
        f"IAM Role\n│ ({ROLE}) cannot\n│ be assumed.",
        f'The role "{ROLE}" cannot be assumed.',
    ],
)
def test_the_role_that_terraform_names(sentence: str) -> None:
    text = f"Error: configuring Terraform AWS Provider: {sentence}\n\nError: {FEDERATED}"
    (found,) = read_errors(text)
    assert (found.role, found.resource) == (ROLE, None)
    assert client_of(text) == "Terraform"
    first, second = read_errors(f"{text}\n\nError: {FEDERATED}")
    assert (first.role, second.role) == (ROLE, None)


@pytest.mark.parametrize("text", ["IAM Role (", "IAM Role () cannot be", f'The role "{ROLE}" is'])
def test_half_of_what_terraform_says_names_no_role(text: str) -> None:
    (found,) = read_errors(f"{text}\n\nError: {FEDERATED}")
    assert found.role is None


def test_a_role_of_that_name_is_not_terraform() -> None:
    assert client_of(FEDERATED.replace("1-2", "role/terraform")) == "AWS SDK for Go v2"


def test_a_text_that_ends_within_a_denial_says_what_it_has() -> None:
    (found,) = read_errors(f"{DENIAL} because no identity-based")
    assert found.resource == ROLE
    assert found.layer is None


@pytest.mark.parametrize("text", ["", "hello", "User: alice logged in", "is not authorized"])
def test_what_is_no_error_is_none(text: str) -> None:
    assert read_errors(text) == ()


@pytest.mark.parametrize(
    "piece",
    [
        "User: ",
        "AccessDenied: ",
        "An error occurred (",
        "operation error ",
        "a.",
        "((((",
        "</",
        '"',
        "IAM Role (a",
        'The role "',
    ],
)
def test_hostile_texts_take_work_in_proportion_to_their_length(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed = 0
    may_end = error_text._may_end  # noqa: SLF001 - asked once for each token that is read

    def counted(reading: InteractiveParser) -> bool:
        nonlocal fed
        fed += 1
        return may_end(reading)

    monkeypatch.setattr(error_text, "_may_end", counted)
    read_errors(piece * 5000)
    assert fed <= 20 * 5000 * max(1, len(piece.split()))
