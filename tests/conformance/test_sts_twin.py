"""The naive twin of the STS operations agrees with every case of ``fixtures/sts``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests import sts_oracle

FOLDER = Path(__file__).parents[2] / "fixtures" / "sts"
DENIALS = ("implicitDeny", "explicitDeny")


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.iamtest.json")):
        file = json.loads(path.read_text("utf-8"))
        topic = path.name.removesuffix(".iamtest.json")
        found += [pytest.param(file, t, id=f"{topic}::{t['name']}") for t in file["tests"]]
    return found


CASES = _cases()


@pytest.mark.parametrize(("file", "test"), CASES)
def test_case(file: dict[str, Any], test: dict[str, Any]) -> None:
    answer = sts_oracle.answer(file, test)
    outcomes = {answer["decision"], answer["error_code"]}
    if answer["decision"] in DENIALS or answer["error_code"] == "AccessDenied":
        outcomes.add("denied")
    assert test["expect"] in outcomes
    if "message" in test:
        assert answer["message"] == test["message"]
    if "because" in test:
        assert test["because"] in answer["layers"]
    for key, wanted in test.get("session", {}).items():
        given = answer["session"][key]
        if key == "transitive_tag_keys":
            assert sorted(given) == sorted(wanted)
        else:
            assert given == wanted, key


def test_names_are_given_once_and_begin_with_rules() -> None:
    ids = [case.id for case in CASES]
    assert len(set(ids)) == len(ids)
    rules = ("STS-", "CTX-", "ERR-", "EVAL-", "CND-", "PRN-", "SUR-", "TRU-", "V")
    assert [i for i in ids if not i.split("::")[1].startswith(rules)] == []
