"""Test files as the unit tests write them: plain values, run in the current folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.diagnosis.cause import Cause
from simulator.testing.run import Report, Result, run

if TYPE_CHECKING:
    from simulator.diagnostic import Diagnostic

HOME, AWAY, MANAGEMENT = "111111111111", "222222222222", "999999999999"
ALICE = f"arn:aws:iam::{HOME}:user/alice"
DEPLOY = f"arn:aws:iam::{AWAY}:role/deploy"
SESSION = f"arn:aws:sts::{AWAY}:assumed-role/deploy/s"
BUCKET = "arn:aws:s3:::artifacts/app.zip"


def policy(effect: str = "Allow", action: str = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a policy of one statement."""
    statement: dict[str, Any] = {"Effect": effect, "Action": action, **more}
    if "Principal" not in more:
        statement.setdefault("Resource", "*")
    return {"Version": "2012-10-17", "Statement": [statement]}


def trusting(principal: object = HOME, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a trust policy."""
    named = principal if isinstance(principal, dict) else {"AWS": principal}
    return policy(action="sts:*", Principal=named, **more)


def accounts(
    alice: dict[str, Any] | None = None, deploy: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return alice, who may do anything, and the role deploy, which trusts her account."""
    user = {"policies": [policy()], **(alice or {})}
    role = {"trust_policy": trusting(), **(deploy or {})}
    return {HOME: {"users": {"alice": user}}, AWAY: {"roles": {"deploy": role}}}


def file(*cases: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a test file; what a test does not say is that alice assumes deploy, and is allowed."""
    usual = {"caller": ALICE, "expect": "allowed"}
    tests = []
    for number, case in enumerate(cases):
        asks = {} if "action" in case or "chain" in case else {"assume_role": DEPLOY}
        full = {"name": f"t{number}", **usual, **asks, **case}
        tests.append({key: value for key, value in full.items() if value != "left out"})
    return {"accounts": accounts(), **more, "tests": tests}


def report(value: object, name: str = "t.json") -> Report:
    """Return the report on a test file."""
    data = value if isinstance(value, bytes) else json.dumps(value, indent=1).encode()
    return run([(name, data)], all_causes=True)


def results(*cases: dict[str, Any], **more: Any) -> list[Result]:  # noqa: ANN401
    """Return the results of the tests of a file."""
    return list(report(file(*cases, **more)).results)


def result(case: dict[str, Any] | None = None, **more: Any) -> Result:  # noqa: ANN401
    """Return the result of one test."""
    (found,) = results(case or {}, **more)
    return found


def told(found: Result) -> list[str]:
    """Return why a test could not be run."""
    assert found.mark == "error"
    return [error.message for error in found.errors]


def decided(case: dict[str, Any] | None = None, **more: Any) -> str:  # noqa: ANN401
    """Return what one test decided."""
    found = result(case, **more)
    assert found.decision is not None, found.errors
    return str(found.decision)


def where(found: Diagnostic | Cause) -> tuple[str, int, int]:
    """Return the place of an error or a cause."""
    if isinstance(found, Cause):
        assert found.place is not None
        span = found.place.span()
    else:
        span = found.labels[0].span
    return (span.in_file().source.name, *span.place)
