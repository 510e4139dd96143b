"""What is told about requests of any kind: the cause of each no, and the narrowest fix."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Rank
from simulator.diagnosis.commands import commands
from simulator.diagnosis.diagnose import diagnose_request
from simulator.policy import kinds
from simulator.simulate import simulate
from tests import worlds

if TYPE_CHECKING:
    from simulator.diagnosis.diagnosis import Diagnosis

HOME, AWAY = "111111111111", "222222222222"
ALICE = {"arn": f"arn:aws:iam::{HOME}:user/alice"}
SESSION = {
    "arn": f"arn:aws:sts::{HOME}:assumed-role/R/s",
    "role_arn": f"arn:aws:iam::{HOME}:role/R",
}
FEDERATED = {"arn": f"arn:aws:sts::{HOME}:federated-user/f", "user_arn": ALICE["arn"]}
ROOT = {"arn": f"arn:aws:iam::{HOME}:root"}
TRAIL = {"service": "cloudtrail.amazonaws.com"}
NOBODY = {"anonymous": True}
OBJECT = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": HOME}
FAR_OBJECT = {**OBJECT, "resource_account": AWAY}
KEY = {"action": "kms:Decrypt", "resource": f"arn:aws:kms:eu-west-1:{HOME}:key/k"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy of statements that allow to read from the bucket, if they do not say more."""
    common = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    return {"Version": "2012-10-17", "Statement": [{**common, **s} for s in statements]}


ALLOWED = [policy({"Action": "*", "Resource": "*"})]


def told(
    caller: dict[str, Any],
    request: dict[str, Any],
    context: dict[str, Any] | None = None,
    **more: Any,  # noqa: ANN401 - parts of a world
) -> Diagnosis:
    """Return the diagnosis of a request."""
    question = worlds.question({"caller": caller, **more}, request, context)
    return diagnose_request(question, simulate(question))


def codes(found: Diagnosis) -> list[str]:
    """Return the codes of the causes."""
    return [cause.code for cause in found.causes]


def test_the_narrowest_permission_is_offered() -> None:
    found = told(ALICE, OBJECT, identity=[policy({"Action": "s3:PutObject"})])
    assert codes(found) == ["IAM201"]
    assert found.causes[0].layer == "identity"
    assert [fix.title for fix in found.fixes] == [
        "allow `s3:GetObject` on `arn:aws:s3:::b/k` in the identity-based policy"
    ]
    assert [fix.access for fix in found.fixes] == ["widened"]


def test_a_new_policy_is_stored_with_the_user() -> None:
    (fix,) = told(ALICE, OBJECT).fixes
    (command,) = commands(fix)
    assert command.startswith("aws iam put-user-policy --user-name alice ")


@pytest.mark.parametrize(
    ("action", "resource", "start"),
    [
        ("s3:GetObject", "arn:aws:s3:::b/k", "aws s3api put-bucket-policy --bucket b --policy "),
        (
            "ecr:BatchGetImage",
            f"arn:aws:ecr:eu-west-1:{AWAY}:repository/team/app",
            "aws ecr set-repository-policy --repository-name team/app --policy-text ",
        ),
        (
            "sns:Publish",
            f"arn:aws:sns:eu-west-1:{AWAY}:t",
            "aws sns set-topic-attributes --attribute-name Policy",
        ),
    ],
)
def test_the_policy_of_a_resource_is_stored_by_its_service(
    action: str, resource: str, start: str
) -> None:
    request = {"action": action, "resource": resource, "resource_account": AWAY}
    (fix,) = told(ALICE, request, identity=ALLOWED).fixes
    assert [command.startswith(start) for command in commands(fix)] == [True]


def test_what_can_have_no_policy_gets_none() -> None:
    instance = f"arn:aws:ec2:eu-west-1:{AWAY}:instance/i-1"
    found = told(ALICE, {"action": "ec2:StopInstances", "resource": instance}, identity=ALLOWED)
    assert (codes(found), found.fixes) == (["IAM306"], ())


@pytest.mark.parametrize(
    ("caller", "request_", "world", "expected"),
    [
        (ALICE, FAR_OBJECT, {"identity": ALLOWED}, ["IAM306"]),
        (ALICE, FAR_OBJECT, {}, ["IAM306", "IAM201"]),
        (ALICE, KEY, {"identity": ALLOWED}, ["IAM307"]),
        (TRAIL, OBJECT, {"resource_policy": policy({"Principal": {"AWS": "*"}})}, ["IAM308"]),
        (NOBODY, OBJECT, {"resource_policy": policy({"Principal": {"AWS": HOME}})}, ["IAM309"]),
        (FEDERATED, OBJECT, {"identity": ALLOWED}, ["IAM207"]),
        (ROOT, OBJECT, {"scps": [[]]}, ["IAM401"]),
        (ALICE, OBJECT, {"identity": ALLOWED, "endpoint_policies": [
            policy({"Principal": "*", "Action": "s3:PutObject"})]}, ["IAM431"]),
        (ALICE, OBJECT, {"identity": ALLOWED, "endpoint_policies": [
            policy({"Principal": "*"}, {"Principal": "*", "Effect": "Deny"})]}, ["IAM430"]),
        (ALICE, OBJECT, {"identity": ALLOWED, "resource_policy":
            policy({"Principal": "*", "Effect": "Deny"})}, ["IAM321"]),
        (ALICE, FAR_OBJECT, {"identity": ALLOWED, "resource_policy": policy(
            {"Principal": {"AWS": HOME}, "Resource": "arn:aws:s3:::b"})}, ["IAM305"]),
        (ALICE, FAR_OBJECT, {"identity": ALLOWED, "resource_policy": policy(
            {"Principal": {"AWS": HOME}, "Action": "s3:PutObject"})}, ["IAM303"]),
        (ALICE, FAR_OBJECT, {"identity": ALLOWED, "resource_policy": policy(
            {"Principal": {"AWS": "arn:aws:iam::111111111112:root"}})}, ["IAM301"]),
        (ALICE, FAR_OBJECT, {"identity": ALLOWED, "resource_policy": None}, ["IAM904"]),
        (ALICE, FAR_OBJECT, {"identity": None, "resource_policy": policy({"Principal": "*"})},
            ["IAM902"]),
    ],
)  # fmt: skip
def test_each_no_has_its_code(
    caller: dict[str, Any], request_: dict[str, Any], world: dict[str, Any], expected: list[str]
) -> None:
    assert codes(told(caller, request_, **world)) == expected


def test_a_fact_of_the_request_is_offered_and_one_of_the_resource_is_no_wish() -> None:
    by_address = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    found = told(
        ALICE,
        OBJECT,
        {"aws:SourceIp": "198.51.100.1"},
        identity=[policy({"Condition": by_address})],
    )
    assert codes(found) == ["IAM310"]
    assert [fix.title for fix in found.fixes] == [
        "make the request with `aws:SourceIp in 203.0.113.0/24`",
        "let the identity-based policy admit `aws:SourceIp` = `198.51.100.1`",
    ]
    by_tag = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    found = told(ALICE, OBJECT, identity=[policy({"Condition": by_tag})])
    assert [fix.rank for fix in found.fixes] == [Rank.UNGUARDED]
    assert found.allowed_if == (("aws:ResourceTag/team = red",),)


def test_mfa_comes_with_a_session() -> None:
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    found = told(ALICE, OBJECT, identity=[policy({"Condition": condition})])
    assert codes(found) == ["IAM312"]
    (fix,) = found.fixes
    assert fix.access == "unchanged"
    device = "arn:aws:iam::111111111111:mfa/alice"
    command = f"aws sts get-session-token --serial-number {device} --token-code <code>"
    assert commands(fix) == (command,)
    (only,) = told(SESSION, OBJECT, identity=[policy({"Condition": condition})]).fixes
    assert only.rank is Rank.UNGUARDED


def test_conditions_stay_where_a_statement_is_made_wider() -> None:
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    other = {"Action": "s3:*", "Resource": "arn:aws:s3:::other/*", "Condition": condition}
    (fix,) = told(ALICE, OBJECT, identity=[policy(other)]).fixes
    assert fix.title == "add `arn:aws:s3:::b/k` to the resources"
    assert fix.also_allows == ("whatever else statement 1 allows",)
    (fix,) = told(ALICE, OBJECT, identity=[policy({**other, "Condition": {}})]).fixes
    assert fix.title.startswith("allow `s3:GetObject` on `arn:aws:s3:::b/k`")


def test_a_condition_of_the_resource_is_told_beside_the_missing_permission() -> None:
    condition = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    direct = policy({"Principal": {"AWS": ALICE["arn"]}, "Condition": condition})
    found = told(ALICE, OBJECT, resource_policy=direct)
    assert codes(found) == ["IAM201", "IAM310"]
    assert [fix.access for fix in found.fixes] == ["unchanged", "widened"]
    account = policy({"Principal": {"AWS": HOME}, "Condition": condition})
    assert codes(told(ALICE, OBJECT, resource_policy=account)) == ["IAM201"]  # EVAL-10


def test_only_what_the_relation_asks_for_is_told() -> None:
    # EVAL-22: a statement for this very user needs nothing else in the key's own account
    direct = {"Principal": {"AWS": ALICE["arn"]}, "Action": "kms:*", "Resource": "*"}
    condition = {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    key = policy({**direct, "Condition": condition})
    assert codes(told(ALICE, KEY, resource_policy=key)) == ["IAM310"]
    far = {**KEY, "resource": KEY["resource"].replace(HOME, AWAY)}
    assert codes(told(ALICE, far, resource_policy=key)) == ["IAM310", "IAM201"]  # EVAL-31x


def test_whose_the_resource_is_can_be_what_it_hangs_on() -> None:
    request = {k: v for k, v in OBJECT.items() if k != "resource_account"}
    found = told(ALICE, request, identity=ALLOWED)
    assert codes(found) == ["IAM905"]
    assert found.allowed_if == ((f"aws:ResourceAccount = {HOME}",),)
    own = f"give `--resource-account {HOME}`, if the resource is in the caller's account"
    assert [fix.title for fix in found.fixes] == [own]
    (fix,) = told(ALICE, request).fixes
    assert fix.title.endswith(own)


def test_a_deny_with_not_principal_spares_nobody_with_a_boundary() -> None:
    spared = {"NotPrincipal": {"AWS": ALICE["arn"]}, "Effect": "Deny"}
    found = told(
        ALICE, OBJECT, identity=ALLOWED, boundary=ALLOWED[0], resource_policy=policy(spared)
    )
    assert codes(found) == ["IAM322"]
    assert "permissions boundary" in (found.causes[0].help or "")
    others = {"NotPrincipal": {"AWS": SESSION["role_arn"]}, "Effect": "Deny"}
    found = told(ALICE, OBJECT, identity=ALLOWED, resource_policy=policy(others))
    assert codes(found) == ["IAM322"]
    assert "permissions boundary" not in (found.causes[0].help or "")


def test_a_role_is_no_resource_of_another_account() -> None:
    role = {"action": "iam:GetRole", "resource": f"arn:aws:iam::{AWAY}:role/R"}
    trust = policy({"Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"})
    del trust["Statement"][0]["Resource"]
    found = told(ALICE, role, identity=ALLOWED, resource_policy=trust)
    assert (codes(found), found.fixes) == (["IAM306"], ())


def test_the_endpoint_lets_in_the_caller_alone() -> None:
    silent = policy({"Principal": "*", "Action": "s3:PutObject"})
    (fix,) = told(ALICE, OBJECT, identity=ALLOWED, endpoint_policies=[silent]).fixes
    (edit,) = fix.remedies[0].edits
    assert '"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:user/alice"}' in edit.text


def test_each_level_gets_its_statement() -> None:
    question = worlds.question({"caller": ALICE, "identity": ALLOWED}, OBJECT)
    silent = policy({"Action": "s3:PutObject"})
    levels = tuple((worlds.compiled(silent, kinds.SCP, name),) for name in ("root", "unit"))
    question = question._replace(policies=question.policies.having({Layer.SCP: levels}))
    found = diagnose_request(question, simulate(question))
    assert codes(found) == ["IAM401", "IAM401"]
    (fix,) = found.fixes
    assert [e.source.name for r in fix.remedies for e in r.edits] == ["root", "unit"]


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("s3:xamzacl", "did you mean `s3:x-amz-acl`?"),
        ("s3:prefix", "no request for `s3:GetObject` ever has the key `s3:prefix`"),
        ("s3:authType", None),
    ],
)
def test_keys_that_no_such_request_has(key: str, advice: str | None) -> None:
    found = told(ALICE, OBJECT, identity=[policy({"Condition": {"StringEquals": {key: "x"}}})])
    assert codes(found) == ["IAM310"]
    assert (found.causes[0].help or "").endswith(advice or "")
    assert (found.causes[0].help is None) is (advice is None)


def test_beside_an_unknown_policy_of_the_resource_the_other_way_is_told() -> None:
    found = told(ALICE, OBJECT, resource_policy=None)
    assert codes(found) == ["IAM904", "IAM201"]
    assert [fix.access for fix in found.fixes] == ["widened"]
    assert codes(told(ALICE, FAR_OBJECT, resource_policy=None)) == ["IAM201", "IAM904"]


def test_a_forgotten_resource_is_asked_for_and_not_allowed_everywhere() -> None:
    found = told(ALICE, {"action": "s3:GetObject"}, identity=[policy({})])
    assert (codes(found), found.fixes) == (["IAM202"], ())
    assert found.causes[0].help == (
        "give `--resource ARN`: `s3:GetObject` is done to an object such as"
        " `arn:aws:s3:::BUCKET/OBJECT`"
    )
    found = told(ALICE, {"action": "s3:ListAllMyBuckets"}, identity=[policy({"Action": "s3:*"})])
    assert "only `*` allows it" in (found.causes[0].help or "")
    assert [fix.access for fix in found.fixes] == ["widened"]


def test_nothing_is_allowed_that_aws_does_not_have() -> None:
    found = told(ALICE, {**OBJECT, "action": "s3:GetObjet"}, identity=[policy({})])
    assert (codes(found), found.fixes) == (["IAM201"], ())
    assert found.causes[0].help == "AWS lists no action `s3:GetObjet`: did you mean `s3:GetObject`?"
    new = told(ALICE, {**OBJECT, "action": "newservice:Get"}, identity=[policy({})])
    assert [fix.access for fix in new.fixes] == ["widened"]


def test_no_resource_is_added_that_the_action_is_not_done_to() -> None:
    found = told(ALICE, {**OBJECT, "resource": "arn:aws:s3:::b"}, identity=[policy({})])
    assert (codes(found), found.fixes) == (["IAM202"], ())
    assert (found.causes[0].help or "").endswith(", and not to `arn:aws:s3:::b`")
    listing = {"action": "s3:ListAllMyBuckets", "resource": "arn:aws:s3:::b"}
    found = told(ALICE, {**OBJECT, **listing}, identity=[policy({})])
    assert found.fixes == ()
    assert (found.causes[0].help or "").endswith("leave out `--resource`")


@pytest.mark.parametrize(
    ("caller", "key"),
    [
        (ALICE, "aws:PrincpalOrgID"),
        (ALICE, "s3:prefix"),
        (ALICE, "aws:SourceArn"),
        (ROOT, "aws:PrincipalTag/team"),
        (NOBODY, "aws:PrincipalOrgID"),
        (TRAIL, "aws:PrincipalOrgID"),
    ],
)
def test_no_request_is_wished_for_that_nobody_can_make(caller: dict[str, Any], key: str) -> None:
    who = {"Service": TRAIL["service"]} if caller is TRAIL else "*"
    asks = {"Principal": who, "Condition": {"StringEquals": {key: "x"}}}
    found = told(caller, FAR_OBJECT, identity=ALLOWED, resource_policy=policy(asks))
    assert (codes(found), found.allowed_if) == (["IAM310"], ())
    assert all(fix.rank is Rank.UNGUARDED for fix in found.fixes)


def test_what_a_service_asks_for_is_a_fact_that_protects() -> None:
    trails = {"StringEquals": {"aws:SourceAccount": HOME}}
    named = policy({"Principal": {"Service": TRAIL["service"]}, "Condition": trails})
    found = told(TRAIL, OBJECT, {"aws:SourceAccount": AWAY}, resource_policy=named)
    assert all(fix.rank is Rank.UNGUARDED for fix in found.fixes)
    assert found.allowed_if == ((f"aws:SourceAccount = {HOME}",),)


def test_a_variable_is_told_with_what_it_stands_for() -> None:
    teams = policy({"Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"})
    red = {**OBJECT, "resource": "arn:aws:s3:::b/red/f"}
    found = told({**ALICE, "tags": {"team": "blue"}}, red, identity=[teams])
    (cause,) = found.causes
    assert cause.label.endswith("and this is `arn:aws:s3:::b/blue/*` here")
    assert cause.wanted == "arn:aws:s3:::b/blue/*"
    assert cause.help == "in this request `${aws:PrincipalTag/team}` is `blue`"
    assert (found.fixes, found.allowed_if) == ((), (("aws:PrincipalTag/team = red",),))


def test_a_variable_that_the_caller_never_has_is_told() -> None:
    homes = policy({"Resource": "arn:aws:s3:::b/${aws:username}/*"})
    mine = {**OBJECT, "resource": "arn:aws:s3:::b/alice/f"}
    found = told(SESSION, mine, identity=[homes])
    assert (found.causes[0].help or "").startswith("such a caller never has `aws:username`")
    assert (found.fixes, found.allowed_if) == ((), ())


@pytest.mark.parametrize("version", [{"Version": "2008-10-17"}, {}])
@pytest.mark.parametrize(
    "statement",
    [
        {"Resource": "arn:aws:s3:::b/${aws:username}/*"},
        {"Condition": {"StringEquals": {"aws:SourceIdentity": "${aws:username}"}}},
    ],
)
def test_the_old_language_has_no_variables(
    version: dict[str, str], statement: dict[str, Any]
) -> None:
    homes = {**version, "Statement": policy(statement)["Statement"]}
    mine = {**OBJECT, "resource": "arn:aws:s3:::b/alice/f"}
    found = told(ALICE, mine, {"aws:SourceIdentity": "alice"}, identity=[homes])
    assert "plain text" in (found.causes[0].help or "")
    (fix,) = found.fixes
    assert fix.title == 'write `"Version": "2012-10-17"`, so that `${…}` is a variable'


@pytest.mark.parametrize("caller", [ALICE, TRAIL, NOBODY])
def test_that_no_policy_was_given_does_not_mean_there_is_none(caller: dict[str, Any]) -> None:
    found = told(caller, FAR_OBJECT, identity=ALLOWED)
    (cause,) = found.causes
    assert cause.message.startswith("no policy of the resource was given")
    assert "if the resource has a policy, give `--resource-policy FILE`" in (cause.help or "")
    assert [fix.title.startswith("give the resource, if it has no") for fix in found.fixes] == [
        True
    ]


@pytest.mark.parametrize("account", [HOME, AWAY])
def test_the_policy_of_a_key_is_not_replaced(account: str) -> None:
    key = {**KEY, "resource": KEY["resource"].replace(HOME, account)}
    found = told(ALICE, key, identity=ALLOWED)
    assert "--resource-policy" in (found.causes[0].help or "")
    assert found.fixes == ()


def test_a_service_is_let_in_for_those_on_whose_behalf_it_calls() -> None:
    arn = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trail/t"
    for context, condition in (
        ({"aws:SourceArn": arn}, {"ArnEquals": {"aws:SourceArn": arn}}),
        ({"aws:SourceAccount": HOME}, {"StringEquals": {"aws:SourceAccount": HOME}}),
    ):
        (fix,) = told(TRAIL, OBJECT, context).fixes
        (attached,) = (remedy.attached for remedy in fix.remedies)
        assert attached is not None
        assert json.loads(attached.text)["Statement"][0]["Condition"] == condition
        assert fix.also_allows == ()
    (fix,) = told(TRAIL, OBJECT).fixes
    assert fix.also_allows == ("every call of `cloudtrail.amazonaws.com`, on whoever's behalf",)


def test_no_command_changes_the_role_where_its_session_is_limited() -> None:
    puts = policy({"Action": "s3:PutObject"})
    found = told(SESSION, OBJECT, identity=[*ALLOWED, puts], session_policies=[puts])
    assert codes(found) == ["IAM206"]
    (fix,) = found.fixes
    assert [edit.source.name for remedy in fix.remedies for edit in remedy.edits]
    assert commands(fix) == ()
    (fix,) = told(SESSION, OBJECT, identity=[puts], session_policies=ALLOWED).fixes
    assert [command.startswith("aws iam put-role-policy ") for command in commands(fix)] == [True]
    (fix,) = told(SESSION, OBJECT, identity=[puts], session_policies=[puts]).fixes
    assert fix.title.count("in the identity-based policy, and allow") == 1
    assert [command.startswith("aws iam put-role-policy ") for command in commands(fix)] == [True]
