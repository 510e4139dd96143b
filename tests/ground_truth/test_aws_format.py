"""`iamsim simulate --format aws` prints what AWS's own simulator was recorded to print.

Each recording is asked on the command line: decision, statements with their places, missing keys.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import run
from tests.ground_truth.recorded import NEEDED, Case, is_published, read_cases, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = NEEDED
SOMEBODY = "arn:aws:iam::123456789012:user/alice"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def recordings() -> Iterator[Any]:
    """Yield the recordings of AWS's simulator, marked where they do not show a policy."""
    for case in read_cases("simulation_localstack.json", "simulation_and_denied_recordings.json"):
        if case["kind"] == "simulation":
            hidden = pytest.mark.skip(reason="a policy was not published")
            yield pytest.param(case, id=case["id"], marks=[] if is_published(case) else [hidden])


def caller(case: Case) -> str:
    """Return who calls: of a role a session, of a group a user, and somebody where nobody is."""
    principal = str(case["principal"] or SOMEBODY)
    role = re.fullmatch(r"arn:aws:iam::(\d+):role/(\w+)", principal)
    if role:
        return f"arn:aws:sts::{role[1]}:assumed-role/{role[2]}/s"
    return principal.replace(":group/", ":user/")


def answer(case: Case) -> dict[str, Any]:
    """Return the one result of a recording's question."""
    who = caller(case)
    options = ["--as", who, "--action", case["action"], "--resource", case["resource"] or "*"]
    # AWS's simulator asks nothing of a resource without a policy: it is taken to be the caller's
    options += ["--resource-account", who.split(":")[4], "--format", "aws"]
    for layer, option in (("identity", "--policy"), ("permissions_boundary", "--boundary")):
        for number, text in enumerate(texts(case, layer)):
            Path(f"{layer}{number}.json").write_text(text, encoding="utf-8")
            options += [option, f"{layer}{number}.json"]
    entries = [
        {
            "ContextKeyName": key,
            "ContextKeyType": given["type"],
            "ContextKeyValues": given["values"],
        }
        for key, given in case["context"].items()
    ]
    if entries:
        Path("context.json").write_text(json.dumps(entries), encoding="utf-8")
        options += ["--context-file", "context.json"]
    result = run("simulate", *options)
    assert result.out, result.err
    (found,) = json.loads(result.out)["EvaluationResults"]
    assert result.status == (0 if found["EvalDecision"] == "allowed" else 1)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("case", list(recordings()))
def test_recording(case: Case) -> None:
    expected, found = case["expected"], answer(case)
    assert found["EvalDecision"] == expected["decision"]
    recorded = expected.get("result")
    if recorded is not None:
        assert comparable(found, recorded) == comparable(recorded, recorded)
    elif expected.get("positions") is not None:
        (statement,) = found["MatchedStatements"]
        assert {key: statement[key] for key in expected["positions"]} == expected["positions"]


def comparable(result: Any, recorded: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a result without the keys that a recording lacks, and without names it hides."""
    if isinstance(recorded, dict):
        assert recorded.keys() <= result.keys()
        names = {"SourcePolicyId", "EvalResourceName"}  # of a managed policy, or hidden
        return {k: comparable(result[k], v) for k, v in recorded.items() if k not in names}
    if isinstance(recorded, list):
        assert len(result) == len(recorded)
        return [comparable(*pair) for pair in zip(result, recorded, strict=True)]
    return result
