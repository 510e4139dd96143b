"""Files and folders: what is read of them, and what is refused with which words."""

from __future__ import annotations

import gc
import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnostic import DocumentError, Severity
from simulator.inventory import codes, files, pages
from simulator.inventory.load import Loaded, load, overlaid
from simulator.inventory.model import Account, Inventory, RoleEntry
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

    from simulator.diagnostic import Diagnostic


def _refused(*paths: object) -> tuple[Diagnostic, ...]:
    with pytest.raises(DocumentError) as raised:
        load([str(path) for path in paths])
    return raised.value.diagnostics


def _names(found: Loaded) -> list[str]:
    return [f"{entry.arn.account}:{entry.arn.name}" for entry in found.inventory.all_roles()]


def test_folder_is_searched_to_its_depths_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "z").mkdir()
    (tmp_path / ".git").mkdir()
    write(tmp_path / "z", {"a.json": dump(role("a"))})
    write(tmp_path / ".git", {"b.json": "nonsense"})
    files = {"c.json": dump(role("c", OTHER)), ".d.json": "nonsense", "e.txt": "nonsense"}
    write(tmp_path, files)
    assert _names(load([str(tmp_path)])) == [f"{OTHER}:c", f"{ACCOUNT}:a"]


def test_folders_are_searched_in_the_order_of_names(tmp_path: Path) -> None:
    names = ["m", "z", "a", "k", "b", "y", "c"]
    for name in names:
        (tmp_path / name).mkdir()
        write(tmp_path / name, {"r.json": {"Role": role(name)}})
    assert _names(load([str(tmp_path)])) == [f"{ACCOUNT}:{name}" for name in sorted(names)]


@pytest.mark.parametrize("collects", [True, False])
def test_garbage_is_collected_as_before(tmp_path: Path, *, collects: bool) -> None:
    write(tmp_path, {"a.json": "{"})
    (gc.enable if collects else gc.disable)()
    try:
        _refused(tmp_path)
        assert gc.isenabled() is collects
    finally:
        gc.enable()


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO(json.dumps(dump(role("a"))).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    assert _names(load(["-"])) == [f"{ACCOUNT}:a"]


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "closed" in _refused("-")[0].message


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("part", [2, 3, 100])
def test_cut_short(tmp_path: Path, part: int, indent: int | None) -> None:
    text = json.dumps(dump(role("a"), role("b")), indent=indent)
    text = text[: len(text) - len(text) // part].rstrip()
    lines = text.splitlines()
    found = refused(tmp_path, a=text)
    assert (found.code, place(found)) == (
        codes.CUT_SHORT,
        ("a.json", len(lines), len(lines[-1])),
    )


def test_second_page_that_is_cut_short(tmp_path: Path) -> None:
    page = json.dumps(dump(role("a")))
    found = refused(tmp_path, a=f"{page}\n{page[:50]}")
    assert (found.code, place(found)) == (codes.CUT_SHORT, ("a.json", 2, 50))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Code.EMPTY),
        (b"  \n", Code.EMPTY),
        (b"\x89PNG\r\n\x1a\n\0\0\0", Code.NOT_UTF8),
        (b"\0\1\2", Code.NOT_UTF8),
        ("{}".encode("utf-16"), Code.NOT_UTF8),
        (b"<!DOCTYPE html><html><body>Access denied</body></html>", Code.NOT_JSON),
        (b"An error occurred (AccessDenied) when calling the GetRole operation", Code.NOT_JSON),
        (b"UserDetailList:\n- a", Code.NOT_JSON),
        (b'{"RoleDetailList": [], }', Code.COMMA),
        (b'{"RoleDetailList": []} x', Code.EXTRA_TEXT),
        (b'{"RoleDetailList": [], "RoleDetailList": [{}]}', Code.DUPLICATE_KEY),
        (b'{"RoleDetailList": [], "RoleDetailList": []}', Code.DUPLICATE_KEY),
        (b"[" * 100_000, Code.TOO_DEEP),
        (b'{"RoleDetailList": "\\ud800"}', Code.SURROGATE),
        (b'"text"', codes.UNKNOWN_FORM),
        (b"[1]", codes.UNKNOWN_FORM),
        (b"[]", codes.UNKNOWN_FORM),
        (b"{}", codes.UNKNOWN_FORM),
        (b'{"Version": "2012-10-17", "Statement": []}', codes.UNKNOWN_FORM),
        (b'{"RoleDetailList": {}}', codes.FORM),
        (b'{"RoleDetailList": [{"Arn": 1}]}', codes.FORM),
        (b'{"RoleDetailList": [{"Arn": "role"}]}', codes.FORM),
        (b'{"RoleDetailList": [{"Arn": "arn:aws:iam::111111111111:user/a"}]}', codes.FORM),
        (b'{"RoleDetailList": [{"RoleName": "a"}]}', codes.FORM),
    ],
)
def test_file_that_cannot_be_used(tmp_path: Path, content: bytes, code: str) -> None:
    write(tmp_path, {"a.json": content})
    found = _refused(tmp_path / "a.json")[0]
    assert (found.code, place(found)[0]) == (code, "a.json")
    assert found.severity is Severity.ERROR


def test_what_is_accepted_is_listed(tmp_path: Path) -> None:
    found = refused(tmp_path, a={"Buckets": []})
    assert "get-account-authorization-details" in str(found.help)
    assert "describe-organization" in str(found.help)


def test_place_of_a_wrong_type(tmp_path: Path) -> None:
    tags = [{"Key": "a", "Value": "b"}, {"Key": "é", "Value": 12}]
    found = refused(tmp_path, a=dump(role("fine"), role("wrong", Tags=tags)))
    line = (tmp_path / "a.json").read_text().splitlines()[place(found)[1] - 1]
    assert found.code == codes.FORM
    assert line[place(found)[2] - 1 :].startswith("12")
    assert "expected `str`, got `int`" in found.labels[0].text


def test_place_in_a_long_text_that_is_not_json(tmp_path: Path) -> None:
    roles = [role(f"r{number}") for number in range(1000)]
    text = json.dumps(dump(*roles), indent=1, ensure_ascii=False).replace('"r500",', '"é" "r500",')
    lines = text.splitlines()
    line = next(number for number, each in enumerate(lines, 1) if "é" in each)
    found = refused(tmp_path, a=text)
    assert found.code == Code.UNEXPECTED
    assert place(found) == ("a.json", line, lines[line - 1].index('"r500"') + 1)


def test_long_page_of_html(tmp_path: Path) -> None:
    assert refused(tmp_path, a="<html>" + "x" * 300_000).code == Code.NOT_JSON


def test_byte_order_mark(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=b"\xef\xbb\xbf" + json.dumps(dump(role("a"))).encode())
    assert _names(found) == [f"{ACCOUNT}:a"]
    assert [warning.code for warning in found.warnings] == [Code.BYTE_ORDER_MARK]


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.inventory.files.SIZE_LIMIT", 100)
    monkeypatch.setattr("simulator.inventory.load.SIZE_LIMIT", 100)
    assert refused(tmp_path, a=dump(role("a"))).code == Code.TOO_LARGE


def test_file_of_another_form_in_a_folder_is_left_out(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=dump(role("a")), package={"name": "x"})
    assert _names(found) == [f"{ACCOUNT}:a"]
    (warning,) = found.warnings
    assert (warning.code, warning.severity) == (codes.UNKNOWN_FORM, Severity.WARNING)
    assert place(warning)[0] == "package.json"


def test_page_of_another_form_among_known_ones(tmp_path: Path) -> None:
    found = refused(tmp_path, a=[dump(role("a")), {"name": "x"}])
    assert (found.code, place(found)[1] > 1) == (codes.UNKNOWN_FORM, True)


def test_folder_without_anything_of_use(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "{}"})
    (found,) = _refused(tmp_path)
    assert (found.code, "no file `*.json`" in found.message) == (codes.UNREADABLE, True)
    assert refused(tmp_path, package={"name": "x"}).code == codes.UNKNOWN_FORM


def test_name_that_no_file_can_have() -> None:
    assert "null" in _refused("a\0b")[0].message


def test_errors_of_all_files_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "{", "b.json": "", "c.json": dump(role("a"))})
    found = _refused(tmp_path, tmp_path / "none.json")
    told = {(place(each)[0], each.code) for each in found}
    assert told == {
        ("a.json", codes.CUT_SHORT),
        ("b.json", Code.EMPTY),
        ("none.json", codes.UNREADABLE),
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": dump(role("a"))})
    (tmp_path / "a.json").chmod(0)
    (found,) = _refused(tmp_path)
    assert (found.code, "Permission denied" in found.message) == (codes.UNREADABLE, True)


def test_error_of_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    write(tmp_path, {"a.json": dump(role("a"))})
    monkeypatch.setattr("builtins.open", refuse)
    (found,) = _refused(tmp_path)
    monkeypatch.undo()
    assert found.message.endswith("a.json`: Permission denied")


def test_folder_that_cannot_be_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = _refused(tmp_path)
    assert "cannot search the folder" in found[0].message


def test_root_folder_is_not_searched() -> None:
    for name in ("/", "//", "/tmp/.."):  # noqa: S108 - nothing is written there
        (found,) = _refused(name)
        assert found.code == codes.UNREADABLE
        assert found.message == f"`{name}` is the root folder, which is no inventory"


def test_folder_with_very_many_other_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "STRANGERS_LIMIT", 3)
    outputs = {f"{name}.json": {"Role": role(name)} for name in "abcde"}
    write(tmp_path, {**outputs, "1.txt": "", "2.txt": "", "3.txt": ""})
    assert len(_names(load([str(tmp_path)]))) == 5
    write(tmp_path, {"4.txt": ""})
    (found,) = _refused(tmp_path)
    assert found.message == f"`{tmp_path}` has more than 3 files that are not `*.json`"


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    for path in (tmp_path, tmp_path / "a.json"):
        (found,) = _refused(path)
        assert (found.code, "not a regular file" in found.message) == (codes.UNREADABLE, True)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_link_out_of_a_folder(tmp_path: Path, what: str) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    write(outside, {"a.json": dump(role("a"))})
    (inside / "b.json").symlink_to(outside / "a.json" if what == "file" else outside)
    (found,) = _refused(inside)
    assert (found.code, "link out of the folder" in found.message) == (codes.UNREADABLE, True)
    if what == "file":
        assert _names(load([str(inside / "b.json")])) == [f"{ACCOUNT}:a"]


def test_link_within_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", {"a.json": dump(role("a"))})
    (tmp_path / "b").symlink_to(tmp_path / "a")
    found = load([str(tmp_path)])
    assert (_names(found), found.warnings) == ([f"{ACCOUNT}:a"], ())


def test_file_named_twice(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": dump(role("a"))})
    name = str(tmp_path / "a.json")
    for paths in (
        [name, name],
        [str(tmp_path), name],
        [name, f"{tmp_path}/../{tmp_path.name}/a.json"],
    ):
        found = load(paths)
        assert _names(found) == [f"{ACCOUNT}:a"]
        assert [warning.code for warning in found.warnings] == [codes.REPEATED]


def test_same_dump_twice(tmp_path: Path) -> None:
    output = dump(role("a", Tags=[]), users=(user("u"),))
    found = loaded(tmp_path, a=json.dumps(output), b=output)
    assert _names(found) == [f"{ACCOUNT}:a"]
    (warning,) = found.warnings
    assert (warning.code, "the same 2 users" in warning.message) == (codes.REPEATED, True)
    assert [label.span.source.name[-6:] for label in warning.labels] == ["b.json", "a.json"]


def test_entity_that_a_dump_lists_twice(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=dump(role("r"), users=(user("u"), user("u"))))
    (warning,) = found.warnings
    assert warning.code == codes.REPEATED
    assert warning.message == f"`{tmp_path / 'a.json'}` lists `user/u` twice"
    again, first = (label.span.place for label in warning.labels)
    assert again > first


def test_entities_that_a_dump_lists_twice(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=dump(role("r"), role("r"), users=(user("u"), user("u"))))
    (warning,) = found.warnings
    assert warning.message.endswith("a.json` lists `user/u` and 1 more twice")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Tags": [{"Key": "a", "Value": "b"}]}, "its tags"),
        ({"RoleId": "AROAOTHER"}, "its unique id"),
        ({"AssumeRolePolicyDocument": trust(OTHER)}, "its trust policy"),
        ({"Arn": arn("role", "team/deploy")}, "its ARN"),
        ({"AttachedManagedPolicies": attached(arn("policy", "p"))}, "the policies attached to it"),
        (inline("Role", one=allow("s3:*")), "its inline policies"),
        ({"PermissionsBoundary": {"PermissionsBoundaryArn": "arn"}}, "its permissions boundary"),
    ],
)
def test_dumps_that_contradict_each_other(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    found = refused(tmp_path, a=dump(role("deploy")), b=dump(role("deploy", **change)))
    assert found.code == codes.CONTRADICTION
    assert found.message.endswith(words)
    assert [label.span.source.name[-6:] for label in found.labels] == ["b.json", "a.json"]
    assert "a.json" in found.message
    assert "b.json" in found.message


def test_documents_that_say_the_same_do_not_contradict(tmp_path: Path) -> None:
    again = json.dumps(dict(reversed(trust().items())))
    other = role("deploy", AssumeRolePolicyDocument=again, RoleId="AROADEPLOY")
    assert len(loaded(tmp_path, a=dump(role("deploy")), b=dump(other)).warnings) == 1


@pytest.mark.parametrize("longer", ["a", "b"])
def test_whole_dumps_of_other_roles_contradict_each_other(tmp_path: Path, longer: str) -> None:
    shorter = "b" if longer == "a" else "a"
    files = {longer: dump(role("a"), role("b")), shorter: dump(role("a"))}
    found = refused(tmp_path, **files)
    assert found.code == codes.CONTRADICTION
    assert f"{longer}.json` has the role `b`" in found.message
    names = [label.span.source.name[-6:] for label in found.labels]
    assert names == [f"{shorter}.json", f"{longer}.json"]


def test_file_with_several_accounts_is_compared_by_account(tmp_path: Path) -> None:
    both = json.dumps(dump(role("a"))) + json.dumps(dump(role("a", OTHER)))
    found = loaded(tmp_path, a=both, b=dump(role("a")))
    assert [warning.code for warning in found.warnings] == [codes.REPEATED]


def test_order_does_not_contradict(tmp_path: Path) -> None:
    one, two = (managed(arn("policy", name), allow("s3:*")) for name in "ab")
    arns = [one["Arn"], two["Arn"]]
    outputs = [
        dump(role("a", AttachedManagedPolicies=attached(*order)), policies=(one, two))
        for order in (arns, arns[::-1])
    ]
    found = loaded(tmp_path, a=outputs[0], b=outputs[1])
    assert [warning.code for warning in found.warnings] == [codes.REPEATED]


def test_dumps_with_a_filter_complete_each_other(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=dump(role("a")), b=dump(users=(user("u"),)))
    account = found.inventory.accounts[ACCOUNT]
    assert (list(account.roles), list(account.users)) == (["a"], ["u"])
    assert found.warnings == ()


def test_managed_policy_with_two_documents(tmp_path: Path) -> None:
    own = arn("policy", "own")
    found = refused(
        tmp_path,
        a=dump(policies=(managed(own, allow("s3:One")),)),
        b=dump(role("b", OTHER), policies=(managed(own, allow("s3:Two")),)),
    )
    assert (found.code, own in found.message) == (codes.CONTRADICTION, True)


def test_other_forms_are_asked_for_first_and_win(tmp_path: Path) -> None:
    asked = []
    given = loaded(tmp_path, a=dump(role("a"), groups=(group("g"),))).inventory.accounts[ACCOUNT]
    tests = given.roles["a"]._replace(max_session_duration=7200)

    def others(name: str, data: bytes) -> Inventory | None:
        asked.append(name.rpartition("/")[2])
        return (
            Inventory({ACCOUNT: Account(ACCOUNT, roles={"a": tests, "b": tests}, complete=True)})
            if data == b"tests:"
            else None
        )

    write(tmp_path, {"b.iamtest.yaml": "tests:"})
    account = load([str(tmp_path)], others).inventory.accounts[ACCOUNT]
    assert asked == ["a.json", "b.iamtest.yaml"]
    assert {n: r.max_session_duration for n, r in account.roles.items()} == {"a": 7200, "b": 7200}
    assert (list(account.groups), account.complete) == (["g"], True)
    assert len(list(load([str(tmp_path)]).inventory.all_roles())) == 1


def test_inventory_laid_over_another_account(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, a=dump(role("a"))).inventory
    entry: RoleEntry = inventory.accounts[ACCOUNT].roles["a"]
    over = Inventory({OTHER: Account(OTHER, roles={"a": entry})})
    assert set(overlaid(inventory, over).accounts) == {ACCOUNT, OTHER}


def test_nothing_can_be_changed(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, a=dump(role("a"))).inventory
    account = inventory.accounts[ACCOUNT]
    for mapping in (inventory.accounts, account.roles, account.users, account.roles["a"].tags):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index] # that is the point


@pytest.mark.parametrize("name", ["a", "é"])
def test_many_documents_are_read_in_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    decoded: list[int] = []

    class Counting:
        def decode(self, text: str) -> Any:  # noqa: ANN401 - what msgspec returns
            decoded.append(len(text))
            return whole.decode(text)

    whole = pages._ANY  # noqa: SLF001 - the work is counted
    monkeypatch.setattr(pages, "_ANY", Counting())
    outputs = [{"Role": role(f"r{n}", Path=f"/{name}/")} for n in range(200)]
    text = "\n".join(json.dumps(output, ensure_ascii=False) for output in outputs)
    assert len(list(loaded(tmp_path, a=text).inventory.all_roles())) == 200
    assert sum(decoded) <= 2 * len(text)


def test_long_number_in_one_of_several_documents(tmp_path: Path) -> None:
    text = json.dumps(dump(role("a"))) + '{"RoleDetailList": [], "x": ' + "1" * 5000 + "}"
    assert _names(loaded(tmp_path, a=text)) == [f"{ACCOUNT}:a"]
