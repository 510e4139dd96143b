"""`iamsim test`: files found, run and told; exit statuses; whatever stands in them, no crash."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Result, run

FIXTURES = Path(__file__).parents[2] / "fixtures" / "test-files"
COMPANY = FIXTURES / "company.iamtest.yaml"
FAILING = FIXTURES / "failing.iamtest.yaml"
CALLS = FIXTURES / "calls.iamtest.yaml"
GOOD: dict[str, Any] = {
    "accounts": {"111111111111": {"users": {"alice": {"policies": ["FullAWSAccess"]}}}},
    "tests": [
        {
            "name": "alice may do anything",
            "caller": "arn:aws:iam::111111111111:user/alice",
            "action": "iam:ListUsers",
            "expect": "allowed",
        }
    ],
}


def _json(*paths: str | Path) -> tuple[int, dict[str, Any]]:
    result = run("test", *map(str, paths), "--format", "json")
    value: dict[str, Any] = json.loads(result.out)
    return result.status, value


def _write(name: str, value: object = GOOD) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    Path(name).write_bytes(data)
    return name


def test_all_passed() -> None:
    status, value = _json(COMPANY)
    assert status == 0
    assert (value["passed"], value["failed"], value["errors"]) == (14, 0, 0)
    assert {test["outcome"] for test in value["tests"]} == {"passed"}


def test_failures() -> None:
    status, value = _json(FAILING)
    assert status == 1
    assert (value["passed"], value["failed"], value["errors"]) == (0, 5, 0)
    first = value["tests"][0]
    assert first["id"] == f"{FAILING}::alice gets in with her keys alone"
    assert (first["expected"], first["decision"]) == ("allowed", "implicitDeny")
    assert [cause["code"] for cause in first["causes"]] == ["IAM312"]
    assert first["fixes"] == [{"title": "pass an MFA code with the call", "access": "unchanged"}]


def test_chain_token_and_assertion() -> None:
    status, value = _json(CALLS)
    assert (status, value["passed"]) == (0, 3)
    (note,) = value["tests"][0]["notes"]
    assert note.startswith("hop 2 of 2 is AssumeRole by `arn:aws:sts::222222222222:assumed-role/")


def test_query() -> None:
    result = run("test", str(FAILING), "--query", "tests[*].decision")
    assert result.status == 1
    assert json.loads(result.out)[:2] == ["implicitDeny", "allowed"]
    assert run("test", str(COMPANY), "--query", "[").status == 2


def test_folder() -> None:
    result = run("test", str(FIXTURES))
    assert result.status == 1
    assert result.out.endswith("\n17 passed, 5 failed, 0 errors\n")


def test_text_of_a_failure() -> None:
    text = run("test", str(FAILING)).out
    trust = FIXTURES / "policies" / "deploy-trust.json"
    assert text.startswith(
        f"FAIL  {FAILING}::alice gets in with her keys alone\n"
        "      expected allowed, decided implicitDeny\n"
        "      cause[IAM312]: the trust policy requires MFA, and the caller has none\n"
        f"        at {trust}:9:62: `aws:MultiFactorAuthPresent` is not in the request\n"
        "      fix (access unchanged): pass an MFA code with the call\n"
    )


def test_unusable_file_among_others() -> None:
    _write("t/a.iamtest.json", b"{")
    _write("t/b.iamtest.json")
    status, value = _json("t", "none")
    assert status == 2
    assert [(test["id"], test["outcome"]) for test in value["tests"]] == [
        ("t/a.iamtest.json", "error"),
        ("t/b.iamtest.json::alice may do anything", "passed"),
        ("none", "error"),
    ]


@pytest.mark.parametrize("form", [(), ("--format", "json")])
def test_no_test_file(form: tuple[str, ...]) -> None:
    Path("empty").mkdir()
    result = run("test", "empty", *form)
    assert result.status == 2
    assert result.err == "error: there is no test file in what was given\n"
    if form:
        counts = {"passed": 0, "failed": 0, "errors": 0}
        assert json.loads(result.out) == {**counts, "tests": [], "warnings": []}


def test_no_path() -> None:
    result = run("test")
    assert result.status == 2
    assert "Missing argument 'PATH...'" in result.err


def test_standard_input() -> None:
    result = run("test", "-", stdin=json.dumps(GOOD).encode())
    assert (result.status, result.out.splitlines()[0]) == (0, "pass  -::alice may do anything")


def test_oddities_of_policies_go_to_standard_error() -> None:
    odd = {"Version": "2012-10-17", "Statement": []}
    value = json.loads(json.dumps(GOOD))
    value["accounts"]["111111111111"]["users"]["alice"]["policies"] += ["odd.json"]
    _write("odd.json", b"\xef\xbb\xbf" + json.dumps(odd).encode())
    result = run("test", _write("t.json", value))
    assert result.status in {0, 2}
    assert "odd.json" in result.err + result.out


def _doubtful() -> str:
    at = {"DateGreaterThan": {"aws:CurrentTime": "2026/01/01"}}
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": at}
    _write("deny.json", {"Version": "2012-10-17", "Statement": [deny]})
    value = json.loads(json.dumps(GOOD))
    value["accounts"]["111111111111"]["users"]["alice"]["policies"] += ["deny.json"]
    value["tests"][0]["context"] = {"aws:CurrentTime": "2026-11-24T12:00:00Z"}
    value["tests"].append({**value["tests"][0], "name": "again"})
    return _write("t.json", value)


def test_warnings_and_doubts() -> None:
    result = run("test", _doubtful())
    assert result.status == 0
    assert result.err.count("warning[IAM128]") == 1
    assert result.out.count("note: the answer turns on DATE-FORM") == 2
    status, value = _json("t.json")
    assert (status, [warning["code"] for warning in value["warnings"]]) == (0, ["IAM128"])
    assert [test["doubts"] for test in value["tests"]] == [["DATE-FORM"]] * 2


def test_strict() -> None:
    result = run("test", "--strict", _doubtful())
    assert result.status == 1
    assert "expected allowed, decided undecided\n      open[IAM907]" in result.out


def test_trace() -> None:
    value = json.loads(json.dumps(GOOD))
    value["tests"][0]["expect"] = "denied"
    result = run("test", "--trace", _write("t.json", value))
    assert result.status == 1
    assert "allowed by the identity-based policy at FullAWSAccess:" in result.out
    assert "      trace of iam:ListUsers on *" in result.out


def _hostile() -> list[tuple[str, bytes]]:
    laughs = b"a0: &a0 [x, x]\n" + b"".join(
        b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)
    )
    return [
        ("billion laughs", laughs),
        ("deep", b"[" * 200_000),
        ("deep json", b'{"tests":' + b"[" * 200_000),
        ("python object", b"tests: !!python/object/apply:os.system ['touch hacked']"),
        ("NUL", b"tests:\0"),
        ("escape", b"tests: \x1b[2J"),
        ("tab", b"tests:\n\t- name: x\n"),
        ("huge", b"#" * 5_000_000),
        ("no utf-8", b"tests: \xff\xfe\xfa"),
        ("utf-16", "tests: []".encode("utf-16")),
        ("empty", b""),
        ("many names", b"tests:\n" + b"- {name: a, expect: b}\n" * 2000),
        ("keys", b"{" + b", ".join(b"k%d: 1" % n for n in range(20_000)) + b"}"),
    ]


@pytest.mark.parametrize(
    "data", [data for _, data in _hostile()], ids=[name for name, _ in _hostile()]
)
@pytest.mark.parametrize("name", ["t.yaml", "t.json"])
def test_hostile(name: str, data: bytes) -> None:
    result = run("test", _write(name, data))
    assert result.status == 2
    assert result.out.startswith(f"ERROR {name}\n")
    assert "\x1b" not in result.out
    assert len(result.out) < 10_000
    assert not Path("hacked").exists()


def test_place_of_a_mistake() -> None:
    text = b"accounts: {}\ntests:\n  - name: a\n    expects: allowed\n"
    result = run("test", _write("t.yaml", text))
    assert "error[IAM812]: unknown key `expects`: did you mean `expect`?" in result.out
    assert "  at t.yaml:4:5\n" in result.out


IMPORTED = """
import sys
from simulator.cli.main import main
sys.argv = ["iamsim", "test", "t.json"]
try:
    main()
finally:
    print([name for name in ("lark", "yaml", "moto", "boto3") if name in sys.modules])
"""


def test_nothing_heavy_is_imported_for_clean_json() -> None:
    _write("t.json")
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.stdout.splitlines()[-2:] == ["1 passed, 0 failed, 0 errors", "[]"]


def test_help_shows_an_example() -> None:
    result: Result = run("test", "--help")
    assert result.status == 0
    assert "iamsim test policies/" in result.out
