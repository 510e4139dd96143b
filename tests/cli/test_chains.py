"""Calls of a profile that assumes one role with another: what holds for which of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import ALICE, DEPLOY, allowing, denying, policy, run, trusting

pytest.importorskip("botocore")
MINE, OTHER = "111111111111", "222222222222"
ONE = f"arn:aws:iam::{MINE}:role/one"
TWO = "arn:aws:iam::*:role/two"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"


def chain(*options: str, last: str = MINE, trust: object = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the answer to the calls of alice → one → two, the last role of some account."""
    two = f"arn:aws:iam::{last}:role/two"
    Path("config").write_text(
        f"[profile one]\nrole_arn = {ONE}\nsource_profile = base\nrole_session_name = s1\n"
        f"[profile two]\nrole_arn = {two}\nsource_profile = one\nrole_session_name = s2\n"
        f"[profile base]\n{KEYS}"
    )
    open_ = trusting(MINE)
    one = {"trust_policy": open_, "policies": [allowing()]}
    roles = {"one": one, "two": {"trust_policy": trust or open_}}
    accounts: dict[str, Any] = {
        MINE: {"users": {"alice": {"policies": [allowing()]}}, "roles": {"one": one}},
        OTHER: {},
    }
    accounts[last]["roles"] = roles if last == MINE else {"two": roles["two"]}
    world = {"accounts": accounts, "tests": [], **more}
    Path("world.iamtest.json").write_text(json.dumps(world))
    found = run(
        *("assume", "--profile", "two", "--config", "config", "--as", ALICE),
        *("--inventory", "world.iamtest.json", "--format", "json", *options),
    )
    assert found.out, found.err
    value: dict[str, Any] = json.loads(found.out)
    return value


def outcomes(found: dict[str, Any]) -> list[str]:
    """Return the decision on each call."""
    return [hop["decision"] for hop in found["hops"]]


def test_a_chain_succeeds() -> None:
    assert outcomes(chain()) == outcomes(chain(last=OTHER)) == ["allowed", "allowed"]


# ------------------------------ SCPs and RCPs of files
def test_scps_hold_for_every_caller_of_the_account() -> None:
    Path("scp.json").write_text(json.dumps(denying("sts:AssumeRole", TWO)))
    for last in (MINE, OTHER):
        found = chain("--scp", "scp.json", last=last)
        assert outcomes(found) == ["allowed", "explicitDeny"]
        assert [cause["layer"] for cause in found["causes"]] == ["scp"]


def test_scps_do_not_hold_for_callers_of_another_account() -> None:
    Path("scp.json").write_text(json.dumps(denying("sts:AssumeRole", "arn:aws:iam::*:role/three")))
    chain(last=OTHER)
    Path("config").write_text(
        f"{Path('config').read_text()}[profile three]\nsource_profile = two\n"
        f"role_arn = arn:aws:iam::{OTHER}:role/three\n"
    )
    world = json.loads(Path("world.iamtest.json").read_text())
    roles = world["accounts"][OTHER]["roles"]
    roles["three"] = {"trust_policy": trusting(f"arn:aws:iam::{OTHER}:role/two")}
    Path("world.iamtest.json").write_text(json.dumps(world))
    words = ("--config", "config", "--as", ALICE, "--inventory", "world.iamtest.json")
    assert run("assume", "--profile", "three", *words, "--scp", "scp.json").status == 0


@pytest.mark.parametrize(
    ("last", "expected"),
    [(MINE, ["explicitDeny"]), (OTHER, ["allowed", "explicitDeny"])],
)
def test_rcps_hold_for_the_roles_of_the_last_account(last: str, expected: list[str]) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"}
    Path("rcp.json").write_text(json.dumps(policy(statement)))
    found = chain("--rcp", "rcp.json", last=last)
    assert outcomes(found) == expected
    assert [cause["layer"] for cause in found["causes"]] == ["rcp"]


def test_they_are_below_the_levels_of_the_organization() -> None:
    Path("scp.json").write_text(json.dumps(allowing("*", "*")))
    scps = [allowing("*", "*"), denying("sts:AssumeRole", TWO)]
    unit = {"accounts": [MINE, OTHER], "scps": scps}
    organization = {"id": "o-exampleorgid", "root": {"units": {"all": unit}}}
    found = chain("--scp", "scp.json", organization=organization)
    assert outcomes(found) == ["allowed", "explicitDeny"]


# ------------------------------ keys of the caller
@pytest.mark.parametrize(
    ("key", "value", "decision"),
    [
        ("aws:MultiFactorAuthPresent", "true", "implicitDeny"),
        ("aws:username", "alice", "implicitDeny"),
        ("aws:FederatedProvider", "x", "implicitDeny"),
        ("aws:PrincipalTag/team", "red", "implicitDeny"),
        ("aws:PrincipalArn", ALICE, "implicitDeny"),
        ("aws:userid", "AIDA123456789012345", "undecided"),
        ("aws:TokenIssueTime", "2026-01-01T00:00:00Z", "undecided"),
        ("aws:SourceVpc", "vpc-1", "allowed"),
    ],
)
def test_what_is_said_of_the_caller_is_said_of_the_first(
    key: str, value: str, decision: str
) -> None:
    trust = trusting(MINE, Condition={"StringEquals": {key: value}})
    found = chain("--context", f"{key}={value}", trust=trust)
    assert outcomes(found) == ["allowed", decision]
    note = f"`{key.lower()}` of `--context` is said of the first caller only"
    assert (note in found["notes"]) == (decision != "allowed")


def test_it_is_said_of_the_only_caller() -> None:
    Path("trust.json").write_text(
        json.dumps(trusting(MINE, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    )
    Path("policy.json").write_text(json.dumps(allowing()))
    role = ("--role-arn", DEPLOY, "--trust", "trust.json", "--policy", "policy.json")
    found = run("assume", "--as", ALICE, *role, "--context", "aws:MultiFactorAuthPresent=true")
    assert found.status == 0
    assert "first caller only" not in found.err
