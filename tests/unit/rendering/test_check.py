"""What people read of the policies that were checked."""

from __future__ import annotations

import json

import pytest

from simulator.check.report import Report
from simulator.diagnostic import Access, Diagnostic, Edit, Label, Severity
from simulator.policy import kinds
from simulator.rendering.check import check_text, sum_text
from simulator.source import Range, Source, Span
from simulator.storing.refusal import Refusal
from tests.reports import checked, policy, report_on

CLEAN = policy({"Resource": "arn:aws:s3:::bucket/*"})
WRONG = policy({"Action": "s3:GetObjet"})
REFUSED = policy({"Principal": "*", "Resourc": "*"})
ONLY = "IAM129"
UNUSABLE = "2 errors in files that cannot be used"
ANSWER = Refusal("MalformedPolicyDocument", "Policy document should not specify a principal.", ())


def test_a_document_alone_needs_no_title() -> None:
    text = check_text(report_on(WRONG, only=ONLY))
    assert text.startswith("warning[IAM129]: AWS has no action `s3:GetObjet`\n --> 0.json:6:17\n")
    assert text.endswith("\n\n1 identity-based policy checked: 1 warning\n")


def test_several_are_told_apart() -> None:
    report = report_on(WRONG, CLEAN, WRONG, only=ONLY)
    inner = report.checked[2]._replace(name="Resources.Role.Policies[0]", kind=kinds.TRUST)
    parts = check_text(Report((*report.checked[:2], inner))).split("\n\n")
    assert parts[0] == "== 0.json (identity-based policy)"
    assert parts[2] == "== 2.json: Resources.Role.Policies[0] (trust policy)"
    assert parts[4] == "3 policies checked: 2 warnings\n"


def test_the_answer_of_aws_stands_with_the_first_error() -> None:
    one = checked(REFUSED)._replace(refusal=ANSWER)
    errors = [each for each in one.diagnostics if each.severity is Severity.ERROR]
    warning = errors[0]._replace(severity=Severity.WARNING)
    parts = check_text(Report((one._replace(diagnostics=(warning, *errors)),))).split("\n\n")
    told = f"\nAWS answers {ANSWER.code}: {ANSWER.message}"
    assert [part.endswith(told) for part in parts] == [False, True, *[False] * len(errors)]


def test_an_answer_that_nobody_recorded_is_probable() -> None:
    one = checked(CLEAN)._replace(refusal=ANSWER._replace(recorded=False))
    assert f"AWS probably answers {ANSWER.code}: {ANSWER.message}\n" in check_text(Report((one,)))


@pytest.mark.parametrize("access", list(Access))
def test_a_repair_says_what_it_does_to_access(access: Access) -> None:
    source = Source("p.json", '"a"')
    span = Span(source, Range(0, 3))
    edits = (Edit(source, span.range, '"b"'),)
    found = Diagnostic(
        "IAM129", Severity.NOTE, "x", (Label(span, "y"),), edits=edits, access=access
    )
    told = check_text(Report((checked(CLEAN)._replace(diagnostics=(found,)),)))
    assert f'\nrepair (access {access}): replace `"a"` by `"b"`\n' in told
    assert "checked: 1 note" in told


def test_the_most_severe_are_shown_and_the_others_counted() -> None:
    many = checked(policy({"Action": [f"s3:Gett{n}" for n in range(45)]}), only=ONLY)
    assert len(many.diagnostics) == 45
    last = many._replace(
        diagnostics=(Diagnostic("IAM104", Severity.ERROR, "the worst"), *many.diagnostics)
    )
    parts = check_text(Report((many, many, many, last))).split("\n\n")
    assert sum(part.startswith(("warning[", "error[")) for part in parts) == 100
    assert "error[IAM104]: the worst" in parts
    assert parts[-2] == "and 81 more warnings: `--format json` has them all"
    assert parts[-1] == "4 identity-based policies checked: 1 error, 180 warnings\n"


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (Report(()), "0 policies checked: no findings"),
        (report_on(CLEAN, only=ONLY), "1 identity-based policy checked: no findings"),
        (
            Report((checked(CLEAN)._replace(kind=kinds.BOUNDARY, diagnostics=()),) * 2),
            "2 permissions boundaries checked: no findings",
        ),
        (
            Report((), (Diagnostic("IAM119", Severity.ERROR, "x"),) * 2, 1),
            f"0 policies checked: no findings, {UNUSABLE}, 1 file without a policy skipped",
        ),
    ],
)
def test_the_sum(report: Report, told: str) -> None:
    assert sum_text(report) == told


def test_no_text_of_a_file_acts_on_a_terminal() -> None:
    evil = "\x1b[2J\x1b]0;x\x07\u202e\u009b\n== other.json"
    one = checked(policy({"Sid": evil, "Action": f"s3:{evil}"}), file=f"{evil}.json", name=evil)
    told = check_text(Report((one._replace(refusal=ANSWER._replace(message=evil)),) * 2))
    assert not any(char < " " and char != "\n" for char in told)
    assert not any(char in told for char in "\x7f\x9b\u202e")
    assert "\n== other" not in told
    assert "\\x1b[2J" in told


def test_no_secret_is_told() -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - AWS's own example
    told = check_text(report_on(policy({"Action": secret, "Sid": secret})))
    assert secret not in told


def test_a_policy_of_thousands_of_statements_is_told_in_short() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "X"}] * 1000})
    assert len(check_text(report_on(text)).splitlines()) < 1000
