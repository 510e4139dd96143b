"""Who can call, by the ARN."""

from __future__ import annotations

import pytest

from simulator.request.principal import (
    AccountRoot,
    FederatedUser,
    PrincipalError,
    RoleSession,
    User,
    parse_principal,
    principal_arn,
)


@pytest.mark.parametrize(
    ("text", "kind", "principal"),
    [
        ("arn:aws:iam::111111111111:user/a/b/alice", User, None),
        ("arn:aws-cn:iam::111111111111:user/alice", User, None),
        ("arn:aws:iam::111111111111:root", AccountRoot, None),
        ("arn:aws:sts::111111111111:federated-user/bob", FederatedUser, None),
        (
            "arn:aws:sts::111111111111:assumed-role/ci/s",
            RoleSession,
            "arn:aws:iam::111111111111:role/ci",
        ),
    ],
)
def test_principal(text: str, kind: type, principal: str | None) -> None:
    found = parse_principal(text)
    assert type(found) is kind
    assert str(found.arn) == text
    assert str(principal_arn(found)) == (principal or text)  # CTX-1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not an ARN"),
        ("alice", "is not an ARN"),
        ("111111111111", "is not an ARN"),
        ("arn:aws:iam::1111:user/a", "`1111` is not an account id"),
        ("arn:aws:iam::\u0661" + "1" * 11 + ":user/a", "is not an account id"),
        ("arn:aws:iam::111111111111:user/", "no name at its end"),
        ("arn:aws:iam::111111111111:role/x/ci", "`arn:aws:sts::111111111111:assumed-role/ci/SESS"),
        ("arn:aws:iam::111111111111:group/dev", "groups cannot call"),
        ("arn:aws:iam::111111111111:policy/p", "is neither a user, a role session"),
        ("arn:aws:s3::111111111111:user/x", "is neither a user, a role session"),
        ("arn:aws:sts::111111111111:assumed-role/ci", "expected `assumed-role/ROLE/SESSION`"),
        ("arn:aws:sts::111111111111:assumed-role/a/ci/s", "without the role's path"),
    ],
)
def test_nobody(text: str, said: str) -> None:
    with pytest.raises(PrincipalError) as raised:
        parse_principal(text)
    assert said in str(raised.value)
