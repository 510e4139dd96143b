"""Policies that AWS stores are built without a word; those it refuses are not built."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.policy import codes, kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.policy.findings import LIMIT, nearest
from simulator.policy.model import Effect, PolicyDocument, Quantifier
from simulator.policy.vocabulary import ELEMENTS, OPERATOR_NAMES, STATEMENT_ELEMENTS
from simulator.source import Source

FOLDER = Path(__file__).parents[3] / "fixtures" / "policies"
KINDS = {
    "trust": kinds.TRUST,
    "identity": kinds.IDENTITY,
    "session": kinds.SESSION,
    "boundary": kinds.BOUNDARY,
    "scp": kinds.SCP,
    "rcp": kinds.RCP,
}


def built(file: Path) -> PolicyDocument:
    """Return the policy in a file, whose name begins with its kind."""
    source = Source(file.name, file.read_text())
    return build(unwrap(source).document, KINDS[file.name.partition("-")[0]])


@pytest.mark.parametrize("file", sorted((FOLDER / "valid").iterdir()), ids=lambda file: file.stem)
def test_valid(file: Path) -> None:
    policy = built(file)
    assert policy.warnings == ()
    assert policy.statements
    assert policy.name == file.name


INVALID = {
    "identity-with-principal": codes.FORBIDDEN_ELEMENT,
    "trust-with-resource": codes.FORBIDDEN_ELEMENT,
    "trust-of-everyone": codes.PRINCIPAL_FORM,
    "trust-of-any-action": codes.NOT_A_ROLE_ACTION,
    "scp-not-rendered": codes.TEMPLATE_NOT_RENDERED,
    "session-short-arn": codes.RESOURCE_FORM,
    "rcp-that-allows": codes.UNKNOWN_WORD,
    "boundary-without-resource": codes.MISSING_ELEMENT,
}


def refused(file: Path) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the policy in a file."""
    with pytest.raises(DocumentError) as raised:
        built(file)
    return raised.value.diagnostics


@pytest.mark.parametrize("name", INVALID)
def test_invalid(name: str) -> None:
    (found,) = refused(FOLDER / "invalid" / f"{name}.json")
    assert (found.code, found.severity) == (INVALID[name], Severity.ERROR)
    assert found.labels


def test_every_code_has_one_meaning() -> None:
    found = [value for name, value in vars(codes).items() if name.isupper()]
    assert len(found) == len(set(found))
    assert all(code.startswith("IAM1") for code in found)


def test_model() -> None:
    policy = built(FOLDER / "valid" / "trust-tags.json")
    allow, deny = policy.statements
    assert (allow.effect, deny.effect) == (Effect.ALLOW, Effect.DENY)
    assert (allow.number, deny.number, allow.title) == (1, 2, "statement 1")
    assert allow.principals is not None
    assert allow.principals.entries[0].value == "111111111111"
    assert allow.actions.values.items == (
        "sts:AssumeRole",
        "sts:TagSession",
        "sts:SetSourceIdentity",
    )
    like, every = allow.conditions
    assert (like.operator, like.quantifier, like.if_exists) == ("StringLike", None, False)
    assert (every.operator, every.quantifier) == ("StringEquals", Quantifier.ALL)
    assert every.written == "ForAllValues:StringEquals"
    (exists,) = deny.conditions
    assert (exists.operator, exists.if_exists, exists.key) == (
        "Bool", True, "aws:MultiFactorAuthPresent")  # fmt: skip


def test_places_of_the_model() -> None:
    policy = built(FOLDER / "valid" / "trust-tags.json")
    document = policy.document
    for statement in policy.statements:
        assert document.span(statement.path).text.startswith('{\n      "Effect"')
        for index, action in enumerate(statement.actions.values.items):
            assert document.span(statement.actions.values.place(index)).text == f'"{action}"'
        for test in statement.conditions:
            assert document.key_span(test.path).text == f'"{test.key}"'
        for entry in statement.principals.entries if statement.principals else ():
            assert document.span(entry.path).text == f'"{entry.value}"'


def test_a_bare_string_is_a_list_of_one() -> None:
    policy = built(FOLDER / "valid" / "identity-one-statement.json")
    (statement,) = policy.statements
    assert statement.path == ("Statement",)
    assert statement.actions.values.listed
    other = built(FOLDER / "valid" / "scp-full-access.json").statements[0].actions.values
    assert (other.items, other.listed, other.place(0)) == (("*",), False, other.path)


def test_findings_are_told_in_the_order_of_the_text() -> None:
    text = '{"Version": "2012", "Statement": [{"Effect": "x", "Action": 7}, {"Sid": "é"}], "Z": 1}'
    with pytest.raises(DocumentError) as raised:
        build(unwrap(Source("p", text)).document, kinds.IDENTITY)
    starts = [each.labels[0].span.range.start for each in raised.value.diagnostics]
    assert len(starts) == 9
    assert all(before <= after for before, after in pairwise(starts))


BROKEN: dict[str, dict[str, object]] = {
    "effects": {"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*"}] * 2_000},
    "names": {"Statement": {f"Resourcee{n}": 1 for n in range(4_000)}},
    "operators": {
        "Statement": {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {f"StringEqual{n}": {"a": "b"} for n in range(4_000)},
        }
    },
}


@pytest.mark.parametrize("name", BROKEN)
def test_of_many_errors_fifty_are_told(name: str) -> None:
    text = json.dumps({"Version": "2012-10-17", **BROKEN[name]})
    with pytest.raises(DocumentError) as raised:
        build(unwrap(Source("p", text)).document, kinds.IDENTITY)
    first, *found = raised.value.diagnostics
    assert len(found) == LIMIT
    assert (first.code, first.message) == (codes.TOO_MANY, "more than 50 errors")
    assert first.labels[0].text == "from here on the rest is not told"


def test_warnings_beyond_the_limit_hide_no_error() -> None:
    void = {"Effect": "Allow", "Action": [], "Resource": "*"}
    wrong = {**void, "Action": "*", "Effect": "x"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [void] * 60 + [wrong]})
    with pytest.raises(DocumentError) as raised:
        build(unwrap(Source("p", text)).document, kinds.IDENTITY)
    first, *warnings, wrong_effect = raised.value.diagnostics
    assert {each.severity for each in warnings} == {Severity.WARNING}
    assert (wrong_effect.code, len(warnings)) == (codes.UNKNOWN_WORD, LIMIT)
    assert (first.message, first.severity) == ("more than 50 warnings", Severity.WARNING)


def test_a_document_without_a_mistake_needs_no_difflib() -> None:
    program = "import sys, simulator.policy.build; sys.exit('difflib' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("effect", STATEMENT_ELEMENTS, "Effect"),
        ("Resources", STATEMENT_ELEMENTS, "Resource"),
        ("Actoin", STATEMENT_ELEMENTS, "Action"),
        ("Comment", STATEMENT_ELEMENTS, None),
        ("statements", ELEMENTS, "Statement"),
        ("StringEqual", OPERATOR_NAMES, "StringEquals"),
        ("NumericGreaterThen", OPERATOR_NAMES, "NumericGreaterThan"),
        ("", OPERATOR_NAMES, None),
        ("x" * 100_000, OPERATOR_NAMES, None),
    ],
)
def test_nearest(word: str, known: tuple[str, ...], meant: str | None) -> None:
    assert nearest(word, known) == meant
