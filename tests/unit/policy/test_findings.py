"""How many findings are told of each severity."""

from __future__ import annotations

import pytest

from simulator.diagnostic import Severity
from simulator.policy.findings import LIMIT, Findings
from tests.unit.check.trust.told import document_of

ALL = tuple(Severity)


@pytest.mark.parametrize("severity", ALL)
def test_it_is_full_of_one_severity_only(severity: Severity) -> None:
    findings = Findings(document_of({}))
    for _ in range(LIMIT):
        findings.error("IAM900", (), "m", "l", severity=severity)
    assert not findings.is_full_of(severity)
    findings.error("IAM900", (), "m", "l", severity=severity)
    assert [each for each in ALL if findings.is_full_of(each)] == [severity]
    assert findings.is_full is (severity is Severity.WARNING)
    assert not findings.is_full_of(*ALL)
