"""AWS's own managed policies, as moto ships them: nothing in them is certainly wrong."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from simulator.check.check import check
from simulator.check.grants.table import ROWS
from simulator.diagnostic import Diagnostic, Severity
from simulator.policy import kinds
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import decode

OF_GRANTS = {code for row in ROWS for code in row.codes}


@cache
def found() -> dict[str, tuple[Diagnostic, ...]]:
    """Return what is found in each policy, as an identity-based one."""
    policies = json.loads(aws_managed_policies_data)
    return {name: _check(name, policy["Document"]) for name, policy in policies.items()}


def _check(name: str, document: object) -> tuple[Diagnostic, ...]:
    source = Source(name, json.dumps(document, indent=2))
    return check(Document(source, (), decode(source)), kinds.IDENTITY).diagnostics


@pytest.mark.large
def test_no_finding_of_an_error() -> None:
    assert len(found()) > 1_000
    errors = {
        (name, each.code, each.message)
        for name, diagnostics in found().items()
        for each in diagnostics
        if each.severity is Severity.ERROR
    }
    assert errors == set()


@pytest.mark.large
def test_what_is_told_of_grants_is_told_of_few() -> None:
    told = Counter(
        code
        for diagnostics in found().values()
        for code in {each.code for each in diagnostics if each.severity is Severity.WARNING}
    )
    # Resources of the wrong form are in 3 of 100; the list of AWS's types has gaps, too.
    assert told.pop("IAM680") < 0.04 * len(found())
    assert all(count < 0.01 * len(found()) for code, count in told.items() if code in OF_GRANTS)
