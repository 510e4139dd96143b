"""Exports of an organization: the tree, what is attached to it, and what may be missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnostic import Severity
from simulator.inventory import codes
from simulator.inventory.load import load
from simulator.policy import codes as policy_codes
from tests.unit.inventory.outputs import (
    ACCOUNT,
    OTHER,
    Output,
    dump,
    loaded,
    place,
    refused,
    role,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.evaluation.policies import Levels
    from simulator.inventory.organization import Organization

ORG, ROOT, PROD, DEV = "o-exampleorgid", "r-ab12", "ou-ab12-11111111", "ou-ab12-22222222"
MANAGEMENT = "999999999999"
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
FULL = {"Id": "p-FullAWSAccess", "Name": "FullAWSAccess", "Type": SCP, "AwsManaged": True}
RCP_FULL = {"Id": "p-RCPFullAWSAccess", "Name": "RCPFullAWSAccess", "Type": RCP}
GUARD = {"Id": "p-guard123", "Name": "guard", "Type": SCP, "AwsManaged": False}
PERIMETER = {"Id": "p-rim12345", "Name": "perimeter", "Type": RCP}
TAGS = {"Id": "p-tags1234", "Name": "tags", "Type": "TAG_POLICY"}
BOTH = [{"Type": SCP, "Status": "ENABLED"}, {"Type": RCP, "Status": "ENABLED"}]


def _deny(sid: str, **more: Any) -> str:  # noqa: ANN401 - any element
    statement = {"Sid": sid, "Effect": "Deny", "Action": "s3:*", "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _described(summary: Output, content: str) -> Output:
    return {"PolicySummary": summary, "Content": content}


def _root(**more: Any) -> Output:  # noqa: ANN401 - any key
    arn = f"arn:aws:organizations::{MANAGEMENT}:root/{ORG}/{ROOT}"
    return {"Id": ROOT, "Arn": arn, "Name": "Root", "PolicyTypes": BOTH, **more}


def _above(parent: str) -> list[Output]:
    return [{"Id": parent, "Type": "ROOT" if parent == ROOT else "ORGANIZATIONAL_UNIT"}]


def _whole(**more: Any) -> Output:  # noqa: ANN401 - any key
    """Return the organization in one object: the root, a unit and an account in it."""
    attached = [FULL, RCP_FULL]
    return {
        "Organization": {"Id": ORG, "MasterAccountId": MANAGEMENT},
        "Roots": [_root()],
        "Parents": {ACCOUNT: _above(PROD), PROD: _above(ROOT), MANAGEMENT: _above(ROOT)},
        "PoliciesForTarget": {
            ROOT: [*attached, TAGS],
            PROD: [*attached, GUARD, PERIMETER],
            ACCOUNT: attached,
        },
        "Policies": [
            _described(GUARD, _deny("Guard")),
            _described(PERIMETER, _deny("Rim", Principal="*")),
        ],
        **more,
    }


def _pieces(**more: Output) -> dict[str, Output]:
    """Return the same organization command by command."""
    whole = _whole()
    return {
        "describe-organization": {"Organization": whole["Organization"]},
        "list-roots": {"Roots": whole["Roots"]},
        **{f"list-parents__{k}": {"Parents": v} for k, v in whole["Parents"].items()},
        **{
            f"list-policies-for-target__{target}__{type_}": {
                "Policies": [policy for policy in policies if policy["Type"] == type_]
            }
            for target, policies in whole["PoliciesForTarget"].items()
            for type_ in (SCP, RCP)
        },
        "p1": {"Policy": whole["Policies"][0]},
        "p2": {"Policy": whole["Policies"][1]},
        **more,
    }


def _organization(folder: Path, **files: Any) -> Organization:  # noqa: ANN401 - any output
    found = loaded(folder, **files).inventory.organization
    assert found is not None
    return found


def _sids(levels: Levels) -> list[list[str]]:
    return [[c.policy.statements[0].sid for c in level] for level in levels]


def _unseen(levels: Levels) -> list[bool]:
    return [compiled.policy.unseen for level in levels for compiled in level]


@pytest.mark.parametrize("in_pieces", [True, False])
def test_whole_organization(tmp_path: Path, *, in_pieces: bool) -> None:
    files = _pieces() if in_pieces else {"org": _whole()}
    found = _organization(tmp_path, **files)
    assert (found.id, found.management_account) == (ORG, MANAGEMENT)
    assert found.path(ACCOUNT) == f"{ORG}/{ROOT}/{PROD}/"
    assert found.path(MANAGEMENT) == f"{ORG}/{ROOT}/"
    assert _sids(found.scp_levels(ACCOUNT)) == [[""], ["", "Guard"], [""]]
    assert _sids(found.rcp_levels(ACCOUNT)) == [["Rim"]]
    assert found.scp_levels(MANAGEMENT) == ()
    assert not found.has(OTHER)


def test_management_account_may_be_anywhere(tmp_path: Path) -> None:
    parents = {ACCOUNT: _above(PROD), PROD: _above(ROOT)}
    listed = [{"Id": ACCOUNT}, {"Id": MANAGEMENT}]
    found = _organization(tmp_path, org=_whole(Parents=parents, Accounts=listed))
    assert found.has(MANAGEMENT)
    assert found.path(MANAGEMENT) is None


def test_policies_of_the_account_itself(tmp_path: Path) -> None:
    whole = _whole()
    whole["PoliciesForTarget"][ACCOUNT] = [GUARD, RCP_FULL]
    assert _sids(_organization(tmp_path, org=whole).scp_levels(ACCOUNT))[-1] == ["Guard"]


def test_tree_from_the_top(tmp_path: Path) -> None:
    parents: Output = {"Parents": {}}
    children = {
        f"list-children__{ROOT}": {"Children": [{"Id": PROD, "Type": "ORGANIZATIONAL_UNIT"}]},
        f"list-accounts-for-parent__{PROD}": {"Accounts": [{"Id": ACCOUNT, "Name": "shop"}]},
    }
    found = _organization(tmp_path, org=_whole(**parents), **children)
    assert found.path(ACCOUNT) == f"{ORG}/{ROOT}/{PROD}/"
    assert found.membership(OTHER) is None


def test_tree_from_units_of_parents(tmp_path: Path) -> None:
    unit = {
        "Id": PROD,
        "Arn": f"arn:aws:organizations::{MANAGEMENT}:ou/{ORG}/{PROD}",
        "Name": "prod",
    }
    more = {
        "Parents": {},
        "OrganizationalUnits": {ROOT: [unit]},
        "Accounts": {PROD: [{"Id": ACCOUNT}]},
    }
    found = _organization(tmp_path, org=_whole(**more))
    assert [each.id for each in found.chains[ACCOUNT]] == [ROOT, PROD]
    assert found.membership(OTHER) is None


@pytest.mark.parametrize("end", ["", f"{ACCOUNT}/"])
def test_tree_from_paths_of_accounts(tmp_path: Path, end: str) -> None:
    accounts = [{"Id": ACCOUNT, "Paths": [f"{ORG}/{ROOT}/{PROD}/{end}"]}]
    found = _organization(tmp_path, org=_whole(Parents={}, Accounts=accounts))
    assert found.path(ACCOUNT) == f"{ORG}/{ROOT}/{PROD}/"


def test_id_and_management_account_from_arns(tmp_path: Path) -> None:
    whole = _whole()
    del whole["Organization"]
    found = _organization(tmp_path, org=whole)
    assert (found.id, found.management_account) == (ORG, MANAGEMENT)


def test_targets_of_policies(tmp_path: Path) -> None:
    def all_of(*targets: str) -> list[Output]:
        return [{"TargetId": target} for target in targets]

    targets = {
        FULL["Id"]: all_of(ROOT, PROD, ACCOUNT),
        RCP_FULL["Id"]: all_of(ROOT, PROD, ACCOUNT),
        GUARD["Id"]: all_of(PROD),
    }
    whole = _whole(Targets=targets)
    del whole["PoliciesForTarget"][PROD][2]
    found = _organization(tmp_path, org=whole)
    assert _sids(found.scp_levels(ACCOUNT)) == [[""], ["", "Guard"], [""]]


def test_targets_of_policies_do_not_tell_which_others_there_are(tmp_path: Path) -> None:
    targets = {p["Id"]: [{"TargetId": each} for each in (ROOT, ACCOUNT)] for p in (FULL, RCP_FULL)}
    whole = _whole(Targets=targets)
    for target in (ROOT, ACCOUNT):
        del whole["PoliciesForTarget"][target]
    read = loaded(tmp_path, org=whole)
    found = read.inventory.organization
    assert found is not None
    assert _unseen(found.scp_levels(ACCOUNT)) == [*(False, True), *(False, False), *(False, True)]
    assert _unseen(found.rcp_levels(ACCOUNT)) == [True, False, True]
    assert {warning.code for warning in read.warnings} == {codes.INCOMPLETE}
    assert len(read.warnings) == 4
    assert any(f"--target-id {ROOT}" in str(warning.help) for warning in read.warnings)


def test_type_that_is_not_in_use_limits_nothing(tmp_path: Path) -> None:
    found = _organization(tmp_path, org=_whole(Roots=[_root(PolicyTypes=[])], PoliciesForTarget={}))
    assert _sids(found.scp_levels(ACCOUNT)) == [[""], [""], [""]]
    assert found.rcp_levels(ACCOUNT) == ()


@pytest.mark.parametrize("listed", [True, False])
def test_account_that_no_export_names(tmp_path: Path, *, listed: bool) -> None:
    more: Output = {"Accounts": [{"Id": ACCOUNT}, {"Id": MANAGEMENT}]} if listed else {}
    found = _organization(tmp_path, org=_whole(**more))
    assert found.membership(OTHER) is (False if listed else None)
    levels = (found.scp_levels(OTHER), found.rcp_levels(OTHER))
    assert [_unseen(each) for each in levels] == ([[], []] if listed else [[True], [True]])
    assert found.principal_keys(OTHER) == {}


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("accounts", {"Accounts": [{"Id": ACCOUNT}]}),
        (f"list-parents__{ACCOUNT}", {"Parents": _above(PROD)}),
        (f"list-children__{PROD}", {"Children": [{"Id": ACCOUNT}]}),
        (f"list-policies-for-target__{PROD}__{SCP}", {"Policies": [FULL, GUARD]}),
        ("roots", {"Roots": [_root()]}),
    ],
)
def test_list_that_is_cut_is_not_taken_for_whole(tmp_path: Path, name: str, output: Output) -> None:
    found = refused(tmp_path, org=_whole(), **{name: {**output, "NextToken": "eyJ"}})
    assert (found.code, "--max-items" in str(found.help)) == (codes.INCOMPLETE, True)
    assert place(found)[0] == f"{name.replace('__', '.')}.json"


def test_further_page_of_a_list(tmp_path: Path) -> None:
    pages = [{"Accounts": [{"Id": ACCOUNT}], "NextToken": "x"}, {"Accounts": [{"Id": MANAGEMENT}]}]
    found = _organization(tmp_path, org=_whole(), accounts=pages)
    assert (found.membership(ACCOUNT), found.membership(OTHER)) == (True, False)


@pytest.mark.parametrize("type_", [SCP, RCP])
def test_type_of_which_nobody_says_whether_it_is_in_use(tmp_path: Path, type_: str) -> None:
    whole = _whole(Roots=[_root(PolicyTypes=None)])
    listed = whole["PoliciesForTarget"]
    for target, policies in listed.items():
        listed[target] = [policy for policy in policies if policy["Type"] != type_]
    read = loaded(tmp_path, org=whole)
    found = read.inventory.organization
    assert found is not None
    levels = {SCP: found.scp_levels(ACCOUNT), RCP: found.rcp_levels(ACCOUNT)}
    assert set(_unseen(levels.pop(type_))) == {True}
    (known,) = levels.values()
    assert not any(_unseen(known))
    (warning,) = read.warnings
    assert (warning.code, warning.severity) == (codes.INCOMPLETE, Severity.WARNING)
    assert "aws organizations list-roots" in str(warning.help)


def test_type_that_is_listed_to_have_no_policies(tmp_path: Path) -> None:
    whole = _whole(Roots=[_root(PolicyTypes=None)])
    of = whole["PoliciesForTarget"]
    whole["PoliciesForTarget"] = {k: [p for p in v if p["Type"] != RCP] for k, v in of.items()}
    lists: dict[str, Output] = {
        f"list-policies-for-target__{each}__{RCP}": {"Policies": []} for each in of
    }
    read = loaded(tmp_path, org=whole, **lists)
    found = read.inventory.organization
    assert found is not None
    assert (found.rcp_levels(ACCOUNT), read.warnings) == ((), ())


def test_type_of_which_a_policy_is_attached_is_in_use(tmp_path: Path) -> None:
    whole = _whole(Roots=[_root(PolicyTypes=None)])
    listed = whole["PoliciesForTarget"]
    listed[PROD] = [policy for policy in listed[PROD] if policy["Type"] != RCP]
    found = refused(tmp_path, org=whole)
    assert (found.code, f"is attached to `{PROD}`" in found.message) == (codes.INCOMPLETE, True)


def test_account_without_a_parent(tmp_path: Path) -> None:
    found = refused(tmp_path, org=_whole(Accounts=[{"Id": OTHER}]))
    assert (found.code, f"what `{OTHER}` is in" in found.message) == (codes.INCOMPLETE, True)
    assert f"list-parents --child-id {OTHER}" in str(found.help)
    line = (tmp_path / "org.json").read_text().splitlines()[place(found)[1] - 1 :]
    assert OTHER in "".join(line[:2])


def test_unit_without_a_parent(tmp_path: Path) -> None:
    found = refused(tmp_path, org=_whole(Parents={ACCOUNT: _above(DEV)}))
    assert f"what `{DEV}` is in" in found.message


def test_units_in_a_circle(tmp_path: Path) -> None:
    parents = {ACCOUNT: _above(PROD), PROD: _above(DEV), DEV: _above(PROD)}
    found = refused(tmp_path, org=_whole(Parents=parents))
    assert (found.code, "in a circle" in found.message) == (codes.TREE, True)


def test_account_in_two_units(tmp_path: Path) -> None:
    other = {f"list-parents__{ACCOUNT}": {"Parents": _above(DEV)}}
    found = refused(tmp_path, org=_whole(), **other)
    assert (found.code, "two places" in found.message) == (codes.TREE, True)
    assert "org.json" in found.message
    assert f"list-parents.{ACCOUNT}.json" in found.message


@pytest.mark.parametrize("type_", [SCP, RCP])
def test_policies_nobody_listed(tmp_path: Path, type_: str) -> None:
    whole = _whole()
    listed = whole["PoliciesForTarget"]
    listed[PROD] = [policy for policy in listed[PROD] if policy["Type"] != type_]
    found = refused(tmp_path, org=whole)
    assert (found.code, f"is attached to `{PROD}`" in found.message) == (codes.INCOMPLETE, True)
    assert f"--filter {type_} --target-id {PROD}" in str(found.help)


def test_policy_without_its_document(tmp_path: Path) -> None:
    found = refused(tmp_path, org=_whole(Policies=[_described(GUARD, _deny("x"))]))
    assert (found.code, f"`{PERIMETER['Id']}`" in found.message) == (codes.DOCUMENT_MISSING, True)
    assert f"aws organizations describe-policy --policy-id {PERIMETER['Id']}" in str(found.help)


def test_policy_that_aws_would_refuse(tmp_path: Path) -> None:
    policies = [_described(GUARD, _deny("x", Effect="deny")), _whole()["Policies"][1]]
    found = refused(tmp_path, org=_whole(Policies=policies))
    assert found.code == policy_codes.UNKNOWN_WORD
    line = (tmp_path / "org.json").read_text().splitlines()[place(found)[1] - 1]
    assert line[place(found)[2] - 1 :].lstrip('\\"').startswith("deny")


def test_tree_that_nobody_gave(tmp_path: Path) -> None:
    found = refused(tmp_path, org={"Organization": {"Id": ORG, "MasterAccountId": MANAGEMENT}})
    assert (found.code, "which accounts" in found.message) == (codes.INCOMPLETE, True)


@pytest.mark.parametrize("key", ["Parents", "Children", "OrganizationalUnits", "Targets"])
def test_output_that_does_not_say_about_what(tmp_path: Path, key: str) -> None:
    found = refused(tmp_path, out={key: []})
    assert found.code == codes.WHOSE
    assert ".<id>.json" in str(found.help)


@pytest.mark.parametrize("output", [{"Roots": [{}]}, {"Organization": []}, {"Parents": {"a": 1}}])
def test_output_that_was_changed(tmp_path: Path, output: Output) -> None:
    assert refused(tmp_path, out=output).code == codes.FORM


@pytest.mark.parametrize(
    "output",
    [
        {"Policies": [{"PolicyName": "a", "Arn": "b"}]},
        {"Policy": {"PolicyName": "a"}},
        {"Accounts": [{"Id": ACCOUNT}], "SCPs": {}},
    ],
)
def test_what_only_looks_like_an_export(tmp_path: Path, output: Output) -> None:
    assert refused(tmp_path, out=output).code == codes.UNKNOWN_FORM


def test_organization_beside_dumps(tmp_path: Path) -> None:
    write(tmp_path, {"org.json": _whole(), "a.json": dump(role("a"))})
    inventory = load([str(tmp_path)]).inventory
    assert inventory.organization is not None
    assert list(inventory.accounts) == [ACCOUNT]


def test_ten_thousand_accounts(tmp_path: Path) -> None:
    ids = [f"{number:012}" for number in range(10_000)]
    whole = _whole()
    whole["Parents"] |= {id_: _above(PROD) for id_ in ids}
    whole["PoliciesForTarget"] |= {id_: [GUARD, FULL, RCP_FULL] for id_ in ids}
    found = _organization(tmp_path, org=whole)
    assert len(found.chains) == 10_002
    assert len({id(level) for id_ in ids for level in found.own[id_].scps}) == 2
