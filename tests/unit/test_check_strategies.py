"""What hypothesis draws for checks is what it is said to be: the twin stores it, or refuses it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests import check_strategies as drawn
from tests.storing_oracle import answer

BASES: dict[str, dict[str, Any]] = {
    "identity": {"Action": "sqs:*", "Resource": "*"},
    "boundary": {"Action": "sqs:*", "Resource": "*"},
    "session": {"Action": "sqs:*", "Resource": "*"},
    "trust": {"Principal": {"AWS": drawn.ACCOUNT}, "Action": drawn.ASSUME},
    "resource": {"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::orders/*"},
    "scp": {"Action": "sqs:*", "Resource": "*"},
    "rcp": {"Principal": "*", "Action": "sqs:*", "Resource": "*"},
    "endpoint": {"Principal": "*", "Action": "s3:*", "Resource": "*"},
}


@given(st.data())
def test_documents_are_stored(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(drawn.KINDS))
    assert answer(kind, json.dumps(data.draw(drawn.documents(kind)))) is None


@given(drawn.tokens(tested=False))
def test_trust_without_tenancy_is_refused(statement: dict[str, Any]) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    assert answer("trust", text) is not None


@pytest.mark.parametrize(
    ("kind", "fault"), [(kind, fault) for kind, faults in drawn.FAULTS.items() for fault in faults]
)
def test_each_fault_alone_is_refused(kind: str, fault: drawn.Fault) -> None:
    statement = {"Effect": "Deny", **BASES[kind]}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    assert answer(kind, json.dumps(document)) is None
    assert answer(kind, json.dumps(drawn.spoil(document, fault))) is not None


@given(drawn.submissions())
def test_the_twin_answers_everything(submission: tuple[str, str]) -> None:
    found = answer(*submission)
    assert found is None or found[0]


@pytest.mark.parametrize("kind", drawn.KINDS)
def test_both_answers_are_drawn(kind: str) -> None:
    drawing = settings(phases=[Phase.generate])  # what is found need not be the simplest
    assert find(drawn.texts(kind), lambda text: answer(kind, text) is None, settings=drawing)
    assert find(drawn.texts(kind), lambda text: answer(kind, text) is not None, settings=drawing)
