"""The oracle on the golden vectors, on the surprises, and on single operators: naive, by hand.

Each test names what it is about: an id of ``docs/reference/semantics.md``.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import UNKNOWN, assume_role, evaluate, glob, request, wild

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
    assert assume_role(world(OWN), params)["action"] == "sts:SetSourceIdentity"
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


# Requests of any kind: what decides by whom the resource's policy names (C2, C4)

KEY = f"arn:aws:kms:eu-west-1:{A}:key/k"
QUEUE = f"arn:aws:sqs:eu-west-1:{A}:q"
ABROAD = f"arn:aws:sqs:eu-west-1:{B}:q"
BUCKET = "arn:aws:s3:::b"
LINKED = f"arn:aws:iam::{A}:role/aws-service-role/x.amazonaws.com/R1"
ROOT = f"arn:aws:iam::{A}:root"
FEDERATED = f"arn:aws:sts::{A}:federated-user/f"
OF_USER: Doc = {"arn": FEDERATED, "user_arn": USER}
SERVICE: Doc = {"service": "cloudtrail.amazonaws.com"}
ANYBODY: Doc = {"anonymous": True}
ALL = policy(rule("*", "*"))
NOTHING = policy(rule("iam:*", "*"))
DENY_ALL = policy(rule("*", "*", effect="Deny"))
SEND = "sqs:SendMessage"


def naming(
    principal: object, effect: str = "Allow", element: str = "Principal", **more: object
) -> Doc:
    return policy({"Effect": effect, element: principal, "Action": "*", **more})


def aws(*entries: str) -> Doc:
    return naming({"AWS": list(entries)})


def asked(
    caller: str | Doc,
    resource: str = QUEUE,
    action: str = SEND,
    owner: str | None = None,
    **more: object,
) -> str:
    """Decide a request; ``context`` and the keys of the world are given by name."""
    caller = {"arn": caller} if isinstance(caller, str) else caller
    wanted: Doc = {"action": action, "resource": resource, "resource_account": owner}
    given: Doc = {"caller": caller, **more}
    return deciding(request(given, wanted, given.pop("context", None)))


OPEN = policy({"Effect": "Allow", "Principal": "*", "Action": "*"})
BY_ARN = naming({"AWS": "*"}, Condition={"ArnLike": {"aws:PrincipalArn": ROLE1}})


@pytest.mark.parametrize(
    ("caller", "granting", "identity", "boundary", "session", "expected"),
    [
        (USER, None, [], None, None, "implicitDeny identity"),
        (USER, aws(A), [], None, None, "implicitDeny identity"),
        (USER, None, [ALL], None, None, "allowed"),
        (USER, None, [ALL], NOTHING, None, "implicitDeny boundary"),
        (USER, aws(A), [ALL], NOTHING, None, "implicitDeny boundary"),
        (USER, aws(USER), [], NOTHING, None, "allowed"),
        (SESSION, aws(ROOT), [ALL], ALL, NOTHING, "implicitDeny session"),
        (SESSION, aws(ROLE1), [], None, None, "allowed"),  # EVAL-14
        (SESSION, aws(ROLE1), [], ALL, ALL, "allowed"),
        (SESSION, aws(ROLE1), [ALL], NOTHING, None, "implicitDeny boundary"),
        (SESSION, aws(ROLE1), [ALL], None, NOTHING, "implicitDeny session"),
        (SESSION, aws(SESSION), [], NOTHING, NOTHING, "allowed"),
        (SESSION, BY_ARN, [], NOTHING, NOTHING, "allowed"),  # EVAL-13
        (SESSION, OPEN, [], NOTHING, NOTHING, "allowed"),
        (OF_USER, aws(USER), [], NOTHING, ALL, "implicitDeny boundary"),
        (OF_USER, aws(USER), [], ALL, NOTHING, "implicitDeny session"),
        (OF_USER, aws(USER), [], ALL, None, "implicitDeny session"),
        (OF_USER, aws(USER), [], ALL, ALL, "allowed"),  # EVAL-11, PRN-35
        (OF_USER, aws(FEDERATED), [], NOTHING, None, "allowed"),
        (ROOT, None, [], None, None, "allowed"),  # EVAL-1
    ],
)
def test_eval_15_matrix(
    *,
    caller: str | Doc,
    granting: Doc | None,
    identity: list[Doc],
    boundary: Doc | None,
    session: Doc | None,
    expected: str,
) -> None:
    given: Doc = {"identity": identity, "boundary": boundary}
    given |= {} if granting is None else {"resource_policy": granting}
    given |= {} if session is None else {"session_policies": [session]}
    assert asked(caller, **given) == expected
    denied = {**given, "identity": [*identity, DENY_ALL]}
    assert asked(caller, **denied) == "explicitDeny identity"  # EVAL-16


@pytest.mark.parametrize("named", [FOREIGN, B, "*"])
def test_eval_30x_across_accounts_both_sides_whatever_the_match(named: str) -> None:
    given: Doc = {"resource_policy": aws(named)}
    assert asked(FOREIGN, **given) == "implicitDeny identity"  # EVAL-31x
    assert asked(FOREIGN, identity=[ALL]) == "implicitDeny resource"
    assert asked(FOREIGN) == "implicitDeny identity resource"
    both = given | {"identity": [ALL]}
    assert asked(FOREIGN, **both) == "allowed"
    assert asked(FOREIGN, **both, boundary=NOTHING) == "implicitDeny boundary"
    assert asked(FOREIGN, **both, scps=[[ALL], [NOTHING]]) == "implicitDeny scp"  # EVAL-41


def test_v40_get_session_token_cannot_be_denied() -> None:
    for action in ("sts:GetSessionToken", "STS:getcalleridentity"):  # EVAL-45, STS-4, STS-6, ACT-1
        for more in (
            {"identity": [DENY_STS]},
            {"scps": [[DENY_STS]]},
            {"endpoint_policies": [NO_STS]},
        ):
            assert asked(USER, "*", action, **more) == "allowed"
    assert (
        asked(USER, "*", "sts:GetFederationToken", identity=[DENY_STS]) == "explicitDeny identity"
    )


# Root, federated users, services, unsigned calls


def test_eval_1_root_needs_scp_and_no_deny() -> None:
    assert asked(ROOT, scps=[[NOTHING]]) == "implicitDeny scp"
    assert asked(ROOT, scps=[[DENY_ALL]]) == "explicitDeny scp"
    assert asked(ROOT, resource_policy=naming("*", "Deny")) == "explicitDeny resource"
    assert asked(ROOT, ABROAD) == "implicitDeny resource"  # EVAL-30x
    assert asked(ROOT, ABROAD, resource_policy=aws(A)) == "allowed"


def test_root_trust() -> None:
    assert asked(ROOT, KEY, "kms:Decrypt") == "implicitDeny resource"
    assert asked(ROOT, KEY, "kms:Decrypt", resource_policy=aws(USER)) == "implicitDeny resource"
    assert asked(ROOT, KEY, "kms:Decrypt", resource_policy=aws(A)) == "allowed"


def test_fed_no_session() -> None:
    assert asked(OF_USER, identity=[ALL]) == "implicitDeny session"
    assert asked(OF_USER, identity=[ALL], session_policies=[ALL]) == "allowed"  # EVAL-65
    assert asked(OF_USER, session_policies=[ALL]) == "implicitDeny identity"
    assert asked(OF_USER) == "implicitDeny identity session"


def test_fed_deny_user() -> None:
    granted: Doc = {"identity": [ALL], "session_policies": [ALL]}
    deny = naming({"AWS": USER}, "Deny")
    assert asked(OF_USER, **granted, resource_policy=deny) == "explicitDeny resource"
    unknown = {"arn": FEDERATED}
    assert asked(unknown, **granted, resource_policy=deny) == "undecided fact"  # his user or not
    foreign = naming({"AWS": FOREIGN}, "Deny")
    assert asked(unknown, **granted, resource_policy=foreign) == "allowed"
    other = {"arn": FEDERATED, "user_arn": f"{USER}2"}
    assert asked(other, **granted, resource_policy=deny) == "allowed"


def test_prn_35_a_federated_user_of_nobody_knows_whom() -> None:
    unknown = {"arn": FEDERATED}
    assert asked(unknown, session_policies=[ALL], resource_policy=aws(USER)) == "undecided fact"
    assert asked(unknown, resource_policy=aws(USER)) == "implicitDeny session"
    exempt = naming({"AWS": USER}, "Deny", "NotPrincipal")
    granted: Doc = {"identity": [ALL], "session_policies": [ALL]}
    assert asked(unknown, **granted, resource_policy=exempt) == "undecided fact"


def test_eval_70_services_have_no_identity_side() -> None:
    inert: Doc = {"identity": [DENY_ALL], "boundary": DENY_ALL, "scps": [[DENY_ALL]]}
    inert |= {"session_policies": [DENY_ALL]}
    name = "cloudtrail.amazonaws.com"
    for caller, named, expected in (
        (SERVICE, {"Service": name}, "allowed"),
        (SERVICE, {"Service": ["s3.amazonaws.com", name]}, "allowed"),  # PRN-9
        (SERVICE, {"Service": "s3.amazonaws.com"}, "implicitDeny resource"),  # PRN-36
        (SERVICE, {"Service": "*"}, "implicitDeny resource"),  # PRN-5
        (SERVICE, {"AWS": "*"}, "implicitDeny resource"),  # STAR-SERVICE
        (SERVICE, {"AWS": A, "CanonicalUser": "c"}, "implicitDeny resource"),
        (SERVICE, "*", "allowed"),  # STAR-SERVICE
        (ANYBODY, "*", "allowed"),  # PRN-7
        (ANYBODY, {"AWS": "*"}, "allowed"),  # PRN-7
        (ANYBODY, {"AWS": [A, USER]}, "implicitDeny resource"),
        (ANYBODY, {"Service": name}, "implicitDeny resource"),
    ):
        assert asked(caller, **inert, resource_policy=naming(named)) == expected
        assert asked(caller, **inert) == "implicitDeny resource"


def test_eval_53_rcps_hit_services_and_the_unsigned() -> None:
    deny = policy({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})
    for caller in (SERVICE, ANYBODY):
        assert asked(caller, resource_policy=OPEN, rcps=[[deny]]) == "explicitDeny rcp"
    spared = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    spare = policy({**deny["Statement"][0], "Condition": spared})
    assert asked(SERVICE, resource_policy=OPEN, rcps=[[spare]]) == "allowed"
    assert asked(ANYBODY, resource_policy=OPEN, rcps=[[spare]]) == "explicitDeny rcp"


def test_ctx_2_ctx_4_ctx_24_keys_of_unsigned_and_service_callers() -> None:
    for caller, key, value, expected in (
        (ANYBODY, "aws:PrincipalAccount", "anonymous", "allowed"),
        (ANYBODY, "aws:PrincipalType", "Anonymous", "allowed"),
        (ANYBODY, "aws:PrincipalArn", "*", "implicitDeny resource"),
        (SERVICE, "aws:PrincipalServiceName", "cloudtrail.*", "allowed"),
        (SERVICE, "aws:PrincipalAccount", "*", "implicitDeny resource"),
        (SERVICE, "aws:PrincipalType", "*", "implicitDeny resource"),
        (SERVICE, "aws:SourceIp", "*", "implicitDeny resource"),
        (ANYBODY, "aws:SourceIp", "*", "undecided fact"),  # CTX-11
        (SERVICE, "aws:ResourceAccount", A, "allowed"),  # CTX-15
    ):
        granting = naming("*", Condition={"StringLike": {key: value}})
        assert asked(caller, resource_policy=granting) == expected, key


def test_ctx_5_the_user_id_of_root_and_federated_users() -> None:
    for caller, value in ((ROOT, A), (FEDERATED, f"{A}:f")):
        granting = naming("*", Condition={"StringEquals": {"aws:userid": value}})
        assert asked(caller, KEY, "kms:Decrypt", resource_policy=granting) == "allowed"
    assert asked(
        USER, resource_policy=naming("*", Condition={"StringEquals": {"aws:userid": A}})
    ) == ("undecided fact")


# Principals


def test_not_principal() -> None:
    for caller, exempt, expected in (
        (USER, USER, "allowed"),
        (USER, A, "explicitDeny resource"),  # PRN-25: the account exempts none of its users
        (SESSION, A, "explicitDeny resource"),
        (SESSION, ROLE1, "allowed"),  # NOTPRINCIPAL: part of the chain is enough
        (SESSION, f"{SESSION}2", "explicitDeny resource"),
        (USER, f"{USER}2", "explicitDeny resource"),
    ):
        deny = naming({"AWS": exempt}, "Deny", "NotPrincipal")
        assert asked(caller, identity=[ALL], resource_policy=deny) == expected
        # Errata of doubts.md: with a boundary, it always applies
        bounded: Doc = {"identity": [ALL], "boundary": ALL, "resource_policy": deny}
        assert asked(caller, **bounded) == "explicitDeny resource"


def test_not_principal_of_nobody_is_a_void_statement() -> None:
    empties: list[Doc] = [{}, {"AWS": []}]
    for empty in empties:  # EMPTY-NOT
        for effect in ("Allow", "Deny"):
            void = naming(empty, effect, "NotPrincipal")
            assert asked(USER, resource_policy=void) == "implicitDeny identity"
    everybody = naming("*", "Deny", "NotPrincipal")
    assert asked(USER, identity=[ALL], resource_policy=everybody) == "allowed"


def test_allow_with_not_principal_names_everyone_else_directly() -> None:
    others = naming({"AWS": USER}, element="NotPrincipal")
    for caller in (SESSION, ANYBODY, SERVICE):
        assert asked(caller, resource_policy=others, boundary=NOTHING) == "allowed"
    assert asked(USER, resource_policy=others) == "implicitDeny identity"
    assert asked(FOREIGN, resource_policy=others) == "implicitDeny identity"  # EVAL-31x
    no_trail = naming({"Service": "cloudtrail.amazonaws.com"}, "Deny", "NotPrincipal")
    assert asked(SERVICE, resource_policy=policy(*OPEN["Statement"], *no_trail["Statement"])) == (
        "allowed"
    )


def test_canonical_users() -> None:
    caller = {"arn": FOREIGN, "canonical_user": "c0"}
    granting = naming({"CanonicalUser": "c0"})
    assert asked(caller, identity=[ALL], resource_policy=granting) == "allowed"
    assert asked(caller, resource_policy=granting) == "implicitDeny identity"
    own = {"arn": USER, "canonical_user": "c0"}
    assert asked(own, resource_policy=granting) == "implicitDeny identity"  # account-level
    assert asked(FOREIGN, identity=[ALL], resource_policy=granting) == "implicitDeny resource"


def test_unique_ids() -> None:
    for caller, expected in (
        ({"arn": USER, "unique_id": "AIDAX"}, "allowed"),
        ({"arn": SESSION, "unique_id": "AIDAX"}, "implicitDeny boundary"),  # as its role: PRN-33
        ({"arn": USER, "unique_id": "AIDAY"}, "implicitDeny boundary identity"),  # PRN-21
        (USER, "implicitDeny boundary identity"),
    ):
        assert asked(caller, boundary=NOTHING, resource_policy=aws("AIDAX")) == expected


def test_prn_36_federated_entries_name_no_signed_caller() -> None:
    provider = f"arn:aws:iam::{A}:saml-provider/p"
    for caller in (SESSION, FEDERATED):
        found = asked(caller, KEY, "kms:Decrypt", resource_policy=naming({"Federated": provider}))
        assert found.startswith("implicitDeny identity resource")


# The resource's policy: when it must allow, of what it speaks


def test_eval_17_kms_keys_need_their_policy() -> None:
    for resource, expected in (
        (KEY, "implicitDeny resource"),
        (f"arn:aws:kms:eu-west-1:{A}:alias/a", "allowed"),
        ("*", "allowed"),
    ):
        assert asked(USER, resource, "kms:Decrypt", identity=[ALL]) == expected
    assert asked(USER, KEY, "kms:Decrypt", identity=[ALL], resource_policy=aws(A)) == "allowed"
    assert asked(USER, KEY, "kms:Decrypt", resource_policy=aws(A)) == "implicitDeny identity"
    assert asked(USER, KEY, "kms:Decrypt", resource_policy=aws(USER)) == "allowed"


def test_eval_17_trust_policies() -> None:
    assert asked(USER, ROLE, "sts:AssumeRole", identity=[ALL]) == "implicitDeny trust"
    assert asked(USER, ROLE, "sts:AssumeRole", identity=[ALL], resource_policy=ACCOUNT) == "allowed"
    assert asked(USER, ROLE, "sts:AssumeRole", resource_policy=OWN) == "allowed"
    assert asked(USER, ROLE, "iam:PassRole", identity=[ALL]) == "allowed"  # it speaks of STS only
    service = naming({"Service": "ec2.amazonaws.com"})
    ec2 = {"service": "ec2.amazonaws.com"}
    assert asked(ec2, ROLE, "sts:AssumeRole", resource_policy=service) == "allowed"


def test_the_resource_of_a_resource_policy_is_optional() -> None:
    for more, expected in (
        ({}, "allowed"),
        ({"Resource": QUEUE}, "allowed"),
        ({"Resource": f"{QUEUE}2"}, "implicitDeny identity"),
        ({"Resource": []}, "implicitDeny identity"),  # POL-19
        ({"NotResource": []}, "implicitDeny identity"),  # EMPTY-NOT
        ({"NotResource": f"{QUEUE}2"}, "allowed"),  # RES-11
        ({"Resource": "arn:aws:sqs"}, "allowed"),  # SHORT-ARN
    ):
        assert asked(USER, resource_policy=naming({"AWS": USER}, **more)) == expected


def test_res_colon() -> None:
    logs = f"arn:aws:logs:eu-west-1:{A}:log-group:g:log-stream:s"
    for pattern, expected in (
        ("arn:aws:logs:*:*:*", "allowed"),
        (f"arn:aws:logs:*:{A}:log-group:*:s", "allowed"),
        (f"arn:aws:logs:*:{A}:log-group?g:*", "allowed"),
        ("arn:aws:logs:*:log-group:*", "implicitDeny identity"),
        ("arn:aws:logs:*s", "implicitDeny identity"),
    ):
        given = [policy(rule("logs:*", pattern))]
        assert asked(USER, logs, "logs:PutLogEvents", identity=given) == expected


def test_res_2_an_action_without_resource() -> None:
    for pattern, expected in (
        ("*", "allowed"),
        ("arn:aws:s3:::*", "implicitDeny identity"),
        ("arn:*:*:*:*:*", "implicitDeny identity"),
    ):
        given = [policy(rule("s3:*", pattern))]
        assert asked(USER, "*", "s3:ListAllMyBuckets", identity=given) == expected


def test_eval_33x_another_partition() -> None:
    there = f"arn:aws-cn:sqs:cn-north-1:{B}:q"
    for resource, owner in ((there, None), ("arn:aws-cn:s3:::b", B), ("arn:aws-cn:s3:::b", None)):
        given: Doc = {"identity": [ALL], "resource_policy": OPEN}
        assert asked(USER, resource, owner=owner, **given) == "implicitDeny resource"
        given["resource_policy"] = None
        assert asked(USER, resource, owner=owner, **given) == "implicitDeny resource"
        given["resource_policy"] = naming("*", "Deny")
        assert asked(USER, resource, owner=owner, **given) == "implicitDeny resource"
    assert asked(SERVICE, there, resource_policy=OPEN) == "allowed"  # services have no partition


# SCPs, RCPs, endpoint policies


def test_eval_40_the_management_account_and_service_linked_roles() -> None:
    given: Doc = {"identity": [ALL], "scps": [[DENY_ALL]]}
    assert asked(USER, **given) == "explicitDeny scp"
    assert asked(USER, **given, management_account=B) == "explicitDeny scp"
    assert asked(USER, **given, management_account=A) == "allowed"
    assert asked({"arn": SESSION, "role_arn": LINKED}, **given) == "allowed"  # EVAL-72


def test_eval_50_to_eval_54_whose_resources_rcps_protect() -> None:
    deny = policy({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})
    given: Doc = {"identity": [ALL], "rcps": [[deny]]}
    assert asked(USER, **given) == "explicitDeny rcp"
    assert asked(ROOT, **given) == "explicitDeny rcp"  # EVAL-51
    assert asked(FOREIGN, **given, management_account=B) == "explicitDeny rcp"
    assert asked(USER, **given, management_account=A) == "allowed"  # EVAL-50
    assert asked({"arn": SESSION, "role_arn": LINKED}, **given) == "allowed"  # EVAL-51
    assert asked(USER, "*", "sqs:ListQueues", **given) == "allowed"  # EVAL-54
    assert asked(USER, ROLE, "iam:GetRole", **given) == "allowed"  # EVAL-52: not in the list
    assert asked(USER, BUCKET, "S3:GetObject", A, **given) == "explicitDeny rcp"  # ACT-1
    trusted = naming({"Service": "x.amazonaws.com"})
    linked: Doc = {"resource_policy": trusted, "rcps": [[deny]]}
    for resource, expected in ((LINKED, "allowed"), (ROLE, "explicitDeny rcp")):  # EVAL-51
        assert (
            asked({"service": "x.amazonaws.com"}, resource, "sts:AssumeRole", **linked) == expected
        )


def test_eval_60_endpoint_policies() -> None:
    def endpoint(principal: object, action: str = "*", effect: str = "Allow") -> Doc:
        head = {"Effect": effect, "Principal": principal}
        return policy({**head, "Action": action, "Resource": "*"})

    for documents, expected in (
        ([endpoint("*")], "allowed"),
        ([endpoint("*", "s3:*")], "implicitDeny endpoint"),
        ([endpoint("*", "s3:*"), endpoint({"AWS": A})], "allowed"),  # several unite
        ([endpoint({"AWS": B})], "implicitDeny endpoint"),
        ([endpoint("*"), endpoint({"AWS": USER}, effect="Deny")], "explicitDeny endpoint"),
    ):
        assert asked(USER, identity=[ALL], endpoint_policies=documents) == expected
        assert asked(USER, resource_policy=OPEN, endpoint_policies=documents) == expected
    closed: Doc = {"endpoint_policies": [endpoint("*", "s3:*")]}
    assert asked(USER, **closed) == "implicitDeny endpoint identity"
    assert asked(ROOT, **closed) == "implicitDeny endpoint"
    assert asked(ANYBODY, **closed) == "implicitDeny endpoint resource"


def test_ctx_11_through_an_endpoint_there_is_no_source_ip() -> None:
    opened: Doc = {"endpoint_policies": [policy({**OPEN["Statement"][0], "Resource": "*"})]}
    for key, expected in (("aws:SourceIp", "implicitDeny identity"), ("aws:SourceVpce", "allowed")):
        granting = naming({"AWS": USER}, Condition={"Null": {key: "false"}})
        assert asked(USER, **opened, resource_policy=granting) == expected


# What nobody knows


def test_an_unknown_resource_account_is_decided_both_ways() -> None:
    assert asked(USER, BUCKET, "s3:GetObject", identity=[ALL]) == "undecided fact"
    assert asked(USER, BUCKET, "s3:GetObject", A, identity=[ALL]) == "allowed"
    assert asked(USER, BUCKET, "s3:GetObject", B, identity=[ALL]) == "implicitDeny resource"
    both: Doc = {"identity": [ALL], "resource_policy": aws(A)}
    assert asked(USER, BUCKET, "s3:GetObject", **both) == "allowed"
    assert asked(USER, BUCKET, "s3:GetObject") == "implicitDeny identity"
    assert asked(USER, BUCKET, "s3:GetObject", resource_policy=aws(USER)) == "undecided fact"
    assert asked(USER, BUCKET, "s3:GetObject", identity=[DENY_ALL]) == "explicitDeny identity"
    assert asked(ROOT, BUCKET, "s3:GetObject") == "undecided fact"
    assert asked(ANYBODY, BUCKET, "s3:GetObject", resource_policy=OPEN) == "allowed"
    managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert asked(USER, managed, "iam:GetPolicy", identity=[ALL]) == "allowed"


def test_an_unknown_resource_policy() -> None:
    nobody_knows: Doc = {"resource_policy": None}
    assert asked(USER, **nobody_knows) == "undecided fact"
    assert asked(USER, **nobody_knows, identity=[ALL]) == "allowed"  # taken not to deny
    assert asked(FOREIGN, **nobody_knows, identity=[ALL]) == "undecided fact"
    assert asked(FOREIGN, **nobody_knows) == "implicitDeny identity"
    assert asked(USER, KEY, "kms:Decrypt", **nobody_knows, identity=[ALL]) == "undecided fact"
    assert asked(USER, **nobody_knows, scps=[[NOTHING]]) == "implicitDeny scp"
    assert asked(ANYBODY, **nobody_knows) == "undecided fact"


def test_unknown_identity_policies() -> None:
    assert asked(USER, identity=None) == "undecided fact"
    assert asked(USER, identity=None, resource_policy=aws(USER)) == "allowed"
    assert asked(USER, ABROAD, identity=None) == "implicitDeny resource"


def test_resource_tags_and_further_context() -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/Env": "dev", "s3:prefix": "p"}}
    given: Doc = {"identity": [policy(rule("*", "*", tagged))]}
    assert asked(USER, **given) == "implicitDeny identity"
    given |= {"resource_tags": {"env": "dev"}}  # CTX-16, CND-3
    assert asked(USER, **given, context={"S3:Prefix": "p"}) == "allowed"


def test_the_form_of_an_answer() -> None:
    found = request({"caller": {"arn": USER}}, {"action": SEND, "resource": QUEUE})
    assert found["error_code"] == "AccessDenied"
    assert found["action"] == SEND
    assert (
        found["message"]
        == f"User: {USER} is not authorized to perform: {SEND} on resource: {QUEUE}"
    )
    allowed = request({"caller": {"arn": ROOT}}, {"action": "s3:ListAllMyBuckets"})
    assert deciding(allowed) == "allowed"
    assert allowed["error_code"] is None


# The cases for everybody

FIXTURES = Path(__file__).parents[2] / "fixtures" / "conformance"
# Open for the twin, which does not try out the values of a fact or of a variable.
TRIED = (
    "source-ip-both-ways",
    "session-name-and-no-username",
    "two-statements-that-cover-everything",
    "two-denies-that-cover-everything",
    "userid-unknown-elsewhere",
)


def answers_as_expected(given: Doc, case: Doc) -> None:
    """Assert that the twin says what a case expects."""
    context = case.get("context")
    if "request" in case:
        found = request(given, case["request"], context)
    else:
        found = assume_role(given, case.get("with"), context)
    expected = " ".join([case["decision"], *sorted(case.get("layers", []))])
    assert deciding(found) == expected, case["id"]
    for key in ("action", "error_code", "message"):
        if key in case and not (key == "message" and "request" in case):
            assert found[key] == case[key], case["id"]


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.json")), ids=lambda path: path.stem)
def test_conformance(path: Path) -> None:
    for group in json.loads(path.read_text("utf-8"))["groups"]:
        for case in group["cases"]:
            if case["id"] not in TRIED:
                answers_as_expected(group["given"] | case.get("given", {}), case)
