"""Dumps of whole accounts: entities, their policies, the pages they come in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from simulator.arn import parse_arn
from simulator.diagnostic import DocumentError, Severity
from simulator.inventory import codes, documents
from simulator.inventory.load import load
from simulator.policy import codes as policy_codes
from simulator.policy import kinds
from simulator.syntax import Code
from tests.unit.inventory.outputs import (
    ACCOUNT,
    OTHER,
    allow,
    arn,
    attached,
    dump,
    group,
    inline,
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
    from pathlib import Path

    from simulator.evaluation.policies import Levels
    from simulator.inventory.model import Inventory, RoleEntry, UserEntry

AWS = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def _role(inventory: Inventory, name: str = "deploy", account: str = ACCOUNT) -> RoleEntry:
    found = inventory.role_named(account, name)
    assert found is not None
    return found


def _user(inventory: Inventory, name: str = "alice") -> UserEntry:
    found = inventory.accounts[ACCOUNT].users[name]
    assert inventory.user(found.arn) is found
    return found


def _actions(levels: Levels | None) -> list[str]:
    assert levels is not None
    statements = [s for level in levels for c in level for s in c.policy.statements]
    return [action for statement in statements for action in statement.actions.values.items]


def _unseen(levels: Levels | None) -> list[bool]:
    return [compiled.policy.unseen for level in levels or () for compiled in level]


def test_what_a_dump_says_of_a_role(tmp_path: Path) -> None:
    tags = [{"Key": "env", "Value": "prod"}]
    found = loaded(tmp_path, a=dump(role("deploy", Tags=tags), role("bare")))
    entry = _role(found.inventory)
    assert str(entry.arn) == arn("role", "deploy")
    assert (entry.unique_id, dict(entry.tags or {})) == ("AROADEPLOY", {"env": "prod"})
    assert entry.max_session_duration is None
    assert _actions(found.inventory.trust_levels(entry)) == ["sts:AssumeRole"]
    assert _role(found.inventory, "bare").tags == {}
    assert found.warnings == ()


def test_roles_are_found_by_the_whole_arn_or_by_name(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, a=dump(role("deploy", Arn=arn("role", "team/deploy")))).inventory
    whole, other = parse_arn(arn("role", "team/deploy")), parse_arn(arn("role", "deploy"))
    assert whole is not None
    assert other is not None
    assert inventory.role(whole) is inventory.role_named(ACCOUNT, "deploy")
    assert inventory.role(whole) is not None
    assert inventory.role(other) is None
    assert inventory.role_named(OTHER, "deploy") is None


def test_policies_of_an_entity_and_of_its_groups(tmp_path: Path) -> None:
    own = arn("policy", "own")
    output = dump(
        users=(user("alice", GroupList=["dev"], **inline("User", i=allow("s3:One"))),),
        groups=(group("dev", AttachedManagedPolicies=attached(own, AWS)),),
        policies=(
            managed(own, allow("s3:Two"), v1=allow("s3:Old")),
            managed(AWS, allow("s3:Three")),
        ),
    )
    inventory = loaded(tmp_path, a=output).inventory
    levels = inventory.identity_levels(_user(inventory))
    assert _actions(levels) == ["s3:One", "s3:Two", "s3:Three"]
    assert levels is not None
    assert len(levels) == 1
    names = [(p.name, p.arn) for p in inventory.accounts[ACCOUNT].groups["dev"].policies or ()]
    assert names == [("own", own), ("ReadOnlyAccess", AWS)]


def test_document_that_is_in_no_file_is_not_known(tmp_path: Path) -> None:
    output = dump(
        role("deploy", AttachedManagedPolicies=attached(AWS), **inline("Role", i=allow("s3:*")))
    )
    found = loaded(tmp_path, a=output)
    entry = _role(found.inventory)
    assert entry.missing == (AWS,)
    assert [policy.name for policy in entry.policies or ()] == ["i"]
    assert _unseen(found.inventory.identity_levels(entry)) == [False, True]
    (warning,) = found.warnings
    assert warning.code == codes.DOCUMENT_MISSING
    assert "get-policy-version.aws.ReadOnlyAccess.json" in str(warning.help)


def test_group_that_is_not_listed_is_not_known(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, a=dump(users=(user("alice", GroupList=["dev"]),))).inventory
    assert _unseen(inventory.identity_levels(_user(inventory))) == [True]


@pytest.mark.parametrize("kind", ["User", "Group", "Role"])
def test_name_that_is_not_the_one_in_the_arn(tmp_path: Path, kind: str) -> None:
    record = {f"{kind}Name": "alice", "Arn": arn(kind.lower(), "team/bob")}
    found = refused(tmp_path, a={f"{kind}DetailList": [record]})
    assert found.code == codes.CONTRADICTION
    texts = [label.span.text for label in found.labels]
    assert texts == ['"alice"', f'"{arn(kind.lower(), "team/bob")}"']


def test_dump_with_an_entity_of_another_account(tmp_path: Path) -> None:
    users = (user("zoe", OTHER), user("bob"))
    warning, incomplete = loaded(tmp_path, a=dump(role("a"), users=users)).warnings
    assert incomplete.code == codes.INCOMPLETE
    assert (warning.code, warning.severity) == (codes.CONTRADICTION, Severity.WARNING)
    assert warning.message == f"a dump is of one account, and this one of {ACCOUNT} and {OTHER}"
    (label,) = warning.labels
    assert label.span.text == f'"{arn("user", "zoe", OTHER)}"'


def test_dumps_of_two_accounts_in_one_file(tmp_path: Path) -> None:
    both = json.dumps(dump(role("a"))) + json.dumps(dump(role("a", OTHER)))
    assert loaded(tmp_path, a=both).warnings == ()


@pytest.mark.parametrize("shown", [True, False])
def test_boundary(tmp_path: Path, *, shown: bool) -> None:
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn("policy", "b")}
    policies = (managed(arn("policy", "b"), allow("s3:*")),) if shown else ()
    output = dump(role("deploy", PermissionsBoundary=boundary), role("free"), policies=policies)
    inventory = loaded(tmp_path, a=output).inventory
    levels = inventory.boundary_levels(_role(inventory))
    assert _unseen(levels) == [not shown]
    assert not shown or _actions(levels) == ["s3:*"]
    assert inventory.boundary_levels(_role(inventory, "free")) == ()


def test_one_document_as_policies_of_two_kinds(tmp_path: Path) -> None:
    own = arn("policy", "own")
    boundary = {"PermissionsBoundaryArn": own}
    of = role("deploy", AttachedManagedPolicies=attached(own), PermissionsBoundary=boundary)
    inventory = loaded(tmp_path, a=dump(of, policies=(managed(own, allow("s3:*")),))).inventory
    entry = _role(inventory)
    levels = (inventory.identity_levels(entry), inventory.boundary_levels(entry))
    found = [compiled.policy.kind for each in levels for level in each or () for compiled in level]
    assert found == [kinds.IDENTITY, kinds.BOUNDARY]


def test_own_file_shows_the_version_of_its_time(tmp_path: Path) -> None:
    def output(account: str, action: str) -> dict[str, Any]:
        of = role("deploy", account, AttachedManagedPolicies=attached(AWS))
        return dump(of, policies=(managed(AWS, allow(action)),))

    inventory = loaded(tmp_path, a=output(ACCOUNT, "s3:Old"), b=output(OTHER, "s3:New")).inventory
    assert _actions(inventory.identity_levels(_role(inventory))) == ["s3:Old"]
    assert _actions(inventory.identity_levels(_role(inventory, account=OTHER))) == ["s3:New"]


def test_documents_in_strings(tmp_path: Path) -> None:
    encoded = quote(json.dumps(trust(Sid="é"), ensure_ascii=False), safe="")
    output = dump(
        role("raw", AssumeRolePolicyDocument=encoded),
        role("string", AssumeRolePolicyDocument=json.dumps(trust(Sid="Two"))),
    )
    inventory = loaded(tmp_path, a=output).inventory
    sids = []
    for entry in inventory.all_roles():
        levels = inventory.trust_levels(entry)
        assert levels is not None
        statement = levels[0][0].policy.statements[0]
        sids.append(statement.sid)
        span = statement.document.span((*statement.path, "Sid"))
        line = span.in_file().source.text.splitlines()[span.place.line - 1]
        assert line[span.place.column - 1 :].startswith(("%22%C3%A9", '\\"Two'))
    assert sids == ["é", "Two"]


def _pages() -> list[dict[str, Any]]:
    own = arn("policy", "own")
    return [
        dump(role("a", AttachedManagedPolicies=attached(own)), IsTruncated=True, Marker="x"),
        dump(role("b"), IsTruncated=True, Marker="y"),
        dump(policies=(managed(own, allow("s3:*")),), IsTruncated=False),
    ]


@pytest.mark.parametrize("how", ["list", "lines", "indented", "files"])
def test_pages(tmp_path: Path, how: str) -> None:
    pages = _pages()
    files: dict[str, dict[str, Any]] = {
        "list": {"a.json": pages},
        "lines": {"a.json": "\n".join(map(json.dumps, pages))},
        "indented": {"a.json": "".join(json.dumps(page, indent=2) for page in pages) + "\n"},
        "files": {f"{number}.json": page for number, page in enumerate(pages)},
    }
    write(tmp_path, files[how])
    found = load([str(tmp_path)])
    account = found.inventory.accounts[ACCOUNT]
    assert list(account.roles) == ["a", "b"]
    assert _actions(found.inventory.identity_levels(account.roles["a"])) == ["s3:*"]
    assert account.complete
    assert found.warnings == ()


def test_last_page_with_nothing_but_policies_of_aws(tmp_path: Path) -> None:
    pages = [dump(role("a"), IsTruncated=True), dump(policies=(managed(AWS, allow("s3:*")),))]
    found = loaded(tmp_path, a=pages)
    assert (found.inventory.is_complete(ACCOUNT), found.warnings) == (True, ())


def test_dump_without_its_last_page_is_not_complete(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=_pages()[1])
    assert not found.inventory.is_complete(ACCOUNT)
    (warning,) = found.warnings
    assert (warning.code, place(warning)[0]) == (codes.INCOMPLETE, "a.json")
    assert warning.labels[0].span.place.line > 1


def test_dump_that_the_cli_was_told_to_stop(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=dump(role("a"), NextToken="eyJ"))
    assert not found.inventory.is_complete(ACCOUNT)
    assert [warning.code for warning in found.warnings] == [codes.INCOMPLETE]


def test_dump_without_roles_is_not_complete(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=dump(users=(user("alice"),)), b=dump(role("a", OTHER)))
    assert not found.inventory.is_complete(ACCOUNT)
    assert found.inventory.is_complete(OTHER)
    (warning,) = found.warnings
    assert (warning.code, place(warning)[0]) == (codes.INCOMPLETE, "a.json")
    assert "--filter" in str(warning.help)


def test_whole_dump_is_complete(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, a=dump(role("a"))).inventory
    assert inventory.is_complete(ACCOUNT)
    assert not inventory.is_complete(OTHER)


def test_place_of_what_is_wrong_in_a_policy(tmp_path: Path) -> None:
    wrong = trust(Condition={"StringLik": {"aws:a": "é"}})
    output = dump(role("fine"), role("deploy", AssumeRolePolicyDocument=wrong))
    inventory = loaded(tmp_path, a=output).inventory
    with pytest.raises(DocumentError) as raised:
        inventory.trust_levels(_role(inventory))
    found = raised.value.diagnostics[0]
    text = (tmp_path / "a.json").read_text()
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "StringLik" in each)
    column = text.splitlines()[line - 1].index('"StringLik"') + 1
    assert found.code == policy_codes.UNKNOWN_OPERATOR
    assert place(found) == ("a.json", line, column)


def test_equal_documents_have_their_own_places_and_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = {
        f"a{number}": dump(role("deploy", f"{number:012}", AssumeRolePolicyDocument=trust()))
        for number in range(20)
    }
    counts = {"decode": 0, "build": 0}

    def counted(name: str) -> None:
        original = getattr(documents, name)

        def count(*args: Any) -> Any:  # noqa: ANN401 - whatever the original takes
            counts[name] += 1
            return original(*args)

        monkeypatch.setattr(documents, name, count)

    counted("decode")
    counted("build")
    inventory = loaded(tmp_path, **output).inventory
    assert counts == {"decode": 0, "build": 0}
    files, shared = set(), set()
    for entry in inventory.all_roles():
        assert entry.trust is not None
        document = entry.trust.read(kinds.TRUST).policy.statements[0].document
        assert entry.trust.read(kinds.TRUST) is entry.trust.read(kinds.TRUST)
        files.add(document.span(()).in_file().source.name)
        shared.add(id(entry.trust.policy(kinds.TRUST, shared=True)))
    assert counts == {"decode": 1, "build": 1}
    assert (len(files), len(shared)) == (20, 1)


@pytest.mark.parametrize("how", ["object", "string", "encoded"])
def test_error_in_equal_documents_is_told_at_each_place(tmp_path: Path, how: str) -> None:
    text = json.dumps(trust(Effect="allow"))
    wrong = {"object": json.loads(text), "string": text, "encoded": quote(text, safe="")}[how]
    output = {n: dump(role("deploy", a, AssumeRolePolicyDocument=wrong)) for n, a in _TWO}
    inventory = loaded(tmp_path, **output).inventory
    files = []
    for entry in inventory.all_roles():
        with pytest.raises(DocumentError) as raised:
            inventory.trust_levels(entry)
        files.append(place(raised.value.diagnostics[0])[0])
        assert raised.value.diagnostics[0].edits[0].in_file().source.name.endswith(files[-1])
    assert files == ["a.json", "b.json"]


_TWO = (("a", ACCOUNT), ("b", OTHER))


def test_duplicate_key_within_a_policy_is_found_when_it_is_read(tmp_path: Path) -> None:
    text = json.dumps(dump(role("deploy"))).replace(
        '"Action": "sts', '"Action": "sts:TagSession", "Action": "sts'
    )
    inventory = loaded(tmp_path, a=text).inventory
    with pytest.raises(DocumentError) as raised:
        inventory.trust_levels(_role(inventory))
    found = raised.value.diagnostics[0]
    assert found.code == Code.DUPLICATE_KEY
    assert place(found) == ("a.json", 1, text.rindex('"Action"') + 1)


def test_inline_policies_say_whose_they_are(tmp_path: Path) -> None:
    policy = inline("Role", one=allow("s3:*"))
    inventory = loaded(tmp_path, a=dump(role("a", **policy), role("b", **policy))).inventory
    owners = []
    for entry in inventory.all_roles():
        levels = inventory.identity_levels(entry)
        assert levels is not None
        owners.append(levels[0][0].policy.statements[0].document.attachment)
    assert owners == [("role", "a", "one"), ("role", "b", "one")]


def test_a_dump_leaves_out_the_lists_that_are_empty(tmp_path: Path) -> None:
    user = {"Arn": "arn:aws:iam::111111111111:user/eve", "UserName": "eve", "Path": "/"}
    file = tmp_path / "dump.json"
    file.write_text(json.dumps({"UserDetailList": [user], "RoleDetailList": []}))
    inventory = load([str(file)]).inventory
    entry = inventory.accounts["111111111111"].users["eve"]
    assert (entry.policies, entry.groups, entry.boundary) == ((), (), ())
    assert inventory.identity_levels(entry) == ((),)
