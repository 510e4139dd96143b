"""What one rule tells of a policy of plain values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.check.subject import NOBODYS, Setting, subject_of
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.findings import Findings
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import apply_edits, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from simulator.check.subject import Subject
    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import Path

Json = dict[str, Any]

HOME, AWAY = "111111111111", "222222222222"
ROOT = f"arn:aws:iam::{HOME}:root"
ALICE = f"arn:aws:iam::{HOME}:user/alice"
ROLE = f"arn:aws:iam::{HOME}:role/team/deploy"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/deploy/s"
GITHUB = "token.actions.githubusercontent.com"
CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
SAML = f"arn:aws:iam::{HOME}:saml-provider/okta"
ASSUME, WITH_TOKEN = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"


class Told(NamedTuple):
    """A finding as a test compares it: its code, severity, and the text at its place."""

    code: str
    severity: str
    place: str


def provider(issuer: str) -> Json:
    return {"Federated": f"arn:aws:iam::{HOME}:oidc-provider/{issuer}"}


def statement(principal: object, condition: Json | None = None, **more: object) -> Json:
    """Return an Allow of sts:AssumeRole, unless it is said to be otherwise."""
    made: Json = {"Effect": "Allow", "Action": ASSUME, **more}
    if principal is not None:
        made["Principal"] = {"AWS": principal} if isinstance(principal, str | list) else principal
    return made | ({"Condition": condition} if condition is not None else {})


def document_of(
    *statements: Json, unknown: Iterable[Path] = (), version: str = "2012-10-17"
) -> Document:
    source = Source("p.json", json.dumps({"Version": version, "Statement": statements}))
    return Document(source, (), decode(source), None, frozenset(unknown))


def found(
    rule: Callable[[Findings, Subject], None],
    *statements: Json,
    kind: PolicyKind = kinds.TRUST,
    setting: Setting = NOBODYS,
    unknown: Iterable[Path] = (),
    version: str = "2012-10-17",
) -> tuple[Diagnostic, ...]:
    """Return what a rule finds in a policy; a template leaves the places `unknown` open."""
    document = document_of(*statements, unknown=unknown, version=version)
    findings = Findings(document)
    rule(findings, subject_of(build(document, kind), setting))
    return findings.told()


def told(findings: Iterable[Diagnostic]) -> list[Told]:
    """Return findings as a test compares them."""
    return [
        Told(each.code, str(each.severity), each.labels[0].span.text.strip('"'))
        for each in findings
    ]


def codes(findings: Iterable[Diagnostic]) -> list[str]:
    return [f"{each.code} {each.severity}" for each in findings]


def mended(finding: Diagnostic) -> Json:
    """Return the first statement once the edits of a finding are carried out."""
    text = apply_edits(finding.edits[0].source.text, finding.edits)
    first: Json = json.loads(text)["Statement"][0]
    return first
