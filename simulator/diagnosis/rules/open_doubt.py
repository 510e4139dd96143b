"""IAM907: the answer turns on a question that AWS's documentation leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.doubts import DEFAULTS
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, OpenDoubt

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_doubt(finding: Finding) -> Iterator[Cause]:
    """Report the open question, and what is taken to be so where it is not left open."""
    if isinstance(finding, OpenDoubt):
        yield Cause(
            "IAM907",
            "fact",
            f"the answer turns on {finding.doubt}, which AWS's documentation leaves open",
            wanted=f"without `--strict`: {DEFAULTS[finding.doubt]}",
            given="unknown",
            help="try it on AWS, or write the policy so that it does not matter",
        )
