"""The parameters of AssumeRole and the constraints that STS holds them to.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from simulator.sts import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.sts.errors import AwsError


class Parameters(NamedTuple):
    """What the caller passes to AssumeRole; a parameter not passed is nothing.

    The duration is in seconds.
    """

    role_arn: str
    role_session_name: str | None = None
    duration_seconds: int | None = None
    external_id: str | None = None
    serial_number: str | None = None
    token_code: str | None = None
    source_identity: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tag_keys: tuple[str, ...] = ()


class _Text(NamedTuple):
    """The constraint on one text: its length and, as AWS writes it, its pattern."""

    member: str
    shortest: int
    longest: int
    pattern: str

    def fits(self, text: str) -> bool:
        """Whether a text has only the characters of the pattern."""
        if r"\p{" in self.pattern:  # Python's patterns know no Unicode categories
            return _is_tag_text(text)
        return re.fullmatch(self.pattern, text, re.ASCII) is not None


def _is_tag_text(text: str) -> bool:
    from unicodedata import category  # noqa: PLC0415 - few calls pass tags

    return all(c in "_.:/=+-@" or category(c)[0] in "LZN" for c in text)


_TAG_PATTERN = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]"
_TEXTS = {
    "role_arn": _Text(
        "roleArn", 20, 2048, r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF]+"
    ),
    "role_session_name": _Text("roleSessionName", 2, 64, r"[\w+=,.@-]*"),  # STS-21
    "external_id": _Text("externalId", 2, 1224, r"[\w+=,.@:\/-]*"),  # STS-27
    "serial_number": _Text("serialNumber", 9, 256, r"[\w+=/:,.@-]*"),  # STS-28
    "token_code": _Text("tokenCode", 6, 6, r"[\d]*"),  # STS-29
    "source_identity": _Text("sourceIdentity", 2, 64, r"[\w+=,.@-]*"),  # STS-30
}
_TAG_KEY = _Text("key", 1, 128, _TAG_PATTERN + "+")  # STS-25
_TAG_VALUE = _Text("value", 0, 256, _TAG_PATTERN + "*")
_MOST_TAGS = 50
_SHORTEST, _LONGEST = 900, 43200  # STS-22


def refusal(parameters: Parameters) -> AwsError | None:
    """Return the error with which STS refuses parameters, or nothing."""
    broken = tuple(_violations(parameters))
    if broken:
        return errors.validation_error(broken)
    if not _is_arn(parameters.role_arn):
        return errors.role_arn_invalid(parameters.role_arn)
    keys = [key.lower() for key, _ in parameters.tags]
    if len(keys) != len(set(keys)):
        return errors.TAG_KEYS_TWICE
    if any(key.lower() not in keys for key in parameters.transitive_tag_keys):
        return errors.TRANSITIVE_KEY_NOT_PASSED  # STS-26
    return None


def _is_arn(text: str) -> bool:
    parts = text.split(":", 5)  # ERR-20
    return len(parts) == 6 and parts[0] == "arn" and all((parts[1], parts[2], parts[5]))


def _violations(parameters: Parameters) -> Iterator[str]:
    for field, constraint in _TEXTS.items():
        text = getattr(parameters, field)
        if text is not None:
            yield from _text_violations(constraint.member, text, constraint)
    yield from _duration_violations(parameters.duration_seconds)
    yield from _tag_violations(parameters)


def _text_violations(member: str, text: str, constraint: _Text) -> Iterator[str]:
    if not constraint.fits(text):
        yield _violation(
            text, member, f"satisfy regular expression pattern: {constraint.pattern}"
        )  # ERR-21
    if len(text) > constraint.longest:
        yield _violation(text, member, f"have length less than or equal to {constraint.longest}")
    if len(text) < constraint.shortest:  # ERR-22
        yield _violation(
            text, member, f"have length greater than or equal to {constraint.shortest}"
        )


def _duration_violations(seconds: int | None) -> Iterator[str]:
    if seconds is not None and seconds > _LONGEST:  # ERR-23
        yield _violation(seconds, "durationSeconds", f"have value less than or equal to {_LONGEST}")
    if seconds is not None and seconds < _SHORTEST:
        yield _violation(
            seconds, "durationSeconds", f"have value greater than or equal to {_SHORTEST}"
        )


def _tag_violations(parameters: Parameters) -> Iterator[str]:
    for member, items in (
        ("tags", parameters.tags),
        ("transitiveTagKeys", parameters.transitive_tag_keys),
    ):
        if len(items) > _MOST_TAGS:
            shown = f"[{len(items)} members]"
            yield _violation(shown, member, f"have length less than or equal to {_MOST_TAGS}")
    for number, (key, value) in enumerate(parameters.tags, 1):
        yield from _text_violations(f"tags.{number}.member.key", key, _TAG_KEY)
        yield from _text_violations(f"tags.{number}.member.value", value, _TAG_VALUE)


def _violation(value: object, member: str, constraint: str) -> str:
    return f"Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
