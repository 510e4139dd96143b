"""Statements that another one makes needless or void, and entries of lists that others cover."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from simulator.check.grants.redundancy import needless
from simulator.check.subject import NOBODYS, subject_of
from simulator.diagnostic import Access, Severity
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.findings import Findings
from simulator.policy.model import UNKNOWN
from tests.unit.check.counting import calls
from tests.unit.check.grants.checking import Json, allow, deny, found, mended, read, seen, written

LIMIT = 5_000_000  # calls: to compare everything below takes many times as many
OBJECTS = "arn:aws:s3:::bucket/*"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
TAGGED = {"StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]}}


def admit(principal: object, action: object = "sts:AssumeRole", **more: object) -> Json:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


# --- An Allow that a Deny covers


@pytest.mark.parametrize(
    ("allowing", "denying"),
    [
        (allow("s3:GetObject", OBJECTS), deny("s3:*")),
        (allow("s3:Get*", OBJECTS), deny(["iam:*", "S3:get*"], "arn:aws:s3:::*")),
        (allow("s3:GetObject"), deny("*")),
        (allow(["s3:GetObject", "sqs:SendMessage"]), deny(["sqs:*", "s3:*"])),
        (allow("s3:GetObject", Condition=MFA), deny("s3:*")),
        (allow("s3:GetObject", Condition={**MFA, **TAGGED}), deny("s3:*", Condition=MFA)),
        (
            allow("s3:GetObject", Condition=TAGGED),
            deny("s3:*", Condition={"StringEquals": {"AWS:principaltag/Team": ["blue", "red"]}}),
        ),
        (allow("s3:GetObject"), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}),
        (
            {"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"},
            {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
        ),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, deny("*")),
        (
            allow("s3:GetObject", OBJECTS),
            {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::other/*"},
        ),
        (
            {"Effect": "Allow", "Action": "s3:*", "NotResource": ["arn:aws:s3:::a*"]},
            {"Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::a/x"]},
        ),
    ],
)
def test_an_allow_that_a_deny_covers(allowing: Json, denying: Json) -> None:
    for statements in permutations((allowing, denying)):
        [finding] = found("IAM660", written(*statements))
        assert finding.severity is Severity.ERROR
        assert [json.loads(text)["Effect"] for text in seen(finding)] == ["Allow", "Deny"]
        assert not finding.edits


@pytest.mark.parametrize(
    ("allowing", "denying"),
    [
        (allow("s3:*", OBJECTS), deny("s3:GetObject")),
        (allow("s3:GetObject"), deny("s3:*", OBJECTS)),
        (allow("s3:GetObject"), deny("s3:*", Condition=MFA)),
        (allow("s3:GetObject", Condition=TAGGED), deny("s3:*", Condition=MFA)),
        (
            allow("s3:GetObject", Condition=TAGGED),
            deny("s3:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}),
        ),
        (allow("iam:GetUser"), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}),
        (
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
            {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"},
        ),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, deny("*:*")),
        (allow("*"), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}),
        (allow([]), deny("*")),  # which is told as a statement that never applies
        (
            allow("s3:GetObject", "*"),
            {"Effect": "Deny", "Action": "s3:*", "NotResource": OBJECTS},
        ),
    ],
)
def test_an_allow_that_has_some_effect(allowing: Json, denying: Json) -> None:
    assert found("IAM660", written(allowing, denying)) == []


ALICE = "arn:aws:iam::111111111111:user/alice"


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        ({"AWS": "*"}, 1),
        ({"AWS": "111111111111"}, 1),
        ({"AWS": "arn:aws:iam::111111111111:root"}, 1),
        ({"AWS": ["222222222222", ALICE]}, 1),
        ({"AWS": "222222222222"}, 0),
        ({"Service": "ec2.amazonaws.com"}, 0),
    ],
)
def test_who_is_denied_what_a_trust_policy_allows(denied: Json, expected: int) -> None:
    denying = {**admit(denied, "sts:*"), "Effect": "Deny"}
    assert len(found("IAM660", written(admit({"AWS": ALICE}), denying), kinds.TRUST)) == expected


@pytest.mark.parametrize(
    "allowing",
    [
        allow("sts:GetCallerIdentity"),
        allow(["s3:GetObject", "STS:getsessiontoken"]),
        allow("sts:GetCaller*"),
    ],
)
@pytest.mark.parametrize("denied", ["*", ["sts:*", "s3:*"]])
def test_what_cannot_be_denied_is_allowed_beside_a_deny(allowing: Json, denied: object) -> None:
    assert found("IAM660", written(allowing, deny(denied))) == []


def test_a_deny_of_everything_leaves_nothing_that_needs_a_permission() -> None:
    assert len(found("IAM660", written(allow("*"), deny("*")))) == 1


# --- Statements that others make needless


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (allow("s3:GetObject", OBJECTS, Sid="A"), allow("s3:Get*", Sid="B")),
        (allow("s3:GetObject", OBJECTS, Sid="A", Condition=MFA), allow("s3:*", Sid="B")),
        (deny(["s3:GetObject", "iam:*"], OBJECTS, Sid="A"), deny("*", Sid="B")),
        (
            {"Sid": "A", "Effect": "Deny", "NotAction": ["a:*", "b:*"], "Resource": OBJECTS},
            {"Sid": "B", "Effect": "Deny", "NotAction": "a:*", "Resource": "*"},
        ),
    ],
)
def test_a_statement_that_another_covers(narrow: Json, wide: Json) -> None:
    for statements in permutations((narrow, wide)):
        [finding] = found("IAM661", written(*statements))
        assert (finding.severity, finding.access) == (Severity.NOTE, Access.UNCHANGED)
        assert [json.loads(text)["Sid"] for text in seen(finding)] == ["A", "B"]
        assert mended(finding)["Statement"] == [wide]


def test_of_equal_statements_the_first_stays() -> None:
    same = [allow(["s3:Get*", "s3:List*"]), allow(["s3:list*", "s3:get*"]), allow("s3:Get*")]
    findings = found("IAM661", written(*same))
    assert [mended(finding)["Statement"] for finding in findings] == [
        [same[0], same[2]],
        [same[0], same[1]],
    ]


@pytest.mark.parametrize(
    ("some", "other"),
    [
        (allow("s3:GetObject"), deny("s3:GetObject")),
        (allow("s3:GetObject", OBJECTS), allow("s3:Get*", "arn:aws:s3:::bucket")),
        (allow("s3:GetObject", Condition=MFA), allow("s3:*", Condition=TAGGED)),
        (allow(["s3:GetObject", "sqs:*"]), allow("s3:*")),
    ],
)
def test_statements_that_are_both_needed(some: Json, other: Json) -> None:
    assert found("IAM661", written(some, other)) == []


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ({"AWS": ALICE}, {"AWS": [ALICE, "222222222222"]}, 1),
        ({"AWS": ALICE}, {"AWS": "*"}, 1),
        # an account that is named has to allow in turn: EVAL-21, EVAL-22
        ({"AWS": ALICE}, {"AWS": "111111111111"}, 0),
        ({"AWS": "arn:aws:iam::111111111111:root"}, {"AWS": "111111111111"}, 1),
        ({"Service": "ec2.amazonaws.com"}, {"AWS": "*"}, 0),
    ],
)
def test_whom_an_allow_names_counts(narrow: Json, wide: Json, expected: int) -> None:
    text = written(admit(narrow), admit(wide, "sts:*"))
    assert len(found("IAM661", text, kinds.TRUST)) == expected
    denying = [{**admit(each), "Effect": "Deny"} for each in (narrow, wide)]
    # for a Deny any way of being named counts: PRN-37
    at_least = len(found("IAM661", written(*denying), kinds.TRUST))
    assert at_least == (1 if wide["AWS"] != "*" or "AWS" in narrow else 0)


def test_not_principal_is_equal_only_to_itself() -> None:
    def statement(*names: str) -> Json:
        more = {"Action": "s3:GetObject", "Resource": OBJECTS}
        return {"Effect": "Deny", "NotPrincipal": {"AWS": list(names)}, **more}

    same = written(statement(ALICE, "222222222222"), statement("222222222222", ALICE))
    other = written(statement(ALICE, "222222222222"), statement(ALICE))
    assert len(found("IAM661", same, kinds.RESOURCE)) == 1
    assert found("IAM661", other, kinds.RESOURCE) == []


def test_what_a_template_leaves_open_is_equal_to_nothing() -> None:
    statement = allow("s3:GetObject", UNKNOWN)
    document = read(written(statement, statement, allow([UNKNOWN, UNKNOWN])))
    assert not [c for c in ("IAM660", "IAM661", "IAM662") if found(c, document)]
    tests = {"StringEquals": {"aws:PrincipalTag/team": UNKNOWN}}
    conditional = allow("s3:GetObject", Condition=tests)
    assert found("IAM661", read(written(conditional, conditional))) == []
    assert len(found("IAM661", read(written(conditional, allow("s3:*"))))) == 1


# --- Lists


@pytest.mark.parametrize(
    ("actions", "kept"),
    [
        (["s3:GetObject", "S3:getobject"], ["s3:GetObject"]),
        (["s3:GetObject", "s3:Get*"], ["s3:Get*"]),
        (["s3:*", "s3:Get*", "sqs:SendMessage"], ["s3:*", "sqs:SendMessage"]),
        (["s3:Get*", "s3:GetObject", "s3:GetBucket*", "*"], ["*"]),
        (["s3:G*t", "s3:**G*t", "s3:*G*t"], ["s3:**G*t"]),
    ],
)
def test_actions_that_add_nothing(actions: list[str], kept: list[str]) -> None:
    for element in ("Action", "NotAction"):
        [finding] = found("IAM662", written({"Effect": "Deny", element: actions, "Resource": "*"}))
        assert (finding.severity, finding.access) == (Severity.NOTE, Access.UNCHANGED)
        assert mended(finding)["Statement"][0][element] == kept
        assert json.loads(seen(finding)[0]) not in kept


@pytest.mark.parametrize(
    ("resources", "kept"),
    [
        ([OBJECTS, OBJECTS], [OBJECTS]),
        ([OBJECTS, "*"], ["*"]),
        (["arn:aws:s3:::b/a/*", "arn:aws:s3:::b/*"], ["arn:aws:s3:::b/*"]),
        (["arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/*"], ["arn:aws:s3:::b/*"]),
    ],
)
def test_resources_that_add_nothing(resources: list[str], kept: list[str]) -> None:
    [finding] = found("IAM663", written(allow("s3:GetObject", resources)))
    assert finding.access is Access.UNCHANGED
    assert mended(finding)["Statement"][0]["Resource"] == kept


@pytest.mark.parametrize(
    "statement",
    [
        allow(["s3:GetObject", "s3:GetObjectAcl"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
        allow(["s3:Get*", "s3:*Object"], ["arn:aws:s3:::b/a*", "arn:aws:s3:::b/*a"]),
        allow("s3:GetObject", OBJECTS),
        allow(["s3:GetObject"], ["arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::${aws:userid}/*"]),
    ],
)
def test_lists_of_which_all_is_needed(statement: Json) -> None:
    assert not [code for code in ("IAM662", "IAM663") if found(code, written(statement))]


def test_lists_of_a_statement_that_can_go_are_not_told() -> None:
    text = written(allow(["s3:GetObject", "s3:Get*"]), allow("s3:*"))
    assert found("IAM662", text) == []
    assert len(found("IAM661", text)) == 1


def test_several_entries_are_one_finding() -> None:
    actions = [*(f"s3:GetObject{n}" for n in range(6)), "s3:Get*"]
    [finding] = found("IAM662", written(allow(actions)))
    assert finding.message.startswith("6 actions add nothing")
    assert len(finding.labels) == 4
    assert len(finding.edits) == 6


# --- Size


MANY = range(25_000)
LARGE = {
    "one action, many resources": [
        allow("s3:GetObject", f"arn:aws:s3:::b{n}/*") for n in range(5_000)
    ],
    "wildcards everywhere": [allow(f"s3:*{n}*", f"arn:aws:s3:::*{n}*") for n in range(5_000)],
    "long lists of wildcards": [
        allow([f"s3:*{n}*" for n in MANY], [f"arn:aws:s3:::*{n}" for n in MANY])
    ],
    "long lists": [allow([f"s3:{n}*" for n in MANY], [f"arn:aws:s3:::{n}/*" for n in MANY])],
    "long patterns": [
        allow(["s3:*", "sqs:*"], [f"arn:aws:s3:::{'*?a' * 3_000}{n}*" for n in range(100)])
    ],
    "long lists that are apart": [
        *(
            {"Effect": "Deny", "NotAction": ["s3:a", "s3:b"], "Resource": str(n)}
            for n in range(999)
        ),
        allow([f"sqs:{n}" for n in MANY]),
    ],
}


@pytest.mark.large
@pytest.mark.parametrize("statements", LARGE.values(), ids=LARGE)
def test_large_policies_take_no_long_time(statements: list[Json]) -> None:
    document = read(written(*statements))
    policy = build(document, kinds.IDENTITY)
    findings = Findings(document)
    needless(findings, subject_of(policy, NOBODYS))
    assert calls(needless, document, kinds.IDENTITY) < LIMIT
    assert {each.code for each in findings.told()} <= {"IAM662", "IAM663", "IAM664", "IAM127"}


def test_that_not_all_was_compared_is_told() -> None:
    statements = [allow("s3:GetObject", f"arn:aws:s3:::b{n}/*") for n in range(120)]
    assert len(found("IAM664", written(*statements))) == 1
    assert found("IAM664", written(*statements[:90])) == []


def test_many_principals_cost_as_much_as_one_each() -> None:
    def work(size: int) -> int:
        names = [f"arn:aws:iam::111111111111:user/u{number}" for number in range(size)]
        statements = admit({"AWS": names}), admit({"AWS": names[::-1]}, "sts:*")
        return calls(needless, read(written(*statements)), kinds.TRUST)

    assert work(2_000) < 5 * work(500)


@pytest.mark.large
def test_many_statements_of_many_principals_are_not_all_compared() -> None:
    names = [f"arn:aws:iam::111111111111:user/u{number}" for number in range(1_000)]
    statements = [admit({"AWS": [*names, f"{number:012}"]}) for number in range(60)]
    document = read(written(*statements))
    findings = Findings(document)
    needless(findings, subject_of(build(document, kinds.TRUST), NOBODYS))
    assert [each.code for each in findings.told()] == ["IAM664"]
    assert calls(needless, document, kinds.TRUST) < LIMIT
