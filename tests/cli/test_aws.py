"""`iamsim aws sts VERB`: AWS's options by their names and forms, whose effect is the decision."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from simulator.cli import aws, aws_options, aws_verb
from simulator.cli.aws_options import PARAMETERS, REQUIRED, Form, fields_of
from simulator.cli.options import option_of
from simulator.source import Source
from simulator.sts.operations import Operation
from tests.cli.command import ALICE, CI, DEPLOY, Result, allowing, denying, policy, run, trusting

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "111111111111"
USER = ("--as", ALICE)
PERMITTED = (*USER, "--identity-policy", "policy.json")
ROLE = ("--role-arn", DEPLOY, "--role-session-name", "ss")
ASSUME = ("assume-role", *ROLE)
ISSUER = "https://token.actions.githubusercontent.com"
SECRET = "c2VjcmV0LXNpZ25hdHVyZQ"  # noqa: S105 - no secret, and never to be seen again
TASK = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"
MESSAGE = "iamsim-1-"
DEVICE = ("--serial-number", "arn:aws:iam::111111111111:mfa/alice")


def _part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


CLAIMS = {
    "iss": ISSUER,
    "aud": "sts.amazonaws.com",
    "sub": "repo:acme/app:ref:refs/heads/main",
    "exp": 4102444800,
}
TOKEN = f"{_part({'alg': 'RS256'})}.{_part(CLAIMS)}.{SECRET}"
PROVIDER = "arn:aws:iam::222222222222:saml-provider/corp"
ROLE_ATTRIBUTE = f"{DEPLOY},{PROVIDER}"
ASSERTION = b64encode(
    f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><samlp:Status><samlp:StatusCode
 Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><Assertion>
<Issuer>https://idp.example</Issuer><Subject><NameID>carol</NameID><SubjectConfirmation
 Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData
 Recipient="https://signin.aws.amazon.com/saml"/></SubjectConfirmation></Subject>
<AttributeStatement><Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
<AttributeValue>{ROLE_ATTRIBUTE}</AttributeValue></Attribute>
<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">
<AttributeValue>carol</AttributeValue></Attribute></AttributeStatement></Assertion>
</samlp:Response>""".encode()
).decode()


def federating(provider: str, action: str) -> dict[str, Any]:
    """Return a trust policy that admits whoever a provider vouches for."""
    principal = {"Federated": provider}
    return policy({"Effect": "Allow", "Principal": principal, "Action": action})


OIDC = f"arn:aws:iam::222222222222:oidc-provider/{ISSUER.removeprefix('https://')}"
FILES: dict[str, object] = {
    "trust.json": trusting(ACCOUNT, action=["sts:AssumeRole", "sts:TagSession"]),
    "policy.json": allowing(),
    "nothing.json": allowing("s3:*"),
    "token.json": federating(OIDC, "sts:AssumeRoleWithWebIdentity"),
    "saml.json": federating(PROVIDER, "sts:AssumeRoleWithSAML"),
    "tags.json": [{"Key": "team", "Value": "red"}],
    "token": TOKEN,
    "assertion": ASSERTION,
    "config": f"[profile base]\nregion = eu-west-1\n[profile hop]\nrole_arn = {DEPLOY}\n"
    "source_profile = base\nrole_session_name = ss\n",
    "credentials": "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
    "aws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n",
}
PROFILE = ("--config", "config", "--credentials", "credentials", *PERMITTED)


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    for name, content in FILES.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(text)


def sts(*words: str) -> Result:
    """Return what is said to a command of STS."""
    return run("aws", "sts", *words)


def told(*words: str, status: int = 0) -> dict[str, Any]:
    """Return the JSON answer to a command of STS."""
    result = sts(*words, "--output", "json")
    assert result.status == status, result
    found: dict[str, Any] = json.loads(result.out)
    return found


# ------------------------------ verbs
VERBS: dict[str, tuple[str, ...]] = {
    "assume-role": (*ROLE, *PERMITTED, "--trust", "trust.json"),
    "assume-role-with-web-identity": (
        *(*ROLE, "--web-identity-token", TOKEN, "--trust", "token.json"),
    ),
    "assume-role-with-saml": (
        *("--role-arn", DEPLOY, "--principal-arn", PROVIDER),
        *("--saml-assertion", ASSERTION, "--trust", "saml.json"),
    ),
    "assume-root": (
        *("--target-principal", "222222222222", "--task-policy-arn", f"arn={TASK}", *PERMITTED),
    ),
    "get-session-token": USER,
    "get-federation-token": ("--name", "bob", "--policy", "file://policy.json", *PERMITTED),
    "get-caller-identity": USER,
    "decode-authorization-message": ("--encoded-message", "AQIDBA", *PERMITTED),
    "get-access-key-info": ("--access-key-id", "ASIAY34FZKBOKMUTVV7A", *PERMITTED),
}
SESSIONS = {
    "assume-role": "arn:aws:sts::222222222222:assumed-role/deploy/ss",
    "assume-role-with-web-identity": "arn:aws:sts::222222222222:assumed-role/deploy/ss",
    "assume-role-with-saml": "arn:aws:sts::222222222222:assumed-role/deploy/carol",
    "assume-root": "arn:aws:iam::222222222222:root",
    "get-session-token": ALICE,
    "get-federation-token": "arn:aws:sts::111111111111:federated-user/bob",
}


def test_there_is_a_verb_for_each_operation() -> None:
    assert set(VERBS) == set(aws.VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_verb(verb: str) -> None:
    found = told(verb, *VERBS[verb])
    assert (found["decision"], found["operation"]) == ("allowed", aws.VERBS[verb])
    session = found["session"]
    assert (session and session["arn"]) == SESSIONS.get(verb)
    text = sts(verb, *VERBS[verb])
    assert text.out.startswith("allowed: ")
    assert (SESSIONS.get(verb) or "AWS would tell") in text.out


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb(verb: str) -> None:
    for words in ((verb, "--help"), (verb, "help")):
        result = sts(*words)
        assert result.status == 0
        assert all(option_of(field) in result.out for field in fields_of(aws.VERBS[verb]))
        assert "--identity-policy" in result.out


@pytest.mark.parametrize("words", [("--help",), ("help",), ("sts", "help"), ("sts", "--help")])
def test_help(words: tuple[str, ...]) -> None:
    result = run("aws", *words)
    assert result.status == 0
    assert all(verb in result.out for verb in VERBS)


def test_identity_of_the_caller_also_where_policies_deny() -> None:
    Path("deny.json").write_text(json.dumps(denying("*")))
    found = told("get-caller-identity", "--as", CI, "--identity-policy", "deny.json")
    assert found["response"] == {"UserId": None, "Account": ACCOUNT, "Arn": CI}
    given = ("--context", "aws:userid=AROA123456789012345:build")
    assert told("get-caller-identity", "--as", CI, *given)["response"]["UserId"].startswith("AROA")


def test_the_account_of_a_key_and_never_the_key() -> None:
    result = sts("get-access-key-info", *VERBS["get-access-key-info"])
    assert "Account: 609629065308" in result.out
    for answered in (result, sts("get-access-key-info", *VERBS["get-access-key-info"], *JSON)):
        assert "ASIAY34FZKBOKMUTVV7A" not in answered.out + answered.err


JSON = ("--format", "json")


def test_the_parameters_of_a_chain_are_told_without_what_is_secret() -> None:
    with_botocore()
    arguments = (*PROFILE, "--profile", "hop", "--trust", "trust.json", *JSON)
    key = ("get-access-key-info", "--access-key-id", "ASIAY34FZKBOKMUTVV7A")
    context = f"ProviderArn={TASK},ContextAssertion={SECRET}"
    again = (*ASSUME, "--provided-contexts", context, *DEVICE, "--token-code", "424242")
    for words in (key, again):
        result = sts(*words, *arguments)
        assert json.loads(result.out)["hops"][0]["parameters"]["role_arn"] == DEPLOY
        for secret in ("ASIAY34FZKBOKMUTVV7A", SECRET, "424242"):
            assert secret not in result.out + result.err


def test_the_command_of_a_fix_is_that_of_the_operation() -> None:
    found = told("get-session-token", *USER, *DEVICE, status=1)
    commands = [fix["command"] for fix in found["fixes"]]
    device = "--serial-number arn:aws:iam::111111111111:mfa/alice --token-code <code>"
    assert commands == [f"aws sts get-session-token {device}", "aws sts get-session-token"]


def test_root_reads_well() -> None:
    text = sts("assume-root", *VERBS["assume-root"], "--duration-seconds", "60").out
    assert "session: arn:aws:iam::222222222222:root, 60 seconds" in text


# ------------------------------ encoded messages
def test_a_denial_of_ec2_can_be_decoded() -> None:
    where = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"
    statement = {"Sid": "No", "Effect": "Deny", "Action": "ec2:Stop*", "Resource": "*"}
    Path("deny.json").write_text(json.dumps(policy(statement)))
    denied = run("simulate", *USER, "--action", "ec2:StopInstances", "--resource", where,
                 "--policy", "deny.json")  # fmt: skip
    assert "(UnauthorizedOperation) when calling the StopInstances operation" in denied.out
    message = denied.out.split()[-1]
    assert message.startswith(MESSAGE)
    response = told("decode-authorization-message", "--encoded-message", message, *PERMITTED)
    decoded = json.loads(response["response"]["DecodedMessage"])
    assert decoded["explicitDeny"] is True
    assert decoded["matchedStatements"]["items"][0]["statementId"] == "No"
    context = decoded["context"]
    assert context["principal"] == {"id": None, "name": "alice", "arn": ALICE}
    assert (context["action"], context["resource"]) == ("ec2:StopInstances", where)
    text = sts("decode-authorization-message", "--encoded-message", message, *PERMITTED).out
    assert '"explicitDeny": true' in text


def test_a_message_needs_permission_before_it_is_looked_at() -> None:
    words = ("decode-authorization-message", "--encoded-message", f"{MESSAGE}xx", *USER)
    denied = told(*words, "--identity-policy", "nothing.json", status=1)
    assert denied["error"]["code"] == "AccessDenied"
    found = told(*words, "--identity-policy", "policy.json", status=1)
    assert found["error"]["code"] == "InvalidAuthorizationMessageException"


# ------------------------------ options and their effects
def decided(*words: str) -> str:
    """Return the decision on an AssumeRole call by alice with further options."""
    arguments = (*ASSUME, *PERMITTED, "--trust", "trust.json", *words, *JSON)
    result = sts(*arguments)
    assert result.out, result.err
    found: str = json.loads(result.out)["decision"]
    return found


def requiring(operator: str, key: str, value: object) -> None:
    """Write a trust policy that admits under one condition."""
    condition = {operator: {key: value}}
    trust = trusting(ACCOUNT, action=["sts:AssumeRole", "sts:TagSession"], Condition=condition)
    Path("trust.json").write_text(json.dumps(trust))


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("aws:RequestedRegion", ("--region", "eu-west-1")),
        ("aws:RequestedRegion", ("--endpoint-url", "https://sts.eu-west-1.amazonaws.com")),
        ("sts:ExternalId", ("--external-id", "eu-west-1")),
        ("aws:RequestTag/team", ("--tags", "Key=team,Value=eu-west-1")),
        ("aws:RequestTag/team", ("--tags", '[{"Key": "team", "Value": "eu-west-1"}]')),
        ("aws:RequestTag/team", ("--tags", '{"Key": "team", "Value": "eu-west-1"}')),
        ("sts:ExternalId", ("--cli-input-json", '{"ExternalId": "eu-west-1"}')),
        ("aws:SourceVpc", ("--context", "aws:SourceVpc=eu-west-1")),
        ("sts:ExternalId", ("--ext=eu-west-1",)),
    ],
)
def test_options_that_change_the_decision(key: str, options: tuple[str, ...]) -> None:
    requiring("StringEquals", key, "eu-west-1")
    assert decided() != "allowed"
    assert decided(*options) == "allowed"


@pytest.mark.parametrize(
    ("region", "is_told"),
    [("eu-west-1", False), ("us-gov-east-1", False), ("ap-southeast-7", False), ("eu-wst-1", True)],
)
def test_a_name_of_no_region_is_told(region: str, is_told: bool) -> None:  # noqa: FBT001
    result = sts("get-caller-identity", *USER, "--region", region)
    assert (f"`{region}` does not look like a region of AWS" in result.err) is is_told
    assert result.status == 0


def test_the_global_endpoint_is_in_us_east_1() -> None:
    requiring("StringEquals", "aws:RequestedRegion", "us-east-1")
    assert decided() == "undecided"  # whose endpoint nobody said
    assert decided("--endpoint-url", "https://sts.amazonaws.com") == "allowed"


WITHOUT_EFFECT = (
    *("--debug", "--no-cli-pager", "--no-verify-ssl", "--no-paginate", "--cli-auto-prompt"),
    *("--color=off", "--ca-bundle=x", "--cli-read-timeout=1", "--cli-connect-timeout=1"),
    *("--output=table", "--cli-binary-format=raw-in-base64-out", "--region=eu-west-1"),
)


def test_options_of_the_aws_cli_that_change_nothing() -> None:
    arguments = (*ASSUME, *PERMITTED, "--trust", "trust.json")
    assert sts(*arguments, *WITHOUT_EFFECT) == sts(*arguments)
    before = run("aws", "--no-cli-pager", "--region", "eu-west-1", "sts", *arguments, "--debug")
    assert before == sts(*arguments)
    size = sts(*arguments, "--minimum-session-token-size", "1000")
    assert "no size from 0 to 4096 in `--minimum-session-token-size` has an effect" in size.err
    assert size.out == sts(*arguments).out


def test_query_is_about_our_answer() -> None:
    result = sts("get-caller-identity", *USER, "--query", "response.Arn")
    assert json.loads(result.out) == ALICE


@pytest.mark.parametrize(
    ("query", "is_told"),
    [
        ("Credentials.AccessKeyId", True),
        ("[Credentials.AccessKeyId, Credentials.SecretAccessKey]", True),
        ("Credentials.{id: AccessKeyId}", True),
        ("{id: Credentials.AccessKeyId}", True),
        ("error", False),
        ("fixes", False),
        ("[error]", False),
    ],
)
def test_a_query_of_what_is_not_in_our_answer_is_told(query: str, is_told: bool) -> None:  # noqa: FBT001
    words = (*ASSUME, *PERMITTED, "--trust", "trust.json", "--output", "text")
    result = sts(*words, "--query", query)
    note = "note: `--query` found nothing: it is asked of iamsim's answer, which is `allowed` and"
    assert (note in result.err) is is_told
    assert result.status == 0
    assert result.out == sts(*words, "--query", query).out


def test_a_query_does_not_hide_a_denial() -> None:
    words = (*ASSUME, *USER, "--identity-policy", "nothing.json", "--trust", "trust.json")
    result = sts(*words, "--query", "Credentials.AccessKeyId")
    assert (result.status, result.out) == (1, "null\n")
    assert "`implicitDeny` and has the keys decision," in result.err


def test_policy_is_that_of_the_new_session() -> None:
    arguments = (*ASSUME, *PERMITTED, "--trust", "trust.json")
    for text in ("file://nothing.json", json.dumps(FILES["nothing.json"])):
        session = told(*arguments, "--policy", text)["session"]
        assert session["has_session_policies"]
    bad = told(*arguments, "--policy", json.dumps(trusting("*")), status=1)
    assert bad["error"]["code"] == "MalformedPolicyDocument"


@pytest.mark.parametrize("option", ["boundary", "scp"])
def test_policies_of_the_caller(option: str) -> None:
    assert decided(f"--{option}", "policy.json") == "allowed"
    assert decided(f"--{option}", "nothing.json") == "implicitDeny"


def test_session_policy_is_that_of_the_callers_own_session() -> None:
    session = ("--as", CI, "--identity-policy", "policy.json", "--trust", "trust.json")
    assert sts(*ASSUME, *session).status == 0
    assert sts(*ASSUME, *session, "--session-policy", "nothing.json").status == 1


def test_tokens_in_files() -> None:
    web = (*VERBS["assume-role-with-web-identity"][:-3], "file://token", "--trust", "token.json")
    assert sts("assume-role-with-web-identity", *web).status == 0
    saml = (*VERBS["assume-role-with-saml"][:-3], "file://assertion", "--trust", "saml.json")
    assert sts("assume-role-with-saml", *saml).status == 0


def test_tags_of_a_file_and_in_quotes() -> None:
    arguments = (*ASSUME, *PERMITTED, "--trust", "trust.json", "--tags")
    assert told(*arguments, "file://tags.json")["session"]["tags"] == {"team": "red"}
    quoted = told(*arguments, "Key=\"a b\",Value='c d'", "Value=f=g,Key=e")
    assert quoted["session"]["tags"] == {"a b": "c d", "e": "f=g"}


# ------------------------------ profiles
def with_botocore() -> None:
    """Skip a test where the extra that reads profiles is not installed."""
    pytest.importorskip("botocore")


def test_a_profile_says_who_calls() -> None:
    with_botocore()
    found = told("get-caller-identity", "--profile", "base", *PROFILE)
    assert found["response"]["Arn"] == ALICE
    chained = told("get-caller-identity", "--profile=hop", *PROFILE, "--trust", "trust.json")
    assert chained["response"]["Arn"] == SESSIONS["assume-role"]
    assert [hop["profile"] for hop in chained["hops"]] == ["hop", None]


def test_a_profile_with_the_keys_of_a_session() -> None:
    with_botocore()
    keys = str(FILES["credentials"]).replace("AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE")
    Path("credentials").write_text(f"{keys}aws_session_token = {SECRET}\n")
    requiring("Bool", "aws:MultiFactorAuthPresent", "true")
    arguments = (*ASSUME, *PROFILE, "--profile", "base", "--trust", "trust.json")
    assert [sts(*arguments, mfa).status for mfa in ("--mfa", "--no-mfa")] == [0, 1]
    unsaid = sts(*arguments)
    assert unsaid.status == 2
    assert "`--mfa` or `--no-mfa`" in unsaid.err


def test_the_region_of_a_profile() -> None:
    with_botocore()
    requiring("StringEquals", "aws:RequestedRegion", "eu-west-1")
    arguments = (*ASSUME, *PROFILE, "--profile", "base", "--trust", "trust.json")
    assert sts(*arguments).status == 0
    assert sts(*arguments, "--region", "us-west-2").status == 1


def test_who_does_not_sign() -> None:
    found = told("get-caller-identity", "--no-sign-request", status=1)
    assert found["error"]["code"] == "MissingAuthenticationToken"
    result = sts("assume-role-with-web-identity", *VERBS["assume-role-with-web-identity"],
                 "--profile", "any")  # fmt: skip
    assert result.status == 0
    assert "`--profile` has no effect" in result.err


# ------------------------------ the real aws CLI
#: How the values of parameters are typed, for each parameter.
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("assume-role", *ROLE),
    ("assume-role", *ROLE, "--duration-s", "900", "--ext=e-1", "--source-identity", "me"),
    ("assume-role", *ROLE, "--tags", "Key=a,Value=b c", 'Key="x,y",Value=\'q\'', "Value=,Key=e"),
    ("assume-role", *ROLE, "--tags", "Key=a\\,b, Value = v=w ", "--transitive-tag-keys", "a", "b"),
    ("assume-role", *ROLE, "--tags", '[{"Key":"k","Value":"v"}]', "--transitive", '["k"]'),
    ("assume-role", *ROLE, "--tags", '{"Key":"k","Value":"v"}', '{"Key":"l","Value":""}'),
    ("assume-role", *ROLE, "--tags", "file://tags.json", "--policy", "file://policy.json"),
    ("assume-role", *ROLE, "--policy-arns", f"arn={TASK}", f"arn={TASK}"),
    ("assume-role", *ROLE, *DEVICE, "--token-c", "123456", "--color", "off"),
    ("assume-role", *ROLE, "--provided-contexts", f"ProviderArn={TASK},ContextAssertion=abcd"),
    ("assume-role", "--cli-input-json", json.dumps({"RoleArn": DEPLOY, "RoleSessionName": "z"}),
     "--role-session-name", "ss"),
    ("assume-role-with-web-identity", *ROLE, "--web-identity-token", "file://token",
     "--provider-id", "www.amazon.com"),
    ("assume-role-with-saml", *VERBS["assume-role-with-saml"][:6], "--policy-arns",
     f'[{{"arn":"{TASK}"}}]'),
    ("assume-root", "--target-principal", "222222222222", "--task-policy-arn", f"arn={TASK}"),
    ("assume-root", "--target", "222222222222", "--task", f'{{"arn":"{TASK}"}}'),
    ("get-session-token", "--region", "eu-west-1", "--no-verify-ssl", *DEVICE),
    ("get-federation-token", "--name", "bob", "--policy", json.dumps(allowing())),
    ("decode-authorization-message", "--encoded-message", "AQIDBA"),
    ("get-access-key-info", "--access-key-id", "AKIAIOSFODNN7EXAMPLE"),
    ("get-caller-identity", "--output", "text", "--query", "Arn"),
)  # fmt: skip
_SCRIPT = """
import json, sys
from awscli.clidriver import create_clidriver
endpoint, commands = sys.argv[1], json.loads(sys.argv[2])
for words in commands:
    create_clidriver().main(["--endpoint-url", endpoint, "sts", *words])
verbs = create_clidriver()._get_command_table()["sts"]._get_command_table()
tables = {
    verb: {f"--{name}": bool(argument.required) for name, argument in command.arg_table.items()}
    for verb, command in verbs.items()
}
options = {
    option
    for action in create_clidriver().create_help_command().arg_table.values()
    for option in [action.cli_name]
}
json.dump([tables, sorted(options)], open("tables.json", "w"))
"""


class _Recorder(BaseHTTPRequestHandler):
    """Keeps what is sent, and answers with an error."""

    def do_POST(self) -> None:
        """Keep the parameters of a call."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.sent.append(dict(parse_qsl(body, keep_blank_values=True)))  # type: ignore[attr-defined]
        answer = b"<ErrorResponse><Error><Code>Recorded</Code></Error></ErrorResponse>"
        self.send_response(400)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@contextmanager
def recording() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield an endpoint, and the list of what is sent to it."""
    server = HTTPServer(("127.0.0.1", 0), _Recorder)
    server.sent = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.sent  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sent_by_aws() -> tuple[list[dict[str, str]], dict[str, dict[str, bool]], list[str]]:
    """Return what the aws CLI sends, and the options that it has."""
    if importlib.util.find_spec("awscli") is None:
        pytest.skip("the aws CLI is not installed beside the tests")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_CONFIG_FILE": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with recording() as (endpoint, sent):
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, endpoint, json.dumps(COMMANDS)],
            capture_output=True,
            check=False,
            env=environment,
        )
        assert Path("tables.json").exists(), done.stderr.decode()
        assert len(sent) == len(COMMANDS), done.stderr.decode()
    tables, options = json.loads(Path("tables.json").read_text())
    return sent, tables, options


def read_by_us(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the parameters that we read in a command, as they are sent."""
    found: dict[str, str] = {"Action": str(aws.VERBS[words[0]]), "Version": "2011-06-15"}
    read = aws_options.read_parameters

    def reading(*arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as it is called
        values = read(*arguments)
        for field, value in values.items():
            found.update(_flat(field, value))
        return values

    monkeypatch.setattr(aws, "read_parameters", reading)
    sts(*words)
    return found


def _flat(field: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - by its form
    name, _, _, form, members = PARAMETERS[field]
    match form:
        case Form.WORDS:
            yield from ((f"{name}.member.{n}", each) for n, each in enumerate(value, 1))
        case Form.STRUCTURES:
            for n, each in enumerate(value, 1):
                texts = (each,) if isinstance(each, str) else each
                pairs = zip(members, texts, strict=True)
                yield from ((f"{name}.member.{n}.{member}", text) for member, text in pairs)
        case Form.STRUCTURE:
            yield f"{name}.{members[0]}", value
        case _:
            yield name, value.text if isinstance(value, Source) else str(value)


def test_what_we_read_is_what_the_aws_cli_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    sent, tables, options = sent_by_aws()
    for words, theirs in zip(COMMANDS, sent, strict=True):
        assert read_by_us(words, monkeypatch) == theirs
    for verb, operation in aws.VERBS.items():
        ours = {option_of(f): f in REQUIRED.get(operation, ()) for f in fields_of(operation)}
        ours |= {"--cli-input-json": False, "--generate-cli-skeleton": False}
        newer = ours.keys() - tables[verb].keys()
        assert {name: ours[name] for name in ours if name not in newer} == tables[verb]
        assert newer <= {"--minimum-session-token-size"}  # older ones do not have it yet
    assert {*options} - {"--version"} <= {*aws_verb.Verb(name="aws").groups[0]}


def test_parameters_are_those_of_the_model() -> None:
    session = pytest.importorskip("botocore.session")
    model = session.Session().get_service_model("sts")
    forms = {"string": {Form.TEXT, Form.DOCUMENT}, "integer": {Form.NUMBER},
             "structure": {Form.STRUCTURE}, "list": {Form.WORDS, Form.STRUCTURES}}  # fmt: skip
    for operation in Operation:
        shape = model.operation_model(operation).input_shape
        members = shape.members if shape is not None else {}
        ours = {PARAMETERS[field].member: field for field in fields_of(operation)}
        assert set(ours) == set(members)
        required = {PARAMETERS[field].member for field in REQUIRED.get(operation, ())}
        assert required == set(shape.required_members if shape is not None else ())
        for name, field in ours.items():
            assert PARAMETERS[field].form in forms[members[name].type_name]


def test_no_option_of_ours_is_one_of_awss() -> None:
    for verb, operation in aws.VERBS.items():
        of_all, of_verb, own = aws_verb.Verb(operation, name=verb).groups
        assert not of_all.keys() & of_verb.keys()
        assert not own.keys() & {*of_all, *of_verb}


@pytest.mark.parametrize(
    ("size", "wanted"),
    [("4097", "less than or equal to 4096"), ("-1", "greater than or equal to 0")],
)
def test_a_size_that_no_token_has(size: str, wanted: str) -> None:
    """Hold STS-32, for each operation that makes credentials."""
    verbs = [verb for verb in VERBS if "minimum_session_token_size" in fields_of(aws.VERBS[verb])]
    assert {*verbs} == {*SESSIONS}
    for verb in verbs:
        error = told(verb, *VERBS[verb], f"--minimum-session-token-size={size}", status=1)["error"]
        assert error["code"] == "ValidationError"
        assert error["message"].endswith(f"Member must have value {wanted}")
        assert f"Value '{size}' at 'minimumSessionTokenSize'" in error["message"]


# ------------------------------ unusable commands
JWT = ("assume-role-with-web-identity", *ROLE, "--trust", "token.json", "--web-identity-token")
UNUSABLE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sts",), "Verbs:"),
    (("s3api", "list-buckets"), "`iamsim simulate --action ACTION`"),
    (("ec2", "describe-instances", "--x"), "`iamsim simulate --action ec2:DescribeInstances`"),
    (("--region", "x"), "which command?"),
    (("sts", "assume-rol"), "did you mean `assume-role`? there are assume-role, "),
    (("--role-arn", SECRET, "sts", "assume-role"), "`--role-arn`: no such option before the verb"),
    (("sts", "assume-role"), "are required: --role-arn, --role-session-name"),
    (("sts", "assume-role", "--role-arn"), "argument --role-arn: expected one argument"),
    (("sts", "assume-role", "--role-arn", "--tags", "x"), "argument --role-arn: expected one"),
    (("sts", "assume-role", "--tags", "--debug"), "argument --tags: expected"),
    (("sts", *ASSUME, *USER), "`--trust FILE` is missing"),
    (("sts", *ASSUME, "--trust", "trust.json"), "say who calls"),
    (("sts", *ASSUME, "--role-arn", DEPLOY), "--role-arn is given more than once"),
    (("sts", *ASSUME, "--po", "x"), "ambiguous option: --po could match --policy, --policy-arns"),
    (("sts", *ASSUME, "--nonsense"), "No such option"),
    (("sts", *ASSUME, "--source-identiy", SECRET),
     "No such option `--source-identiy`: did you mean `--source-identity`?"),
    (("sts", *ASSUME, "--source-identiy=bob"), "did you mean `--source-identity`?"),
    (("sts", *ASSUME, "--cli-input-yaml", "file://x"), "give it as JSON with `--cli-input-json`"),
    (("sts", *ASSUME, "--duration-seconds", "long"), "'long' is not a valid integer"),
    (("sts", *ASSUME, "--tags", "team=red"), "`--tags`: expected `Key=KEY,Value=VALUE`"),
    (("sts", *ASSUME, "--tags", "Key=a,Value=b,c"), "a comma within a value is written"),
    (("sts", *ASSUME, "--tags", "Key=a,Value=b,"), "`--tags`: expected `Key=KEY,Value=VALUE`"),
    (("sts", *ASSUME, "--tags", "Key=a,Key=b"), "`--tags`: expected `Key=KEY,Value=VALUE`"),
    (("sts", *ASSUME, "--tags", '[{"Key": "a"}]'), "`--tags`: expected `Key=KEY,Value=VALUE`"),
    (("sts", *ASSUME, "--tags", "[{"), "`--tags` is no JSON: "),
    (("sts", *ASSUME, "--tags", "[" * 100_000), "`--tags` is no JSON: "),
    (("sts", *ASSUME, "--transitive-tag-keys", "[1]"), "expected a list of texts"),
    (("sts", *ASSUME, "--policy-arns", TASK), "`--policy-arns`: expected `arn=ARN`"),
    (("sts", *ASSUME, "--provided-contexts", SECRET), "expected `ProviderArn=PROVIDERARN,Context"),
    (("sts", *ASSUME, "--policy", "no.json"), "`--policy`: did you mean `file://no.json`?"),
    (("sts", *ASSUME, "--policy", "trust.json"), "did you mean `file://trust.json`?"),
    (("sts", *JWT, "no.jwt"), "`--web-identity-token`: did you mean `file://no.jwt`?"),
    (("sts", *JWT, "/var/run/token"), "did you mean `file:///var/run/token`?"),
    (("sts", *ASSUME, "--cli-input-json", "in.json"), "did you mean `file://in.json`?"),
    (("sts", "assume-role-with-saml", *VERBS["assume-role-with-saml"][:4], "--saml-assertion",
      "saml.xml", "--trust", "saml.json"), "`--saml-assertion`: did you mean `file://saml.xml`?"),
    (("sts", *ASSUME, "--cli-input-json", '{"ExternalId": "x", "ExternalId": "y"}'),
     "`--cli-input-json`: the key `ExternalId` is given twice"),
    (("sts", *ASSUME, "--policy", "file://no"), "cannot read `no`: No such file or directory"),
    (("sts", *ASSUME, *PERMITTED, "--trust", "trust.json", "--policy", "{"), "--policy:1:"),
    (("sts", *ASSUME, "--cli-input-json", "{"), "`--cli-input-json` is no JSON: "),
    (("sts", *ASSUME, "--cli-input-json", "[]"), "`--cli-input-json`: expected an object"),
    (("sts", *ASSUME, "--cli-input-json", '{"Rolearn": "x"}'), "unknown parameter `Rolearn`"),
    (("sts", *ASSUME, "--cli-input-json", '{"DurationSeconds": "x"}'), "expected a whole number"),
    (("sts", *ASSUME, "--cli-input-json", '{"Tags": {}}'), "expected a list of objects"),
    (("sts", *ASSUME, "--generate-cli-skeleton"), "there is nothing to decide"),
    (("sts", *ASSUME, "--config", "config", *USER), "`--config` goes with `--profile`"),
    (("sts", *ASSUME, "--no-sign-request", *USER), "who does not sign is nobody"),
    (("sts", *JWT, TOKEN, *USER), "a token or an assertion says who calls"),
    (("sts", *JWT, SECRET), "token"),
    (("sts", *JWT, f"{TOKEN}.{SECRET}"), "token"),
    (("sts", *JWT, TOKEN, SECRET), "a word belongs to no option"),
    (("sts", "assume-role-with-saml", *VERBS["assume-role-with-saml"][:4], "--saml-assertion",
      SECRET, "--trust", "saml.json"), "assertion"),
    (("sts", "get-access-key-info", *USER, "--access-key-id", SECRET + 18 * "x"), "secret key"),
    (("sts", "get-access-key-info", *USER, "--access-key-id", SECRET + 17 * "x"), "secret key"),
    (("sts", "get-access-key-info", *USER, "--access-key-id", f"{SECRET}+x"), "secret key"),
    (("sts", "get-access-key-info", *USER, "--access-key-id", "AKIA"), "16 to 128 capital letters"),
    (("sts", "get-access-key-info", *USER, "--cli-input-json",
      json.dumps({"AccessKeyId": SECRET})), "secret key"),
    (("sts", *ASSUME, *PERMITTED, "--trust", "trust.json", "--provided-contexts",
      f"ProviderArn={TASK},ContextAssertion={SECRET * 100}"), "4 to 2048 characters"),
    (("sts", "get-caller-identity", *USER, "--trust", "trust.json"), "no role is assumed"),
    (("sts", "get-caller-identity", *USER, "--region", "a", "--context", "aws:RequestedRegion=b"),
     "`--region` says already what this key is"),
    (("sts", "get-caller-identity", *USER, "--query", "a["), "`--query`"),
    (("s3api", "get-object"), "`iamsim simulate --action s3:GetObject`"),
    (("s3", "ls"), "`iamsim simulate --action ACTION`"),
    (("sts", *ASSUME, *PERMITTED, "--trust", "trust.json", "--region", ""), "`--region` is empty"),
    *(
        (("sts", *ASSUME, *PERMITTED, "--trust", "trust.json", "--endpoint-url", url),
         "`--endpoint-url` is no endpoint of STS")
        for url in ("https://evil.example/", "https://sts.amazonaws.com.evil.example", "", "x")
    ),
    *(
        (("sts", *ASSUME, *PERMITTED, "--trust", "trust.json", "--endpoint-url", f"https://{url}"),
         "`endpoint_policies`")
        for url in ("vpce-1-ab.sts.eu-west-1.vpce.amazonaws.com", "x.vpce.amazonaws.com.cn:443/")
    ),
)  # fmt: skip


@pytest.mark.parametrize(("words", "said"), UNUSABLE)
def test_unusable(words: tuple[str, ...], said: str) -> None:
    result = run("aws", *words)
    if words == ("sts",):
        assert (result.status, said in result.out) == (0, True)
        return
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert SECRET not in result.err
    assert len(result.err) < 1500


@pytest.mark.parametrize("url", ["http://localhost:4566", "http://127.0.0.1:5000/", "http://[::1]"])
def test_an_endpoint_on_this_machine(url: str) -> None:
    found = told(*ASSUME, *PERMITTED, "--trust", "trust.json", "--endpoint-url", url)
    assert found["decision"] == "allowed"


def test_no_words() -> None:
    assert run("aws").status == 2


def test_a_file_that_is_no_text() -> None:
    Path("token").write_bytes(b"\xff\xfe" + SECRET.encode())
    result = sts(*JWT, "file://token")
    assert (result.status, result.out) == (2, "")
    assert "`token` is not UTF-8" in result.err


def test_a_command_holds_no_end_of_a_line() -> None:
    Path("of-session.json").write_text(json.dumps(allowing()) + "\n")
    words = (*ASSUME, *PERMITTED, "--trust", "trust.json", "--policy", "file://of-session.json")
    result = sts(*words, "--token-code", "123456")
    assert "    aws sts assume-role" in result.out
    assert "\\x0a" not in result.out
