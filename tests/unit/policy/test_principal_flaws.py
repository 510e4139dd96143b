"""What is wrong with a principal, what was meant by it, and the repair where that is plain."""

from __future__ import annotations

import pytest

from simulator.policy.principal_flaws import aws_flaw, other_flaw

HOME = "111111111111"
ROOT = f"arn:aws:iam::{HOME}:root"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/R/s"
GITHUB = "token.actions.githubusercontent.com"

AWS: tuple[tuple[str, str | None, str | None], ...] = (
    (f"arn:aws:iam::{HOME}:role/dev-*", "test `aws:PrincipalArn` with `ArnLike`", None),
    (f"arn:aws:iam::{HOME}:*", f"the whole account is `{ROOT}`", ROOT),
    ("arn:aws:iam::*:root", "test `aws:PrincipalArn` with `ArnLike`", None),
    (f"arn:aws:iam::{HOME}:group/g", f"trust the account with `{ROOT}`", None),
    (f"arn:aws:iam::{HOME}:instance-profile/p/web", f"`arn:aws:iam::{HOME}:role/p/web`", None),
    (f"arn:aws:iam::{HOME}:policy/p", "a policy is attached to users and roles", None),
    (f"arn:aws:iam::{HOME}:mfa/alice", "`aws:MultiFactorAuthPresent`", None),
    (f"arn:aws:iam::{HOME}:assumed-role/R/s", "is of `sts`", SESSION),
    (f"arn:aws:sts::{HOME}:role/R", "is of `iam`", f"arn:aws:iam::{HOME}:role/R"),
    (f"arn:aws:iam::{HOME}", f"the whole account is `{ROOT}`", ROOT),
    ("1111-1111-1111", None, HOME),
    ("11111111111", None, None),
    ("ec2.amazonaws.com", '`{"Service": "ec2.amazonaws.com"}`', None),
    ("accounts.google.com", '`{"Federated": "accounts.google.com"}`', None),
    (f"arn:aws:iam::{HOME}:saml-provider/p", '`{"Federated": "arn:', None),
    (f"arn:aws:s3:::{HOME}", None, None),
    ("alice", None, None),
)


@pytest.mark.parametrize(("text", "meant", "repaired"), AWS)
def test_what_was_meant_by_a_principal_of_aws(
    text: str, meant: str | None, repaired: str | None
) -> None:
    flaw = aws_flaw(text)
    assert flaw is not None
    assert flaw.meant is None if meant is None else meant in str(flaw.meant)
    assert flaw.replacement == repaired
    assert repaired is None or aws_flaw(repaired) is None


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("Service", f"arn:aws:iam::{HOME}:role/R", '`{"AWS": "arn:'),
        ("Service", HOME, f'`{{"AWS": "{HOME}"}}`'),
        ("Service", "accounts.google.com", '`{"Federated": "accounts.google.com"}`'),
        ("Service", f"arn:aws:iam::{HOME}:oidc-provider/{GITHUB}", '`{"Federated": "arn:'),
        ("Service", "ec2", None),
        ("Federated", GITHUB, f"`arn:aws:iam::ACCOUNT:oidc-provider/{GITHUB}`"),
        ("Federated", f"https://{GITHUB}", f"`arn:aws:iam::ACCOUNT:oidc-provider/{GITHUB}`"),
        ("Federated", "ec2.amazonaws.com", '`{"Service": "ec2.amazonaws.com"}`'),
        ("Federated", SESSION, '`{"AWS": "arn:'),
        ("Federated", "me", None),
    ],
)
def test_what_was_meant_by_another_principal(kind: str, text: str, meant: str | None) -> None:
    flaw = other_flaw(kind, text)
    assert flaw is not None
    assert flaw.meant is None if meant is None else meant in str(flaw.meant)
