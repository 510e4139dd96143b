"""A law of what nobody has shown: showing less never lets a call in that was not let in before."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.inventory.load import load
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import parse_principal
from simulator.sts.answer import answer_to
from simulator.sts.asking import Ask, asker_of, make_call
from simulator.sts.operations import Operation
from simulator.sts.parameters import Parameters

_ALICE, _ROLE = "arn:aws:iam::111111111111:user/alice", "arn:aws:iam::222222222222:role/deploy"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}
    ],
}
_STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.sampled_from(["sts:*", "sts:AssumeRole", "s3:*", "*"]),
        "Resource": st.sampled_from(["*", _ROLE, f"{_ROLE}-2"]),
    }
)
_DOCUMENTS = st.dictionaries(
    st.sampled_from(["one", "two", "three"]), _STATEMENTS, min_size=1, max_size=3
)


def _arn(name: str) -> str:
    return f"arn:aws:iam::111111111111:policy/{name}"


def _managed(name: str, statement: dict[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": [statement]}
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
    return {"PolicyName": name, "Arn": _arn(name), "PolicyVersionList": [version]}


def _dump(
    documents: dict[str, Any], places: dict[str, str], *, shows_group: bool
) -> dict[str, Any]:
    """Return a dump in which each policy is attached to the user, to her group, or bounds her."""

    def attached(place: str) -> list[dict[str, str]]:
        names = [name for name, where in places.items() if where == place]
        return [{"PolicyName": name, "PolicyArn": _arn(name)} for name in names]

    alice: dict[str, Any] = {
        "UserName": "alice",
        "UserId": "AIDADBQP57FF2AEXAMPLE",
        "Arn": _ALICE,
        "GroupList": ["dev"],
        "AttachedManagedPolicies": attached("user"),
    }
    for bound in attached("boundary")[:1]:
        alice["PermissionsBoundary"] = {"PermissionsBoundaryArn": bound["PolicyArn"]}
    group = {
        "GroupName": "dev",
        "GroupId": "AGPADBQP57FF2AEXAMPLE",
        "Arn": "arn:aws:iam::111111111111:group/dev",
        "AttachedManagedPolicies": attached("group"),
    }
    role = {
        "RoleName": "deploy",
        "RoleId": "AROADBQP57FF2AEXAMPLE",
        "Arn": _ROLE,
        "AssumeRolePolicyDocument": _TRUST,
        "Tags": [],
    }
    return {
        "UserDetailList": [alice],
        "GroupDetailList": [group] if shows_group else [],
        "RoleDetailList": [role],
        "Policies": [_managed(name, statement) for name, statement in documents.items()],
    }


def _decision(dump: dict[str, Any]) -> str:
    with TemporaryDirectory() as folder:
        (Path(folder) / "dump.json").write_text(json.dumps(dump), encoding="utf-8")
        inventory = load([folder]).inventory
    alice = Caller(parse_principal(_ALICE), Credentials.LONG_TERM)
    ask = Ask(Operation.ASSUME_ROLE, Parameters(_ROLE, "session"), {})
    outcome = answer_to(make_call(inventory, asker_of(inventory, alice), ask)).outcome
    # A Deny that is hidden may be one too many: without an Allow the call is denied all the same.
    return "denied" if outcome.endswith("Deny") else outcome


@given(
    documents=_DOCUMENTS,
    places=st.fixed_dictionaries(
        {name: st.sampled_from(["user", "group", "boundary"]) for name in ("one", "two", "three")}
    ),
    hidden=st.sets(st.sampled_from(["one", "two", "three", "group"]), min_size=1),
)
def test_what_is_hidden_lets_nobody_in(
    documents: dict[str, Any], places: dict[str, str], hidden: set[str]
) -> None:
    places = {name: places[name] for name in documents}
    before = _decision(_dump(documents, places, shows_group=True))
    shown = {name: each for name, each in documents.items() if name not in hidden}
    after = _decision(_dump(shown, places, shows_group="group" not in hidden))
    assert after in (before, "undecided")
