"""The oracle on the golden vectors, on the surprises, and on single operators: naive, by hand.

Each test names what it is about: an id of ``docs/reference/semantics.md``.
"""

import json
from typing import Any

import pytest

from tests.oracle import UNKNOWN, assume_role, evaluate, glob, wild

Doc = dict[str, Any]

A, B = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{A}:role/R"
USER = f"arn:aws:iam::{A}:user/u"
SESSION = f"arn:aws:sts::{A}:assumed-role/R1/s"
ROLE1 = f"arn:aws:iam::{A}:role/R1"
FOREIGN = f"arn:aws:iam::{B}:user/u"
CODE = {"serial_number": f"arn:aws:iam::{A}:mfa/u", "token_code": "123456"}


def policy(*statements: Doc, version: str | None = "2012-10-17") -> Doc:
    head: Doc = {} if version is None else {"Version": version}
    return {**head, "Statement": list(statements)}


def trusting(
    aws: str | list[str],
    condition: Doc | None = None,
    action: str | list[str] = "sts:AssumeRole",
    effect: str = "Allow",
) -> Doc:
    statement: Doc = {"Effect": effect, "Principal": {"AWS": aws}, "Action": action}
    return statement if condition is None else {**statement, "Condition": condition}


def rule(
    action: str | list[str] = "sts:AssumeRole",
    resource: str | list[str] = ROLE,
    condition: Doc | None = None,
    effect: str = "Allow",
) -> Doc:
    statement: Doc = {"Effect": effect, "Action": action, "Resource": resource}
    return statement if condition is None else {**statement, "Condition": condition}


def world(trust: Doc, caller: str | Doc = USER, role: Doc | None = None, **more: object) -> Doc:
    caller = {"arn": caller} if isinstance(caller, str) else caller
    return {"caller": caller, "role": {"arn": ROLE} | (role or {}), "trust": trust, **more}


def deciding(answer: Doc) -> str:
    """Return the decision with the layers that said no: ``implicitDeny identity trust``."""
    return " ".join([answer["decision"], *answer["layers"]])


OWN = policy(trusting(USER))  # trust the user
ACCOUNT = policy(trusting(f"arn:aws:iam::{A}:root"))  # trust the account
OTHER = policy(trusting(f"arn:aws:iam::{A}:role/Other"))  # trust somebody else
MAY = policy(rule())  # the identity policy that is enough
ADMIN = policy(rule("*", "*"))
NO_STS = policy(rule("s3:*", "*"))
DENY_STS = policy(rule("*", "*"), rule("sts:*", "*", effect="Deny"))
EVERY = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
B_TRUST = policy(trusting(f"arn:aws:iam::{B}:root"))
V10 = world(B_TRUST, FOREIGN, identity=[MAY])

GOLDEN: list[tuple[str, Doc, Doc, Doc, str]] = [
    ("V1", world(OWN), {}, {}, "allowed"),
    ("V2", world(ACCOUNT), {}, {}, "implicitDeny identity"),
    ("V3", world(ACCOUNT, identity=[MAY]), {}, {}, "allowed"),
    (
        "V4",
        world(
            policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ec2.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ),
            identity=[ADMIN],
        ),
        {},
        {},
        "implicitDeny trust",
    ),
    ("V5", world(OWN, boundary=NO_STS), {}, {}, "allowed"),
    (
        "V6",
        world(policy(trusting(ROLE1)), SESSION, boundary=NO_STS),
        {},
        {},
        "implicitDeny boundary",
    ),
    (
        "V7",
        world(policy(trusting(SESSION)), SESSION, boundary=NO_STS, session_policies=[NO_STS]),
        {},
        {},
        "allowed",
    ),
    ("V8", world(OWN, identity=[DENY_STS]), {}, {}, "explicitDeny identity"),
    ("V9", world(policy(trusting(FOREIGN)), FOREIGN), {}, {}, "implicitDeny identity"),
    ("V10", V10, {}, {}, "allowed"),
    # EVAL-32x: SCPs of account A are not in this world, they do not apply to the foreign caller
    ("V11", V10 | {"scps": []}, {}, {}, "allowed"),
    (
        "V12",
        V10
        | {
            "rcps": [
                [
                    policy(
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "sts:AssumeRole",
                            "Resource": "*",
                            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
                        }
                    )
                ]
            ]
        },
        {},
        {},
        "explicitDeny rcp",
    ),
    ("V13", V10 | {"scps": [[ADMIN], [NO_STS], [ADMIN]]}, {}, {}, "implicitDeny scp"),
]


def mfa_trust(operator: str, caller: str | Doc = USER) -> Doc:
    arn = USER if caller == USER else f"arn:aws:iam::{A}:role/R1"
    return world(policy(trusting(arn, {operator: {"aws:MultiFactorAuthPresent": "true"}})), caller)


EXTERNAL = world(policy(trusting(USER, {"StringEquals": {"sts:ExternalId": "X"}})))
ORG = policy(trusting("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))
IN_ORG = {"aws:PrincipalOrgID": "o-1"}
TEAM = {"arn": SESSION, "tags": {"Team": "x"}, "transitive_tag_keys": ["Team"]}
INHERITED = {"arn": SESSION, "source_identity": "alice"}
IN_PATH: Doc = {"arn": f"arn:aws:iam::{A}:role/t/R"}
PROD = policy(trusting(ROLE1, {"StringEquals": {"aws:ResourceTag/Env": "prod"}}, EVERY))
DEV = {"arn": SESSION, "tags": {"Env": "dev"}, "transitive_tag_keys": ["Env"]}

GOLDEN += [
    ("V14", mfa_trust("Bool"), {}, {}, "implicitDeny identity trust"),
    ("V15", mfa_trust("Bool"), CODE, {}, "allowed"),
    ("V16", mfa_trust("BoolIfExists"), {}, {}, "allowed"),
    ("V17", mfa_trust("Bool", SESSION), {}, {}, "implicitDeny identity trust"),
    ("V18 none", EXTERNAL, {}, {}, "implicitDeny identity trust"),
    ("V18 x", EXTERNAL, {"external_id": "x"}, {}, "implicitDeny identity trust"),
    ("V18 X", EXTERNAL, {"external_id": "X"}, {}, "allowed"),
    ("V19", world(OWN), {"tags": {"k": "v"}}, {}, "implicitDeny identity trust"),
    (
        "V20",
        world(policy(trusting(ROLE1, action=EVERY)), TEAM),
        {"tags": {"team": "x"}},
        {},
        "error sts",
    ),
    (
        "V21",
        world(OTHER, f"arn:aws:sts::{A}:assumed-role/R/s", identity=[MAY]),
        {},
        {},
        "implicitDeny trust",
    ),
    ("V22", world(ACCOUNT, f"arn:aws:iam::{A}:root", identity=[ADMIN]), {}, {}, "error sts"),
    (
        "V23",
        world(OWN, {"arn": USER, "credentials": "session_token"}, {"max_session_duration": 43200}),
        {"duration_seconds": 7200},
        {},
        "error sts",
    ),
    ("V24", world(OWN), {"duration_seconds": 7200}, {}, "error sts"),
    ("V25", world(ORG, SESSION), {}, IN_ORG, "allowed"),
    (
        "V26",
        world(ORG, f"arn:aws:sts::{B}:assumed-role/R1/s"),
        {},
        IN_ORG,
        "implicitDeny identity",
    ),
    (
        "V27",
        world(policy(trusting("AROAOLD")), {"arn": SESSION, "unique_id": "AROANEW"}),
        {},
        {},
        "implicitDeny identity trust",
    ),
    ("V28", world(ACCOUNT, role=IN_PATH, identity=[MAY]), {}, {}, "implicitDeny identity"),
    (
        "V29",
        world(ACCOUNT, identity=[policy(rule(resource="arn:aws:iam"))]),
        {},
        {},
        "allowed",
    ),
    (
        "V30",
        world(
            policy(
                trusting(USER),
                trusting(
                    "*", {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}, effect="Deny"
                ),
            )
        ),
        {},
        {"aws:SourceIp": "2001:db8::1"},
        "explicitDeny trust",
    ),
    (
        "V31",
        world(
            policy(
                trusting(USER),
                trusting("*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, effect="Deny"),
            )
        ),
        {},
        {},
        "explicitDeny trust",
    ),
    (
        "V32",
        world(policy(trusting(USER, {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}))),
        {},
        {},
        "allowed",
    ),
    (
        "V33",
        world(
            policy(trusting(ROLE1, {"StringLike": {"sts:RoleSessionName": "${aws:username}"}})),
            SESSION,
        ),
        {"role_session_name": "u1"},
        {},
        "implicitDeny identity trust",
    ),
    (
        "V34",
        world(
            policy(
                trusting(USER, {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}),
                version="2008-10-17",
            )
        ),
        {"role_session_name": "u"},
        {},
        "implicitDeny identity trust",
    ),
    # EVAL-40: the management account is exempt, so its SCPs are not in this world
    ("V36", world(ACCOUNT, identity=[MAY], scps=[]), {}, {}, "allowed"),
    (
        "V37",
        world(policy(trusting(ROLE1)), INHERITED),
        {},
        {},
        "implicitDeny identity trust",
    ),
    (
        "V38",
        world(policy(trusting(ROLE1, action=EVERY)), INHERITED),
        {"source_identity": "bob"},
        {},
        "implicitDeny sts",
    ),
    ("V39", world(PROD, DEV, {"tags": {"Env": "prod"}}), {}, {}, "implicitDeny identity trust"),
]


@pytest.mark.parametrize(
    ("given", "params", "context", "expected"),
    [pytest.param(*case, id=name) for name, *case in GOLDEN],
)
def test_golden_vector(given: Doc, params: Doc, context: Doc, expected: str) -> None:
    assert deciding(assume_role(given, params, context)) == expected


# What the golden vectors say beside the decision


def test_v19_names_tag_session() -> None:
    found = assume_role(world(OWN), {"tags": {"k": "v"}})
    assert found["action"] == "sts:TagSession"
    assert "sts:TagSession" in found["message"]


def test_v20_err_35() -> None:
    given = world(policy(trusting(ROLE1, action=EVERY)), TEAM)
    found = assume_role(given, {"tags": {"team": "x"}})
    assert found["error_code"] == "InvalidParameterValue"
    assert "conflicts with a transitive tag key from the calling session" in found["message"]


def test_v22_err_19b() -> None:
    found = assume_role(world(ACCOUNT, f"arn:aws:iam::{A}:root"))
    assert found["error_code"] == "AccessDenied"
    assert found["message"] == "Roles may not be assumed by root accounts."


def test_v23_err_32() -> None:
    caller = {"arn": USER, "credentials": "session_token"}
    given = world(OWN, caller, {"max_session_duration": 43200})
    found = assume_role(given, {"duration_seconds": 7200})
    assert found["error_code"] == "ValidationError"
    assert "1 hour session limit" in found["message"]


def test_v24_err_31() -> None:
    found = assume_role(world(OWN), {"duration_seconds": 7200})
    assert found["error_code"] == "ValidationError"
    assert "MaxSessionDuration" in found["message"]


def test_v37_names_set_source_identity() -> None:
    found = assume_role(world(policy(trusting(ROLE1)), INHERITED))
    assert found["action"] == "sts:SetSourceIdentity"


def test_v32_sts_50_tags_need_tag_session_too() -> None:
    only_a = policy(trusting(USER, {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, EVERY))
    assert deciding(assume_role(world(only_a), {"tags": {"a": "1"}})) == "allowed"
    found = assume_role(world(only_a), {"tags": {"b": "1"}})
    assert deciding(found) == "implicitDeny identity trust"
    assert found["action"] == "sts:AssumeRole"  # STS-56: the tags are seen there as well


# The surprises of section F


def test_sur_1_trust_alone_is_enough() -> None:
    for trusted, caller in ((USER, USER), (ROLE1, SESSION), (SESSION, SESSION)):
        assert deciding(assume_role(world(policy(trusting(trusted)), caller))) == "allowed"


def test_sur_2_root_only_delegates() -> None:
    for spelled in (A, f"arn:aws:iam::{A}:root"):
        assert deciding(assume_role(world(policy(trusting(spelled))))) == "implicitDeny identity"


def test_sur_3_admin_is_not_enough() -> None:
    assert deciding(assume_role(world(OTHER, identity=[ADMIN]))) == "implicitDeny trust"


@pytest.mark.parametrize("kind", ["user", "session", "star"])
def test_sur_4_across_accounts_always_both(kind: str) -> None:
    session = f"arn:aws:sts::{B}:assumed-role/R1/s"
    caller, trusted = {
        "user": (FOREIGN, FOREIGN),
        "session": (session, session),
        "star": (FOREIGN, "*"),
    }[kind]
    given = world(policy(trusting(trusted)), caller)
    assert deciding(assume_role(given)) == "implicitDeny identity"
    assert deciding(assume_role(given | {"identity": [MAY]})) == "allowed"
    capped = given | {"identity": [MAY], "boundary": NO_STS}
    assert deciding(assume_role(capped)) == "implicitDeny boundary"


def test_sur_5_root_principal_is_the_account() -> None:
    assert deciding(assume_role(world(ACCOUNT, identity=[MAY]))) == "allowed"
    only_root = {"StringEquals": {"aws:PrincipalArn": f"arn:aws:iam::{A}:root"}}
    given = world(policy(trusting(A, only_root)), identity=[MAY])
    assert deciding(assume_role(given)) == "implicitDeny trust"


def test_sur_6_a_role_does_not_trust_itself() -> None:
    own_session = f"arn:aws:sts::{A}:assumed-role/R/s"
    assert deciding(assume_role(world(OTHER, own_session, identity=[ADMIN]))) == (
        "implicitDeny trust"
    )
    assert deciding(assume_role(world(policy(trusting(ROLE)), own_session))) == "allowed"


def test_sur_7_a_boundary_does_not_cap_direct_grants() -> None:
    for trusted in (USER, "*"):
        given = world(policy(trusting(trusted)), boundary=NO_STS)
        assert deciding(assume_role(given)) == "allowed"
    denied = world(OWN, boundary=DENY_STS)
    assert deciding(assume_role(denied)) == "explicitDeny boundary"  # EVAL-27


def test_sur_8_role_arn_and_session_arn_differ() -> None:
    for trusted, expected in ((ROLE1, "implicitDeny session"), (SESSION, "allowed")):
        given = world(policy(trusting(trusted)), SESSION, session_policies=[NO_STS])
        assert deciding(assume_role(given)) == expected


def test_sur_9_bool_if_exists_lets_long_term_keys_in() -> None:
    assert deciding(assume_role(mfa_trust("BoolIfExists"))) == "allowed"
    no_mfa = {"arn": USER, "credentials": "session_token"}
    given = world(mfa_trust("BoolIfExists")["trust"], no_mfa)
    assert deciding(assume_role(given)) == "implicitDeny identity trust"  # CND-51


@pytest.mark.parametrize(
    ("name", "effect", "operator", "value", "cells"),
    [
        ("CND-50", "Allow", "Bool", "true", "no no yes"),
        ("CND-51", "Allow", "BoolIfExists", "true", "yes no yes"),
        ("CND-52", "Deny", "Bool", "false", "yes no yes"),
        ("CND-53", "Deny", "BoolIfExists", "false", "no no yes"),
        ("CND-54", "Allow", "Null", "false", "no yes yes"),
    ],
)
def test_sur_10_mfa_table(name: str, effect: str, operator: str, value: str, cells: str) -> None:
    condition = {operator: {"aws:MultiFactorAuthPresent": value}}
    statements = [trusting(USER, condition, effect=effect)]
    if effect == "Deny":
        statements.append(trusting(USER))
    kinds = ("long_term", "session_token", "session_token_with_mfa")
    callers: list[Doc] = [{"arn": USER, "credentials": kind} for kind in kinds]
    found = [assume_role(world(policy(*statements), caller))["decision"] for caller in callers]
    assert [one == "allowed" for one in found] == [c == "yes" for c in cells.split()], name


def test_cnd_55_mfa_age() -> None:
    fresh = policy(trusting(USER, {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}))
    caller = {"arn": USER, "credentials": "session_token_with_mfa"}
    assert deciding(assume_role(world(fresh, caller | {"mfa_age_seconds": 60}))) == "allowed"
    old = assume_role(world(fresh, caller | {"mfa_age_seconds": 7200}))
    assert deciding(old) == "implicitDeny identity trust"
    assert deciding(assume_role(world(fresh, caller))) == "undecided fact"
    assert deciding(assume_role(world(fresh))) == "implicitDeny identity trust"  # CTX-9: absent
    assert deciding(assume_role(world(fresh), CODE)) == "allowed"


def test_sur_11_mfa_is_not_carried() -> None:
    assert deciding(assume_role(mfa_trust("Bool", SESSION))) == "implicitDeny identity trust"
    assert assume_role(mfa_trust("Bool", SESSION), CODE)["decision"] == "error"  # CTX-41, ERR-41


def test_sur_12_sur_38_messages_are_bare() -> None:
    expected = f"User: {USER} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    for given in (mfa_trust("Bool"), world(OTHER), world(OWN, identity=[DENY_STS])):
        assert assume_role(given)["message"] == expected


def test_sur_13_one_hour_for_any_temporary_credentials() -> None:
    long = {"max_session_duration": 43200}
    for credentials in ("session_token", "session_token_with_mfa"):
        given = world(OWN, {"arn": USER, "credentials": credentials}, long)
        assert deciding(assume_role(given, {"duration_seconds": 3601})) == "error sts"
        assert deciding(assume_role(given, {"duration_seconds": 3600})) == "allowed"
    assert deciding(assume_role(world(OWN, USER, long), {"duration_seconds": 43200})) == "allowed"


def test_sur_14_durations_are_not_clipped() -> None:
    assert deciding(assume_role(world(OWN), {"duration_seconds": 3601})) == "error sts"


def test_sur_15_duration_seconds_is_no_key_here() -> None:
    limit = {"NumericLessThanEquals": {"sts:DurationSeconds": "3600"}}
    found = assume_role(world(policy(trusting(USER, limit))), {"duration_seconds": 900})
    assert deciding(found) == "implicitDeny identity trust"


def test_sur_16_sur_17_principal_arn_is_the_role_with_path() -> None:
    issuing = f"arn:aws:iam::{A}:role/team/R1"
    caller = {"arn": SESSION, "role_arn": issuing}
    for wanted, expected in (
        (issuing, "allowed"),
        (SESSION, "implicitDeny trust"),
        (ROLE1, "implicitDeny trust"),
    ):
        condition = {"ArnLike": {"aws:PrincipalArn": wanted}}
        given = world(policy(trusting(A, condition)), caller, identity=[MAY])
        assert deciding(assume_role(given)) == expected
    assert deciding(assume_role(world(policy(trusting(issuing)), SESSION))) == "allowed"  # PRN-33
    assert assume_role(world(policy(trusting(ROLE1)), caller))["decision"] == "implicitDeny"


def test_sur_18_stored_ids() -> None:
    for unique_id, expected in (("AROAX", "allowed"), ("AROAY", "implicitDeny identity trust")):
        given = world(policy(trusting("AROAX")), {"arn": SESSION, "unique_id": unique_id})
        assert deciding(assume_role(given)) == expected
    unknown = assume_role(world(policy(trusting("AROAX")), SESSION))
    assert deciding(unknown) == "implicitDeny identity trust"


def test_sur_19_no_patterns_in_principals() -> None:
    for pattern in (f"arn:aws:iam::{A}:role/*", f"arn:aws:iam::{A}:*", "arn:*", "**"):
        given = world(policy(trusting(pattern)), SESSION, identity=[ADMIN])
        assert deciding(assume_role(given)) == "implicitDeny trust"


def test_sur_20_aws_star_is_accepted() -> None:
    assert deciding(assume_role(world(policy(trusting("*"))))) == "allowed"


def test_sur_21_an_rcp_can_stop_outsiders() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"}
    assert deciding(assume_role(V10 | {"rcps": [[policy(deny)]]})) == "explicitDeny rcp"


def test_sur_22_service_linked_roles_are_exempt() -> None:
    caller = {"arn": SESSION, "role_arn": f"arn:aws:iam::{A}:role/aws-service-role/x/R1"}
    given = world(policy(trusting(SESSION)), caller, scps=[[DENY_STS]])
    assert deciding(assume_role(given)) == "allowed"
    assert deciding(assume_role(given | {"caller": {"arn": SESSION}})) == "explicitDeny scp"


def test_sur_23_scps_must_allow_on_every_level() -> None:
    for levels, expected in (
        ([[ADMIN], [ADMIN]], "allowed"),
        ([[ADMIN], [NO_STS, ADMIN]], "allowed"),  # EVAL-41: allows of one level unite
        ([[ADMIN], [NO_STS]], "implicitDeny scp"),
        ([[ADMIN], []], "implicitDeny scp"),
        ([[DENY_STS], [ADMIN]], "explicitDeny scp"),
    ):
        assert deciding(assume_role(world(OWN, scps=levels))) == expected


def test_sur_24_scps_have_the_whole_language() -> None:
    condition = {"StringEquals": {"aws:username": "u"}}
    allow = {
        "Effect": "Allow",
        "NotAction": "iam:*",
        "NotResource": "arn:aws:iam::*:role/x",
        "Condition": condition,
    }
    given = world(policy(trusting("*")), scps=[[policy(allow)]])
    assert deciding(assume_role(given)) == "allowed"
    assert deciding(assume_role(given | {"caller": {"arn": SESSION}})) == "implicitDeny scp"


def test_sur_26_sur_27_sur_28_missing_keys_and_nor() -> None:
    assert holds({"StringNotEquals": {"k": "a"}}, {})
    assert holds({"ForAllValues:StringEquals": {"k": "a"}}, {})
    assert not holds({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "b"})


def test_sur_29_sur_30_wildcards() -> None:
    assert not holds({"StringEquals": {"k": "a*"}}, {"k": "ab"})
    assert holds({"ArnEquals": {"k": "arn:aws:iam::*:role/*"}}, {"k": ROLE})
    assert not holds({"ArnLike": {"k": "arn:aws:*:role/R"}}, {"k": ROLE})
    assert holds({"ArnLike": {"k": "arn:aws:logs:*:*:*"}}, {"k": "arn:aws:logs:r:1:a:b:c"})


def test_sur_31_plain_operators_on_multivalued_keys() -> None:
    for name in ("StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"):
        assert not holds({name: {"k": ["a", "b"]}}, {"k": ["a"]})  # CND-41


def test_sur_32_inherited_tags_need_tag_session() -> None:
    found = assume_role(world(policy(trusting(ROLE1)), TEAM))
    assert deciding(found) == "implicitDeny identity trust"
    assert found["action"] == "sts:TagSession"
    assert deciding(assume_role(world(policy(trusting(ROLE1, action=EVERY)), TEAM))) == "allowed"


def test_sur_33_inherited_tags_cannot_be_overridden() -> None:
    given = world(policy(trusting(ROLE1, action=EVERY)), TEAM)
    for key in ("Team", "TEAM"):
        assert deciding(assume_role(given, {"tags": {key: "x"}})) == "error sts"
    assert deciding(assume_role(given, {"tags": {"Other": "x"}})) == "allowed"


def test_sur_34_inherited_tags_replace_the_roles() -> None:
    for caller, expected in ((SESSION, "allowed"), (DEV, "implicitDeny identity trust")):
        given = world(PROD, caller, {"tags": {"env": "prod"}})
        assert deciding(assume_role(given)) == expected


def test_sur_35_source_identity_sticks() -> None:
    given = world(policy(trusting(ROLE1, action=EVERY)), INHERITED)
    for params, expected in (
        ({}, "allowed"),
        ({"source_identity": "alice"}, "allowed"),
        ({"source_identity": "bob"}, "implicitDeny sts"),
    ):
        assert deciding(assume_role(given, params)) == expected
    both = {"StringEquals": {"sts:SourceIdentity": "alice", "aws:SourceIdentity": "alice"}}
    seen = world(policy(trusting(ROLE1, both, EVERY)), INHERITED)
    assert deciding(assume_role(seen)) == "allowed"  # STS-75


def test_sur_36_a_missing_role_is_access_denied() -> None:
    found = assume_role(world(OWN, role={"exists": False}))
    assert deciding(found) == "implicitDeny sts"
    assert found["error_code"] == "AccessDenied"
    assert ROLE in found["message"]


def test_sur_37_a_superfluous_external_id_is_harmless() -> None:
    assert deciding(assume_role(world(OWN), {"external_id": "whatever"})) == "allowed"


def test_sur_39_names_are_case_sensitive() -> None:
    for resource in (f"arn:aws:iam::{A}:role/r", f"arn:AWS:iam::{A}:role/R"):
        given = world(ACCOUNT, identity=[policy(rule(resource=resource))])
        assert deciding(assume_role(given)) == "implicitDeny identity"
    other_case = world(policy(trusting(f"arn:aws:iam::{A}:user/U")))
    assert deciding(assume_role(other_case)) == "implicitDeny identity trust"  # PRN-10


def test_sur_40_short_arns() -> None:
    short = policy(rule("sts:*", "arn:aws:iam"))
    assert deciding(assume_role(world(ACCOUNT, identity=[short]))) == "allowed"
    given = world(policy(trusting(ROLE1)), SESSION, session_policies=[short])
    assert deciding(assume_role(given)) == "implicitDeny session"  # RES-7


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_sur_41_old_trust_policies_are_evaluated(version: str | None) -> None:
    assert deciding(assume_role(world(policy(trusting(USER), version=version)))) == "allowed"
    literal = trusting(USER, {"StringEquals": {"sts:ExternalId": "${aws:username}"}})
    given = world(policy(literal, version=version))
    assert deciding(assume_role(given, {"external_id": "${aws:username}"})) == "allowed"  # POL-4


def test_sur_42_federated_users_assume_nothing() -> None:
    caller = f"arn:aws:sts::{A}:federated-user/f"
    assert deciding(assume_role(world(policy(trusting("*")), caller))) == "error sts"


def test_sur_43_username_shuts_roles_out() -> None:
    own = policy(rule(resource=f"arn:aws:iam::{A}:role/${{aws:username}}"))
    named = {"arn": f"arn:aws:iam::{A}:role/u"}
    assert deciding(assume_role(world(ACCOUNT, USER, named, identity=[own]))) == "allowed"
    found = assume_role(world(ACCOUNT, SESSION, named, identity=[own]))
    assert deciding(found) == "implicitDeny identity"


def test_sur_44_the_region_is_a_fact() -> None:
    condition = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    given = world(policy(trusting(USER), trusting("*", condition, effect="Deny")))
    global_endpoint = {"aws:RequestedRegion": "us-east-1"}  # CTX-12
    assert deciding(assume_role(given, {}, global_endpoint)) == "explicitDeny trust"
    assert deciding(assume_role(given)) == "undecided fact"


# Conditions one by one


def holds(condition: Doc, context: Doc, version: str = "2012-10-17") -> bool:
    """Say whether a condition holds, by way of a trust policy that has nothing else to fail."""
    found = deciding(
        evaluate(
            world(policy(trusting(USER, condition), version=version)), "sts:AssumeRole", context
        )
    )
    assert found in ("allowed", "implicitDeny identity trust")
    return found == "allowed"


NUMERIC = ["NumericEquals", "NumericLessThan", "NumericGreaterThan"]
POSITIVE = ["StringEquals", "StringLike", "DateEquals", "Bool", "BinaryEquals", "ArnLike"]
POSITIVE += ["StringEqualsIgnoreCase", "IpAddress", "ArnEquals", "DateLessThan", *NUMERIC]
NEGATED = ["StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase", "NumericNotEquals"]
NEGATED += ["DateNotEquals", "NotIpAddress", "ArnNotEquals", "ArnNotLike"]


@pytest.mark.parametrize("name", POSITIVE + NEGATED)
def test_cnd_10_to_17_missing_key(name: str) -> None:
    assert holds({name: {"k": "x"}}, {}) is (name in NEGATED)  # CND-10, CND-11, CND-17
    assert holds({f"{name}IfExists": {"k": "x"}}, {})  # CND-12
    assert holds({f"ForAllValues:{name}": {"k": "x"}}, {})  # CND-14
    assert not holds({f"ForAnyValue:{name}": {"k": "x"}}, {})  # CND-15
    assert holds({f"ForAnyValue:{name}IfExists": {"k": "x"}}, {})  # CND-16


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ({"StringEquals": {"K": "a"}}, "a", True),  # CND-3
        ({"StringEquals": {"k": "A"}}, "a", False),  # CND-20
        ({"StringEqualsIgnoreCase": {"k": "A"}}, "a", True),  # CND-21
        ({"StringEqualsIgnoreCase": {"k": "a*"}}, "ab", False),  # CND-21
        ({"StringLike": {"k": "a?c*"}}, "abc", True),  # CND-22
        ({"StringLike": {"k": "A*"}}, "abc", False),  # CND-22
        ({"StringLike": {"k": "*"}}, "", True),  # CND-22
        ({"StringLike": {"k": ""}}, "", True),  # CND-22
        ({"StringLike": {"k": ""}}, "a", False),  # CND-22
        ({"StringLike": {"k": "${*}"}}, "*", True),  # VAR-4
        ({"StringLike": {"k": "${*}"}}, "a", False),  # VAR-4
        ({"StringNotLike": {"k": ["a*", "b*"]}}, "ba", False),  # CND-2, CND-23
        ({"NumericEquals": {"k": 10}}, "10.0", True),  # CND-24
        ({"NumericLessThanEquals": {"k": "10"}}, "9.5", True),  # CND-24
        ({"NumericGreaterThan": {"k": "9"}}, "10", True),  # CND-24
        ({"NumericEquals": {"k": "ten"}}, "ten", False),  # CND-24
        ({"NumericNotEquals": {"k": "ten"}}, "ten", True),  # CND-24
        ({"NumericEquals": {"k": "1e1"}}, "10", False),  # BAD-NUMBER
        ({"DateEquals": {"k": "2020-01-01T00:00:00Z"}}, "1577836800", True),  # CND-25
        ({"DateEquals": {"k": "1577836800"}}, "2020-01-01T01:00:00+01:00", True),  # CND-25
        ({"DateEquals": {"k": "2020"}}, "2020-01-01T00:00:00.000Z", True),  # CND-25
        ({"DateEquals": {"k": "2020-01"}}, "2020-01-01", True),  # CND-25
        ({"DateLessThan": {"k": "2020-01-01T00:00:00Z"}}, "2019-12-31T23:59:59.9Z", True),
        ({"DateGreaterThan": {"k": "2020-01-01T00:00:00Z"}}, "1577836800000", True),  # CND-25
        ({"DateEquals": {"k": "2020-01-01T00:00:00"}}, "2020-01-01T00:00:00Z", False),
        ({"DateNotEquals": {"k": "nonsense"}}, "2020-01-01T00:00:00Z", True),
        ({"Bool": {"k": True}}, "True", True),  # CND-26
        ({"Bool": {"k": "false"}}, "true", False),  # CND-26
        ({"BinaryEquals": {"k": "QmluYXJ5"}}, "QmluYXJ5", True),  # CND-27
        ({"BinaryEquals": {"k": "??"}}, "??", False),  # CND-27
        ({"IpAddress": {"k": "203.0.113.9/24"}}, "203.0.113.1", True),  # CND-28
        ({"IpAddress": {"k": "0.0.0.0/0"}}, "203.0.113.1", True),  # CND-28
        ({"IpAddress": {"k": "203.0.113.1"}}, "203.0.113.1", True),  # CND-28
        ({"IpAddress": {"k": "2001:db8::1"}}, "2001:db8::1", True),  # CND-28
        ({"NotIpAddress": {"k": "203.0.113.1"}}, "2001:db8::1", True),  # CND-28
        ({"ArnLike": {"k": "*"}}, ROLE, False),  # CND-31
        ({"ArnLike": {"k": "arn:aws:iam::*:role/*"}}, "not an arn", False),  # CND-31
        ({"ArnNotLike": {"k": "*"}}, ROLE, True),  # CND-31, complement
        ({"Null": {"k": "true"}}, "", False),  # CND-32
        ({"Null": {"k": False}}, "", True),  # CND-13, CND-32
        ({"ForAllValues:Null": {"k": "true"}}, "a", True),  # CND-33
        ({"ForAnyValue:Null": {"k": "false"}}, "a", False),  # CND-33
        ({"ForAllValues:StringEquals": {"k": "a"}}, "", True),  # CND-14
        ({"ForAllValues:StringEquals": {"k": "a"}}, [], True),  # CND-14
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, ["a", "c"], False),  # CND-42
        ({"ForAnyValue:StringEquals": {"k": ["a", "b"]}}, ["a", "c"], True),  # CND-42
        ({"ForAnyValue:StringNotEquals": {"k": ["a", "b"]}}, ["a", "c"], True),  # CND-42
        ({"ForAllValues:StringNotEquals": {"k": ["a", "b"]}}, ["a", "c"], False),  # CND-42
        ({"ForAllValues:StringEquals": {"k": "a"}}, "b", False),  # CND-43
        ({"StringEquals": {"k": []}}, "a", False),  # EMPTY-WANT
        ({"StringNotEquals": {"k": []}}, "a", False),  # EMPTY-WANT
        ({"StringEqualsIfExists": {"k": []}}, "a", False),  # CND-45
        ({"ForAllValues:StringEquals": {"k": []}}, ["a"], False),  # CND-45
        ({"ForAnyValue:StringEquals": {"k": []}}, ["a"], False),  # CND-45
        ({"StringEquals": {}}, "a", True),  # POL-20
        ({"stringequals": {"k": "a"}}, "a", True),  # CND-5
        ({"StringMatches": {"k": "a"}}, "a", False),  # CND-5
        ({"StringEquals": {"k": "${x, 'a'}"}}, "a", True),  # VAR-3
        ({"StringLike": {"k": "${x, 'a*'}"}}, "ab", False),  # VAR-7
        ({"StringEquals": {"k": "${x}"}}, "a", False),  # VAR-6
        ({"StringNotEquals": {"k": "${x}"}}, "a", True),  # VAR-6
        ({"StringEquals": {"k": ["${x}", "a"]}}, "a", True),  # VAR-MIXED
        ({"StringEqualsIfExists": {"k": "${x}"}}, "a", False),  # VAR-IFEXISTS
        ({"StringEquals": {"k": "${k}"}}, "a", True),  # VAR-2
        ({"StringEquals": {"k": "${K}"}}, ["a"], False),  # CND-41
        ({"StringEquals": {"k": "a"}, "Null": {"x": "true"}}, "a", True),  # CND-1
        ({"StringEquals": {"k": "a", "x": "y"}}, "a", False),  # CND-1
    ],
)
def test_condition(condition: Doc, value: object, expected: bool) -> None:  # noqa: FBT001 - a table
    assert holds(condition, {"k": value}) is expected


def test_var_7_substituted_wildcards_are_literal() -> None:
    condition = {"StringLike": {"k": "${aws:PrincipalTag/t}"}}
    assert not holds(condition, {"k": "abc", "aws:PrincipalTag/t": "*"})
    assert holds(condition, {"k": "*", "aws:PrincipalTag/T": "*"})


def test_var_1_variables_before_the_fifth_colon_of_a_resource_stay_text() -> None:
    context = {"aws:PrincipalAccount": A, "aws:PrincipalTag/name": "R", "t": "*"}
    for resource, expected in (
        ("arn:aws:iam::${aws:PrincipalAccount}:role/R", "implicitDeny identity"),
        (f"arn:aws:iam::{A}:role/${{aws:PrincipalTag/name}}", "allowed"),
        (f"arn:aws:iam::{A}:role/${{t}}", "implicitDeny identity"),
        (f"arn:aws:iam::{A}:role/${{missing}}", "implicitDeny identity"),  # VAR-5
        (f"arn:aws:iam::{A}:role/${{missing, 'R'}}", "allowed"),  # VAR-3
        ("arn:aws:iam::*:*", "allowed"),  # RES-3
        ("arn:aws:iam::*R", "implicitDeny identity"),  # RES-4
    ):
        given = world(ACCOUNT, identity=[policy(rule(resource=resource))])
        assert deciding(evaluate(given, "sts:AssumeRole", context)) == expected


def test_var_5_not_resource_with_a_missing_variable_excludes_nothing() -> None:
    deny = {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:iam::1:role/${missing}"}
    given = world(OWN, identity=[policy(deny)])
    assert deciding(assume_role(given)) == "explicitDeny identity"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("sts:*", True),
        ("STS:assumerole", True),  # ACT-1
        ("sts:Assume?ole", True),  # ACT-2
        ("s*:AssumeRole", True),  # ACT-3
        ("sts*", False),  # ACT-3
        ("sts:AssumeRole:x", False),  # ACT-3
        ("sts:AssumeRoles", False),  # ACT-4
        ([], False),  # POL-19
    ],
)
def test_actions(pattern: str | list[str], expected: bool) -> None:  # noqa: FBT001 - a table
    found = assume_role(world(ACCOUNT, identity=[policy(rule(pattern))]))
    assert (found["decision"] == "allowed") is expected


def test_act_5_not_action_still_needs_the_resource() -> None:
    allow: Doc = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert deciding(assume_role(world(ACCOUNT, identity=[policy(allow)]))) == "allowed"
    elsewhere = allow | {"Resource": "arn:aws:iam::1:role/R"}
    found = assume_role(world(ACCOUNT, identity=[policy(elsewhere)]))
    assert deciding(found) == "implicitDeny identity"


# Unknown facts


def from_office(effect: str = "Allow", aws: str = USER) -> Doc:
    return trusting(aws, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, effect=effect)


def test_undecided_only_if_the_unknown_matters() -> None:
    assert deciding(assume_role(world(policy(from_office())))) == "undecided fact"
    assert deciding(assume_role(world(policy(from_office(), trusting(USER))))) == "allowed"
    given = world(policy(from_office(), trusting(A)), identity=[MAY])
    assert deciding(assume_role(given)) == "allowed"  # whatever the address: two ways in
    denied = world(policy(from_office()), identity=[DENY_STS])
    assert deciding(assume_role(denied)) == "explicitDeny identity"
    assert deciding(assume_role(world(policy(from_office()), scps=[[NO_STS]]))) == (
        "implicitDeny scp"
    )


def test_an_open_deny_does_not_hide_a_sure_no() -> None:
    open_deny = from_office("Deny", "*")
    assert deciding(assume_role(world(policy(trusting(A), open_deny)))) == "implicitDeny identity"
    assert deciding(assume_role(world(policy(trusting(USER), open_deny)))) == "undecided fact"


def test_unknown_identity_policies_are_not_asked_when_trust_decides() -> None:
    assert deciding(assume_role(world(OWN, identity=None))) == "allowed"
    assert deciding(assume_role(world(ACCOUNT, identity=None))) == "undecided fact"
    assert deciding(assume_role(world(OTHER, identity=None))) == "implicitDeny trust"


def test_facts_are_present_and_other_keys_absent() -> None:
    for key, expected in (
        ("aws:SourceIp", "allowed"),
        ("sts:RoleSessionName", "allowed"),
        ("aws:TokenIssueTime", "implicitDeny identity trust"),  # CTX-10: long-term keys
        ("aws:MultiFactorAuthAge", "implicitDeny identity trust"),  # CTX-9: no MFA
        ("aws:SourceVpce", "implicitDeny identity trust"),
    ):
        found = assume_role(world(policy(trusting(USER, {"Null": {key: "false"}}))))
        assert deciding(found) == expected


def test_context_overrides_and_null_takes_away() -> None:
    condition = {"StringEquals": {"aws:username": "u"}}
    given = world(policy(trusting(USER, condition)))
    assert deciding(assume_role(given)) == "allowed"
    for value in ("v", None):
        found = assume_role(given, {}, {"AWS:UserName": value})
        assert deciding(found) == "implicitDeny identity trust"


def test_ctx_11_no_source_ip_through_an_endpoint() -> None:
    found = assume_role(world(policy(from_office())), {}, {"aws:SourceVpce": "vpce-1"})
    assert deciding(found) == "implicitDeny identity trust"


def test_key_case_two_spellings_of_one_key_are_unknown() -> None:
    given = world(policy(trusting(USER, {"StringEquals": {"aws:PrincipalTag/t": "a"}})))
    context = {"aws:PrincipalTag/T": "a", "aws:PrincipalTag/t": "b"}
    assert deciding(assume_role(given, {}, context)) == "undecided fact"  # KEY-CASE
    assert deciding(evaluate(given, "sts:AssumeRole", {"aws:principaltag/T": "a"})) == "allowed"


# Several actions, principals, the world's defaults


def test_sts_56_the_worst_outcome_of_all_actions() -> None:
    deny_tags = policy(rule("sts:TagSession", "*", effect="Deny"))
    found = assume_role(world(OTHER, identity=[deny_tags]), {"tags": {"k": "v"}})
    assert deciding(found) == "explicitDeny identity"
    assert found["action"] == "sts:TagSession"
    params = {"tags": {"k": "v"}, "source_identity": "alice"}
    assert assume_role(world(OWN), params)["action"] == "sts:TagSession"
    assert assume_role(world(OTHER), params)["action"] == "sts:AssumeRole"


def test_prn_37_the_strongest_kind_counts() -> None:
    given = world(policy(trusting([A, USER])), boundary=NO_STS)
    assert deciding(assume_role(given)) == "allowed"
    for named in (A, ROLE1, SESSION, "*"):
        denying = policy(trusting(SESSION), trusting(named, effect="Deny"))
        assert deciding(assume_role(world(denying, SESSION))) == "explicitDeny trust"


def test_prn_36_kinds_do_not_mix() -> None:
    for named, caller in ((f"arn:aws:iam::{A}:role/u", USER), (USER, SESSION)):
        found = assume_role(world(policy(trusting(named)), caller))
        assert deciding(found) == "implicitDeny identity trust"
    for kind in ("Federated", "Service", "CanonicalUser"):
        star = {"Effect": "Allow", "Principal": {kind: "*"}, "Action": "sts:AssumeRole"}
        assert deciding(assume_role(world(policy(star)))) == "implicitDeny identity trust"


def test_prn_34_another_session_of_the_same_role() -> None:
    found = assume_role(world(policy(trusting(f"{SESSION}2")), SESSION))
    assert deciding(found) == "implicitDeny identity trust"


def test_eval_33x_no_trust_across_partitions() -> None:
    caller = f"arn:aws-cn:iam::{B}:user/u"
    given = world(policy(trusting([caller, "*", B])), caller, identity=[ADMIN])
    assert deciding(assume_role(given)) == "implicitDeny trust"


def test_every_failed_layer_is_reported() -> None:
    given = world(OTHER, boundary=NO_STS, session_policies=[NO_STS], scps=[[NO_STS]])
    assert deciding(assume_role(given)) == "implicitDeny boundary identity scp session trust"
    denying = given | {"trust": policy(trusting("*", effect="Deny")), "identity": [DENY_STS]}
    assert deciding(assume_role(denying)) == "explicitDeny identity trust"


def test_mfa_parameters() -> None:
    for params in (
        {"token_code": "123456"},  # ERR-42
        {"serial_number": CODE["serial_number"]},  # ERR-42
        CODE | {"serial_number": USER},  # ERR-41
        CODE | {"serial_number": f"arn:aws:iam::{B}:mfa/u"},  # ERR-41, CTX-43
    ):
        found = assume_role(world(OWN), params)
        assert deciding(found) == "error sts"
        assert found["message"].startswith("MultiFactorAuthentication failed, ")
    assert deciding(assume_role(world(OWN), CODE | {"serial_number": "GAHT12345678"})) == "allowed"


def test_ctx_17_tags_in_the_request() -> None:
    condition = {"StringEquals": {"aws:RequestTag/K": "v"}, "Null": {"aws:TagKeys": "false"}}
    given = world(policy(trusting(USER, condition, EVERY)))
    assert deciding(assume_role(given, {"tags": {"k": "v"}})) == "allowed"
    assert deciding(assume_role(given)) == "implicitDeny identity trust"


def test_ctx_21_transitive_keys_of_the_request() -> None:
    condition = {"ForAnyValue:StringEquals": {"sts:TransitiveTagKeys": "k"}}
    given = world(policy(trusting(USER, condition, EVERY)))
    params = {"tags": {"k": "v"}, "transitive_tag_keys": ["k"]}
    assert deciding(assume_role(given, params)) == "allowed"
    assert assume_role(given, {"tags": {"k": "v"}})["decision"] == "implicitDeny"


def test_glob_takes_no_exponential_time() -> None:
    assert not glob(wild("*a" * 200 + "b"), "a" * 4000)
    assert glob(wild("a*b?d*"), "aXXbcbcdef")
    assert not glob(wild("a"), "")
    assert glob(wild("**"), "")


def test_the_world_is_not_changed() -> None:
    given = world(policy(trusting(ROLE1, action=EVERY)), TEAM, scps=[[ADMIN]])
    before = json.dumps(given)
    assume_role(given, {"tags": {"a": "b"}}, {"aws:SourceIp": "203.0.113.1"})
    assert json.dumps(given) == before
    assert UNKNOWN not in given.values()
