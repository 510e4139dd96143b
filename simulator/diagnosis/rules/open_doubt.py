"""IAM907: the answer hangs on a rule that AWS's documentation leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.doubts import DEFAULTS
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, OpenDoubt

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_doubt(finding: Finding) -> Iterator[Cause]:
    """Report a doubt that was to be left open, and on which the answer turns."""
    if not isinstance(finding, OpenDoubt):
        return
    yield Cause(
        "IAM907",
        "fact",
        f"the answer hangs on {finding.doubt}, which AWS's documentation leaves open",
        wanted=DEFAULTS[finding.doubt],
        given="not documented",
        help="only AWS can tell; unless one asks to leave it open, it is taken to be so",
    )
