"""Tokens and assertions on the command line: what they say, and what STS makes of it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import DEPLOY, run, trusting

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::222222222222:oidc-provider/{ISSUER}"
SAML_PROVIDER = "arn:aws:iam::222222222222:saml-provider/corp"
CLAIMS = {
    "iss": f"https://{ISSUER}",
    "aud": "sts.amazonaws.com",
    "sub": "repo:acme/app:ref:refs/heads/main",
    "repository": "acme/app",
    "exp": 1795478400,
}
SIGNATURE = "c2lnbmVkLWJ5LW5vYm9keQ"


def token(claims: dict[str, Any]) -> str:
    parts = (json.dumps(each).encode() for each in ({"alg": "RS256", "typ": "JWT"}, claims))
    encoded = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, SIGNATURE])


def federated(action: str, provider: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401
    statement = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": action}
    if condition:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


TRUST = federated(
    "sts:AssumeRoleWithWebIdentity",
    PROVIDER,
    StringEquals={f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:repository": "acme/app"},
)


def ask(folder: Path, trust: dict[str, Any], *options: str) -> Any:  # noqa: ANN401 - of `run`
    (folder / "trust.json").write_text(json.dumps(trust))
    return run("assume", "--role-arn", DEPLOY, "--trust", str(folder / "trust.json"), *options)


def by_token(folder: Path, text: str, *options: str, trust: dict[str, Any] = TRUST) -> Any:  # noqa: ANN401
    (folder / "token").write_text(text)
    return ask(folder, trust, "--web-identity-token", str(folder / "token"), *options)


def test_what_a_token_says_is_shown_and_its_signature_is_not_checked(tmp_path: Path) -> None:
    text = by_token(tmp_path, token(CLAIMS), "--role-session-name", "ci")
    assert text.status == 0
    assert f"{ISSUER}:repository = acme/app" in text.out
    assert "its signature was not checked" in text.out
    assert "no signature was checked" in text.err
    assert SIGNATURE not in text.out + text.err
    found = json.loads(by_token(tmp_path, token(CLAIMS), "--format", "json").out)
    assert (found["decision"], found["operation"]) == ("allowed", "AssumeRoleWithWebIdentity")
    assert found["identity"]["signature"] == "not checked"
    assert found["identity"]["keys"][f"{ISSUER}:sub"] == CLAIMS["sub"]
    assert found["caller"] == PROVIDER


def test_a_token_that_has_expired(tmp_path: Path) -> None:
    late = ("--context", "aws:CurrentTime=2027-01-01T00:00:00Z")
    found = json.loads(by_token(tmp_path, token(CLAIMS), *late, "--format", "json").out)
    assert found["error"] == {
        "code": "ExpiredTokenException",
        "message": "Token expired: current date/time 1798761600 must be before the expiration"
        " date/time 1795478400",
        "status": 400,
    }
    early = ("--context", "aws:CurrentTime=2026-01-01T00:00:00Z")
    assert by_token(tmp_path, token(CLAIMS), *early).status == 0


def test_an_inventory_tells_which_providers_there_are(tmp_path: Path) -> None:
    roles = {"deploy": {"trust_policy": TRUST}}
    answers = []
    for providers in (
        {},
        {ISSUER: {"client_ids": ["acme"]}},
        {ISSUER: {"client_ids": ["sts.amazonaws.com"]}},
    ):
        world = {"accounts": {"222222222222": {"roles": roles, "oidc_providers": providers}}}
        (tmp_path / "world.iamtest.json").write_text(json.dumps(world))
        inventory = ("--inventory", str(tmp_path / "world.iamtest.json"), "--format", "json")
        answers.append(json.loads(by_token(tmp_path, token(CLAIMS), *inventory).out))
    assert [each["error"] and each["error"]["message"] for each in answers] == [
        f"No OpenIDConnect provider found in your account for https://{ISSUER}",
        "Incorrect token audience",
        None,
    ]


GOOGLE = {**CLAIMS, "iss": "https://accounts.google.com"}


@pytest.mark.parametrize(
    ("claims", "providers", "noted"),
    [
        (CLAIMS, None, f"taken to have a provider for `{ISSUER}`"),
        (CLAIMS, {"Arn": PROVIDER}, f"the provider for `{ISSUER}` is taken to take the audience"),
        (GOOGLE, None, ""),
    ],
    ids=["nothing is known", "listed", "built in"],
)
def test_what_is_taken_to_be_so_of_a_provider_is_noted(
    claims: dict[str, Any], providers: dict[str, str] | None, noted: str, tmp_path: Path
) -> None:
    listed = [] if providers is None else [providers]
    path = tmp_path / "list-open-id-connect-providers.222222222222.json"
    path.write_text(json.dumps({"OpenIDConnectProviderList": listed}))
    options = ("--inventory", str(path)) if providers is not None else ()
    trust = federated("sts:AssumeRoleWithWebIdentity", "accounts.google.com")
    found = by_token(tmp_path, token(claims), *options, trust=TRUST if claims is CLAIMS else trust)
    assert found.status == 0, found.out
    first, second, *notes = found.err.splitlines()
    assert "no signature" in first
    assert "taken to be made before 2026-11-24T00:00:00Z" in second
    assert len(notes) == bool(noted)
    assert noted in "".join(notes)


def test_known_client_ids_need_no_note(tmp_path: Path) -> None:
    providers = {ISSUER: {"client_ids": ["sts.amazonaws.com"]}}
    account = {"roles": {"deploy": {"trust_policy": TRUST}}, "oidc_providers": providers}
    world = {"accounts": {"222222222222": account}}
    (tmp_path / "world.iamtest.json").write_text(json.dumps(world))
    found = by_token(tmp_path, token(CLAIMS), "--inventory", str(tmp_path / "world.iamtest.json"))
    assert (found.status, "taken to" in found.err) == (0, True)
    assert "provider" not in found.err


ASSERTION = """\
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">
 <saml:Assertion>
  <saml:Issuer>https://idp.example.com</saml:Issuer>
  <saml:Subject>
   <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">_42</saml:NameID>
   <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
    <saml:SubjectConfirmationData Recipient="https://signin.aws.amazon.com/saml"/>
   </saml:SubjectConfirmation>
  </saml:Subject>
  <saml:AttributeStatement>
   <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
    <saml:AttributeValue>{role},{provider}</saml:AttributeValue>
   </saml:Attribute>{more}
  </saml:AttributeStatement>
 </saml:Assertion>
</samlp:Response>
"""
NAME = """
   <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">
    <saml:AttributeValue>{name}</saml:AttributeValue>
   </saml:Attribute>"""
SAML_TRUST = federated(
    "sts:AssumeRoleWithSAML",
    SAML_PROVIDER,
    StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
)


def assertion(role: str = DEPLOY, name: str | None = "alice") -> str:
    more = "" if name is None else NAME.format(name=name)
    return ASSERTION.format(role=role, provider=SAML_PROVIDER, more=more)


def by_assertion(folder: Path, text: str, *options: str) -> Any:  # noqa: ANN401
    (folder / "assertion.xml").write_text(text)
    given = ("--saml-assertion", str(folder / "assertion.xml"), "--format", "json")
    return json.loads(ask(folder, SAML_TRUST, *given, *options).out)


@pytest.mark.parametrize("encoded", [False, True], ids=["XML", "base64"])
def test_an_assertion(encoded: bool, tmp_path: Path) -> None:  # noqa: FBT001
    text = assertion()
    found = by_assertion(tmp_path, base64.b64encode(text.encode()).decode() if encoded else text)
    assert (found["decision"], found["operation"]) == ("allowed", "AssumeRoleWithSAML")
    assert found["session"]["arn"] == "arn:aws:sts::222222222222:assumed-role/deploy/alice"
    assert found["identity"]["keys"]["saml:sub"] == "_42"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("2026-11-24T11:59:59Z", None),
        ("2026-11-24T12:00:00Z", "ExpiredTokenException"),
        (None, None),
    ],
)
@pytest.mark.parametrize("where", ["<saml:SubjectConfirmationData", "<saml:Conditions"])
def test_until_when_an_assertion_can_be_used(
    now: str | None, code: str | None, where: str, tmp_path: Path
) -> None:
    limited = f'{where} NotOnOrAfter="2026-11-24T12:00:00.000Z"'
    text = assertion().replace(where, limited)
    if where not in text:
        text = text.replace("<saml:AttributeStatement", f"{limited}/><saml:AttributeStatement", 1)
    options = ("--context", f"aws:CurrentTime={now}") if now else ()
    found = by_assertion(tmp_path, text, *options)
    assert (found["error"] and found["error"]["code"]) == code
    noted = [note for note in found["notes"] if "taken to be made before" in note]
    assert len(noted) == (now is None)


@pytest.mark.parametrize("listed", [False, True])
def test_whether_the_account_has_the_provider_of_an_assertion(
    listed: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    path = tmp_path / "list-saml-providers.222222222222.json"
    path.write_text(json.dumps({"SAMLProviderList": [{"Arn": SAML_PROVIDER}]}))
    options = ("--inventory", str(path)) if listed else ()
    notes = by_assertion(tmp_path, assertion(), *options)["notes"]
    assert any(f"to have the provider `{SAML_PROVIDER}`" in note for note in notes) != listed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (assertion(role=f"{DEPLOY}2"), "Not authorized to perform sts:AssumeRoleWithSAML"),
        (assertion(name=None), "RoleSessionName is required in AuthnResponse"),
        (
            assertion(name="Alice Smith"),
            "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}",
        ),
    ],
    ids=["another role", "no name", "a name with a blank"],
)
def test_assertions_that_aws_refuses(text: str, message: str, tmp_path: Path) -> None:
    found = by_assertion(tmp_path, text)
    assert (found["decision"], found["error"]["message"]) == ("error", message)
    assert "IAM714" in [cause["code"] for cause in found["causes"]]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        "<x>",
        "",
        "hello",
    ],
    ids=["entities", "external entity", "half", "empty", "no XML"],
)
def test_what_is_no_assertion(text: str, tmp_path: Path) -> None:
    (tmp_path / "assertion.xml").write_text(text)
    found = ask(tmp_path, SAML_TRUST, "--saml-assertion", str(tmp_path / "assertion.xml"))
    assert (found.status, found.out) == (2, "")
    assert "assertion.xml" in found.err
    assert "root:" not in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--as", "arn:aws:iam::111111111111:user/alice"), "says who calls"),
        (("--saml-assertion", "x"), "give one of them"),
    ],
)
def test_what_contradicts_a_token(options: tuple[str, ...], told: str, tmp_path: Path) -> None:
    found = by_token(tmp_path, token(CLAIMS), *options)
    assert (found.status, found.out) == (2, "")
    assert told in found.err


def test_parameters_that_a_call_with_a_token_does_not_have(tmp_path: Path) -> None:
    found = by_token(tmp_path, token(CLAIMS), "--external-id", "acme")
    assert found.status == 1
    assert 'Unknown parameter in input: "ExternalId"' in found.out
    assert "fix 1 (access unchanged): leave out `--external-id`" in found.out


def test_a_token_of_nobody_does_not_open_a_role_for_accounts(tmp_path: Path) -> None:
    found = by_token(tmp_path, token(CLAIMS), trust=trusting("*"))
    assert found.status == 1
    assert "IAM311" in found.out
