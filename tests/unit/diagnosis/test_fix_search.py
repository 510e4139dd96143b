"""Which fixes are found, and in which order: the cases that people ran into."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.diagnosis.diagnose import diagnose
from simulator.sts.answer import answer_to
from tests import worlds
from tests.unit.diagnosis.test_causes import ALICE, ROLE, policy, trusting
from tests.unit.testing import files

OTHER = ALICE.replace("111111111111", "111111111112")
GITHUB = "token.actions.githubusercontent.com"


def titles(parameters: dict[str, Any], **more: Any) -> list[str]:  # noqa: ANN401 - parts of a world
    world = {
        "caller": {"arn": ALICE},
        "role": {"arn": ROLE},
        "trust": trusting({}),
        "identity": [policy({"Action": "sts:AssumeRole", "Resource": ROLE})],
        **more,
    }
    call = worlds.call(world, parameters)
    return [fix.title for fix in diagnose(call, answer_to(call)).fixes]


@pytest.mark.parametrize(
    ("parameters", "option"),
    [({"tags": {"team": "x"}}, "--tags"), ({"source_identity": "bob"}, "--source-identity")],
)
def test_what_an_edit_uncovers_is_mended_too(parameters: dict[str, Any], option: str) -> None:
    trust = trusting({"Principal": {"AWS": OTHER}})
    found = titles(parameters, trust=trust)
    assert found[0] == f"correct the account id to `111111111111`, and leave out `{option}`"


@pytest.mark.parametrize(
    ("parameters", "title"),
    [
        ({"external_id": "x"}, "leave out `--external-id`"),
        (
            {"serial_number": "arn:aws:iam::111111111111:mfa/alice", "token_code": "12"},
            "pass the six digits that the MFA device shows",
        ),
        ({"duration_seconds": 99_999}, "ask for 3600 seconds"),
    ],
)
def test_a_parameter_that_sts_refuses(parameters: dict[str, Any], title: str) -> None:
    assert titles(parameters) == [title]


def test_every_role_admits_an_hour() -> None:
    found = titles({"duration_seconds": 7200}, role={"arn": ROLE, "max_session_duration": None})
    assert found == ["ask for 3600 seconds"]


def test_of_fixes_that_widen_access_that_comes_first_which_does_it_the_least() -> None:
    wanted = {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": "repo:o/r:ref:refs/heads/main"}
    trust = files.policy(
        action="sts:AssumeRoleWithWebIdentity",
        Principal={"Federated": f"arn:aws:iam::{files.AWAY}:oidc-provider/{GITHUB}"},
        Condition={"StringEquals": wanted},
    )
    claims = {"aud": "https://github.com/o", "sub": "repo:o/r:environment:prod"}
    world = files.accounts(deploy={"trust_policy": trust})
    world[files.AWAY]["oidc_providers"] = {
        GITHUB: {"client_ids": ["sts.amazonaws.com", claims["aud"]]}
    }
    asked = {"web_identity": {"provider": GITHUB, "claims": claims}, "caller": "left out"}
    first, second, *_ = files.result(asked, accounts=world).fixes
    widened = [[str(remedy.access) for remedy in fix.remedies] for fix in (first, second)]
    assert [each.count("widened") for each in widened] == [1, 2]
