"""How long policies are, and by which quota too long."""

from __future__ import annotations

import json
from typing import Final

import pytest

from simulator.policy import kinds
from simulator.policy.model import UNKNOWN, Attachment, Document
from simulator.source import Source
from simulator.storing.quotas import Excess, excess_of, size_of
from simulator.syntax import decode

LENGTH: Final = (
    "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have"
    " length less than or equal to 2048"
)
COMPACT: Final = '{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Allow"}]}'


def of_length(characters: int, blanks: str = "") -> str:
    """Return a document of so many characters, and some white space between them."""
    padding = "a" * (characters - len(COMPACT))
    return COMPACT.replace('""', f'"{padding}"', 1).replace(":", f":{blanks}", 1)


def document_of(
    text: str, attached: str | None = None, *unknown: tuple[str | int, ...]
) -> Document:
    source = Source("p.json", text)
    attachment = Attachment(attached) if attached else None
    return Document(source, (), decode(source), attachment, frozenset(unknown))


@pytest.mark.parametrize(
    ("text", "without", "with_"),
    [
        ("{}", 2, 2),
        (' { "a" : [ 1 ,\n\t"b  c" ] } \r\n', 16, 29),
        ('{"a \\" b": "\\\\"}', 15, 16),
        ('{"a": "\\" "}', 11, 12),
    ],
)
def test_size(text: str, without: int, with_: int) -> None:
    assert size_of(text, white_space=False) == without
    assert size_of(text, white_space=True) == with_ == len(text)


@pytest.mark.parametrize(
    ("kind", "attached", "most", "is_certain"),
    [
        (kinds.IDENTITY, None, 6_144, False),
        (kinds.IDENTITY, None, 10_240, False),
        (kinds.IDENTITY, "managed", 6_144, True),
        (kinds.IDENTITY, "role", 10_240, True),
        (kinds.IDENTITY, "group", 5_120, True),
        (kinds.IDENTITY, "user", 2_048, True),
        (kinds.BOUNDARY, None, 6_144, True),
        (kinds.TRUST, None, 2_048, False),
        (kinds.TRUST, None, 8_192, True),
    ],
)
def test_quota_without_white_space(
    kind: kinds.PolicyKind,
    attached: str | None,
    most: int,
    is_certain: bool,  # noqa: FBT001 - a row of the table
) -> None:
    fits = excess_of(document_of(of_length(most, "\n  " * 99), attached), kind)
    assert fits is None or fits.quota.most < most
    found = excess_of(document_of(of_length(most + 1, "\n  " * 99), attached), kind)
    assert found is not None
    assert (found.measured, found.quota.most, found.least) == (most + 1, most, False)
    assert (found.quota.way is None) is is_certain


@pytest.mark.parametrize(
    ("kind", "most"),
    [(kinds.SESSION, 2_048), (kinds.SCP, 10_240), (kinds.RCP, 5_120), (kinds.ENDPOINT, 20_480)],
)
def test_quota_with_white_space(kind: kinds.PolicyKind, most: int) -> None:
    assert excess_of(document_of(of_length(most - 9, " " * 9)), kind) is None
    found = excess_of(document_of(of_length(most - 9, " " * 10)), kind)
    assert found is not None
    assert (found.measured, found.quota.most, found.quota.way) == (most + 1, most, None)


@pytest.mark.parametrize(
    ("service", "most"), [("s3", 20_480), ("secretsmanager", 20_480), ("kms", 32_768)]
)
def test_quotas_of_services(service: str, most: int) -> None:
    assert excess_of(document_of(of_length(most)), kinds.RESOURCE, service) is None
    found = excess_of(document_of(of_length(most + 1)), kinds.RESOURCE, service)
    assert found is not None
    assert found.quota.most == most
    assert excess_of(document_of(of_length(most + 1)), kinds.RESOURCE) is None


def test_texts() -> None:
    told = {
        text.words
        for kind in kinds.BY_WORD.values()
        for attached in (None, "user")
        if (found := excess_of(document_of(of_length(99_999), attached), kind)) is not None
        and (text := found.quota.text) is not None
    }
    assert told == {
        "Cannot exceed quota for PolicySize: 6144",
        "Maximum policy size of 2048 bytes exceeded for user <name>",
        "Maximum policy size of 10240 bytes exceeded for role <name>",
        "Cannot exceed quota for ACLSizePerRole: 8192",
        LENGTH,
        "You have exceeded the maximum policy size.",
    }


def test_a_template_is_measured_by_what_is_known_of_it() -> None:
    path = ("Statement", 0, "Sid")
    whole = json.loads(of_length(2_100))
    whole["Statement"][0]["Sid"] = f"\u00e9{whole['Statement'][0]['Sid'][1:]}{UNKNOWN}"
    source = Source("t.json", json.dumps(whole, ensure_ascii=False))
    found = excess_of(Document(source, (), whole, None, frozenset({path})), kinds.TRUST)
    assert isinstance(found, Excess)
    assert (found.measured, found.least) == (2_100, True)
