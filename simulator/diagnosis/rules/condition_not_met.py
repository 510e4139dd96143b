"""IAM310: a statement would allow the call, but for a condition without a code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog import keys
from simulator.diagnosis.conditions import about_value, condition_cause, failed_tests
from simulator.diagnosis.possible import COMPANIONS
from simulator.diagnosis.variables import without_value
from simulator.request.principal import RoleSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.conditions import FailedTest
    from simulator.diagnosis.findings import Finding

_WITH_RULES_OF_THEIR_OWN = frozenset({keys.MFA_PRESENT, keys.MFA_AGE, keys.EXTERNAL_ID})


def condition_not_met(finding: Finding) -> Iterator[Cause]:
    """Report each other test that keeps a statement from allowing the call."""
    for failed in failed_tests(finding):
        test = failed.evidence.test
        if test.key.lower() in _WITH_RULES_OF_THEIR_OWN:
            continue
        message = f"the {failed.policy} allows this only under a condition on `{test.key}`"
        yield condition_cause("IAM310", failed, message, _advice(failed))


def _advice(failed: FailedTest) -> str | None:
    from simulator.catalog.condition_keys import can_carry  # noqa: PLC0415 - takes 3 ms

    action, asks = failed.finding.evaluation.request.action, failed.evidence.test.key
    meant = _meant_key(asks)
    if meant is not None:
        return f"AWS knows no key `{asks}`: did you mean `{meant}`?"
    if can_carry(action, asks) is False and action.lower() not in COMPANIONS:  # STS-56
        return f"no request for `{action}` ever has the key `{asks}`"
    return _of_role(failed) or about_value(failed) or next(_without_values(failed), None)


def _of_role(failed: FailedTest) -> str | None:
    """Return that nobody said the path of the caller's role, where the role's ARN is asked for."""
    caller = failed.finding.evaluation.request.principal
    is_session = isinstance(caller, RoleSession) and caller.role is None
    if not is_session or failed.evidence.test.key.lower() != "aws:principalarn":
        return None
    return (  # CTX-1
        "the key holds the role's ARN with its path, which a session's ARN does not tell: if the"
        " role has one, give `--context aws:PrincipalArn=ARN`"
    )


def _without_values(failed: FailedTest) -> Iterator[str]:
    context, asked = failed.finding.evaluation.request.context, failed.finding.asked
    values = failed.evidence.test.values.items if failed.match.statement.variables else ()
    for text in values:
        advice = without_value(text, asked, context)  # VAR-6
        if advice is not None:
            yield advice


def _meant_key(key: str) -> str | None:
    """Return the key that was probably meant by one that no request carries."""
    from simulator.catalog.condition_keys import (  # noqa: PLC0415 - likewise
        is_known_key,
        nearest_keys,
    )

    if is_known_key(key) is not False or "/" in key:
        return None
    return next(iter(nearest_keys(key, most=1)), None)
