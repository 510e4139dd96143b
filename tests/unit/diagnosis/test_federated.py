"""Why somebody with a token or an assertion is not let in, and what mends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnosis.diagnose import diagnose
from simulator.diagnosis.what_if import edited
from simulator.policy import kinds
from simulator.policy.model import Document
from simulator.storing.storing import refusal_of
from simulator.sts.answer import answer_to
from simulator.syntax import decode
from tests import sts_engine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.diagnosis.diagnosis import Diagnosis

AWAY = "222222222222"
ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{AWAY}:oidc-provider/{ISSUER}"
ROLE = f"arn:aws:iam::{AWAY}:role/ci"
MAIN = "repo:acme/app:ref:refs/heads/main"


def trust(
    principal: object, sub: str = MAIN, action: str = "sts:AssumeRoleWithWebIdentity"
) -> dict[str, Any]:
    tests = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": sub}
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {
        "Version": "2012-10-17",
        "Statement": [{**statement, "Condition": {"StringEquals": tests}}],
    }


def explained(
    policy: Mapping[str, Any],
    sub: str = MAIN,
    aud: str = "sts.amazonaws.com",
    role: str = "ci",
    path: str = "/",
    *,
    providers: Sequence[str] = ("sts.amazonaws.com",),
) -> Diagnosis:
    """Return why a token does not lead to a session of a role."""
    file = {
        "accounts": {
            AWAY: {
                "roles": {role: {"trust_policy": policy, "path": path}},
                "oidc_providers": {ISSUER: {"client_ids": [*providers]}},
            }
        },
        "tests": [
            {
                "name": "t",
                "web_identity": {"provider": ISSUER, "claims": {"aud": aud, "sub": sub}},
                "assume_role": f"arn:aws:iam::{AWAY}:role{path}{role}",
                "expect": "allowed",
            }
        ],
    }
    (link,) = sts_engine.links(file)
    return diagnose(link.call, answer_to(link.call))


def mended(found: Diagnosis, number: int = 0) -> Any:  # noqa: ANN401 - a policy as plain values
    """Return the policy that a fix makes."""
    edits = [edit for remedy in found.fixes[number].remedies for edit in remedy.edits]
    source = edits[0].source
    return edited(Document(source, (), decode(source)), edits).value


@pytest.mark.parametrize(
    ("sub", "wanted", "hint"),
    [
        ("repo:acme/app:environment:prod", MAIN, "a job with an `environment`"),
        ("repo:acme/app:pull_request", MAIN, "a job for a pull request"),
        ("repo:acme/app:ref:refs/tags/v1", MAIN, "a job for a tag"),
        ("repo:acme@12/app@34:ref:refs/heads/main", MAIN, "the ids of owner and repository"),
        (MAIN, "repo:acme/app:*", "`StringLike` takes it for a wildcard"),
        (MAIN, MAIN.replace("main", "Main"), "upper and lower case only"),
        ("repo:acme/other:ref:refs/heads/main", MAIN, "another repository of the same owner"),
        ("repo:acme/app:ref:refs/heads/next", MAIN, "on another branch"),
        (MAIN, MAIN.removeprefix("repo:"), "a sub begins with `repo:`"),
        (MAIN, "repo:acme/app:ref:main", "a sub has the whole ref"),
        (MAIN, "repo:acme/appp:ref:refs/heads/main", "in one character"),
        (MAIN, "repo:acme/app", "goes on where the one wanted ends"),
        (MAIN, "repo:other/thing:ref:refs/heads/dev", None),
    ],
)
def test_what_is_worth_knowing_of_a_subject(sub: str, wanted: str, hint: str | None) -> None:
    found = explained(trust({"Federated": PROVIDER}, wanted), sub)
    (cause,) = found.causes
    assert cause.code == "IAM310"
    assert (cause.help is None) if hint is None else (hint in (cause.help or ""))
    # One more value is admitted, or that of a slip is put right, and all else stays as it was.
    condition = json.loads(json.dumps(mended(found)))["Statement"][0]["Condition"]
    is_slip = hint in ("upper and lower case only", "in one character")
    assert condition["StringEquals"][f"{ISSUER}:sub"] == (sub if is_slip else [wanted, sub])


@pytest.mark.parametrize(
    "named",
    [PROVIDER.replace(AWAY, "333333333333"), PROVIDER.replace("usercontent", "userconten")],
    ids=["another account", "a slip of the pen"],
)
def test_a_near_provider_is_corrected_and_its_conditions_stay(named: str) -> None:
    found = explained(trust({"Federated": named}))
    assert [cause.code for cause in found.causes] == ["IAM311"]
    assert mended(found) == trust({"Federated": PROVIDER})


def test_a_new_statement_admits_this_token_alone() -> None:
    found = explained(trust({"AWS": AWAY}, action="sts:AssumeRole"))
    assert found.causes[0].code == "IAM311"
    added = mended(found)["Statement"][1]
    tests = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": MAIN}
    assert (added["Principal"], added["Condition"]) == (
        {"Federated": PROVIDER},
        {"StringEquals": tests},
    )


def test_the_wrong_action() -> None:
    found = explained(trust({"Federated": PROVIDER}, action="sts:AssumeRole"))
    (cause,) = found.causes
    assert (cause.code, cause.given) == ("IAM303", "sts:AssumeRoleWithWebIdentity")
    assert "a token is presented with" in (cause.help or "")


def test_another_audience_is_asked_for_before_one_is_admitted() -> None:
    found = explained(trust({"Federated": PROVIDER}), aud="acme")
    assert [cause.code for cause in found.causes][:1] == ["IAM713"]
    assert (
        found.fixes[0].title == "ask the issuer for a token with the audience `sts.amazonaws.com`"
    )
    assert str(found.fixes[0].access) == "unchanged"


def test_what_aws_alone_may_change_is_not_offered() -> None:
    path = "/aws-reserved/sso.amazonaws.com/"
    found = explained(trust({"AWS": AWAY}), role="AWSReservedSSO_Admin_0123456789abcdef", path=path)
    assert [cause.code for cause in found.causes][:1] == ["IAM311"]
    assert found.fixes == ()


def test_what_a_token_says_is_a_fact_and_what_no_token_has_is_none() -> None:
    other = explained(trust({"Federated": PROVIDER}), sub="repo:acme/app:pull_request")
    assert other.allowed_if == ((f"{ISSUER}:sub = {MAIN}",),)
    assert other.allowed_if_complete
    asks = trust({"Federated": PROVIDER})
    asks["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"] = "ext-1"
    assert explained(asks).allowed_if == ()


def test_a_fix_trusts_the_subject_of_the_token_alone_where_a_statement_asks_for_none() -> None:
    policy = trust({"Federated": PROVIDER}, action="sts:AssumeRole")
    del policy["Statement"][0]["Condition"]
    found = explained(policy)
    (statement,) = mended(found)["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"]["StringEquals"] == {
        f"{ISSUER}:aud": "sts.amazonaws.com",
        f"{ISSUER}:sub": MAIN,
    }


def test_a_statement_of_its_own_trusts_the_subject_where_conditions_are_on_something_else() -> None:
    policy = trust({"Federated": PROVIDER}, action="sts:TagSession")
    policy["Statement"][0]["Condition"] = {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}}
    _, statement = mended(explained(policy))["Statement"]
    assert statement["Condition"]["StringEquals"][f"{ISSUER}:sub"] == MAIN


def test_the_action_replaces_one_that_nobody_named_can_call() -> None:
    found = explained(trust({"Federated": PROVIDER}, action="sts:AssumeRole"))
    (statement,) = mended(found)["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"


def test_no_fix_is_told_after_which_aws_does_not_store_the_document() -> None:
    policy = trust({"Federated": PROVIDER})
    policy["Statement"][0]["Condition"] = {"StringEquals": {f"{ISSUER}:sub": "repo:acme/*"}}
    found = explained(policy)
    assert found.fixes
    for number in range(len(found.fixes)):
        assert refusal_of(mended(found, number), kinds.TRUST) is None


def test_a_fix_that_passes_a_quota_says_so() -> None:
    policy = trust({"Federated": PROVIDER}, sub="repo:acme/" + "x" * 1500)
    (fix, *_) = explained(policy, sub="repo:acme/" + "y" * 300).fixes
    assert "AWS raises it to 8,192 on request" in fix.title


def test_a_token_for_the_audience_that_is_wanted_comes_before_a_wider_trust() -> None:
    policy = trust({"Federated": PROVIDER})
    policy["Statement"][0]["Condition"]["StringEquals"][f"{ISSUER}:aud"] = "sts.wanted.example"
    file = explained(policy, providers=["sts.amazonaws.com", "sts.wanted.example"])
    first, *others = file.fixes
    assert first.title == "ask the issuer for a token with the audience `sts.wanted.example`"
    assert (first.access, others[0].access) == ("unchanged", "widened")
