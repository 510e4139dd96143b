"""Patterns and formats of ARNs: whether some text has the form of both, on all small ones."""

from __future__ import annotations

import re
from itertools import product

import pytest

from simulator.catalog.formats import fits_format

TEXTS = ["".join(word) for n in range(6) for word in product("ab/", repeat=n)]
PATTERNS = ["".join(word) for n in range(5) for word in product("ab/*?", repeat=n)]


def fits(pattern: str, field: str) -> bool:
    """Return whether they meet, as the sixth field of ARNs."""
    return fits_format(f"arn:aws:s3:::{pattern}", f"arn:${{Partition}}:s3:::{field}")


def of_pattern(pattern: str) -> re.Pattern[str]:
    """Return what a pattern means."""
    return re.compile("".join({"*": ".*", "?": "."}.get(c, c) for c in pattern))


@pytest.mark.parametrize(
    ("field", "meaning"),
    [
        ("${X}", ".+"),
        ("${BucketName}", "[^/]+"),
        ("a${X}", "a.+"),
        ("${X}/${Y}", ".+/.+"),
        ("${BucketName}/${X}", "[^/]+/.+"),
        ("a/${X}b", "a/.+b"),
        ("${X}${Y}", ".+.+"),
        ("{X}", ".+"),
        ("*", ".*"),
        ("a/*b", "a/.*b"),
        ("", ""),
        ("ab", "ab"),
    ],
)
def test_all_small_patterns(field: str, meaning: str) -> None:
    texts = [text for text in TEXTS if re.fullmatch(meaning, text)]
    for pattern in PATTERNS:
        expected = any(of_pattern(pattern).fullmatch(text) for text in texts)
        assert fits(pattern, field) is expected, (pattern, field)


def test_the_first_five_fields_are_each_for_itself() -> None:
    format_ = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"
    assert fits_format("arn:aws:sqs:*:*:q", format_)
    assert fits_format("arn:aws:sqs:*", format_)  # RES-6
    assert not fits_format("arn:aws:sqs::111111111111:q", format_)  # a queue is in a region
    assert not fits_format("arn:aws:*:q", "arn:${Partition}:sqs:x:y:z")


def test_the_sixth_field_has_the_rest() -> None:
    format_ = "arn:${Partition}:logs:${Region}:${Account}:log-group:${Name}:log-stream:${Stream}"
    assert fits_format("arn:aws:logs:*:*:log-group:a:log-stream:b", format_)
    assert fits_format("arn:aws:logs:*:*:*", format_)
    assert not fits_format("arn:aws:logs:*:*:log-group:a", format_)


def test_a_variable_stands_for_anything() -> None:
    assert fits("${aws:PrincipalTag/team}/x", "${BucketName}/${ObjectName}")
    assert fits("${aws:username}", "ab")
    assert not fits("${aws:username}x", "ab")


def test_a_long_pattern_ends() -> None:
    assert fits("*?" * 50_000, "${BucketName}/${ObjectName}")
    assert not fits("a" * 100_000, "b${X}")
