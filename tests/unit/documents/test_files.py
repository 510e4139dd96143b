"""Which files paths lead to."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from simulator.documents.files import find_files
from tests.counting import calls

if TYPE_CHECKING:
    from pathlib import Path

POLICY = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(folder: Path, *names: str, text: str = POLICY) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _names(*paths: str) -> list[str]:
    found = find_files(paths)
    assert not found.errors
    return [file.name for file in found.files]


def _refused(*paths: str) -> list[str]:
    return [error.message for error in find_files(paths).errors]


def test_a_folder_is_searched_in_the_order_of_names(here: Path) -> None:
    _write(
        here, "p/b.json", "p/a/z.yaml", "p/a.yml", "p/c.template", "p/d.txt", "p/e.tf", "p/A.json"
    )
    assert _names("p") == ["p/A.json", "p/a/z.yaml", "p/a.yml", "p/b.json", "p/c.template"]
    assert _names(".") == _names("p") == _names("./p/") == _names("p", ".")


def test_a_file_is_read_whatever_its_name(here: Path) -> None:
    _write(here, "policy", ".hidden.json", "node_modules/p.json")
    assert _names("policy", ".hidden.json", "node_modules/p.json", "-") == [
        "policy",
        ".hidden.json",
        "node_modules/p.json",
        "-",
    ]


def test_who_was_given_by_name_and_who_was_found(here: Path) -> None:
    _write(here, "a.json", "b.json")
    found = find_files([".", "b.json"]).files
    assert [(file.name, file.given) for file in found] == [("a.json", False), ("b.json", True)]


@pytest.mark.parametrize("paths", [("a.json", "./a.json"), ("l.json", "a.json"), (".", "a.json")])
def test_a_file_is_read_once(here: Path, paths: tuple[str, ...]) -> None:
    _write(here, "a.json")
    (here / "l.json").symlink_to("a.json")
    assert len(_names(*paths)) == 1


def test_what_is_hidden_or_others_wrote_is_not_searched(here: Path) -> None:
    _write(
        here, "a.json", ".venv/b.json", ".c.json", "node_modules/d.json", "x/site-packages/e.json"
    )
    assert _names(".") == ["a.json"]
    assert _names(".venv") == [".venv/b.json"]
    assert _names("node_modules") == ["node_modules/d.json"]


def test_what_gitignore_leaves_out(here: Path) -> None:
    _write(here, ".git/info/exclude", text="excluded.json\n")
    _write(here, ".gitignore", text="build/\n/top.json\n*.gen.json\n!keep.gen.json\n# a comment\n")
    _write(here, "p/.gitignore", text="*.yaml\n!excluded.json\ninner/\n")
    _write(here, "top.json", "p/top.json", "build/a.json", "p/build/b.json", "x.gen.json")
    _write(here, "keep.gen.json", "p/c.yaml", "c.yaml", "excluded.json", "p/excluded.json")
    _write(here, "p/inner/d.json", "inner/d.json")
    inside = ["p/excluded.json", "p/top.json"]
    assert _names(".") == ["c.yaml", "inner/d.json", "keep.gen.json", *inside]
    assert _names("p") == inside  # the files around the folder count, up to the repository
    assert _names("build") == ["build/a.json"]  # whoever names it wants it
    assert _names("p/build", "x.gen.json") == ["p/build/b.json", "x.gen.json"]


def test_files_around_the_repository_do_not_count(here: Path) -> None:
    _write(here, ".gitignore", text="*.json\n")
    _write(here, "r/.git/HEAD", "r/a.json", "s/b.json")
    assert _names("r") == ["r/a.json"]
    assert _names("s") == ["s/b.json"]  # without a repository only what is in the folder
    assert _refused(".") == [
        "there is no file `*.json`, `*.yaml`, `*.yml`, `*.template` in the folder `.`"
    ]


def test_what_is_inside_of_a_folder_is_not_the_folder(here: Path) -> None:
    _write(here, ".gitignore", text="a/**\n!x.json\n")
    _write(here, "a/x.json", "a/y.json", "a/b/x.json")
    assert _names(".") == ["a/x.json"]  # git says so, too


def test_a_line_that_is_no_pattern_is_passed_over(here: Path) -> None:
    (here / ".gitignore").write_bytes(b"!\n///\na.json\n\xff\n")
    _write(here, "a.json", "b.json")
    assert _names(".") == ["b.json"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("p/*.json", ["p/a.json"]),
        ("p/**/*.json", ["p/a.json", "p/q/b.json"]),
        ("**/b.json", ["p/q/b.json"]),
        ("p/*", ["p/a.json", "p/c.txt", "p/q/b.json"]),
        ("p/[ab].json", ["p/a.json"]),
        ("p/?.txt", ["p/c.txt"]),
        ("./p/q/*", ["p/q/b.json"]),
        ("x.*", ["x.[1].json"]),
        ("x.[1].json", ["x.[1].json"]),  # there is a file of this name
    ],
)
def test_a_pattern_that_no_shell_expanded(here: Path, pattern: str, names: list[str]) -> None:
    _write(here, "p/a.json", "p/q/b.json", "p/c.txt", "p/.h.json", "p/g/i.json", "x.[1].json")
    _write(here, ".gitignore", text="g/\n")
    _write(here, ".git/HEAD")
    assert _names(pattern) == names
    absolute = [os.path.normpath(here / name) for name in names]
    assert _names(str(here / pattern)) == absolute


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("p/*.jsn", "no file matches `p/*.jsn`"),
        ("nowhere/**", "no file matches `nowhere/**`"),
        ("a.json", "cannot read `a.json`: No such file or directory"),
        ("a\0b", "cannot read `a\0b`: embedded null byte"),
        (
            "/dev/null",
            "cannot read `/dev/null`: it is not a regular file, and a pipe is read as `-`",
        ),
        ("pipe", "cannot read `pipe`: it is not a regular file, and a pipe is read as `-`"),
        ("loop", "cannot read `loop`: Too many levels of symbolic links"),
        (
            "empty",
            "there is no file `*.json`, `*.yaml`, `*.yml`, `*.template` in the folder `empty`",
        ),
    ],
)
def test_what_leads_nowhere_is_an_error_and_the_rest_is_found(
    here: Path, path: str, message: str
) -> None:
    _write(here, "p/b.json")
    os.mkfifo(here / "pipe")
    (here / "loop").symlink_to("loop")
    (here / "empty").mkdir()
    found = find_files([path, "p"])
    assert [error.message for error in found.errors] == [message]
    assert [file.name for file in found.files] == ["p/b.json"]


def test_links_lead_neither_out_of_a_folder_nor_in_circles(here: Path) -> None:
    _write(here, "out/secret.json", "p/a.json", "p/q/b.json")
    (here / "p" / "x.json").symlink_to(here / "out" / "secret.json")
    (here / "p" / "up").symlink_to("..")
    (here / "p" / "q" / "self").symlink_to(".")
    (here / "p" / "loop.json").symlink_to("loop.json")
    (here / "p" / "q" / "c.json").symlink_to("../d.json")  # which is nowhere
    os.mkfifo(here / "p" / "pipe.json")
    assert _names("p") == ["p/a.json", "p/q/b.json"]
    assert _names("p/x.json") == ["p/x.json"]
    (here / "link").symlink_to("p")
    assert _names("link") == ["link/a.json", "link/q/b.json"]


def _assembly(here: Path, folder: str, artifacts: object) -> None:
    _write(
        here, f"{folder}/manifest.json", text=json.dumps({"version": "1", "artifacts": artifacts})
    )


def test_of_what_the_cdk_wrote_the_templates_are_read(here: Path) -> None:
    stack = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "One.template.json"},
    }
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    two = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Two.template.json"}}
    bad = {"properties": {"templateFile": "../secret.json", "directoryName": ".."}}
    gone = {"properties": {"templateFile": "gone.json", "directoryName": 7}}
    _assembly(here, "cdk.out", {"P": stage, "One": stack, "B": bad, "G": gone, "T": {}, "U": 1})
    _assembly(
        here, "cdk.out/assembly-Prod", {"Two": two, "P": {"properties": {"directoryName": "."}}}
    )
    _write(here, "secret.json", "cdk.out/tree.json", "cdk.out/One.template.json", "cdk.out/a.yaml")
    _write(here, "cdk.out/assembly-Prod/Two.template.json", "cdk.out/OneN.nested.template.json")
    templates = [
        "cdk.out/assembly-Prod/Two.template.json",
        "cdk.out/One.template.json",
        "cdk.out/OneN.nested.template.json",
    ]
    assert _names("cdk.out") == _names("cdk.out/manifest.json") == templates
    assert _names(".") == [*templates, "secret.json"]
    _write(here, ".gitignore", text="cdk.out\n")
    _write(here, ".git/HEAD")
    assert _names(".") == ["secret.json"]
    assert _names("cdk.out") == templates


@pytest.mark.parametrize("text", ["{}", '{"artifacts": []}', "not JSON", "[" * 100_000])
def test_another_manifest_is_a_file_like_any(here: Path, text: str) -> None:
    _write(here, "web/manifest.json", text=text)
    assert _names("web") == _names("web/manifest.json") == ["web/manifest.json"]


@pytest.mark.large
def test_work_grows_no_faster_than_the_files(here: Path) -> None:
    for number in range(100):
        _write(here, *(f"d{number}/{n}.json" for n in range(100)))
    _write(here, ".gitignore", text="".join(f"x{n}/\n*.y{n}\n" for n in range(30)))
    assert len(_names(".")) == 10_000
    assert calls(lambda: _names(".")) < 400 * 10_000
