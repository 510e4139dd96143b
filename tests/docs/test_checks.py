"""The page of checks is that of the rules, and each check that it calls done tells of something."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from typing import Any

import pytest

from simulator.check.check import check
from simulator.check.detect import kind_of
from simulator.check.table import TABLE
from simulator.check.titles import page_of
from simulator.diagnostic import DocumentError
from simulator.policy.envelope import unwrap
from simulator.policy.kinds import BY_WORD
from simulator.source import Source
from tests import checks
from tests.ground_truth.recorded import NEEDED, read_cases

EVERY = [name for kind in checks.CATALOGUE for name in checks.names_of(kind)]
KINDS = {
    "errors": "ERROR",
    "general warnings": "GENERAL_WARNING",
    "security warnings": "SECURITY_WARNING",
    "suggestions": "SUGGESTION",
}
ROOT_OF = "arn:aws:iam::111111111111:root"
ROLE = "arn:aws:iam::111111111111:role/r"
MANY = [f"arn:aws:s3:::bucket/{number}" for number in range(1000)]


@pytest.fixture(scope="module", autouse=True)
def recorded() -> None:
    if os.environ.get("IAMSIM_UPDATE_DOCS") == "1" and "CI" not in os.environ:
        checks.write()


def allow(version: str | None = "2012-10-17", /, **elements: Any) -> str:  # noqa: ANN401 - JSON
    """Return a policy of one statement; an element that is None is left out."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    whole = {key: value for key, value in {**statement, **elements}.items() if value is not None}
    head = {} if version is None else {"Version": version}
    return json.dumps({**head, "Statement": [whole]})


def on(operator: str, key: str, value: object) -> str:
    """Return a policy with one test."""
    return allow(Condition={operator: {key: value}})


def trust(principal: object = None, **elements: object) -> str:
    """Return a trust policy of one statement."""
    who = {"AWS": ROOT_OF} if principal is None else principal
    return allow(**{"Principal": who, "Action": "sts:AssumeRole", "Resource": None, **elements})


def twice(text: str) -> str:
    """Return a policy whose only statement is there twice, by one name."""
    (statement,) = json.loads(text)["Statement"]
    other = {**statement, "Action": "sts:TagSession"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement, other]})


#: A policy for each check that reading a policy does, with its kind where it does not tell.
EXAMPLES: dict[str, tuple[str, str | None]] = {
    "ARN_ACCOUNT_NOT_ALLOWED": (allow(Resource="arn:aws:s3::111111111111:b/*"), None),
    "ARN_REGION_NOT_ALLOWED": (
        allow(Action="iam:GetRole", Resource="arn:aws:iam:eu-west-1:111111111111:role/r"),
        None,
    ),
    "DATA_TYPE_MISMATCH": (allow(Action=1), None),
    "DUPLICATE_KEYS_WITH_DIFFERENT_CASE": (
        allow(Condition={"StringEquals": {"aws:UserId": "x", "aws:userid": "y"}}),
        None,
    ),
    "INVALID_ACTION": (allow(Action="s3:GetObjet"), None),
    "INVALID_ARN_ACCOUNT": (
        allow(Action="iam:GetRole", Resource="arn:aws:iam::12345:role/r"),
        None,
    ),
    "INVALID_ARN_PREFIX": (allow(Resource="aws:s3:::b/*"), None),
    "INVALID_ARN_RESOURCE": (
        allow(Action="iam:GetRole", Resource="arn:aws:iam::111111111111:rolle/r"),
        None,
    ),
    "INVALID_ARN_SERVICE_CASE": (allow(Resource="arn:aws:S3:::b/*"), None),
    "INVALID_CONDITION_DATA_TYPE": (on("NumericEquals", "s3:max-keys", [1, "2"]), None),
    "INVALID_CONDITION_KEY_FORMAT": (on("StringEquals", "UserName", "x"), None),
    "INVALID_CONDITION_MULTIPLE_BOOLEAN": (
        on("Bool", "aws:SecureTransport", ["true", "false"]),
        None,
    ),
    "INVALID_CONDITION_OPERATOR": (on("StringEqual", "aws:userid", "x"), None),
    "INVALID_EFFECT": (allow(Effect="Alow"), None),
    "INVALID_GLOBAL_CONDITION_KEY": (on("StringEquals", "aws:UserNam", "x"), None),
    "INVALID_PARTITION": (allow(Resource="arn:awss:s3:::b/*"), None),
    "INVALID_POLICY_ELEMENT": (allow(Comment="x"), None),
    "INVALID_PRINCIPAL_FORMAT": (trust(ROOT_OF), None),
    "INVALID_PRINCIPAL_KEY": (trust({"Aws": ROOT_OF}), None),
    "INVALID_SERVICE": (allow(Resource="arn:aws:s33:::b/*"), None),
    "INVALID_SERVICE_CONDITION_KEY": (on("StringEquals", "s3:prefixx", "x"), None),
    "INVALID_SERVICE_IN_ACTION": (allow(Action="s33:GetObject"), None),
    "INVALID_VARIABLE_FOR_OPERATOR": (
        on("NumericEquals", "s3:max-keys", "${aws:username}"),
        None,
    ),
    "INVALID_VERSION": (allow("2012-10-18"), None),
    "JSON_SYNTAX_ERROR": ('{"Version": "2012-10-17" "Statement": []}', None),
    "MISSING_ACTION": (allow(Action=None), None),
    "MISSING_ARN_FIELD": (allow(Resource="arn:aws:s3"), "boundary"),
    "MISSING_ARN_REGION": (
        allow(Action="sqs:SendMessage", Resource="arn:aws:sqs::111111111111:q"),
        None,
    ),
    "MISSING_EFFECT": (allow(Effect=None), None),
    "MISSING_PRINCIPAL": (allow(Action="sts:AssumeRole", Resource=None), "trust"),
    "MISSING_QUALIFIER": (on("StringEquals", "aws:TagKeys", "x"), None),
    "MISSING_RESOURCE": (allow(Resource=None), None),
    "MISSING_STATEMENT": ('{"Version": "2012-10-17"}', None),
    "NULL_WITH_IF_EXISTS": (on("NullIfExists", "aws:userid", "true"), None),
    "SCP_SYNTAX_ERROR_PRINCIPAL": (allow(Principal="*"), "scp"),
    "UNIQUE_SIDS_REQUIRED": (twice(allow(Sid="a")), None),
    "UNSUPPORTED_ELEMENT_COMBINATION": (allow(NotAction="s3:PutObject"), None),
    "UNSUPPORTED_GLOBAL_CONDITION_KEY": (on("ArnEquals", "aws:ARN", ROLE), None),
    "UNSUPPORTED_PRINCIPAL": (allow(Principal="*"), "identity"),
    "UNSUPPORTED_SID": (allow(Sid="a b"), None),
    "UNSUPPORTED_WILDCARD_IN_PRINCIPAL": (trust({"AWS": f"{ROLE}*"}), None),
    "MISSING_BRACE_IN_VARIABLE": (allow(Resource="arn:aws:s3:::b/${aws:username"), None),
    "MISSING_QUOTE_IN_VARIABLE": (allow(Resource="arn:aws:s3:::b/${aws:username, 'x}"), None),
    "UNSUPPORTED_SPACE_IN_VARIABLE": (allow(Resource="arn:aws:s3:::b/${aws: username}"), None),
    "EMPTY_VARIABLE": (allow(Resource="arn:aws:s3:::b/${}"), None),
    "VARIABLE_UNSUPPORTED_IN_ELEMENT": (
        trust({"AWS": "arn:aws:iam::111111111111:user/${aws:username}"}),
        None,
    ),
    "VARIABLE_UNSUPPORTED_IN_VERSION": (
        allow("2008-10-17", Resource="arn:aws:s3:::b/${aws:username}"),
        None,
    ),
    "POLICY_SIZE_EXCEEDS_SCP_QUOTA": (allow(Resource=MANY), "scp"),
    "INVALID_SERVICE_PRINCIPAL_FORMAT": (trust({"Service": "lambda"}), None),
    "MISSING_TAG_KEY_IN_CONDITION": (on("StringEquals", "aws:ResourceTag/", "x"), None),
    "FEDERATED_PRINCIPAL_NOT_SUPPORTED": (
        allow(Principal={"Federated": "www.amazon.com"}),
        "resource",
    ),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL": (
        trust(Principal=None, NotPrincipal={"AWS": ROOT_OF}),
        "trust",
    ),
    "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL": (trust("*"), None),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE": (trust(Resource="*"), None),
    "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY": (
        trust({"Federated": "provider"}, Action="sts:AssumeRoleWithWebIdentity"),
        None,
    ),
    "DEPRECATED_GLOBAL_CONDITION_KEY": (on("ArnEquals", "aws:ARN", ROLE), None),
    "INVALID_DATE_VALUE": (on("DateGreaterThan", "aws:CurrentTime", "2020"), None),
    "INVALID_ROLE_REFERENCE": (trust({"AWS": "AROAEXAMPLEEXAMPLEXXX"}), None),
    "INVALID_USER_REFERENCE": (trust({"AWS": "AIDAEXAMPLEEXAMPLEXXX"}), None),
    "MISSING_VERSION": (allow(None), None),
    "UNIQUE_SIDS_RECOMMENDED": (twice(trust(Sid="a")), None),
    "WILDCARD_WITHOUT_LIKE_OPERATOR": (on("StringEquals", "aws:userid", "x*"), None),
    "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA": (allow(Resource=MANY), None),
    "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA": (
        trust({"AWS": [f"{ROLE}{number}" for number in range(1000)]}),
        None,
    ),
    "TYPE_MISMATCH": (on("StringEquals", "aws:SourceIp", "192.0.2.1"), None),
    "TYPE_MISMATCH_BOOLEAN": (on("Bool", "aws:SecureTransport", "yes"), None),
    "TYPE_MISMATCH_DATE": (on("DateGreaterThan", "aws:CurrentTime", "yesterday"), None),
    "TYPE_MISMATCH_IP_RANGE": (on("IpAddress", "aws:SourceIp", "192.0.2"), None),
    "TYPE_MISMATCH_NUMBER": (on("NumericEquals", "s3:max-keys", "ten"), None),
    "TYPE_MISMATCH_STRING": (on("BinaryEquals", "aws:userid", "*"), None),
    "ALLOW_WITH_NOTPRINCIPAL": (allow(NotPrincipal={"AWS": ROOT_OF}), "resource"),
    "FORALLVALUES_WITH_SINGLE_VALUED_KEY": (
        on("ForAllValues:StringEquals", "aws:userid", "x"),
        None,
    ),
    "EMPTY_ARRAY_ACTION": (allow(Action=[]), None),
    "EMPTY_ARRAY_CONDITION": (on("StringEquals", "aws:userid", []), None),
    "EMPTY_ARRAY_CONDITION_FORALLVALUES": (
        on("ForAllValues:StringEquals", "aws:TagKeys", []),
        None,
    ),
    "EMPTY_ARRAY_CONDITION_FORANYVALUE": (
        on("ForAnyValue:StringEquals", "aws:TagKeys", []),
        None,
    ),
    "EMPTY_ARRAY_CONDITION_IFEXISTS": (on("StringEqualsIfExists", "aws:userid", []), None),
    "EMPTY_ARRAY_PRINCIPAL": (trust({"AWS": []}), None),
    "EMPTY_ARRAY_RESOURCE": (allow(Resource=[]), None),
    "EMPTY_OBJECT_PRINCIPAL": (trust({}), None),
    "IMPROVE_IP_RANGE": (on("IpAddress", "aws:SourceIp", "192.0.2.1/24"), None),
    "NULL_WITH_QUALIFIER": (on("ForAllValues:Null", "aws:TagKeys", "true"), None),
    "WILDCARD_IN_SERVICE_NAME": (allow(Action="s3*:GetObject"), None),
}


def told(text: str, kind: str | None) -> set[str]:
    """Return the codes of what is told of a text."""
    try:
        document = unwrap(Source("p.json", text)).document
    except DocumentError as error:
        return {each.code for each in error.diagnostics}
    wanted = BY_WORD[kind] if kind else kind_of(document)
    return {each.code for each in check(document, wanted).diagnostics}


def test_each_check_of_reading_has_an_example() -> None:
    assert EXAMPLES.keys() == checks.READING.keys()


@pytest.mark.parametrize("name", checks.READING)
def test_reading_does_the_check(name: str) -> None:
    assert told(*EXAMPLES[name]) & set(checks.READING[name])


def test_the_examples_are_otherwise_sound() -> None:
    assert not told(allow(), None) & {code for codes in checks.READING.values() for code in codes}
    assert not told(trust(), None) & {code for codes in checks.READING.values() for code in codes}


def test_the_page_is_that_of_the_rules() -> None:
    assert checks.PAGE.read_text(encoding="utf-8") == checks.page(), (
        "python -m tests.checks writes it anew"
    )


def test_the_titles_are_those_of_the_pages() -> None:
    module = checks.TITLES.read_text(encoding="utf-8")
    assert module == checks.with_titles(module), "python -m tests.checks writes them anew"


def test_there_are_138_and_each_name_is_one_of_them() -> None:
    assert len(EVERY) == 138
    named = {*checks.READING, *checks.NOT_APPLICABLE, *checks.LATER, *checks.read_rows()}
    assert named <= set(EVERY)


def test_what_is_not_done_has_a_reason_and_nothing_else_has() -> None:
    left = Counter([*checks.NOT_APPLICABLE, *checks.LATER])
    assert left == Counter(name for name in set(EVERY) if not checks.codes_of(name))


def test_each_check_is_on_the_page_with_its_state() -> None:
    rows = re.findall(r"(?m)^\| `([A-Z_]+)` \| (\S[^|]*) \| (.+) \|$", checks.page())
    assert [name for name, _, _ in rows] == EVERY
    assert {state for _, state, _ in rows} <= {"done", "not applicable", "later"}
    assert "](" in next(by for _, state, by in rows if state == "done")


def test_each_finding_of_our_own_is_on_the_page() -> None:
    every = {code for row in TABLE for code in row.codes}
    known = {code for name in EVERY for code in checks.codes_of(name)}
    own = set(re.findall(r"(?m)^\| \[(IAM\d+)\]\([^)]+\) \| [^|]+ \|$", checks.page()))
    assert every - known <= own
    assert not own & known


def test_links_lead_somewhere() -> None:
    links = set(re.findall(r"\]\(((?!https)[^)]+)\)", checks.page()))
    assert links
    for link in links:
        page, _, anchor = link.partition("#")
        text = (checks.PAGE.parent / page).read_text(encoding="utf-8")
        code = anchor[:6].upper()
        assert not anchor or (f"\n## {code}: " in text and page_of(code).endswith(f"#{anchor}"))


@NEEDED
def test_the_names_are_those_of_aws() -> None:
    found: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS.values()}
    for case in read_cases("access_analyzer_check_reference.json"):
        expected = case["expected"]
        found[expected["finding_type"]][expected["error_code"]] += 1
    ours = {KINDS[kind]: Counter(checks.names_of(kind)) for kind in checks.CATALOGUE}
    assert ours == found
