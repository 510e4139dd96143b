"""What stays the same of a finding while the file around it changes."""

from __future__ import annotations

import json

import pytest

from simulator.check.fingerprint import fingerprints
from tests.reports import Json, checked, policy

UNKNOWN_NAME = "IAM129"
WRONG = {"Sid": "A", "Action": ["s3:GetObject", "s3:GetObjet"]}
OTHER = {"Sid": "B", "Resource": "arn:aws:s3:::b"}


def of(text: str, name: str = "") -> tuple[str, ...]:
    """Return the fingerprints of what is found in a text, of which there is something."""
    found = fingerprints(checked(text, name=name, only=UNKNOWN_NAME))
    assert found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "\n\n\n" + policy(WRONG),
        json.dumps(json.loads(policy(WRONG))),
        policy(OTHER, WRONG),
        policy(WRONG, OTHER),
        policy({**WRONG, "Action": ["s3:PutObject", "s3:GetObjet"]}),
        policy({**WRONG, "Action": ["s3:GetObjet", "s3:GetObject"]}),
        policy({**WRONG, "Resource": "arn:aws:s3:::b/*"}),
        policy({**WRONG, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
    ],
)
def test_what_does_not_change_it(text: str) -> None:
    assert of(text) == of(policy(WRONG))


@pytest.mark.parametrize(
    "statement",
    [
        {**WRONG, "Action": ["s3:GetObject", "s3:GettObject"]},
        {**WRONG, "Sid": "C"},
        {"Action": WRONG["Action"]},
        {"Sid": "A", "NotAction": WRONG["Action"]},
        {"Sid": "A", "Condition": {"StringEquals": {"aws:SourceIpp": "x"}}},
    ],
)
def test_what_is_another_finding(statement: Json) -> None:
    assert set(of(policy(statement))).isdisjoint(of(policy(WRONG)))


def test_the_document_of_a_file_with_several_counts() -> None:
    assert set(of(policy(WRONG), "Role")).isdisjoint(of(policy(WRONG), "Other"))


def test_the_file_does_not_count() -> None:
    one, other = (
        checked(policy(WRONG), file, only=UNKNOWN_NAME) for file in ("a.json", "b/a.json")
    )
    assert fingerprints(one) == fingerprints(other) != ()


@pytest.mark.parametrize(
    "statements",
    [
        [{"Action": ["s3:GetObjet", "s3:PutObjet"]}],
        [{"Action": ["s3:GetObjet", "s3:GetObjet"]}],
        [{"Action": "s3:GetObjet"}, {"Action": "s3:GetObjet"}],
        [{"Sid": "A", "Action": "s3:GetObjet"}, {"Sid": "B", "Action": "s3:GetObjet"}],
    ],
)
def test_two_findings_of_one_code_are_two(statements: list[Json]) -> None:
    found = of(policy(*statements))
    assert len(found) == len(set(found)) == 2


def test_a_new_finding_leaves_the_others_as_they_are() -> None:
    before = of(policy({**WRONG, "Action": ["s3:GetObjet", "s3:PutObjet"]}))
    after = of(policy({**WRONG, "Action": ["s3:DeletObject", "s3:GetObjet", "s3:PutObjet"]}))
    assert set(before) < set(after)


def test_a_finding_about_the_whole_document_has_one_too() -> None:
    found = fingerprints(checked(json.dumps({"Statement": [], "Id": 1})))
    assert len(set(found)) == len(found) > 1


def test_in_what_the_aws_cli_printed_it_is_the_same() -> None:
    wrapped = json.dumps({"PolicyVersion": {"Document": json.loads(policy(WRONG))}})
    assert of(wrapped) == of(policy(WRONG))


def test_it_is_the_same_in_each_run() -> None:
    assert of(policy(WRONG)) == ("82ad8a36bc966b3b4f3d2a6772c07343",)
