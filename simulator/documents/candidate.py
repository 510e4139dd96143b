"""A value in a file that is a policy, or looks like one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.documents.functions import function_of
from simulator.policy.model import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

_STATEMENT: Final = "statement"
_WORDS: Final = frozenset({"effect", "action", "notaction", "resource", "notresource"})


class Form(StrEnum):
    """What stands there: a policy, only the statements of one, or the arguments of a data source.

    The data source is Terraform's `aws_iam_policy_document`.
    """

    POLICY = "policy"
    STATEMENTS = "statements"
    ARGUMENTS = "arguments"


class Candidate(NamedTuple):
    """Where a policy may stand, what people call the place, and what it would be there.

    One that is `sure` is in a place for a policy and nothing else.
    """

    path: Path
    name: str
    kind: PolicyKind | None = None
    sure: bool = False
    form: Form = Form.POLICY


def is_policy(value: JsonValue) -> bool:
    """Whether a value is a policy of IAM's language, be it right or wrong.

    Other languages have statements too: those of web ACLs, of data protection, of Cedar.
    """
    if not isinstance(value, dict):
        return False
    found = next((each for key, each in value.items() if key.casefold() == _STATEMENT), None)
    if found is None:
        return False
    statements = tuple(_statements(found))
    if not statements:
        return value.get("Version") in VERSIONS
    return any(key.casefold() in _WORDS for statement in statements for key in statement)


def _statements(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and function_of(each) is None:
            yield each


def may_be_policy(text: str) -> bool:
    """Whether a text can be the JSON of a policy, as far as a glance tells."""
    return text.lstrip()[:1] == "{" and _STATEMENT in text.casefold()


def written(path: Path) -> str:
    """Return a path as people write it: `Policies[0].PolicyDocument`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
