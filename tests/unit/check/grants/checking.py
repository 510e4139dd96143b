"""One document checked, and what was found in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.check.check import check
from simulator.check.subject import NOBODYS
from simulator.policy import kinds
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import apply_edits, decode

if TYPE_CHECKING:
    from simulator.check.subject import Setting
    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind

Json = dict[str, Any]


def read(text: str, unknown: frozenset[tuple[str | int, ...]] = frozenset()) -> Document:
    """Return a document of a text."""
    source = Source("policy.json", text)
    return Document(source, (), decode(source), unknown=unknown)


def written(*statements: Json, **more: object) -> str:
    """Return a policy as text, of the language of today."""
    return json.dumps({"Version": "2012-10-17", **more, "Statement": list(statements)}, indent=1)


def found(
    code: str,
    document: Document | str,
    kind: PolicyKind = kinds.IDENTITY,
    setting: Setting = NOBODYS,
) -> list[Diagnostic]:
    """Return the findings of one code."""
    read_ = read(document) if isinstance(document, str) else document
    return [each for each in check(read_, kind, setting).diagnostics if each.code == code]


def seen(finding: Diagnostic) -> list[str]:
    """Return the texts of the places that a finding is about."""
    return [label.span.text for label in finding.labels]


def mended(finding: Diagnostic) -> Json:
    """Return the document after the edits of a finding."""
    text = apply_edits(finding.labels[0].span.source.text, finding.edits)
    return dict(json.loads(text))


def allow(action: object, resource: object = "*", **more: object) -> Json:
    """Return a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> Json:
    """Return a statement that denies."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}
