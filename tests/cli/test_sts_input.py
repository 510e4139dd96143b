"""What cannot be asked of STS, and what it refuses: rows of docs/reference/bad-input.md.

Each name begins with the number of its row. What AWS would refuse is an answer, told with its
error; what cannot be read is one message and exit status 2.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import ALICE, DEPLOY, allowing, answer, ask, run, trusting

if TYPE_CHECKING:
    from pathlib import Path

ROOT_USER = "arn:aws:iam::111111111111:root"
FEDERATED = "arn:aws:sts::111111111111:federated-user/carol"
MINE = "arn:aws:iam::111111111111:mfa/alice"
TAGS = [f"Key=k{number},Value=v" for number in range(51)]
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00"  # noqa: S105 - AWS's own example
CODE = "918273"


@pytest.mark.parametrize(
    ("caller", "rule"), [(ROOT_USER, "IAM702"), (FEDERATED, "IAM703")], ids=["root", "federated"]
)
def test_093_who_cannot_assume(caller: str, rule: str) -> None:
    found = answer(caller=caller, trust=trusting("*"))
    assert (found["decision"], found["error"]["code"]) == ("error", "AccessDenied")
    assert rule in [cause["code"] for cause in found["causes"]]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--external-id", "x"), "'externalId'"),
        (("--external-id", "x" * 1225), "less than or equal to 1224"),
        (("--external-id", "a b"), "regular expression pattern"),
        (("--role-session-name", "a/b"), "'roleSessionName'"),
        (("--source-identity", "aws:x"), "'sourceIdentity'"),
        (("--duration-seconds", "899"), "greater than or equal to 900"),
        (("--duration-seconds", "43201"), "less than or equal to 43200"),
        (("--tags", *TAGS), "less than or equal to 50"),
        (("--tags", f"Key={'k' * 129},Value=v"), "'tags.1.member.key'"),
        (("--tags", f"Key=k,Value={'v' * 257}"), "'tags.1.member.value'"),
        (("--tags", "Key=a,Value=1", "Key=A,Value=2"), "Duplicate tag keys found."),
        (("--tags", "Key=aws:x,Value=1"), "reserved"),
        (("--transitive-tag-keys", "team"), "must be included in the requested tags"),
    ],
)
def test_094_to_097_parameters(options: tuple[str, ...], told: str) -> None:
    found = answer(*options)
    assert found["decision"] == "error"
    assert found["error"]["status"] == 400
    assert told in found["error"]["message"]
    assert [cause["layer"] for cause in found["causes"]][:1] == ["sts"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--token-code", CODE), "IAM704"),
        (("--serial-number", "arn:aws:iam::222222222222:mfa/x", "--token-code", CODE), "IAM705"),
        (
            ("--serial-number", "arn:aws:iam::111111111111:user/alice", "--token-code", CODE),
            "IAM705",
        ),
    ],
    ids=["no serial number", "a device of another account", "user instead of mfa"],
)
def test_098_mfa(options: tuple[str, ...], code: str) -> None:
    found = answer(*options)
    assert (found["decision"], found["error"]["code"]) == ("error", "AccessDenied")
    assert code in [cause["code"] for cause in found["causes"]]


LOOP = f"[profile other]\nrole_arn = {DEPLOY}\nsource_profile = deploy\n"
BASE = "[profile deploy]\nrole_arn = arn:aws:iam::222222222222:role/deploy\n"
KEYS = (
    f"[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\n"
)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (f"{BASE}source_profile = other\n{LOOP}", "circle"),
        (f"{BASE}source_profile = bass\n{KEYS}", "did you mean `base`?"),
        (f"{BASE}source_profile = base\ncredential_source = Environment\n{KEYS}", "keep one"),
        (BASE, "has no credentials to assume the role with"),
        ("[profile other]\nregion = x\n", "holds no profile `deploy`"),
        ("role_arn\n", "config"),
        ("", "config"),
    ],
    ids=["loop", "missing", "both", "neither", "no such profile", "no section", "empty"],
)  # fmt: skip
def test_107_profiles(config: str, told: str, tmp_path: Path) -> None:
    found = profile(config, tmp_path)
    assert (found.status, found.out) == (2, "")
    assert told in found.err
    assert SECRET not in found.err


def profile(config: str, folder: Path, *options: str) -> Any:  # noqa: ANN401 - a result of `run`
    (folder / "config").write_text(config)
    (folder / "trust.json").write_text(json.dumps(trusting("111111111111")))
    (folder / "alice.json").write_text(json.dumps(allowing()))
    files = ("--trust", str(folder / "trust.json"), "--policy", str(folder / "alice.json"))
    named = ("--profile", "deploy", "--config", str(folder / "config"))
    return run("assume", *named, *files, *options)


@pytest.mark.parametrize("format_", ["text", "json"])
def test_151_to_153_secrets_are_not_told(format_: str, tmp_path: Path) -> None:
    config = f"{BASE}source_profile = base\n{KEYS}aws_session_token = {SECRET}\n"
    config += f"credential_process = /bin/touch {tmp_path}/ran\nsso_start_url = https://{SECRET}\n"
    found = profile(config, tmp_path, "--as", ALICE, "--format", format_)
    assert found.status == 0, found.err
    assert SECRET not in found.out + found.err
    assert "AKIAIOSFODNN7EXAMPLE" not in found.out + found.err
    assert not (tmp_path / "ran").exists()


def test_151_the_file_of_keys_is_opened_for_a_profile_only(tmp_path: Path) -> None:
    """Seen from outside, by an audit hook in the process of the command."""
    keys = tmp_path / "keys"
    keys.write_text(f"[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
                    f"aws_secret_access_key = {SECRET}\n")  # fmt: skip
    (tmp_path / "config").write_text(f"{BASE}source_profile = base\n[profile base]\nregion = x\n")
    (tmp_path / "trust.json").write_text(json.dumps(trusting("111111111111")))
    hook = (
        "import sys; from simulator.cli.main import main\n"
        "sys.addaudithook(lambda name, args: name == 'open' and args[0] == sys.argv[1]"
        " and print('OPENED', file=sys.stderr))\n"
        "keys = sys.argv[1]; sys.argv = ['iamsim', *sys.argv[2:]]; sys.argv.insert(1, 'assume')\n"
        "sys.addaudithook(lambda name, args: name == 'open' and args[0] == keys"
        " and print('OPENED', file=sys.stderr))\nmain()\n"
    )
    environment = {
        **os.environ,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(keys),
    }
    usual = ("--as", ALICE, "--trust", str(tmp_path / "trust.json"), "--policy", "-")

    def opened(*options: str) -> bool:
        done = subprocess.run(
            [sys.executable, "-c", hook, str(keys), *options, *usual],
            input=json.dumps(allowing()), env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert SECRET not in done.stdout + done.stderr
        return "OPENED" in done.stderr

    assert not opened("--role-arn", DEPLOY)
    assert opened("--profile", "deploy")


def test_155_the_environment_says_nothing_of_the_caller(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plain = profile(f"{BASE}source_profile = base\n{KEYS}", tmp_path, "--as", ALICE)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
                 "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_REGION"):  # fmt: skip
        monkeypatch.setenv(name, SECRET)
    again = profile(f"{BASE}source_profile = base\n{KEYS}", tmp_path, "--as", ALICE)
    assert (again.status, again.out, again.err) == (plain.status, plain.out, plain.err)


@pytest.mark.parametrize("format_", ["text", "json"])
def test_156_a_code_is_never_told(format_: str) -> None:
    options = ("--serial-number", MINE, "--token-code", CODE, "--format", format_)
    for trust in (trusting("111111111111"), trusting("999999999999")):
        found = ask(*options, trust=trust)
        assert CODE not in found.out + found.err


@pytest.mark.parametrize("words", [("--token-code", "123", CODE), (CODE,)])
def test_156_a_word_without_an_option_is_not_told(words: tuple[str, ...]) -> None:
    found = ask(*words)
    assert (found.status, found.out) == (2, "")
    assert "a word belongs to no option" in found.err
    assert CODE not in found.err


MALFORMED = [
    ("not-an-arn", "ValidationError"),
    ("arn:aws:iam::222222222222", "ValidationError"),
    ("arn:aws-cn:iam::222222222222:role/deploy", "AccessDenied"),
]


@pytest.mark.parametrize(("role", "code"), MALFORMED, ids=["no ARN", "half", "other partition"])
def test_roles_that_are_none(role: str, code: str) -> None:
    found = answer(role=role)
    assert found["decision"] in ("error", "implicitDeny")
    assert found["error"]["code"] == code


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hello", "IAM840"),
        ("a.b", "IAM840"),
        ("AKIAIOSFODNN7EXAMPLE", "an ID of AWS"),
        ("{}", "iss"),
        ("", "empty"),
        ("<xml/>", "SAML"),
    ],
)
def test_what_is_no_token(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(text)
    found = ask("--web-identity-token", str(tmp_path / "token"), caller=None)
    assert (found.status, found.out) == (2, "")
    assert told.lower() in found.err.lower()
    assert "Traceback" not in found.err


CI = "arn:aws:sts::111111111111:assumed-role/ci/run"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--as", "anonymous", "--policy", "p.json"), "`--policy`: `anonymous` has no policies"),
        (("--as", "anonymous", "--mfa"), "`--mfa`: `anonymous` has"),
        (("--web-identity-token", "t", "--boundary", "p.json"), "`--boundary`: a token or an"),
        (("--web-identity-token", "t", "--caller-tag", "a=b"), "`--caller-tag`: a token or an"),
        (("--as", ALICE, "--principal-arn", "p"), "`--principal-arn` goes with `--saml-assertion`"),
        (("--as", ALICE, "--caller-transitive-tag-key", "a"), "only the session of a role"),
        (("--as", CI, "--caller-transitive-tag-key", "a"), "with `--caller-tag a=VALUE`"),
        (
            ("--as", CI, "--caller-tag", "a=b", "--context", "aws:PrincipalTag/A=c"),
            "`--caller-tag` gives this tag another value",
        ),
        (("--profile", "p", "--credentials", "nowhere"), "cannot read `nowhere`"),
    ],
)
def test_what_does_not_go_together(
    options: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.json").write_text(json.dumps(allowing()))
    (tmp_path / "trust.json").write_text(json.dumps(trusting("111111111111")))
    (tmp_path / "t").write_text('{"iss": "https://a.example", "sub": "s", "aud": "a"}')
    role = () if "--profile" in options else ("--role-arn", DEPLOY)
    found = run("assume", *role, "--trust", "trust.json", *options)
    assert (found.status, found.out) == (2, "")
    assert told in found.err


@pytest.mark.parametrize("option", ["--trust", "--policy", "--inventory"])
def test_a_secret_in_the_place_of_a_policy_is_not_told(option: str, tmp_path: Path) -> None:
    for name, text in (("key", SECRET), ("token", f"eyJhbGciOiJub25lIn0.{SECRET}.{SECRET}")):
        (tmp_path / name).write_text(text)
        (tmp_path / "trust.json").write_text(json.dumps(trusting("111111111111")))
        trust = () if option == "--trust" else ("--trust", str(tmp_path / "trust.json"))
        options = (option, str(tmp_path / name), *trust)
        found = run("assume", "--as", ALICE, "--role-arn", DEPLOY, *options)
        assert (found.status, found.out) == (2, "")
        assert SECRET[:9] not in found.err
        assert SECRET[-9:] not in found.err


@pytest.mark.parametrize(
    ("option", "data"),
    [
        ("--web-identity-token", b'{"iss": "https://a.example", "nonce": "opaque-secret'),
        ("--web-identity-token", b"opaque-secret\xff"),
        ("--web-identity-token", "opaque-secret".encode("utf-16")),
        ("--saml-assertion", b"<Assertion><Issuer>opaque-secret"),
        ("--saml-assertion", b"<Response><NameID>opaque-secret</NameID></Response>"),
        ("--saml-assertion", b"<!DOCTYPE opaque-secret><Response/>"),
    ],
)
def test_no_character_of_a_token_is_told(option: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(data)
    (tmp_path / "trust.json").write_text(json.dumps(trusting("111111111111")))
    options = (option, str(tmp_path / "f"), "--trust", str(tmp_path / "trust.json"))
    found = run("assume", "--role-arn", DEPLOY, *options)
    assert (found.status, found.out) == (2, "")
    assert f"{tmp_path / 'f'}:1:" in found.err
    assert "opaque" not in found.err
    assert "secret" not in found.err


def test_xml_is_no_assertion_of_the_aws_cli(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<Response/>")
    (tmp_path / "trust.json").write_text(json.dumps(trusting("111111111111")))
    given = ("--saml-assertion", f"file://{tmp_path / 'a.xml'}", "--principal-arn", f"{DEPLOY}")
    trust = ("--trust", str(tmp_path / "trust.json"))
    verb = ("aws", "sts", "assume-role-with-saml")
    found = run(*verb, "--role-arn", DEPLOY, *given, *trust)
    assert (found.status, found.out) == (2, "")
    assert "base64 -w0" in found.err


@pytest.mark.parametrize("option", ["--web-identity-token", "--saml-assertion"])
@pytest.mark.parametrize("length", [1, 9])
def test_a_token_in_the_place_of_its_file_is_not_told(option: str, length: int) -> None:
    found = ask(option, SECRET * length, caller=None)
    assert (found.status, found.out) == (2, "")
    assert f"cannot read the file of `{option}`: " in found.err
    assert SECRET not in found.err


DUMP: dict[str, list[Any]] = {
    "UserDetailList": [],
    "GroupDetailList": [],
    "RoleDetailList": [],
    "Policies": [],
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (json.dumps(DUMP)[:-30], "IAM822"),
        ('{"Buckets": []}', "IAM821"),
        ("[1, 2", "IAM822"),
        ("An error occurred (AccessDenied)", "IAM"),
        ("", "IAM"),
    ],
    ids=["cut in half", "unknown shape", "cut list", "an error of the CLI", "empty"],
)
def test_what_is_no_inventory(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(text)
    found = ask("--inventory", str(tmp_path / "dump.json"), trust=None)
    assert (found.status, found.out) == (2, "")
    assert told in found.err
    assert "dump.json" in found.err


def test_two_dumps_that_contradict_each_other(tmp_path: Path) -> None:
    for name, trusted in (("one", "111111111111"), ("two", "999999999999")):
        role = {
            "Arn": DEPLOY, "RoleName": "deploy", "Path": "/", "RoleId": "AROADBQP57FF2AEXAMPLE",
            "AssumeRolePolicyDocument": trusting(trusted), "RolePolicyList": [],
            "AttachedManagedPolicies": [], "Tags": [],
        }  # fmt: skip
        dump = {**DUMP, "RoleDetailList": [role]}
        (tmp_path / f"{name}.json").write_text(json.dumps(dump))
    found = ask("--inventory", str(tmp_path), trust=None)
    assert (found.status, found.out) == (2, "")
    assert "IAM824" in found.err
    assert "one.json" in found.err
    assert "two.json" in found.err


def test_session_keys_of_a_profile_do_not_tell_whether_they_have_mfa(tmp_path: Path) -> None:
    keys = KEYS.replace("AKIA", "ASIA") + f"aws_session_token = {SECRET}\n"
    config = f"{BASE}source_profile = base\n{keys}"
    found = profile(config, tmp_path, "--as", ALICE)
    assert (found.status, found.out) == (2, "")
    assert "say with `--mfa` or `--no-mfa`" in found.err
    longer = config.replace("role_arn", "duration_seconds = 7200\nrole_arn", 1)
    told = profile(longer, tmp_path, "--as", ALICE, "--mfa")
    assert "IAM706" in told.out


def test_a_profile_is_mended_by_its_settings(tmp_path: Path) -> None:
    named = tmp_path / "my config"
    named.write_text(f"{BASE}source_profile = base\n{KEYS}")
    trust = trusting("111111111111", Condition={"StringEquals": {"sts:ExternalId": "acme"}})
    (tmp_path / "trust.json").write_text(json.dumps(trust))
    (tmp_path / "alice.json").write_text(json.dumps(allowing()))
    found = run(
        *("assume", "--profile", "deploy", "--config", str(named), "--as", ALICE),
        *("--trust", str(tmp_path / "trust.json"), "--policy", str(tmp_path / "alice.json")),
        *("--format", "json"),
    )
    value = json.loads(found.out)
    (fix,) = value["fixes"]
    setting = "aws configure set external_id acme --profile deploy"
    assert fix["command"] == f"AWS_CONFIG_FILE='{named}' {setting}"
    assert [hop["profile"] for hop in value["hops"]] == ["deploy"]


def test_the_usual_file_of_profiles_is_not_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(f"{BASE}source_profile = base\n{KEYS}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    trust = trusting("111111111111", Condition={"StringEquals": {"sts:ExternalId": "acme"}})
    (tmp_path / "trust.json").write_text(json.dumps(trust))
    (tmp_path / "alice.json").write_text(json.dumps(allowing()))
    files = ("--trust", str(tmp_path / "trust.json"), "--policy", str(tmp_path / "alice.json"))
    found = run("assume", "--profile", "deploy", "--as", ALICE, *files, "--format", "json")
    (fix,) = json.loads(found.out)["fixes"]
    assert fix["command"] == "aws configure set external_id acme --profile deploy"


SSO = "sso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 111111111111\n"


@pytest.mark.parametrize(
    ("config", "example"),
    [
        (f"{BASE}credential_source = Ec2InstanceMetadata\n", "sts::ACCOUNT:assumed-role/ROLE/i-"),
        (f"{BASE}credential_source = EcsContainer\n", "sts::ACCOUNT:assumed-role/ROLE/TASK"),
        (
            f"{BASE}source_profile = base\n[profile base]\n{SSO}sso_role_name = Admin\n",
            "sts::111111111111:assumed-role/ROLE/NAME",
        ),
    ],
)
def test_credentials_of_a_role_session_are_no_users(
    config: str, example: str, tmp_path: Path
) -> None:
    found = profile(config, tmp_path, "--as", ALICE)
    assert (found.status, found.out) == (2, "")
    assert f"those of a role session: give `--as arn:aws:{example}" in found.err
    assert f"give `--as arn:aws:{example}" in profile(config, tmp_path).err
    session = profile(config, tmp_path, "--as", "arn:aws:sts::111111111111:assumed-role/r/s")
    assert session.status != 2


def test_credentials_in_the_environment_may_be_a_users(tmp_path: Path) -> None:
    found = profile(f"{BASE}credential_source = Environment\n", tmp_path, "--as", ALICE)
    assert found.status == 0
