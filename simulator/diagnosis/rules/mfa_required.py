"""IAM312: a statement asks for MFA, and the call carries none, or one too old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog import keys
from simulator.diagnosis.conditions import condition_cause, failed_tests
from simulator.diagnosis.credentials import with_mfa
from simulator.request.caller import Caller
from simulator.request.principal import User
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.cause import Cause, Remedy
    from simulator.diagnosis.findings import Finding


_FOR_USERS = "MFA comes only with a code in the call, or with a session that was made with a code"
_FOR_USERS_OF_OTHER_ACTIONS = "MFA comes only with a session that was made with a code"
_FOR_SESSIONS = (  # CTX-41
    "a role session never carries MFA, whatever it was made with: let the user assume this role"
    " directly with an MFA code, or change the policy"
)
_FOR_OTHERS = (  # CTX-41, CTX-42
    "only the session of a user carries MFA: nobody else can meet this condition"
)


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
        cause = condition_cause("IAM312", failed, message, _advice(failed.finding.asked))
        yield cause._replace(remedies=(*cause.remedies, *_by_user(failed.finding.asked)))


def _by_user(asked: Asked) -> Iterator[Remedy]:
    if isinstance(asked, Call):
        yield from with_mfa(asked)


def _advice(asked: Asked) -> str | None:
    principal = asked.caller.principal if isinstance(asked.caller, Caller) else None
    if isinstance(principal, User):
        return _FOR_USERS if isinstance(asked, Call) else _FOR_USERS_OF_OTHER_ACTIONS
    if not isinstance(asked, Call):
        return _FOR_OTHERS
    return _FOR_SESSIONS
