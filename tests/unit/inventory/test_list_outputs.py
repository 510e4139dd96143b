"""Outputs about single entities: what they say, and how they complete a dump."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from simulator.arn import parse_arn
from simulator.inventory import codes, loose
from simulator.inventory.facts import Facts, Gathered, Spot
from simulator.inventory.pages import Page
from simulator.policy.codes import SESSION_MAXIMUM
from simulator.source import Source
from tests.unit.inventory.outputs import (
    ACCOUNT,
    OTHER,
    Output,
    allow,
    arn,
    attached,
    dump,
    group,
    loaded,
    managed,
    place,
    refused,
    role,
    trust,
    user,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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


@pytest.mark.parametrize(
    "written", ["1" + "0" * 40, "-1", '"7200"', "3599", "43201", "true", "7200.5"]
)
@pytest.mark.parametrize("key", ["Role", "Roles", "RoleDetailList"])
def test_maximum_that_no_role_has(tmp_path: Path, key: str, written: str) -> None:
    record = _shown("deploy", MaxSessionDuration="here")
    output = {key: record if key == "Role" else [record]}
    text = json.dumps(output, indent=1).replace('"here"', written)
    found = refused(tmp_path, a=text)
    assert (found.code, found.labels[0].span.text) == (SESSION_MAXIMUM, written)
    assert "a whole number from 3600 to 43200" in found.labels[0].text


@pytest.mark.parametrize("maximum", [{}, {"MaxSessionDuration": None}])
def test_maximum_that_is_not_told(tmp_path: Path, maximum: Output) -> None:
    assert (
        _role(loaded(tmp_path, a={"Role": _shown("deploy", **maximum)})).max_session_duration
        is None
    )


@pytest.mark.parametrize("seconds", [3600, 43200])
def test_least_and_greatest_maximum(tmp_path: Path, seconds: int) -> None:
    output = {"Role": _shown("deploy", MaxSessionDuration=seconds)}
    assert _role(loaded(tmp_path, a=output)).max_session_duration == seconds


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


def test_group_that_is_in_no_file(tmp_path: Path) -> None:
    users = [user(name, GroupList=["ops", "dev"]) for name in ("alice", "bob")]
    output = dump(role("r"), users=tuple(users), groups=(group("ops"),))
    (warning,) = loaded(tmp_path, a=output).warnings
    assert warning.code == codes.DOCUMENT_MISSING
    assert "the group `dev`" in warning.message
    assert "2 users are in it" in warning.message
    assert warning.labels[0].span.text == '"dev"'


def test_group_that_is_shown_command_by_command(tmp_path: Path) -> None:
    files = {
        "a": dump(role("r"), users=(user("alice", GroupList=["dev"]),)),
        "b": {"Group": {"GroupName": "dev", "Arn": arn("group", "dev")}, "Users": []},
        f"list-group-policies__{ACCOUNT}__dev": {"PolicyNames": ["own"]},
        f"list-attached-group-policies__{ACCOUNT}__dev": {"AttachedPolicies": []},
        "c": _inline("own", "Group"),
    }
    found = loaded(tmp_path, **files)
    assert found.warnings == ()
    (level,) = found.inventory.identity_levels(_user(found)) or ()
    assert [each.policy.unseen for each in level] == [False]


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
    found = loaded(tmp_path, a=dump(role("a"), users=(user("alice"),)), b=devices)
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


def test_slash_at_the_end_of_an_issuer_is_part_of_it(tmp_path: Path) -> None:
    listed = {"OpenIDConnectProviderList": [{"Arn": arn("oidc-provider", "tenant.auth0.com/")}]}
    output = {"Url": "https://tenant.auth0.com/", "ClientIDList": ["app"]}
    account = loaded(tmp_path, a=listed, b=output).inventory.accounts[ACCOUNT]
    assert account.oidc_providers == {"tenant.auth0.com/": frozenset({"app"})}


def _client(*ids: str) -> Output:
    return {"Url": "a.example", "ClientIDList": list(ids)}


def _oidc(*urls: str) -> Output:
    return {"OpenIDConnectProviderList": [{"Arn": arn("oidc-provider", url)} for url in urls]}


def _saml(*names: str) -> Output:
    return {"SAMLProviderList": [{"Arn": arn("saml-provider", name)} for name in names]}


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (_client("x"), _client("x", "y"), "the client ids of `a.example` in account"),
        (_oidc("a.example"), _oidc("a.example", "b.example"), "the OIDC providers of account"),
        (_saml("corp"), _saml("corp", "other"), "the SAML providers of account"),
        (_oidc("b.example"), _client("x"), "has the provider `a.example`"),
    ],
)
def test_providers_that_contradict_each_other(
    tmp_path: Path, one: Output, other: Output, words: str
) -> None:
    (tmp_path / "d").mkdir()
    name = f"get-open-id-connect-provider.{ACCOUNT}.json"
    write(tmp_path, {name: one})
    write(tmp_path / "d", {name: other})
    found = refused(tmp_path)
    assert (found.code, words in found.message) == (codes.CONTRADICTION, True)
    assert len(found.labels) == 2


@pytest.mark.parametrize("output", [_client("x", "y"), _oidc("a.example", "b"), _saml("a", "b")])
def test_providers_that_are_told_twice(tmp_path: Path, output: Output) -> None:
    key = next(key for key in output if key != "Url")
    again = {**output, key: output[key][::-1]}
    (tmp_path / "d").mkdir()
    name = f"get-open-id-connect-provider.{ACCOUNT}.json"
    write(tmp_path, {name: output})
    write(tmp_path / "d", {name: again})
    assert loaded(tmp_path).inventory.accounts[ACCOUNT].roles == {}


def test_index_of_what_is_attached_is_built_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Gathered] = []
    attached_to = loose._attached  # noqa: SLF001 - the work is counted

    def count(gathered: Gathered) -> Iterator[str]:
        built.append(gathered)
        return attached_to(gathered)

    monkeypatch.setattr(loose, "_attached", count)
    arns = [arn("policy", f"p{number}") for number in range(9)]
    version = {"PolicyVersion": {"Document": allow("s3:Own"), "IsDefaultVersion": True}}
    files = {f"get-policy-version__{ACCOUNT}__p{number}": version for number in range(9)}
    of = role("deploy", AttachedManagedPolicies=attached(*arns))
    found = loaded(tmp_path, a=dump(of), **files)
    assert (len(_role(found).policies or ()), len(built)) == (9, 1)


def test_entities_are_walked_once_for_all_names() -> None:
    class Walked(dict[Any, Any]):
        walks = 0

        def __iter__(self) -> Iterator[Any]:
            self.walks += 1
            return super().__iter__()

    gathered = Gathered()
    page = Page(Source("a.json", "{}"), 0, {})
    users = gathered.entities["user"] = Walked()
    for number in range(9):
        parsed = parse_arn(arn("user", f"u{number}"))
        assert parsed is not None
        gathered.add("user", Facts(parsed, (ACCOUNT, f"u{number}"), Spot(page, ())))
        said = {"mfa_devices": frozenset[str]()}
        gathered.loose.append(loose.Loose("user", None, f"u{number}", Spot(page, ()), said))
    loose.tie(gathered)
    assert (len(users), users.walks) == (9, 1)
    assert all(len(said) == 2 for said in users.values())


CUT: Final = (
    {"IsTruncated": True, "Marker": "x"},
    {"IsTruncated": True},
    {"Marker": "x"},
    {"NextToken": "eyJ"},
)
LISTS: Final[Mapping[str, Output]] = {
    f"list-role-policies__{ACCOUNT}__deploy": {"PolicyNames": ["One"]},
    f"list-attached-role-policies__{ACCOUNT}__deploy": {
        "AttachedPolicies": attached(arn("policy", "p"))
    },
    f"list-mfa-devices__{ACCOUNT}__alice": {"MFADevices": []},
    "roles": {"Roles": [role("other")]},
    "users": {"Users": [user("bob")]},
    "oidc": _oidc("a.example"),
    "saml": _saml("corp"),
}


@pytest.mark.parametrize("cut", CUT)
@pytest.mark.parametrize("name", LISTS)
def test_list_that_is_cut_is_not_taken_for_whole(tmp_path: Path, name: str, cut: Output) -> None:
    described = {"Role": _shown("deploy")}, {"User": user("alice")}
    files = {"a": described[0], "b": described[1], name: {**LISTS[name], **cut}}
    found = refused(tmp_path, **files)
    assert (found.code, "--max-items" in str(found.help)) == (codes.INCOMPLETE, True)
    assert place(found)[0] == f"{name.replace('__', '.')}.json"
    assert place(found)[1] > 1


@pytest.mark.parametrize("cut", [{"IsTruncated": False}, {"NextToken": None}, {"Marker": ""}])
def test_list_that_is_not_cut(tmp_path: Path, cut: Output) -> None:
    assert loaded(tmp_path, a={"Roles": [role("deploy")], **cut}).warnings == ()


@pytest.mark.parametrize("how", ["list", "lines"])
def test_further_pages_of_a_list(tmp_path: Path, how: str) -> None:
    arns = [arn("policy", name) for name in "abc"]
    pages = [
        {"AttachedPolicies": attached(arns[0]), "NextToken": "x"},
        {"AttachedPolicies": attached(arns[1]), "IsTruncated": True, "Marker": "x"},
        {"AttachedPolicies": attached(arns[2]), "IsTruncated": False},
    ]
    content = pages if how == "list" else "\n".join(map(json.dumps, pages))
    name = f"list-attached-role-policies__{ACCOUNT}__deploy"
    found = loaded(tmp_path, a=dump(role("x"), _without_lists("deploy")), **{name: content})
    assert _role(found).missing == tuple(arns)


def _without_lists(name: str) -> Output:
    return role(name, AttachedManagedPolicies=attached(*(arn("policy", n) for n in "abc")))


def test_last_of_several_pages_is_cut(tmp_path: Path) -> None:
    pages = [{"Roles": [role(name)], "Marker": "x"} for name in "ab"]
    found = refused(tmp_path, a=pages)
    text = (tmp_path / "a.json").read_text()
    line = text[: text.rindex('"Marker"')].count("\n") + 1
    assert (found.code, place(found)[1]) == (codes.INCOMPLETE, line)


def test_page_of_something_else_does_not_go_on(tmp_path: Path) -> None:
    pages = [{"Roles": [role("a")], "Marker": "x"}, {"Users": [user("u")]}]
    assert refused(tmp_path, a=pages).code == codes.INCOMPLETE


def test_place_in_a_further_page(tmp_path: Path) -> None:
    pages = [
        {"Roles": [role("a")], "Marker": "x"},
        {"Roles": [role("b"), role("c", Arn="é")]},
    ]
    found = refused(tmp_path, a=pages)
    line = (tmp_path / "a.json").read_text().splitlines()[place(found)[1] - 1]
    assert (found.code, line.split()[0]) == (codes.FORM, '"Arn":')
    assert "\\u00e9" in line


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
