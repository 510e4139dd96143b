"""What an incident proves, and nothing more."""

from __future__ import annotations

import pytest

from simulator.incident.commands import commands
from simulator.incident.errors import incidents_in
from simulator.incident.proof import proof_of
from tests.style import faults

ALICE = "arn:aws:iam::111111111111:user/alice"
CI = "arn:aws:sts::111111111111:assumed-role/ci/build"
AWAY = "arn:aws:iam::222222222222:role/deploy"
HOME = "arn:aws:iam::111111111111:role/deploy"
WHO = {
    ALICE: "the user `alice`",
    CI: "a session of the role `ci`",
    "arn:aws:iam::111111111111:root": "the root user",
    "arn:aws:sts::111111111111:federated-user/f": "the federated user `f`",
    "lambda.amazonaws.com": "`lambda.amazonaws.com`",
}


def known(caller: str, action: str = "sts:AssumeRole", role: str = AWAY, clause: str = "") -> str:
    """Return what is known from a denial."""
    text = f"User: {caller} is not authorized to perform: {action} on resource: {role}{clause}"
    (incident,) = incidents_in(text)
    return "\n".join(proof_of(incident).known)


@pytest.mark.parametrize("caller", WHO)
def test_who_called(caller: str) -> None:
    assert f"the caller is {WHO[caller]}" in known(caller)


def test_how_caller_and_role_stand_to_each_other() -> None:
    assert "in another account, `222222222222`" in known(ALICE)
    assert "its trust policy must allow" in known(ALICE, role=HOME)


def test_what_a_denial_by_sts_leaves_open() -> None:  # ERR-18, ERR-19
    assert "STS does not say which policy" in known(ALICE)
    assert "whether there is such a role is not proved" in known(ALICE)
    assert "STS does not say" not in known(
        ALICE, clause=" because no role trust policy allows the sts:AssumeRole action"
    )


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("because no identity-based policy allows", "the account `111111111111` to change"),
        ("because no resource-based policy allows", "the account `222222222222` to change"),
        ("with an explicit deny in a service control policy", "the caller's organization"),
        ("with an explicit deny in a resource control policy", "the resource's organization"),
        ("with an explicit deny in a session policy", "when the caller's session was made"),
        ("with an explicit deny in a VPC endpoint policy", "the VPC endpoint"),
        ("with an explicit deny", "AWS does not say in which policy"),
    ],
)
def test_whose_policy_it_is(clause: str, told: str) -> None:  # ERR-11, ERR-12, ERR-14
    whole = f" {clause}{' the s3:Get action' if clause.startswith('because') else ''}"
    found = known(ALICE, "s3:Get", "arn:aws:x::222222222222:thing/t", whole)
    assert told in found
    if "deny in" in clause or "because" in clause:
        assert "AWS names one layer only" in found


def test_a_role_that_assumes_itself() -> None:  # EVAL-26
    assert "assumes itself" in known(CI, role="arn:aws:iam::111111111111:role/team/ci")
    assert "assumes itself" not in known(CI, role=HOME)


def test_a_role_that_is_a_user() -> None:
    assert "is no role" in known(ALICE, role="arn:aws:iam::111111111111:user/alice")


def test_tags_that_are_passed() -> None:  # ERR-19a
    assert "passes session tags" in known(ALICE, action="sts:TagSession")
    assert "sets a source identity" in known(ALICE, action="sts:SetSourceIdentity")


@pytest.mark.parametrize("caller", WHO)
@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:TagSession", "s3:GetObject"])
def test_texts_keep_to_the_style_page(caller: str, action: str) -> None:
    for layer in ("identity-based policy", "service control policy", "permissions boundary"):
        told = known(caller, action, AWAY, f" with an explicit deny in a {layer}")
        assert [faults(line) for line in told.splitlines()] == [[]] * len(told.splitlines())


def test_commands_for_a_user_without_a_reason_cover_every_layer() -> None:
    (incident,) = incidents_in(
        f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {AWAY}"
    )
    lines = "\n".join(command.line for command in commands(incident))
    for word in ("get-role", "get-account-authorization-details", "SERVICE_CONTROL", "RESOURCE_C"):
        assert word in lines


@pytest.mark.parametrize("action", ["sts:TagSession", "sts:SetSourceIdentity"])
def test_tags_and_identities_need_both_sides_as_assuming_does(action: str) -> None:  # STS-50, 52
    away = known(ALICE, action)
    assert f"allow `{action}` as well, and so has the caller's own policy" in away
    assert "session h" not in away
    home = known(ALICE, action, HOME)
    assert "and so has, where it does not name the caller, the caller's own policy" in home
    assert "or the caller's session h" in known(CI, action)
    assert known("lambda.amazonaws.com", action).count("own policy") == 0
