"""A statement denies the call; one code for each layer it may stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.conditions import call_changes
from simulator.diagnosis.findings import Finding, Prohibition
from simulator.diagnosis.words import LAYER_NAMES, actual, describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODES: Mapping[Layer, str] = {
    Layer.IDENTITY: "IAM210",
    Layer.BOUNDARY: "IAM211",
    Layer.SESSION: "IAM212",
    Layer.TRUST: "IAM320",
    Layer.SCP: "IAM410",
    Layer.RCP: "IAM420",
}


def explicit_deny(finding: Finding) -> Iterator[Cause]:
    """Report a Deny that applies, with the conditions that made it apply."""  # EVAL-2
    if not isinstance(finding, Prohibition):
        return
    statement = finding.match.statement
    action = finding.evaluation.request.action
    tests = [evidence.test for evidence in finding.match.tests]
    given = [f"{e.test.key} = {actual(e.actual)}" for e in finding.match.tests]
    yield Cause(
        CODES[finding.layer],
        finding.layer,
        f"{statement.title} of the {LAYER_NAMES[finding.layer]} denies `{action}`",
        Place(statement.document, (*statement.path, "Effect")),
        "this Deny applies, and no Allow anywhere outweighs it",
        " or ".join(describe(test, holds=False) for test in tests) or None,
        ", ".join(given) or None,
        "either the call avoids the conditions of the Deny, or the policy's owner changes it"
        if tests
        else "the statement has no condition: only whoever owns the policy can lift it",
        tuple(
            remedy
            for test in tests
            for remedy in call_changes(finding, finding.match, test, holds=False)
        ),
    )
