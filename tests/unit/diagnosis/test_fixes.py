"""Tests of fixes in worlds with more than one document, and of calls that need several actions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.decision.combine import Outcome
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.commands import commands
from simulator.diagnosis.diagnose import diagnose
from simulator.rendering.patch import patches
from tests import sts_engine

if TYPE_CHECKING:
    from simulator.diagnosis.fixes import Fix

Plain = dict[str, Any]

HOME, AWAY, BOSS = "111111111111", "222222222222", "999999999999"
ALICE = f"arn:aws:iam::{HOME}:user/alice"
ROLE = f"arn:aws:iam::{AWAY}:role/target"
PROVIDER = "ci.example.com"
READS = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}


def policy(*statements: Plain) -> Plain:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(*actions: str, principal: Plain | None = None, **more: object) -> Plain:
    who = principal or {"AWS": ALICE}
    return policy({"Effect": "Allow", "Principal": who, "Action": list(actions), **more})


def world(trust: Plain, *own: Plain, **test: object) -> Plain:
    """Return a test file in which alice assumes a role of another account."""
    asked = {"caller": ALICE, **test} if "web_identity" not in test else test
    return {
        "accounts": {
            HOME: {"users": {"alice": {"policies": list(own)}}},
            AWAY: {
                "roles": {"target": {"trust_policy": trust}},
                "oidc_providers": {PROVIDER: {"client_ids": ["aud"]}},
            },
        },
        "tests": [{"name": "t", "expect": "denied", "assume_role": ROLE, **asked}],
    }


def fixes(file: Plain) -> tuple[Fix, ...]:
    call, answer = sts_engine.links(file)[-1]
    assert answer.outcome is not Outcome.ALLOWED
    return diagnose(call, answer).fixes


def after(fix: Fix) -> Outcome:
    """Return the answer once the edits of a fix are written into the file."""
    (change,) = patches(edit for remedy in fix.remedies for edit in remedy.edits)
    return sts_engine.links(json.loads(change.new))[-1].answer.outcome


def test_of_two_policies_of_the_same_text_a_fix_changes_the_one_that_it_writes() -> None:
    file = world(trusting("sts:AssumeRole"), policy(READS), policy(READS))
    (fix,) = fixes(file)
    (change,) = patches(edit for remedy in fix.remedies for edit in remedy.edits)
    written = json.loads(change.new)["accounts"][HOME]["users"]["alice"]["policies"]
    (layer,) = fix.remedies[0].edits_of
    verified = [each.policy.document.value for each in fix.asked.policies.documents(layer)]
    assert written == verified
    assert [len(each["Statement"]) for each in written] == [2, 1]
    (command,) = commands(fix)
    assert command.startswith("aws iam put-user-policy --user-name alice")


def test_the_same_policy_at_two_levels_is_changed_at_both() -> None:
    scps = {"scps": [policy(READS)]}
    file = world(trusting("sts:AssumeRole"), policy({**READS, "Action": "sts:*"}))
    units = {"prod": {"accounts": [HOME, AWAY], **scps}}
    root = {"accounts": [BOSS], "units": units, **scps}
    file["organization"] = {"id": "o-example", "management_account": BOSS, "root": root}
    (fix,) = fixes(file)
    assert len(fix.remedies) == 2
    assert after(fix) is Outcome.ALLOWED
    assert fix.title == f"allow `sts:AssumeRole` on `{ROLE}` in the service control policy"


@pytest.mark.parametrize("kept_out", [("sts:AssumeRole", "sts:TagSession"), ("sts:*",)])
def test_what_a_call_needs_under_one_condition_is_allowed_together(
    kept_out: tuple[str, ...],
) -> None:
    block = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    trust = trusting(*kept_out, Condition=block)
    own = policy({**READS, "Action": "sts:*"})
    file = world(trust, own, **{"with": {"tags": {"team": "red"}}})
    (fix,) = [fix for fix in fixes(file) if "of its own" in fix.title or "only where" in fix.title]
    assert after(fix) is Outcome.ALLOWED


@pytest.mark.parametrize(
    "block",
    [
        {"StringEquals": {"aws:RequestTag/team": "red"}},
        {"Null": {"sts:TransitiveTagKeys": "false"}},
        {"StringEquals": {"sts:SourceIdentity": "alice"}},
    ],
)
def test_nothing_is_passed_that_a_token_carries(block: Plain) -> None:
    actions = ("sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity")
    provider = {"Federated": f"arn:aws:iam::{AWAY}:oidc-provider/{PROVIDER}"}
    trust = trusting(*actions, principal=provider, Condition=block)
    token = {"provider": PROVIDER, "claims": {"aud": "aud", "sub": "s"}}
    for fix in fixes(world(trust, web_identity=token)):
        assert outcome_of(fix.asked) is Outcome.ALLOWED
        assert all(remedy.changed is None for remedy in fix.remedies), fix.title


PASSED: dict[str, Plain] = {
    "sts:TagSession": {"tags": {"team": "red"}, "transitive_tag_keys": ["team"]},
    "sts:SetSourceIdentity": {"source_identity": "alice"},
    "sts:SetContext": {
        "provided_contexts": [
            {
                "provider_arn": "arn:aws:iam::aws:contextProvider/IdentityCenter",
                "context_assertion": "signed-assertion",
            }
        ]
    },
}
LEAST = {
    "sts:TagSession": "leave out `--tags` and `--transitive-tag-keys`",
    "sts:SetSourceIdentity": "leave out `--source-identity`",
    "sts:SetContext": "leave out `--provided-contexts`",
}
OWN = policy({**READS, "Action": "sts:*"})


@pytest.mark.parametrize("action", PASSED)
def test_what_may_not_be_passed_is_left_out_first(action: str) -> None:
    file = world(trusting("sts:AssumeRole"), OWN, **{"with": PASSED[action]})
    first, *others = fixes(file)
    assert (first.title, str(first.access)) == (LEAST[action], "unchanged")
    assert [str(fix.access) for fix in others] == ["widened"]


def test_what_is_denied_to_be_passed_is_left_out() -> None:
    own = policy(*OWN["Statement"], {**READS, "Effect": "Deny", "Action": "sts:TagSession"})
    trust = trusting("sts:AssumeRole", "sts:TagSession")
    (fix,) = fixes(world(trust, own, **{"with": {"tags": {"team": "red"}}}))
    assert fix.title == "leave out `--tags`"


def test_all_is_left_out_that_may_not_be_passed_and_nothing_else() -> None:
    with_ = {key: value for each in PASSED.values() for key, value in each.items()}
    first, *_ = fixes(world(trusting("sts:AssumeRole", "sts:SetContext"), OWN, **{"with": with_}))
    left_out = "leave out `--source-identity` and `--tags` and `--transitive-tag-keys`"
    assert (first.title, str(first.access)) == (left_out, "unchanged")


@pytest.mark.parametrize(
    ("trust", "own"),
    [
        (trusting("sts:AssumeRole"), policy(READS)),
        (
            trusting("sts:AssumeRole", Condition={"StringEquals": {"aws:RequestTag/team": "red"}}),
            OWN,
        ),
    ],
)
def test_nothing_is_left_out_without_which_the_call_fails(trust: Plain, own: Plain) -> None:
    file = world(trust, own, **{"with": {"tags": {"team": "red"}}})
    assert not any("leave out" in fix.title for fix in fixes(file))


def test_what_a_session_inherits_cannot_be_left_out() -> None:
    role = f"arn:aws:sts::{HOME}:assumed-role/start/ci"
    caller = {"arn": role, "tags": {"team": "red"}, "transitive_tag_keys": ["team"]}
    file = world(trusting("sts:AssumeRole", principal={"AWS": HOME}), OWN, caller=caller)
    start = {"policies": [OWN], "trust_policy": trusting("sts:AssumeRole")}
    file["accounts"][HOME]["roles"] = {"start": start}
    assert not any("leave out" in fix.title for fix in fixes(file))


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        (
            {"call": "DecodeAuthorizationMessage", "with": {"encoded_message": "AQIDBA"}},
            "aws sts decode-authorization-message --encoded-message <message>",
        ),
        (
            {"call": "GetAccessKeyInfo", "with": {"access_key_id": "AKIAIOSFODNN7EXAMPLE"}},
            "aws sts get-access-key-info --access-key-id AKIAIOSFODNN7EXAMPLE",
        ),
    ],
)
def test_a_command_has_what_the_operation_needs(asked: Plain, command: str) -> None:
    caller = {"arn": ALICE, "credentials": "session_token"}
    file = world(trusting("sts:AssumeRole"), OWN, caller=caller, **asked)
    del file["tests"][0]["assume_role"]
    (fix,) = fixes(file)
    assert commands(fix) == (command,)


def test_a_command_keeps_the_contexts_of_a_call_and_tells_no_assertion() -> None:
    with_ = {**PASSED["sts:SetContext"], "duration_seconds": 7200, "role_session_name": "ci"}
    trust = trusting("sts:AssumeRole", "sts:SetContext")
    first, *_ = fixes(world(trust, OWN, **{"with": with_}))
    provider = "arn:aws:iam::aws:contextProvider/IdentityCenter"
    (command,) = commands(first)
    assert command == (
        f"aws sts assume-role --role-arn {ROLE} --role-session-name ci --duration-seconds 3600"
        f" --provided-contexts 'ProviderArn={provider},ContextAssertion=<assertion>'"
    )
