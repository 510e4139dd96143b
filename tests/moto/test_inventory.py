"""What boto3 reads of accounts that moto holds is an inventory, and decided as it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import pytest
from moto import mock_aws

from simulator.arn import parse_arn
from simulator.inventory.load import load
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import RoleSession, User, parse_principal
from simulator.sts.answer import Answer, answer_to
from simulator.sts.asking import Ask, asker_by, asker_of, make_call
from simulator.sts.operations import Operation
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.inventory.model import Inventory

ACCOUNT = "123456789012"  # moto's own
ALICE = f"arn:aws:iam::{ACCOUNT}:user/team/alice"
FIRST = f"arn:aws:iam::{ACCOUNT}:role/first"
SECOND = f"arn:aws:iam::{ACCOUNT}:role/second"
LIMITED = f"arn:aws:iam::{ACCOUNT}:role/limited"


def policy(**statement: Any) -> str:  # noqa: ANN401
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def trusting(principal: str, action: Any = "sts:AssumeRole") -> str:  # noqa: ANN401
    return policy(Principal={"AWS": principal}, Action=action)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with what the commands of the aws CLI print of an account."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.delenv("AWS_PROFILE", raising=False)
        with mock_aws():
            iam, found = boto3.client("iam"), tmp_path_factory.mktemp("snapshot")
            _make(iam)
            dump = iam.get_account_authorization_details()
            (found / "account.json").write_text(_printed(dump))
            (found / "roles.json").write_text(_printed(iam.list_roles()))
            yield found


def _printed(answer: dict[str, Any]) -> str:
    answer.pop("ResponseMetadata")
    return json.dumps(answer, default=str)


def _make(iam: Any) -> None:  # noqa: ANN401 - clients are made at run time
    iam.create_user(UserName="alice", Path="/team/", Tags=[{"Key": "team", "Value": "red"}])
    iam.create_group(GroupName="dev")
    iam.add_user_to_group(GroupName="dev", UserName="alice")
    managed = iam.create_policy(
        PolicyName="assume", PolicyDocument=policy(Action="sts:*", Resource="*")
    )["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="dev", PolicyArn=managed)
    iam.create_role(
        RoleName="first",
        AssumeRolePolicyDocument=trusting(ACCOUNT, ["sts:AssumeRole", "sts:TagSession"]),
        MaxSessionDuration=7200,
    )
    iam.put_role_policy(
        RoleName="first",
        PolicyName="onwards",
        PolicyDocument=policy(Action="sts:AssumeRole", Resource=SECOND),
    )
    iam.create_role(RoleName="second", AssumeRolePolicyDocument=trusting(FIRST))
    boundary = iam.create_policy(
        PolicyName="cap", PolicyDocument=policy(Action="s3:*", Resource="*")
    )["Policy"]["Arn"]
    iam.create_role(
        RoleName="limited",
        AssumeRolePolicyDocument=trusting(ACCOUNT),
        PermissionsBoundary=boundary,
    )
    iam.attach_role_policy(RoleName="limited", PolicyArn=managed)


class World(NamedTuple):
    """What was loaded."""

    inventory: Inventory

    def assume(self, caller: Caller, role: str, **parameters: Any) -> Answer:  # noqa: ANN401
        """Return what comes of an AssumeRole call."""
        passed = Parameters(role, "ss", **parameters)
        ask = Ask(Operation.ASSUME_ROLE, passed, {})
        return answer_to(make_call(self.inventory, asker_of(self.inventory, caller), ask))


@pytest.fixture
def world(folder: Path) -> World:
    return World(load([str(folder)]).inventory)


@pytest.fixture
def dump_alone(folder: Path) -> World:
    return World(load([str(folder / "account.json")]).inventory)


def user() -> Caller:
    return Caller(parse_principal(ALICE), Credentials.LONG_TERM)


def session(role: str) -> Caller:
    principal = parse_principal(f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/s")
    return Caller(principal, Credentials.ROLE_SESSION)


def test_a_group_lets_its_user_assume(world: World) -> None:
    answer = world.assume(user(), FIRST)
    assert answer.outcome == "allowed"
    (evaluation,) = answer.evaluations
    assert evaluation.request.context.values("aws:principaltag/team") == ("red",)


def test_a_chain(world: World) -> None:
    first = world.assume(user(), FIRST).session
    assert first is not None
    asker = asker_by(world.inventory, first)
    assert isinstance(asker.caller, Caller)
    assert isinstance(asker.caller.principal, RoleSession)
    ask = Ask(Operation.ASSUME_ROLE, Parameters(SECOND, "ss"), {})
    assert answer_to(make_call(world.inventory, asker, ask)).outcome == "allowed"
    assert world.assume(user(), SECOND).outcome == "implicitDeny"


def test_a_boundary(world: World) -> None:
    answer = world.assume(session("limited"), FIRST)
    assert answer.outcome == "implicitDeny"
    assert answer.decisive is not None
    assert [str(layer) for layer in answer.decisive.decision.missing] == ["boundary"]


def test_a_dump_does_not_tell_how_long_a_session_may_last(world: World, dump_alone: World) -> None:
    assert dump_alone.assume(user(), FIRST, duration_seconds=7200).outcome == "undecided"
    assert world.assume(user(), FIRST, duration_seconds=7200).outcome == "allowed"
    too_long = world.assume(user(), FIRST, duration_seconds=7201)
    assert too_long.error is not None
    assert too_long.error.code == "ValidationError"


def test_ids_and_paths_are_those_of_the_account(world: World) -> None:
    arn = parse_arn(ALICE)
    assert arn is not None
    entry = world.inventory.user(arn)
    assert entry is not None
    assert entry.unique_id is not None
    asker = asker_of(world.inventory, user())
    assert isinstance(asker.caller, Caller)
    assert isinstance(asker.caller.principal, User)
    assert asker.caller.principal.unique_id == entry.unique_id
