"""Recorded errors of AWS are read: who, what and why of denials, and what the refusals mean."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator.incident.errors import incidents_in
from simulator.incident.proof import refusal_meaning
from tests.ground_truth.recorded import NEEDED, read_cases

pytestmark = NEEDED
FILE = "error_messages.json"
#: Families of errors whose sense is read, and how many at least; of others the code and the text.
WANTED = {"sts_denied": 1.0, "sts_validation": 0.96, "access_denied": 0.8}
_CALLER = re.compile(r"User:? (\S+) is not authorized")


def _read(case: dict[str, Any]) -> Any:  # noqa: ANN401 - an incident, or nothing
    operation = "AssumeRole" if case["family"].startswith("sts_") else "Do"
    head = f"An error occurred ({case['code'] or 'AccessDenied'}) when calling the {operation}"
    found = incidents_in(f"{head} operation: {case['message']}\n")
    return found[0] if found else None


def test_every_text_has_its_code_and_its_words() -> None:
    for case in read_cases(FILE):
        found = _read(case)
        assert found is not None, case["id"]
        assert found.code == (case["code"] or "AccessDenied")
        words = " ".join(case["message"].split())
        assert words in found.message or found.message in words, case["id"]


def test_every_denial_has_its_caller() -> None:
    for case in read_cases(FILE):
        told = _CALLER.search(case["message"])
        if told is not None:
            found = _read(case)
            assert (found.caller or "").strip("<>") == told[1].strip("<>"), case["id"]
            assert found.action


@pytest.mark.parametrize("family", WANTED)
def test_share_that_is_understood(family: str) -> None:
    cases = [case for case in read_cases(FILE) if case["family"] == family]
    understood = [case for case in cases if _is_understood(_read(case))]
    assert len(understood) / len(cases) >= WANTED[family]


def _is_understood(found: Any) -> bool:  # noqa: ANN401 - an incident
    if found.reason is not None or found.encoded is not None or refusal_meaning(found) is not None:
        return True
    return (
        found.action is not None and found.caller is not None
    ) or "Not authorized" in found.message
