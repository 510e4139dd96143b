"""Formats of ARNs by the word that stands in the place of the service."""

from __future__ import annotations

import pytest

from simulator.catalog.formats import fits_format
from simulator.catalog.resource_types import arn_formats, arn_words, head, quick_test


def test_formats_of_a_service() -> None:
    formats = arn_formats("sqs")
    assert formats
    assert all(each.split(":")[2] == "sqs" for each in formats)
    assert arn_formats("no-such-service") == ()


def test_a_word_that_is_no_prefix() -> None:
    assert arn_formats("catalog") == ()
    assert any(":product/" in each for each in arn_formats("catalog", ["ServiceCatalog"]))


def test_each_format_once() -> None:
    assert arn_formats("sqs", ["sqs", "SQS"]) == arn_formats("sqs")


def test_what_the_list_of_a_service_lacks() -> None:
    assert "arn:${Partition}:ssm:${Region}::document/${Name}" in arn_formats("ssm")


def test_words_of_a_service() -> None:
    assert {"iam", "sts"} <= arn_words("sts")
    assert arn_words("s3") == arn_words("S3")
    assert arn_words("no-such-service") == frozenset()


@pytest.mark.parametrize(
    ("resource", "word"),
    [("role/x", "role"), ("function:x", "function"), ("${Name}", ""), ("*", ""), ("/a", "")],
)
def test_head(resource: str, word: str) -> None:
    assert head(resource) == word


@pytest.mark.parametrize("service", ["s3", "ec2", "iam", "lambda", "logs", "sqs", "ssm", "states"])
def test_what_passes_the_quick_test_fits(service: str) -> None:
    formats = arn_formats(service)
    passes = quick_test(formats)
    tails = (
        "role/x",
        "*",
        "b",
        "b/*",
        "function:f",
        "stateMachine:*",
        "document/AWS-*",
        "instance/i-1",
        "log-group:x",
    )
    passed = 0
    for head_ in (":::", ":*:*:", "::*:", ":*::", ":eu-west-1:111111111111:"):
        for tail in tails:
            arn = f"arn:aws:{service}{head_}{tail}"
            if passes(arn):
                passed += 1
                assert any(fits_format(arn, each) for each in formats)
    assert passed
