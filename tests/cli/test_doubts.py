"""An answer says on which open questions it turns; `--strict` leaves them open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import run

if TYPE_CHECKING:
    from pathlib import Path

ALICE = "arn:aws:iam::111111111111:user/alice"
ROLE = "arn:aws:iam::111111111111:role/deploy"
ASSUME = ("assume", "--as", ALICE, "--role-arn", ROLE, "--trust", "trust.json")
SIMULATE = ("simulate", "--as", ALICE, "--action", "s3:ListAllMyBuckets", "--policy", "policy.json")


def document(value: object, **more: object) -> dict[str, object]:
    """Return a policy whose answer turns on what several values of `Bool` mean."""
    condition = {"Bool": {"aws:SecureTransport": value}}
    statement = {"Effect": "Allow", "Condition": condition, **more}
    return {"Version": "2012-10-17", "Statement": statement}


@pytest.fixture(params=["assume", "simulate"])
def asked(request: pytest.FixtureRequest, folder: Path) -> Any:  # noqa: ANN401 - a function
    """Return the answer of each of the commands as JSON, with some options."""

    def ask(*options: str, value: object = ("true", "false")) -> dict[str, Any]:
        trust = document(value, Principal={"AWS": ALICE}, Action="sts:AssumeRole")
        identity = document(value, Action="*", Resource="*")
        (folder / "trust.json").write_text(json.dumps(trust))
        (folder / "policy.json").write_text(json.dumps(identity))
        words = ASSUME if request.param == "assume" else SIMULATE
        result = run(*words, "--format", "json", *options)
        return {**json.loads(result.out), "status": result.status, "err": result.err}

    return ask


def test_it_is_told_and_the_default_counts(asked: Any) -> None:  # noqa: ANN401 - see above
    answer = asked()
    assert (answer["decision"], answer["status"]) == ("allowed", 0)
    assert answer["doubts"] == ["MULTI-BOOL"]
    (note,) = [note for note in answer["notes"] if "MULTI-BOOL" in note]
    assert note.startswith("the answer turns on MULTI-BOOL, which AWS's documentation leaves open")
    assert note in answer["err"].replace("note: ", "")


def test_strict_leaves_it_open(asked: Any) -> None:  # noqa: ANN401 - see above
    answer = asked("--strict")
    assert (answer["decision"], answer["status"]) == ("undecided", 1)
    assert answer["error"] is None
    assert [(cause["code"], cause["layer"]) for cause in answer["causes"]] == [("IAM907", "fact")]
    assert answer["doubts"] == ["MULTI-BOOL"]
    assert answer["fixes"] == []


@pytest.mark.parametrize("options", [(), ("--strict",)])
def test_where_nothing_is_open_nothing_is_told(asked: Any, options: tuple[str, ...]) -> None:  # noqa: ANN401
    answer = asked(*options, value="true")
    assert (answer["decision"], answer["doubts"]) == ("allowed", [])
    assert "leaves open" not in answer["err"]


@pytest.mark.parametrize(("options", "told"), [((), True), (("--strict",), False)])
def test_large_policies_are_not_searched_unasked(
    folder: Path,
    options: tuple[str, ...],
    told: bool,  # noqa: FBT001 - whether it is told
) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    other = [f"arn:aws:s3:::bucket-{number}" for number in range(6000)]
    others = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": other}
    document = {"Version": "2012-10-17", "Statement": [statement, others]}
    (folder / "policy.json").write_text(json.dumps(document))
    result = run(*SIMULATE, *options)
    assert result.status == 0
    assert ("too large to look unasked for open questions" in result.err) is told
