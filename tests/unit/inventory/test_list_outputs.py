"""Outputs about single entities: what they say, and how they complete a dump."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.inventory import codes
from tests.unit.inventory.outputs import (
    ACCOUNT,
    OTHER,
    Output,
    allow,
    arn,
    attached,
    dump,
    loaded,
    managed,
    place,
    refused,
    role,
    trust,
    user,
)

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.inventory.load import Loaded
    from simulator.inventory.model import RoleEntry, UserEntry

OIDC = arn("oidc-provider", "token.actions.githubusercontent.com")
SAML = arn("saml-provider", "corp")
MFA = arn("mfa", "alice")


def _shown(name: str, account: str = ACCOUNT, **more: Any) -> Output:  # noqa: ANN401 - any key
    """Return a role as `get-role` has it."""
    of = role(name, account, **more)
    return {k: v for k, v in of.items() if k not in {"RolePolicyList", "AttachedManagedPolicies"}}


def _role(found: Loaded, account: str = ACCOUNT) -> RoleEntry:
    entry = found.inventory.role_named(account, "deploy")
    assert entry is not None
    return entry


def _user(found: Loaded) -> UserEntry:
    return found.inventory.accounts[ACCOUNT].users["alice"]


def _inline(name: str, kind: str = "Role") -> Output:
    owner = {"Role": "deploy", "User": "alice", "Group": "dev"}[kind]
    return {f"{kind}Name": owner, "PolicyName": name, "PolicyDocument": allow(f"s3:{name}")}


def test_get_role(tmp_path: Path) -> None:
    tags = [{"Key": "a", "Value": "b"}]
    found = loaded(tmp_path, a={"Role": _shown("deploy", MaxSessionDuration=7200, Tags=tags)})
    entry = _role(found)
    assert (entry.max_session_duration, entry.tags) == (7200, {"a": "b"})
    assert (entry.policies, entry.boundary) == (None, ())
    assert found.inventory.identity_levels(entry) is None
    assert found.inventory.trust_levels(entry) is not None
    assert not found.inventory.is_complete(ACCOUNT)


def test_lists_do_not_tell_of_tags_and_boundaries(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, a={"Roles": [_shown("deploy")]}, b={"Users": [{"Arn": arn("user", "alice")}]}
    )
    for entry in (_role(found), _user(found)):
        assert (entry.tags, entry.boundary) == (None, None)
        levels = found.inventory.boundary_levels(entry)
        assert [[c.policy.unseen for c in level] for level in levels or ()] == [[True]]


def test_role_without_trust_policy_is_not_known(tmp_path: Path) -> None:
    found = loaded(tmp_path, a={"Role": {"Arn": arn("role", "deploy")}})
    assert found.inventory.trust_levels(_role(found)) is None


@pytest.mark.parametrize("key", ["Role", "Roles"])
def test_get_role_completes_a_dump(tmp_path: Path, key: str) -> None:
    shown: Any = _shown("deploy", MaxSessionDuration=7200)
    tags = [{"Key": "a", "Value": "b"}]
    shown = {**shown, "Tags": tags} if key == "Role" else [shown]
    found = loaded(tmp_path, a=dump(role("deploy", Tags=tags)), b={key: shown})
    entry = _role(found)
    assert (entry.max_session_duration, entry.tags) == (7200, {"a": "b"})
    assert found.inventory.identity_levels(entry) == ((),)
    assert (found.inventory.is_complete(ACCOUNT), found.warnings) == (True, ())


def test_get_role_that_contradicts_a_dump(tmp_path: Path) -> None:
    later = _shown("deploy", AssumeRolePolicyDocument=trust(OTHER))
    found = refused(tmp_path, a=dump(role("deploy")), b={"Role": later})
    assert (found.code, place(found)[0]) == (codes.CONTRADICTION, "b.json")


def test_two_outputs_that_contradict_each_other(tmp_path: Path) -> None:
    one, two = (_shown("deploy", MaxSessionDuration=n) for n in (3600, 7200))
    found = refused(tmp_path, a={"Role": one}, b={"Role": two})
    assert found.message.endswith("its `MaxSessionDuration`")


@pytest.mark.parametrize("all_shown", [True, False])
def test_policies_command_by_command(tmp_path: Path, *, all_shown: bool) -> None:
    files: dict[str, Output] = {
        "a": {"Role": _shown("deploy")},
        "b": _inline("One"),
        f"list-role-policies__{ACCOUNT}__deploy": {"PolicyNames": ["One", "Two"]},
        f"list-attached-role-policies__{ACCOUNT}__deploy": {
            "AttachedPolicies": attached(arn("policy", "team/own"))
        },
        f"get-policy-version__{ACCOUNT}__own": {
            "PolicyVersion": {"Document": allow("s3:Own"), "IsDefaultVersion": True}
        },
        **({"c": _inline("Two")} if all_shown else {}),
    }
    found = loaded(tmp_path, **files)
    levels = found.inventory.identity_levels(_role(found))
    assert levels is not None
    seen = [c.policy for c in levels[0] if not c.policy.unseen]
    actions = [policy.statements[0].actions.values.items[0] for policy in seen]
    if all_shown:
        assert (actions, len(levels[0])) == (["s3:One", "s3:Two", "s3:Own"], 3)
    else:
        assert (actions, len(levels[0])) == (["s3:One", "s3:Own"], 3)
        assert _role(found).missing == ("Two",)


def test_one_inline_policy_does_not_tell_all(tmp_path: Path) -> None:
    found = loaded(tmp_path, a={"User": {"Arn": arn("user", "alice")}}, b=_inline("One", "User"))
    assert _user(found).policies is None


def test_inline_policy_that_contradicts_a_dump(tmp_path: Path) -> None:
    of = role("deploy", RolePolicyList=[{"PolicyName": "One", "PolicyDocument": allow("s3:X")}])
    found = refused(tmp_path, a=dump(of), b=_inline("One"))
    assert found.message.endswith("its inline policy `One`")


def test_inline_policy_of_a_role_nobody_described(tmp_path: Path) -> None:
    found = refused(tmp_path, a=dump(role("other")), b=_inline("One"))
    assert (found.code, place(found)[0]) == (codes.WHOSE, "b.json")
    assert "aws iam get-role --role-name deploy" in str(found.help)


def test_inline_policy_of_one_of_several_roles(tmp_path: Path) -> None:
    two = {"a": dump(role("deploy")), "b": dump(role("deploy", OTHER))}
    assert "several accounts" in refused(tmp_path, **two, c=_inline("One")).message
    (tmp_path / "c.json").unlink()
    said = {f"get-role-policy__{OTHER}__deploy": {**_inline("One"), "PolicyDocument": "x"}}
    found = refused(tmp_path, **two, **said)
    # It is tied to the one of that account, whose dump knows no such policy.
    assert found.code == codes.CONTRADICTION
    assert f"{OTHER}:role/deploy" in found.message


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ({"PolicyNames": []}, "list-role-policies.<account-id>"),
        ({"AttachedPolicies": []}, "list-attached-role-policies.<account-id>"),
        ({"MFADevices": []}, "list-mfa-devices.<account-id>"),
        ({"OpenIDConnectProviderList": []}, "list-open-id-connect-providers.<account-id>"),
        ({"SAMLProviderList": []}, "list-saml-providers.<account-id>"),
        ({"Url": "a.example", "ClientIDList": []}, "get-open-id-connect-provider.<account-id>"),
        (
            {"PolicyVersion": {"Document": allow("s3:*"), "IsDefaultVersion": True}},
            "get-policy-version.<account-id>",
        ),
    ],
)
def test_output_that_does_not_say_of_whom(tmp_path: Path, output: Output, words: str) -> None:
    found = refused(tmp_path, a=output)
    assert (found.code, words in str(found.help)) == (codes.WHOSE, True)


def test_version_that_is_not_in_force(tmp_path: Path) -> None:
    version = {"Document": allow("s3:*"), "VersionId": "v1", "IsDefaultVersion": False}
    found = refused(tmp_path, get_policy={"PolicyVersion": version})
    assert (found.code, "`v1`" in found.message) == (codes.FORM, True)


def test_document_of_an_aws_managed_policy(tmp_path: Path) -> None:
    policy = "arn:aws:iam::aws:policy/job-function/Billing"
    version = {"Document": allow("s3:*"), "IsDefaultVersion": True}
    of = role("deploy", AttachedManagedPolicies=attached(policy))
    name = "get-policy-version__aws__Billing"
    found = loaded(tmp_path, a=dump(of), **{name: {"PolicyVersion": version}})
    assert found.inventory.identity_levels(_role(found)) is not None
    assert found.warnings == ()


def test_document_of_another_account_is_not_taken(tmp_path: Path) -> None:
    version = {"Document": allow("s3:*"), "IsDefaultVersion": True}
    of = role("deploy", AttachedManagedPolicies=attached(arn("policy", "own")))
    name = f"get-policy-version__{OTHER}__own"
    found = loaded(tmp_path, a=dump(of), **{name: {"PolicyVersion": version}})
    assert _role(found).missing == (arn("policy", "own"),)


def test_mfa_devices(tmp_path: Path) -> None:
    pairs = (("alice", MFA), ("alice", "GAHT12345678"), ("bob", arn("mfa", "bob")))
    devices = {"MFADevices": [{"UserName": u, "SerialNumber": s} for u, s in pairs]}
    found = loaded(tmp_path, a=dump(users=(user("alice"), user("bob"))), b=devices)
    assert _user(found).mfa_devices == frozenset({MFA, "GAHT12345678"})


def test_no_mfa_devices(tmp_path: Path) -> None:
    name = f"list-mfa-devices__{ACCOUNT}__alice"
    found = loaded(tmp_path, a=dump(users=(user("alice"),)), **{name: {"MFADevices": []}})
    assert _user(found).mfa_devices == frozenset()


def test_virtual_devices_are_not_all(tmp_path: Path) -> None:
    devices = {"VirtualMFADevices": [{"SerialNumber": MFA, "User": {"UserName": "alice"}}]}
    found = loaded(tmp_path, a=dump(users=(user("alice"),)), b=devices)
    assert _user(found).mfa_devices is None
    assert [warning.code for warning in found.warnings] == [codes.INCOMPLETE]


def test_identity_providers(tmp_path: Path) -> None:
    url = "token.actions.githubusercontent.com"
    found = loaded(
        tmp_path,
        a={"OpenIDConnectProviderList": [{"Arn": OIDC}, {"Arn": arn("oidc-provider", "b.c/d")}]},
        b={"Url": url, "ClientIDList": ["sts.amazonaws.com"], "ThumbprintList": []},
        c={"SAMLProviderList": [{"Arn": SAML, "ValidUntil": "x"}]},
    )
    account = found.inventory.accounts[ACCOUNT]
    assert account.oidc_providers == {url: {"sts.amazonaws.com"}, "b.c/d": None}
    assert account.lists_oidc
    assert account.saml_providers == frozenset({SAML})
    assert not account.complete


def test_one_oidc_provider_does_not_tell_all(tmp_path: Path) -> None:
    name = f"get-open-id-connect-provider__{ACCOUNT}"
    output = {"Url": "https://a.example/x", "ClientIDList": []}
    account = loaded(tmp_path, **{name: output}).inventory.accounts[ACCOUNT]
    assert (account.oidc_providers, account.lists_oidc) == ({"a.example/x": frozenset()}, False)


def test_account_of_a_dump_has_said_nothing_of_providers(tmp_path: Path) -> None:
    account = loaded(tmp_path, a=dump(role("a"), policies=(managed("x", {}),))).inventory.accounts
    assert (account[ACCOUNT].oidc_providers, account[ACCOUNT].saml_providers) == (None, None)


@pytest.mark.parametrize(
    "output",
    [
        {"PolicyName": "x", "PolicyDocument": allow("s3:*")},
        {"ClientIDList": []},
        {"Role": []},
        {"Roles": [{}]},
        {"User": {"Arn": f"arn:aws:iam::{ACCOUNT}:root"}},
        {"SAMLProviderList": [{"Arn": "corp"}]},
        {"MFADevices": [{"UserName": "a"}]},
    ],
)
def test_output_that_was_changed(tmp_path: Path, output: Output) -> None:
    assert refused(tmp_path, a=output).code == codes.FORM
