"""What AWS was recorded to store and to refuse is what we say it stores and refuses.

The recordings are other people's and no part of this project. The cases in which we answer
otherwise stand with their reasons in `docs/reference/disagreements.md`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from simulator.check.check import check
from simulator.diagnostic import DocumentError, Severity
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.source import Source
from simulator.storing.storing import refusal_of_text
from tests.ground_truth.recorded import NEEDED, Case, read_cases, read_corpus

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind
    from simulator.storing.refusal import Refusal

pytestmark = NEEDED
PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "disagreements.md"
SECTION: Final = PAGE.read_text(encoding="utf-8").partition("\n## What AWS stores\n")[2]
DISAGREEMENTS: Final = frozenset(re.findall(r"(?m)^\| `([\w-]+)` \|", SECTION))
KINDS: Final = {
    "identity": kinds.IDENTITY,
    "aws_managed": kinds.IDENTITY,
    "trust": kinds.TRUST,
    "session": kinds.SESSION,
    "resource": kinds.RESOURCE,
}
IDENTITY = read_cases("identity_document_validation.json")
TRUST = read_cases("trust_document_validation_localstack.json")
#: The texts of the policies of buckets, which were recorded without the policy.
BUCKET: Final = {
    "Missing required field Statement": "{}",
    "Policies must be valid JSON and the first byte must be '{'": "a random string",
}
#: What another project has under these families although it speaks of no document.
ELSEWHERE: Final = {"MalformedCertificate"}


def document_of(case: Case) -> str:
    """Return the document of a case as it was sent, or as it is told."""
    request = case["request"] or {}
    sent = [value for name, value in request.items() if name.endswith("Document")]
    layers = case["policies"]
    found = sent or layers["identity"] or layers["trust"]
    return found[0] if isinstance(found[0], str) else json.dumps(found[0])


def answers(case: Case, kind: PolicyKind) -> bool:
    """Whether our answer to the document of a case is AWS's: decision, code and text."""
    ours, expected = refusal_of_text(document_of(case), kind), case["expected"]
    if expected["decision"] == "accepted":
        return ours is None
    told = (expected["error_code"], expected["error_message"], expected["http_status"])
    return ours is not None and (ours.code, ours.message, ours.status) == told


def ids(cases: list[Case]) -> list[str]:
    return [case["id"] for case in cases]


@pytest.mark.parametrize("case", IDENTITY, ids=ids(IDENTITY))
def test_permission_policies(case: Case) -> None:
    assert answers(case, kinds.IDENTITY) is (case["id"] not in DISAGREEMENTS)


@pytest.mark.parametrize("case", TRUST, ids=ids(TRUST))
def test_trust_policies(case: Case) -> None:
    assert answers(case, kinds.TRUST) is (case["id"] not in DISAGREEMENTS)


def test_all_are_there() -> None:
    assert (len(IDENTITY), len(TRUST)) == (132, 83)
    assert {*ids(IDENTITY), *ids(TRUST)} >= DISAGREEMENTS
    disputed = [case for case in (*IDENTITY, *TRUST) if case["id"] in DISAGREEMENTS]
    assert all(case["evidence"] != "A" for case in disputed)


def test_texts_that_were_recorded_say_so() -> None:
    recorded = [case for case in IDENTITY if case["evidence"] == "A"]
    told = [refusal_of_text(document_of(case), kinds.IDENTITY) for case in recorded]
    assert all(refusal is None or refusal.recorded for refusal in told)


def told_by_us() -> set[tuple[str, str]]:
    """Return the codes and texts that we answer to all documents that are told of."""
    found: list[Refusal | None] = [
        refusal_of_text(document_of(c), kinds.IDENTITY) for c in IDENTITY
    ]
    found += [refusal_of_text(document_of(case), kinds.TRUST) for case in TRUST]
    found += [
        refusal_of_text(entry["text"], KINDS[entry["kind"]])
        for entry in read_corpus()
        if entry["valid"] is False and entry["kind"] in KINDS
    ]
    found += [refusal_of_text(text, kinds.RESOURCE, service="s3") for text in BUCKET.values()]
    return {(refusal.code, refusal.message) for refusal in found if refusal is not None}


def test_every_recorded_text_is_answered() -> None:
    families = {"malformed_identity", "malformed_trust", "malformed_other"}
    wanted = {
        (case["code"], case["message"])
        for case in read_cases("error_messages.json")
        if case["family"] in families and case["evidence"] == "A" and case["code"] not in ELSEWHERE
    }
    assert wanted - told_by_us() == set()
    assert len(wanted) > 20


def recorded_documents() -> list[Case]:
    """Return the documents of the corpus of which AWS's decision was recorded."""
    return [
        entry
        for entry in read_corpus()
        if entry["evidence"] == "A"
        and entry["valid"] is not None
        and "VisibilityConfig" not in entry["text"]  # rules of a firewall look alike
    ]


def test_documents_of_which_the_decision_was_recorded() -> None:
    entries = recorded_documents()
    other = [
        entry["id"]
        for entry in entries
        if (refusal_of_text(entry["text"], KINDS[entry["kind"]]) is None) is not entry["valid"]
    ]
    assert other == []
    assert len(entries) > 700


#: AWS's own policies may be longer than those of others.
TOO_LONG: Final = {"IAM139"}
#: What AWS was recorded to store, and is an error to us: see the page, "The form of a policy".
KNOWN_TO_US_ALONE: Final = ["pc-01324"]


def test_check_has_an_error_for_what_is_refused_and_none_for_what_is_stored() -> None:
    found = [(entry, errors(entry)) for entry in recorded_documents()]
    assert [entry["id"] for entry, codes in found if not entry["valid"] and not codes] == []
    about_form = [
        entry["id"]
        for entry, codes in found
        if entry["valid"] and any(code < "IAM6" for code in codes - TOO_LONG)
    ]
    assert about_form == KNOWN_TO_US_ALONE


def errors(entry: Case) -> set[str]:
    """Return the codes of the errors that are found in a document of the corpus."""
    try:
        document = unwrap(Source(entry["id"], entry["text"])).document
    except DocumentError as error:
        return {each.code for each in error.diagnostics}
    found = check(document, KINDS[entry["kind"]]).diagnostics
    return {each.code for each in found if each.severity is Severity.ERROR}
