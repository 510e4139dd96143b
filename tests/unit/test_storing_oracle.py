"""The naive twin of what AWS stores: on the cases of `fixtures/storing` and on recordings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.ground_truth import recorded
from tests.storing_oracle import KINDS, answer

Case = dict[str, Any]

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "fixtures" / "storing"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
# Accounts of 2019 of stored policies, whose Sid AWS's text of 2021 forbids.
UNDERSCORES = {"moto-createpolicy-valid-039", "moto-createpolicy-valid-040"}


def test_each_case_is_whole() -> None:
    rules = set(re.findall(r"\b[A-Z]+-\d+\b", (ROOT / "docs/reference/semantics.md").read_text()))
    for topic, file in FILES.items():
        assert file["topic"] == topic
        ids = [case["id"] for case in file["cases"]]
        assert len(ids) == len(set(ids))
        for case in file["cases"]:
            assert ("text" in case) != ("document" in case)
            assert set(case["rules"]) <= rules
            assert case["rules"]
            assert case["source"]
            assert case["kind"] in KINDS


def test_what_is_recorded_has_words() -> None:
    cases = [case for file in FILES.values() for case in file["cases"]]
    refused = [case["expected"] for case in cases if case["expected"] != "stored"]
    assert len(refused) >= 400
    assert len(cases) - len(refused) >= 250
    assert not [error for error in refused if error["recorded"] and "message" not in error]


def _recorded() -> list[Any]:
    files = {
        "identity": "identity_document_validation.json",
        "trust": "trust_document_validation_localstack.json",
    }
    return [
        pytest.param(kind, case, id=case["id"])
        for kind, file in files.items()
        for case in recorded.read_cases(file)
        if case["id"] not in UNDERSCORES
    ]


@recorded.NEEDED
@pytest.mark.parametrize(("kind", "case"), _recorded())
def test_recorded_answer(kind: str, case: Case) -> None:
    expected = case["expected"]
    stored = expected["decision"] == "accepted"
    refusal = None if stored else (expected["error_code"], expected["error_message"])
    for text in recorded.texts(case, kind):
        assert answer(kind, text) == refusal


@recorded.NEEDED
def test_stored_policies_are_stored() -> None:
    """What AWS returned is stored, but for AWS's own policies that are longer than ours may be."""
    kinds = {"aws_managed": "identity", "trust": "trust", "session": "session"}
    seen, refused = 0, []
    for case in recorded.read_corpus():
        if case["evidence"] == "A" and case["valid"] and case["kind"] in kinds:
            seen += 1
            found = answer(kinds[case["kind"]], case["text"])
            if found is not None and found[0] != "LimitExceeded":
                refused.append((case["id"], found))
    assert seen > 400
    # AWS's own policy for roles that are made from templates, a path that the text does not list.
    assert [words[:17] for _, (_, words) in refused] == ["IAM resource path"] * len(refused)
    assert len(refused) <= 1
