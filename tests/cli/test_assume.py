"""`iamsim assume` as its reference describes it: options, facts, refusals, keys, exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.cli.command import (
    ALICE,
    CI,
    DEPLOY,
    LOCAL,
    allowing,
    answer,
    ask,
    asked,
    denying,
    policy,
    run,
    trusting,
)

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = "111111111111"
BOB = "arn:aws:iam::111111111111:user/bob"
ADMITTING = trusting(ACCOUNT)


def when(operator: str, key: str, value: object) -> dict[str, Any]:
    """Return a trust policy that admits the caller's account under one condition."""
    return trusting(ACCOUNT, Condition={operator: {key: value}})


def rcp() -> dict[str, Any]:
    """Return a resource control policy that denies."""
    return policy({**denying()["Statement"][0], "Principal": "*"})


class Effect(NamedTuple):
    """A question, what is added to it, and the decisions without and with that."""

    option: str
    without: str
    within: str
    question: dict[str, Any]
    options: tuple[str, ...] = ()
    documents: dict[str, Any] = {}  # noqa: RUF012 - never changed


YES, NO, NEVER, OPEN = "allowed", "implicitDeny", "explicitDeny", "undecided"
MFA = when("Bool", "aws:MultiFactorAuthPresent", "true")
DEVICE = ("--serial-number", "arn:aws:iam::111111111111:mfa/alice", "--token-code", "123456")
TAGS = ("sts:AssumeRole", "sts:TagSession")
TAGGED = ("--tags", "Key=team,Value=red", "Key=env,Value=a=b/c")
TAGGING = trusting(ACCOUNT, action=list(TAGS))
NAMING = trusting(ACCOUNT, action=["sts:AssumeRole", "sts:SetSourceIdentity"])

EFFECTS = (
    Effect("--trust", YES, NO, {}, documents={"trust": trusting("333333333333")}),
    Effect("--policy", OPEN, YES, {"policy": None}, documents={"policy": allowing()}),
    Effect(
        "--policy twice",
        NO,
        YES,
        {"policy": allowing("s3:*")},
        documents={"policy": (allowing("s3:*"), allowing())},
    ),
    Effect("--policy denies", YES, NEVER, {}, documents={"policy": (allowing(), denying())}),
    Effect("--boundary", YES, NO, {}, documents={"boundary": allowing("s3:*")}),
    Effect(
        "--session-policy", YES, NO, {"caller": CI}, documents={"session_policy": allowing("s3:*")}
    ),
    Effect(
        "--session-policy twice",
        NO,
        YES,
        {"caller": CI, "session_policy": allowing("s3:*")},
        documents={"session_policy": (allowing("s3:*"), allowing())},
    ),
    Effect("--scp", YES, NO, {}, documents={"scp": allowing("s3:*")}),
    Effect("--scp denies", YES, NEVER, {}, documents={"scp": denying()}),
    Effect(
        "--scp on every level",
        YES,
        NO,
        {"scp": allowing()},
        documents={"scp": (allowing(), allowing("s3:*"))},
    ),
    Effect("--rcp", YES, NEVER, {}, documents={"rcp": rcp()}),
    Effect(
        "--role-session-name",
        OPEN,
        YES,
        {"trust": when("StringEquals", "sts:RoleSessionName", "s-1")},
        ("--role-session-name", "s-1"),
    ),
    Effect(
        "--external-id",
        NO,
        YES,
        {"trust": when("StringEquals", "sts:ExternalId", "x-1")},
        ("--external-id", "x-1"),
    ),
    Effect("--serial-number and --token-code", NO, YES, {"trust": MFA}, DEVICE),
    Effect("--mfa", NO, YES, {"trust": MFA}, ("--mfa",)),
    Effect(
        "--no-mfa",
        YES,
        NO,
        {"trust": when("BoolIfExists", "aws:MultiFactorAuthPresent", "true")},
        ("--no-mfa",),
    ),
    Effect("--duration-seconds", YES, "error", {"caller": CI}, ("--duration-seconds", "3601")),
    Effect("--source-identity", NO, NO, {"trust": MFA}, ("--source-identity", "alice")),
    Effect("--source-identity allowed", YES, NO, {}, ("--source-identity", "alice")),
    Effect("--tags", YES, NO, {}, TAGGED),
    Effect(
        "--tags wanted",
        NO,
        YES,
        {
            "trust": trusting(
                ACCOUNT,
                action=list(TAGS),
                Condition={"StringEquals": {"aws:RequestTag/env": "a=b/c"}},
            )
        },
        TAGGED,
    ),
    Effect(
        "--transitive-tag-keys",
        NO,
        YES,
        {
            "trust": trusting(
                ACCOUNT,
                action=list(TAGS),
                Condition={
                    "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["team", "env"]},
                    "Null": {"sts:TransitiveTagKeys": "false"},
                },
            )
        },
        (*TAGGED, "--transitive-tag-keys", "team", "env"),
    ),
    Effect(
        "--context",
        NO,
        YES,
        {"trust": when("StringEquals", "aws:SourceVpc", "vpc-1")},
        ("--context", "aws:SourceVpc=vpc-1"),
    ),
    Effect(
        "--context overrides",
        YES,
        NO,
        {"trust": when("StringEquals", "aws:PrincipalAccount", ACCOUNT)},
        ("--context", "aws:principalaccount=222222222222"),
    ),
    Effect(
        "--context twice",
        NO,
        YES,
        {"trust": when("ForAnyValue:StringEquals", "aws:CalledVia", "b.example")},
        (
            "--context",
            "aws:CalledVia=a.example",
            "--context",
            "aws:CalledVia=b.example",
        ),
    ),
    Effect(
        "--context absent",
        OPEN,
        NO,
        {"trust": when("IpAddress", "aws:SourceIp", "203.0.113.0/24")},
        ("--context", "aws:SourceIp="),
    ),
)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.option)
def test_option(effect: Effect) -> None:
    assert answer(**effect.question)["decision"] == effect.without
    changed = answer(*effect.options, **{**effect.question, **effect.documents})
    assert changed["decision"] == effect.within


@pytest.mark.parametrize(("caller", "decision"), [(ALICE, NO), (BOB, YES)])
def test_as(caller: str, decision: str) -> None:
    found = answer(caller=caller, trust=trusting(BOB))
    assert (found["decision"], found["caller"]) == (decision, caller)


@pytest.mark.parametrize(("role", "decision"), [(DEPLOY, YES), (LOCAL, NO)])
def test_role_arn(role: str, decision: str) -> None:
    found = answer(role=role, policy=allowing(resource=DEPLOY))
    assert (found["decision"], found["role"]) == (decision, role)


def test_session() -> None:
    found = answer(
        *("--role-session-name", "s-1", "--source-identity", "alice", "--duration-seconds", "900"),
        *(*TAGGED, "--transitive-tag-keys", "team"),
        trust=trusting(ACCOUNT, action="sts:*"),
    )
    assert found["session"] == {
        "arn": "arn:aws:sts::222222222222:assumed-role/deploy/s-1",
        "assumed_role_id": None,
        "duration_seconds": 900,
        "expiration": None,
        "tags": {"team": "red", "env": "a=b/c"},
        "transitive_tag_keys": ["team"],
        "source_identity": "alice",
        "mfa": False,
        "has_session_policies": False,
    }


def test_session_of_a_role_with_a_path() -> None:
    found = answer("--role-session-name", "s-1", role="arn:aws:iam::222222222222:role/a/b/deploy")
    assert found["session"]["arn"] == "arn:aws:sts::222222222222:assumed-role/deploy/s-1"
    assert found["session"]["duration_seconds"] == 3600


# ------------------------------ facts
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("aws:SourceIp=banana", "`banana` is no value of `aws:SourceIp`: expected an address"),
        ("aws:MultiFactorAuthAge=ten", "`ten` is no value of `aws:MultiFactorAuthAge`"),
        ("aws:CurrentTime=yesterday", "`yesterday` is no value of `aws:CurrentTime`"),
    ],
)
def test_a_value_that_a_key_cannot_have(given: str, expected: str) -> None:
    result = ask("--context", given)
    assert (result.status, result.out) == (2, "")
    assert expected in result.err


def test_a_key_that_aws_does_not_have() -> None:
    result = ask("--context", "aws:MFAPresent=true")
    assert "did you mean `aws:MultiFactorAuthPresent`?" in result.err
    assert result.status != 2


GIVEN = (
    ("aws:SourceIp", "IpAddress", "203.0.113.0/24", "203.0.113.7", ()),
    ("aws:CurrentTime", "DateGreaterThan", "2026-01-01T00:00:00Z", "2026-11-24T00:00:00Z", ()),
    ("aws:EpochTime", "NumericGreaterThan", "1700000000", "1800000000", ()),
    ("aws:RequestedRegion", "StringEquals", "eu-west-1", "eu-west-1", ()),
    ("aws:UserAgent", "StringLike", "aws-cli/*", "aws-cli/2.0", ()),
    ("aws:userid", "StringEquals", "AIDACKCEVSQ6C2EXAMPLE", "AIDACKCEVSQ6C2EXAMPLE", ()),
    ("aws:TokenIssueTime", "DateGreaterThan", "2026-01-01", "2026-11-24T00:00:00Z", ("--mfa",)),
    ("aws:MultiFactorAuthAge", "NumericLessThan", "3600", "60", ("--mfa",)),
    ("aws:PrincipalTag/team", "StringEquals", "red", "red", ()),
    ("aws:ResourceTag/env", "StringEquals", "prod", "prod", ()),
    ("iam:ResourceTag/env", "StringEquals", "prod", "prod", ()),
    ("aws:PrincipalOrgID", "StringEquals", "o-example", "o-example", ()),
    ("aws:ResourceOrgID", "StringEquals", "o-example", "o-example", ()),
    ("aws:PrincipalOrgPaths", "ForAnyValue:StringLike", "o-example/*", "o-example/r-1/", ()),
    ("aws:ResourceOrgPaths", "ForAnyValue:StringLike", "o-example/*", "o-example/r-1/", ()),
)


#: What does not meet the conditions above, of keys that cannot have just any value.
OTHERWISE = {
    "aws:SourceIp": "192.0.2.1",
    "aws:CurrentTime": "2025-01-01",
    "aws:EpochTime": "1",
    "aws:TokenIssueTime": "2025-01-01",
    "aws:MultiFactorAuthAge": "7200",
}


@pytest.mark.parametrize(("key", "operator", "wanted", "given", "options"), GIVEN)
def test_fact(key: str, operator: str, wanted: str, given: str, options: tuple[str, ...]) -> None:
    trust = when(operator, key, wanted)
    unknown = answer(*options, trust=trust)
    assert (unknown["decision"], unknown.get("error"), unknown.get("session")) == (OPEN, None, None)
    (cause,) = unknown["causes"]
    assert (cause["code"], cause["layer"]) == ("IAM901", "fact")
    assert f"`{key}`" in cause["message"]
    assert f"--context {key}=" in cause["help"]
    assert cause["location"]["file"] == "trust.json"
    assert answer(*options, "--context", f"{key}={given}", trust=trust)["decision"] == YES
    other = OTHERWISE.get(key, "other")
    assert answer(*options, "--context", f"{key}={other}", trust=trust)["decision"] == NO


def test_the_session_name_is_a_fact() -> None:
    unknown = answer(trust=when("StringLike", "sts:RoleSessionName", "${aws:username}"))
    (cause,) = unknown["causes"]
    assert (unknown["decision"], cause["layer"]) == (OPEN, "fact")
    assert "--role-session-name" in cause["help"]


ABSENT = (
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceArn",
    "aws:SourceAccount",
    "sts:ExternalId",
    "aws:FederatedProvider",
    "aws:TokenIssueTime",
    "aws:MultiFactorAuthAge",
    "made:Up",
)


@pytest.mark.parametrize("key", ABSENT)
def test_what_is_not_given_is_absent(key: str) -> None:
    assert answer(trust=when("StringEquals", key, "x"))["decision"] == NO
    assert answer(trust=when("Null", key, "true"))["decision"] == YES
    assert answer(trust=when("StringNotEquals", key, "x"))["decision"] == YES


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalArn", ALICE),
        ("aws:PrincipalAccount", ACCOUNT),
        ("aws:PrincipalType", "User"),
        ("aws:username", "alice"),
        ("aws:ResourceAccount", "222222222222"),
        ("aws:SecureTransport", "true"),
        ("aws:ViaAWSService", "false"),
        ("aws:PrincipalIsAWSService", "false"),
    ],
)
def test_what_is_derived(key: str, value: str) -> None:
    assert answer(trust=when("StringEquals", key, value))["decision"] == YES


def test_a_fact_on_which_nothing_hangs_is_not_asked_for() -> None:
    trust = policy(*ADMITTING["Statement"], *when("IpAddress", "aws:SourceIp", "::/0")["Statement"])
    assert answer(trust=trust)["decision"] == YES


def test_two_statements_that_ask_opposite_things_of_a_fact() -> None:
    trust = policy(
        *when("IpAddress", "aws:SourceIp", "10.0.0.0/8")["Statement"],
        *when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8")["Statement"],
    )
    assert answer(trust=trust)["decision"] == YES


IMPLIED = (
    ("aws:CurrentTime=2026-11-24T00:00:00Z", "NumericEquals", "aws:EpochTime", "1795478400"),
    ("aws:EpochTime=1795478400", "DateEquals", "aws:CurrentTime", "2026-11-24T00:00:00Z"),
    ("aws:SourceVpce=vpce-1", "Null", "aws:SourceIp", "true"),
)


@pytest.mark.parametrize(("given", "operator", "key", "value"), IMPLIED)
def test_what_follows_from_what_is_given(given: str, operator: str, key: str, value: str) -> None:
    assert answer("--context", given, trust=when(operator, key, value))["decision"] == YES


def test_an_organization_is_that_of_the_whole_account() -> None:
    options = ("--context", "aws:PrincipalOrgID=o-1")
    trust = when("StringEquals", "aws:ResourceOrgID", "o-1")
    assert answer(*options, role=LOCAL, trust=trust)["decision"] == YES
    assert answer(*options, trust=trust)["decision"] == OPEN


# ------------------------------ identity policies unknown
def test_no_policy_across_accounts() -> None:
    found = answer(policy=None)
    (cause,) = found["causes"]
    assert (found["decision"], cause["code"], cause["layer"]) == (OPEN, "IAM902", "fact")
    assert "--policy FILE" in cause["help"]


@pytest.mark.parametrize(
    ("trust", "decision"),
    [
        (trusting(ALICE), YES),
        (trusting("*"), YES),
        (ADMITTING, OPEN),
        (trusting("333333333333"), NO),
        (policy({**trusting(ALICE)["Statement"][0], "Effect": "Deny"}), NEVER),
    ],
)
def test_no_policy_in_the_same_account(trust: dict[str, Any], decision: str) -> None:
    assert answer(role=LOCAL, policy=None, trust=trust)["decision"] == decision


UNTOLD = "nobody told the identity policies of the caller"


@pytest.mark.parametrize(("policy", "noted"), [(None, True), (allowing(), False)])
def test_that_no_policy_is_taken_to_deny_is_noted(
    policy: dict[str, Any] | None, *, noted: bool
) -> None:
    found = answer(role=LOCAL, trust=trusting(ALICE), policy=policy)
    assert found["decision"] == YES
    assert any(note.startswith(UNTOLD) for note in found["notes"]) == noted


def test_a_call_that_no_policy_can_deny_needs_no_such_note() -> None:
    found = run("aws", "sts", "get-caller-identity", "--as", ALICE)
    assert (found.status, found.err) == (0, "")


@pytest.mark.parametrize(
    "trust", [trusting("333333333333"), trusting(ACCOUNT, action="sts:TagSession")]
)
def test_no_policy_where_the_trust_policy_refuses(trust: dict[str, Any]) -> None:
    assert answer(policy=None, trust=trust)["decision"] == NO


# ------------------------------ STS's refusals
def pattern(value: str, member: str, wanted: str) -> str:
    """Return what STS says of one parameter."""
    return (
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint:"
        f" Member must {wanted}"
    )


FIFTY_ONE = [f"Key=k{number},Value=v" for number in range(51)]
ROOT = "arn:aws:iam::111111111111:root"
REFUSALS: tuple[tuple[tuple[str, ...], dict[str, Any], str, str, int], ...] = (
    (
        ("--role-session-name", "a/b"),
        {},
        "ValidationError",
        pattern("a/b", "roleSessionName", r"satisfy regular expression pattern: [\w+=,.@-]*"),
        400,
    ),
    (
        ("--duration-seconds", "899"),
        {},
        "ValidationError",
        pattern("899", "durationSeconds", "have value greater than or equal to 900"),
        400,
    ),
    (
        ("--duration-seconds", "43201"),
        {},
        "ValidationError",
        pattern("43201", "durationSeconds", "have value less than or equal to 43200"),
        400,
    ),
    ((), {"caller": ROOT}, "AccessDenied", "Roles may not be assumed by root accounts.", 403),
    (
        (),
        {"caller": "arn:aws:sts::111111111111:federated-user/bob"},
        "AccessDenied",
        (
            "User: arn:aws:sts::111111111111:federated-user/bob is not authorized to perform:"
            f" sts:AssumeRole on resource: {DEPLOY}"
        ),
        403,
    ),
    (
        (),
        {"role": "certainly-not-an-arn"},
        "ValidationError",
        "certainly-not-an-arn is invalid",
        400,
    ),
    (
        (),
        {"role": "deploy"},
        "ValidationError",
        pattern("deploy", "roleArn", "have length greater than or equal to 20"),
        400,
    ),
    (
        ("--token-code", "123456"),
        {},
        "AccessDenied",
        (
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time"
            " pass code."
        ),
        403,
    ),
    (
        ("--serial-number", "arn:aws:iam::111111111111:mfa/alice"),
        {},
        "AccessDenied",
        (
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time"
            " pass code."
        ),
        403,
    ),
    (
        ("--serial-number", "arn:aws:iam::333333333333:mfa/x", "--token-code", "123456"),
        {},
        "AccessDenied",
        (
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA"
            " serial number is valid and associated with this user."
        ),
        403,
    ),
    (
        ("--serial-number", "arn:aws:iam::111111111111:mfa/alice", "--token-code", "12345"),
        {},
        "ValidationError",
        pattern("12345", "tokenCode", "have length greater than or equal to 6"),
        400,
    ),
    (
        ("--tags", *FIFTY_ONE),
        {},
        "ValidationError",
        pattern("[51 members]", "tags", "have length less than or equal to 50"),
        400,
    ),
    (
        ("--tags", "Key=Team,Value=a", "Key=team,Value=b"),
        {"trust": TAGGING},
        "InvalidParameterValue",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        400,
    ),
    (
        ("--tags", "Key=a,Value=b", "--transitive-tag-keys", "c"),
        {"trust": TAGGING},
        "InvalidParameterValue",
        "The specified transitive tag key must be included in the requested tags.",
        400,
    ),
    (
        ("--external-id", "x"),
        {},
        "ValidationError",
        pattern("x", "externalId", "have length greater than or equal to 2"),
        400,
    ),
    (
        ("--duration-seconds", "7200"),
        {"caller": CI},
        "ValidationError",
        (
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
            " role chaining."
        ),
        400,
    ),
    (
        ("--role-session-name", "a/b", "--duration-seconds", "1"),
        {},
        "ValidationError",
        (
            "2 validation errors detected: Value 'a/b' at 'roleSessionName' failed to satisfy"
            r" constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*; Value '1'"
            " at 'durationSeconds' failed to satisfy constraint: Member must have value greater"
            " than or equal to 900"
        ),
        400,
    ),
)


@pytest.mark.parametrize(("options", "question", "code", "message", "status"), REFUSALS)
def test_refusal(
    options: tuple[str, ...], question: dict[str, Any], code: str, message: str, status: int
) -> None:
    found = answer(*options, **question)
    assert found["decision"] == "error"
    assert found["error"] == {"code": code, "message": message, "status": status}
    assert found["causes"][0]["layer"] == "sts"
    assert found.get("session") is None
    text = ask(*options, **question)
    assert text.status == 1
    assert f"An error occurred ({code}) when calling the AssumeRole operation" in text.out
    assert message in text.out.replace("\n", "")


# ------------------------------ unusable questions
UNUSABLE: tuple[tuple[tuple[str, ...], dict[str, Any], str], ...] = (
    ((), {"caller": None}, "`--as ARN` is missing"),
    ((), {"role": None}, "`--role-arn ARN` is missing"),
    ((), {"trust": None}, "`--trust FILE` is missing"),
    ((), {"role": "arn:aws:sts::222222222222:assumed-role/deploy/s"}, DEPLOY),
    ((), {"caller": "arn:aws:iam::111111111111:role/team/ci"}, f"{CI[:-5]}SESSION"),
    ((), {"caller": "alice"}, "`alice` is not an ARN"),
    ((), {"caller": "arn:aws:iam::111111111111:group/dev"}, "groups cannot call"),
    ((), {"caller": "arn:aws:iam::11111111111:user/alice"}, "12 digits"),
    ((), {"caller": "arn:aws:sts::111111111111:assumed-role/ci"}, "assumed-role/ROLE/SESSION"),
    ((), {"caller": "arn:aws:sts::111111111111:assumed-role/a/ci/s"}, "without the role's path"),
    (("--mfa",), {"caller": CI}, "`--mfa` is for users"),
    ((), {"session_policy": allowing()}, "`--session-policy` is for sessions"),
    (("--profile", "deploy"), {}, "`--role-arn` and `--profile`: the profile says that already"),
    (("--config", "config"), {}, "`--config` goes with `--profile`"),
    (("--inventory", "nowhere"), {}, "nowhere"),
    (("--web-identity-token", "f"), {}, "a token or an assertion says who calls"),
    (("--web-identity-token", "f"), {"caller": None}, "cannot read the file of"),
    (("--context", "nonsense"), {}, "expected `prefix:Key=VALUE`"),
    (("--context", "aws:SourceIp"), {}, "expected `prefix:Key=VALUE`"),
    (("--context", "key=value"), {}, "expected `prefix:Key=VALUE`"),
    (("--tags", "team=red"), {}, "expected `Key=KEY,Value=VALUE`"),
    (("--query", "a["), {}, "`--query`"),
    (("--policy", "missing.json"), {}, "cannot read `missing.json`: No such file or directory"),
    (("--policy", "."), {}, "cannot read `.`: Is a directory"),
    (("--policy", "a\0b"), {}, "cannot read `a"),
    (("--policy", ""), {}, "cannot read"),
    (("--policy", "-", "--scp", "-"), {}, "standard input (`-`) can be given for one file only"),
    (("--duration-seconds", "long"), {}, "'long' is not a valid integer"),
    (("--format", "xml"), {}, "'xml' is not one of"),
    (("--nonsense",), {}, "No such option"),
    (("extra",), {}, "a word belongs to no option"),
)


@pytest.mark.parametrize(("options", "question", "said"), UNUSABLE)
def test_unusable(options: tuple[str, ...], question: dict[str, Any], said: str) -> None:
    result = ask(*options, stdin=json.dumps(allowing()).encode(), **question)
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert len(result.err) < 600


def test_a_file_that_may_not_be_read(folder: Path) -> None:
    arguments = asked()
    (folder / "trust.json").chmod(0)
    try:
        (folder / "trust.json").read_text()
    except PermissionError:
        assert "cannot read `trust.json`: Permission denied" in run(*arguments).err
    else:
        pytest.skip("this user may read everything")


def test_no_command() -> None:
    assert run().status == 2
    assert run("assum").status == 2
    assert run("assume").status == 2


@pytest.mark.parametrize("arguments", [("--help",), ("assume", "--help")])
def test_help(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.status, result.err) == (0, "")
    assert "Exit status" in result.out


OPTIONS = [
    "--as",
    "--role-arn",
    "--trust",
    "--policy",
    "--boundary",
    "--session-policy",
    "--scp",
    "--rcp",
    "--inventory",
    "--role-session-name",
    "--external-id",
    "--duration-seconds",
    "--serial-number",
    "--token-code",
    "--source-identity",
    "--tags",
    "--transitive-tag-keys",
    "--mfa",
    "--no-mfa",
    "--context",
    "--profile",
    "--config",
    "--format",
    "--query",
]


def test_help_names_every_option() -> None:
    shown = run("assume", "--help").out
    assert "Example:" in shown
    for option in OPTIONS:
        assert option in shown


# ------------------------------ input and output
@pytest.mark.parametrize("layer", ["trust", "policy", "scp", "boundary"])
def test_standard_input(layer: str) -> None:
    document = trusting(ACCOUNT) if layer == "trust" else allowing()
    given: dict[str, Any] = {layer: None}
    result = ask(f"--{layer}", "-", stdin=json.dumps(document).encode(), **given)
    assert (result.status, result.err) == (0, "")


def test_places_in_standard_input() -> None:
    result = ask("--trust", "-", stdin=b'{"Statement": 7}', trust=None)
    assert "--> -:1:15" in result.err
    broken = ask("--trust", "-", stdin=b"", trust=None)
    assert (broken.status, broken.out) == (2, "")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("decision", "implicitDeny"),
        ("causes[].layer", ["trust"]),
        ("causes[0].location.line", 1),
        ("error.status", 403),
        ("no.such.key", None),
        ("length(causes) > `0`", True),
    ],
)
def test_query(expression: str, value: object) -> None:
    for options in (("--format", "json"), ()):
        result = ask(*options, "--query", expression, trust=when("Bool", "aws:x", "true"))
        assert (result.status, json.loads(result.out)) == (1, value)


def test_tags_in_several_words_or_options() -> None:
    several = answer(*TAGGED, "--external-id", "xy", trust=TAGGING)
    each = answer("--tags", TAGGED[1], "--external-id", "xy", "--tags", TAGGED[2], trust=TAGGING)
    turned = answer("--tags", "Value=red,Key=team", "Key=env,Value=a=b/c", trust=TAGGING)
    assert several["session"]["tags"] == each["session"]["tags"] == turned["session"]["tags"]
    assert answer("--tags", "Key=a,Value=", trust=TAGGING)["session"]["tags"] == {"a": ""}


# ------------------------------ the JSON answer
ANSWERS: dict[str, tuple[tuple[str, ...], dict[str, Any], str]] = {
    "allowed": ((), {}, YES),
    "denied by the trust policy": ((), {"trust": trusting("333333333333")}, NO),
    "denied for want of MFA": ((), {"trust": MFA}, NO),
    "denied by all": ((), {"trust": MFA, "policy": allowing("s3:*"), "boundary": denying()}, NEVER),
    "denied explicitly": ((), {"scp": denying()}, NEVER),
    "undecided": ((), {"trust": when("IpAddress", "aws:SourceIp", "::/0")}, OPEN),
    "policies unknown": ((), {"policy": None}, OPEN),
    "refused": (("--duration-seconds", "1"), {}, "error"),
    "root": ((), {"caller": ROOT}, "error"),
    "no role": ((), {"role": "arn:aws:iam::222222222222:user/x"}, NO),
}
LAYERS = {"trust", "identity", "resource", "boundary", "session", "scp", "rcp", "endpoint"}
LAYERS |= {"request", "sts", "fact"}


@pytest.mark.parametrize("name", ANSWERS)
def test_keys_of_the_answer(name: str) -> None:
    options, question, decision = ANSWERS[name]
    found = answer(*options, **question)
    assert found["decision"] == decision
    assert found["caller"] == question.get("caller", ALICE)
    assert found["role"] == question.get("role", DEPLOY)
    assert all(isinstance(facts, list) for facts in found["allowed_if"])
    assert all(isinstance(fact, str) for facts in found["allowed_if"] for fact in facts)
    assert (found["causes"] == []) is (decision == YES)
    refused = decision not in (YES, OPEN)
    assert (found.get("error") is not None) is refused
    if refused:
        assert {key: type(value) for key, value in found["error"].items()} == {
            "code": str, "message": str, "status": int}  # fmt: skip
    assert (found.get("session") is not None) is (decision == YES)
    if decision == YES:
        assert found["session"]["arn"].startswith("arn:aws:sts::222222222222:assumed-role/deploy/")
    for cause in found["causes"]:
        check_cause(cause)
    for fix in found["fixes"]:
        check_fix(fix)


def check_cause(cause: dict[str, Any]) -> None:
    """Check that a cause has the fixed keys."""
    assert cause["code"].startswith("IAM")
    assert cause["layer"] in LAYERS
    assert cause["message"]
    assert {type(cause["wanted"]), type(cause["given"])} <= {str, type(None)}
    location = cause["location"]
    if location is not None:
        assert {key: type(value) for key, value in location.items()} == {
            "file": str, "line": int, "column": int}  # fmt: skip


def check_fix(fix: dict[str, Any]) -> None:
    """Check that a fix has the fixed keys."""
    assert fix["title"]
    assert fix["access"] in {"unchanged", "narrowed", "widened"}
    assert fix["verified"] is True
    assert all(set(edit) == {"file", "patch", "json_patch"} for edit in fix["edits"])
    assert fix["command"] is None or fix["command"].startswith("aws ")
    assert all(isinstance(text, str) for text in fix["also_allows"])


@pytest.mark.parametrize("name", ANSWERS)
def test_text_says_the_same(name: str) -> None:
    options, question, decision = ANSWERS[name]
    result = ask(*options, **question)
    found = answer(*options, **question)
    assert result.status == (decision != YES)
    assert found["decision"] in result.out.split("\n")[0]
    for cause in found["causes"]:
        assert f"[{cause['code']}]: {cause['message']}" in result.out
    for fix in found["fixes"]:
        assert fix["title"] in result.out
    assert "\x1b" not in result.out


def test_allowed_if_names_what_was_not_given() -> None:
    assert ["aws:MultiFactorAuthPresent = true"] in answer(trust=MFA)["allowed_if"]
    external = answer(trust=when("StringEquals", "sts:ExternalId", "x-1"))
    assert external["allowed_if"] == [["sts:ExternalId = x-1"]]


def test_a_scp_that_only_denies_stands_beside_the_default() -> None:
    result = ask(scp=denying("s3:*"))
    assert result.status == 0
    assert "note: `scp.json` only denies: `FullAWSAccess` is taken to be attached" in result.err


# ------------------------------ the path of a role, which a session's ARN does not tell
SSO = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice"
SSO_ROLE = "role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"


def asking(pattern: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - elements
    """Return a trust policy that asks for the caller's role by its ARN."""
    condition = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::111111111111:{pattern}"}}
    return trusting("111111111111", Condition=condition, **more)


@pytest.mark.parametrize(
    ("caller", "pattern", "decision"),
    [
        (CI, "role/c*", "allowed"),
        (CI, "role/*", "allowed"),
        (CI, "role/team/ci", "undecided"),
        (CI, "role/team/*", "undecided"),
        (CI, "role/team/other", "implicitDeny"),
        (SSO, "role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*", "undecided"),
        (SSO, "role/AWSReservedSSO_Admin_*", "undecided"),
    ],
)
def test_role_path_that_nobody_told(caller: str, pattern: str, decision: str) -> None:
    found = answer(caller=caller, trust=json.dumps(asking(pattern)), policy=allowing())
    assert found["decision"] == decision
    told = [note for note in found["notes"] if "no path" in note]
    assert bool(told) is (decision != "undecided")


def test_role_path_that_is_told() -> None:
    trust = json.dumps(asking("role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"))
    told = ("--context", f"aws:PrincipalArn=arn:aws:iam::111111111111:{SSO_ROLE}")
    assert answer(*told, caller=SSO, trust=trust, policy=allowing())["decision"] == "allowed"


def test_role_path_that_the_trust_policy_tells() -> None:
    role = "arn:aws:iam::111111111111:role/team/ci"
    others = {"ArnNotEquals": {"aws:PrincipalArn": role}}
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:*", "Condition": others}
    trust = trusting("111111111111", Principal={"AWS": role})
    trust["Statement"].append(deny)
    found = answer(caller=CI, trust=json.dumps(trust), policy=allowing())
    assert found["decision"] == "allowed"


def test_source_identity_of_the_callers_session() -> None:
    given = ("--context", "aws:SourceIdentity=bob")
    found = answer(*given, caller=CI, trust=json.dumps(trusting("111111111111")), policy=allowing())
    assert found["action"] == "sts:SetSourceIdentity"
    assert found["decision"] == "implicitDeny"


def test_identity_center_role_named_without_its_path() -> None:
    bare = f"arn:aws:iam::111111111111:role/{SSO_ROLE.rpartition('/')[2]}"
    whole = f"arn:aws:iam::111111111111:{SSO_ROLE}"
    decisions = [
        answer(caller=SSO, trust=json.dumps(trusting("111111111111", Principal={"AWS": name})))
        for name in (bare, whole)
    ]
    assert [found["decision"] for found in decisions] == ["implicitDeny", "allowed"]


def test_no_fix_asks_for_a_name_that_get_role_has_told_to_be_another() -> None:
    role = {"Arn": DEPLOY, "AssumeRolePolicyDocument": trusting("111111111111")}
    typo = allowing(resource=f"{DEPLOY[:-6]}deplyo")
    found = answer(trust=json.dumps({"Role": role}), policy=typo)
    assert found["fixes"]
    assert not any("ask for" in fix["title"] for fix in found["fixes"])


def test_a_key_cannot_be_absent_and_have_a_value() -> None:
    result = ask("--context", "aws:SourceIp=", "--context", "AWS:sourceip=192.0.2.1")
    assert result.status == 2
    assert "said to be absent" in result.err


def test_a_role_arn_that_cannot_be_one() -> None:
    for role in ("arn:aws:iam::22222222222:role/deploy", "arn:aws:iam::222222222222:role/*"):
        found = answer(role=role, policy=allowing())
        assert (found["decision"], found["causes"][0]["code"]) == ("implicitDeny", "IAM501")
        assert "12 digits" in found["causes"][0]["help"]
