"""A key of the context has values, is absent, is unknown, or may even be absent."""

from __future__ import annotations

import pytest

from simulator.request.context import RequestContext, Several

CONTEXT = RequestContext(
    {
        "aws:UserName": "alice",
        "aws:Absent": None,
        "aws:PrincipalTag/Team": "red",
        "aws:TagKeys": Several(["a", "b"]),
        "aws:NoTagKeys": Several(),
    },
    unknown=["aws:SourceIp", "aws:username"],
    doubtful=["aws:PrincipalOrgID", "aws:PrincipalTag/"],
)


@pytest.mark.parametrize(
    ("key", "values", "presence"),
    [
        ("aws:username", ("alice",), True),  # what is given is known
        ("aws:tagkeys", ("a", "b"), True),
        ("aws:notagkeys", (), True),  # EMPTY-LIST
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
    changed = CONTEXT.having({"AWS:SourceIp": "10.0.0.1", "aws:UserName": None})
    assert changed.values("aws:sourceip") == ("10.0.0.1",)
    assert changed.presence("aws:username") is False
    assert CONTEXT.values("aws:username") == ("alice",)
    assert changed.values("aws:tagkeys") == CONTEXT.values("aws:tagkeys")
    assert changed.presence("aws:principaltag/env") is None


def test_several_is_told_from_one() -> None:
    context = RequestContext({"aws:TagKeys": Several(["a"]), "aws:UserName": "a"})
    assert context.values("aws:tagkeys") == context.values("aws:username") == ("a",)
    assert isinstance(context.values("aws:tagkeys"), Several)
    assert not isinstance(context.values("aws:username"), Several)


def test_what_is_said() -> None:
    context = RequestContext({"aws:UserName": "a", "B:C": None}, unknown=["x"], doubtful=["y"])
    assert context.known == {"aws:username": "a", "b:c": None}


def test_a_key_of_two_values_by_letter_case_is_unknown() -> None:
    twice = RequestContext({"aws:RequestTag/Team": "red", "aws:requesttag/team": "blue"})
    assert twice.values("aws:requesttag/team") is None
    assert twice.presence("aws:requesttag/team") is True
    same = RequestContext({"aws:RequestTag/Team": "red", "aws:requesttag/team": "red"})
    assert same.values("aws:requesttag/team") == ("red",)
