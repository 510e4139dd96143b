"""A key of the context has values, is absent, is unknown, or may even be absent."""

from __future__ import annotations

import pytest

from simulator.request.context import RequestContext, Several

CONTEXT = RequestContext(
    {"aws:UserName": ("alice",), "aws:Absent": (), "aws:PrincipalTag/Team": ("red",)},
    unknown=["aws:SourceIp", "aws:username"],
    doubtful=["aws:PrincipalOrgID", "aws:PrincipalTag/"],
)


@pytest.mark.parametrize(
    ("key", "values", "presence"),
    [
        ("aws:username", ("alice",), True),  # what is given is known
        ("aws:absent", (), False),
        ("aws:nowhere", (), False),
        ("aws:sourceip", None, True),
        ("aws:principalorgid", None, None),
        ("aws:principaltag/team", ("red",), True),
        ("aws:principaltag/env", None, None),
    ],
)
def test_key(key: str, values: tuple[str, ...] | None, *, presence: bool | None) -> None:
    assert CONTEXT.values(key) == values
    assert CONTEXT.presence(key) is presence


def test_having() -> None:
    changed = CONTEXT.having({"AWS:SourceIp": ("10.0.0.1",), "aws:UserName": ()})
    assert changed.values("aws:sourceip") == ("10.0.0.1",)
    assert changed.presence("aws:username") is False
    assert CONTEXT.values("aws:username") == ("alice",)


def test_several_is_told_from_one() -> None:
    context = RequestContext({"aws:TagKeys": Several(["a"])})
    assert isinstance(context.values("aws:tagkeys"), Several)
