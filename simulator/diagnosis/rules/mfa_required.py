"""IAM312: a statement asks for MFA, and the call carries none, or one too old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog import keys
from simulator.diagnosis.conditions import condition_cause, failed_tests
from simulator.request.principal import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.findings import Finding
    from simulator.sts.call import Call


def mfa_required(finding: Finding) -> Iterator[Cause]:
    """Report each MFA test that keeps a statement from allowing the call."""  # CND-50, CND-55
    for failed in failed_tests(finding):
        key = failed.evidence.test.key.lower()
        if key == keys.MFA_PRESENT:
            message = f"the {failed.policy} requires MFA, and the caller has none"
        elif key == keys.MFA_AGE:
            state = "too old" if failed.evidence.actual else "missing"
            message = f"the {failed.policy} requires a recent MFA, and the caller's is {state}"
        else:
            continue
        yield condition_cause("IAM312", failed, message, _advice(failed.finding.call))


def _advice(call: Call) -> str:
    if isinstance(call.caller.principal, User):
        return "MFA comes only with a code in the call, or with a session that was made with a code"
    # CTX-41
    return (
        "a role session never carries MFA, whatever it was made with: let the user assume this role"
        " directly with an MFA code, or change the policy"
    )
