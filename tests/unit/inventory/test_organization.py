"""The organization: levels of SCPs and RCPs, and the context keys that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.inventory.organization import Organization, Unit, read_organization
from simulator.inventory.shape import ShapeError
from simulator.policy import kinds
from tests.worlds import compiled

if TYPE_CHECKING:
    from simulator.evaluation.policies import Levels
    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

MANAGEMENT, PROD, DEV, LONER = "999999999999", "111111111111", "222222222222", "333333333333"
OUT = "444444444444"


def _statement(effect: str, kind: PolicyKind) -> dict[str, Any]:
    statement = {"Sid": effect, "Effect": effect, "Action": "s3:*", "Resource": "*"}
    return {**statement, "Principal": "*"} if kind is kinds.RCP else statement


def _read(value: JsonValue, path: Path, kind: PolicyKind) -> CompiledPolicy:
    assert isinstance(value, str)
    document = {"Version": "2012-10-17", "Statement": [_statement(value, kind)]}
    return compiled(document, kind, ".".join(map(str, path)))


def _organization(root: JsonValue, **more: JsonValue) -> Organization:
    value: JsonValue = {"id": "o-example", "management_account": MANAGEMENT, "root": root, **more}
    return read_organization(value, _read, ("organization",))


def _names(levels: Levels) -> list[list[str]]:
    return [[policy.policy.name for policy in level] for level in levels]


def _unseen(levels: Levels) -> list[bool]:
    return [compiled.policy.unseen for level in levels for compiled in level]


def _tree() -> Organization:
    return _organization(
        {
            "accounts": [LONER],
            "units": {
                "prod": {
                    "scps": ["Allow", "Deny"],
                    "rcps": ["RCPFullAWSAccess", "Deny"],
                    "accounts": [PROD],
                    "units": {"none": {"scps": [], "accounts": [DEV]}},
                }
            },
        }
    )


def test_scp_levels_from_the_root_down() -> None:
    prod = "organization.root.units.prod"
    assert _names(_tree().scp_levels(PROD)) == [
        ["FullAWSAccess"],
        [f"{prod}.scps.0", f"{prod}.scps.1"],
    ]


def test_unit_without_scps_allows_nothing() -> None:
    assert _names(_tree().scp_levels(DEV))[-1] == []


def test_rcp_levels_leave_out_what_is_always_there() -> None:
    assert _names(_tree().rcp_levels(DEV)) == [["organization.root.units.prod.rcps.1"]]
    assert _tree().rcp_levels(LONER) == ()


@pytest.mark.parametrize("account", [MANAGEMENT, OUT, None])
def test_who_is_under_no_scp_and_no_rcp(account: str | None) -> None:
    assert _tree().scp_levels(account) == ()
    assert _tree().rcp_levels(account) == ()


def test_who_is_in_the_organization() -> None:
    tree = _tree()
    assert all(tree.has(account) for account in (MANAGEMENT, PROD, DEV, LONER))
    assert not tree.has(OUT)
    assert not tree.has(None)


def test_account_that_is_not_listed_where_not_all_are() -> None:
    tree = _tree()._replace(lists_accounts=False)
    assert [tree.membership(each) for each in (MANAGEMENT, PROD, OUT, None)] == [
        *(True, True),
        *(None, False),
    ]
    levels = (tree.scp_levels(OUT), tree.rcp_levels(OUT))
    assert [_unseen(each) for each in levels] == [[True], [True]]
    assert (tree.principal_keys(OUT), tree.resource_keys(OUT)) == ({}, {})
    assert not tree.has(OUT)
    assert _tree().membership(OUT) is False
    assert (tree.scp_levels(MANAGEMENT), tree.rcp_levels(LONER)) == ((), ())


def test_whether_there_are_rcps() -> None:
    tree, bare = _tree(), _organization({"accounts": [PROD]})
    assert (tree.may_have_rcps, bare.may_have_rcps) == (True, False)
    assert bare._replace(lists_accounts=False).may_have_rcps
    own = Unit(None, (), tree.chains[PROD][1].rcps)
    assert bare._replace(own={PROD: own}).may_have_rcps


def test_keys_of_members_and_of_others() -> None:
    tree = _tree()
    assert tree.principal_keys(PROD) == {"aws:PrincipalOrgID": "o-example"}
    assert tree.resource_keys(MANAGEMENT) == {"aws:ResourceOrgID": "o-example"}
    assert tree.principal_keys(OUT) == {}


def test_paths_where_all_ids_are_known() -> None:
    unit: JsonValue = {"ou-ab12-11111111": {"accounts": [PROD]}, "dev": {"accounts": [DEV]}}
    tree = _organization({"id": "r-ab12", "accounts": [LONER], "units": unit})
    assert tree.path(PROD) == "o-example/r-ab12/ou-ab12-11111111/"
    assert tree.principal_keys(LONER)["aws:PrincipalOrgPaths"] == ("o-example/r-ab12/",)
    assert tree.path(DEV) is None
    assert tree.path(MANAGEMENT) is None


def test_id_of_a_unit_with_a_name_of_its_own() -> None:
    units: JsonValue = {"dev": {"id": "ou-ab12-22222222", "accounts": [DEV]}}
    tree = _organization({"id": "r-ab12", "units": units})
    assert tree.resource_keys(DEV)["aws:ResourceOrgPaths"] == (
        "o-example/r-ab12/ou-ab12-22222222/",
    )


def test_every_mistake_with_its_place() -> None:
    unit: JsonValue = {"scp": [], "units": [], "accounts": ["1"]}
    with pytest.raises(ShapeError) as raised:
        _organization({"units": {"prod": unit}}, idd="o")
    found = {mistake.path[1:]: mistake.message for mistake in raised.value.mistakes}
    assert found == {
        ("idd",): "unknown key `idd`: did you mean `id`?",
        ("root", "units", "prod", "scp"): "unknown key `scp`: did you mean `scps`?",
        ("root", "units", "prod", "units"): "expected a mapping, found a list",
    }


def test_account_ids_and_places() -> None:
    with pytest.raises(ShapeError) as raised:
        _organization({"accounts": [PROD, "1111"], "units": {"prod": {"accounts": [PROD]}}})
    assert [(m.path[2:], m.message) for m in raised.value.mistakes] == [
        (("accounts", 1), "`1111` is not an account id: expected 12 digits"),
        (
            ("units", "prod", "accounts", 0),
            f"the account `{PROD}` is in the organization twice",
        ),
    ]
