"""The formats of the ARNs of a service's resources, whatever actions are done to them.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html#resources_table
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, TypedDict

from simulator.catalog.actions import is_service
from simulator.catalog.data import load
from simulator.catalog.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_FIELDS: Final = 6
_PLACEHOLDER: Final = re.compile(r"\$?\{[^}]*\}|\*")
_LITERAL: Final = re.compile(r"[^/:*?${]*")

# Resources that AWS's other documentation has: those that belong to AWS and so to no account, what
# has the word of another service, and API Gateway's, whose paths are all written alike.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/security_iam_service-with-iam.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-serverless.html
# https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-create-and-manage-api.html
_UNLISTED: Final[Mapping[str, tuple[str, ...]]] = {
    "apigateway": ("arn:${Partition}:apigateway:${Region}::${Path}",),
    "backup": ("arn:${Partition}:backup:${Region}:${Account}:recovery-point:${RecoveryPointId}",),
    "cloudformation": (
        "arn:${Partition}:cloudformation:${Region}:aws:transform/${Name}",
        "arn:${Partition}:cloudformation:${Region}:${Account}:transform/${Name}",
    ),
    "iam": ("arn:${Partition}:iam::${Account}:root",),
    "resource-explorer-2": ("arn:${Partition}:resource-explorer-2:${Region}::view/${Name}",),
    "ssm": (
        "arn:${Partition}:ssm:${Region}::automation-definition/${Name}",
        "arn:${Partition}:ssm:${Region}::document/${Name}",
        "arn:${Partition}:ssm:${Region}::parameter/${Name}",
    ),
}


class _RawType(TypedDict):
    arn: str


def arn_formats(word: str, prefixes: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the formats of the ARNs with a word in the place of the service.

    They are those of the service with this prefix, and of further services: a few have ARNs that
    begin with the word of another one.
    """
    names = dict.fromkeys((word, *map(fold, prefixes)))
    if len(names) == 1:
        return _formats(word).get(word, ()) if is_service(word) else ()
    found = (_formats(name).get(word, ()) for name in names if is_service(name))
    return tuple(dict.fromkeys(format_ for formats in found for format_ in formats))


@lru_cache(maxsize=512)
def quick_test(formats: tuple[str, ...]) -> Callable[[str], object]:
    """Return a test that holds only for what fits one of some formats, and for most that does.

    A pattern of a policy also names what is called just as the pattern is written.
    """
    fields = [each.split(":", _FIELDS - 1) for each in formats]
    # With two places that can be anything a regular expression might go back and forth.
    plain = [each for each in fields if len(_PLACEHOLDER.findall(each[5])) <= 1]
    return re.compile("|".join(map(_expression, plain)), re.DOTALL).fullmatch


def _expression(fields: list[str]) -> str:
    *heads, tail = fields
    return ":".join((*(_replaced(each, "[^:]+") for each in heads), _replaced(tail, ".+")))


def _replaced(field: str, anything: str) -> str:
    return anything.join(map(re.escape, _PLACEHOLDER.split(field)))


def head(resource: str) -> str:
    """Return the literal word with which the last part of an ARN, or of its format, begins."""
    found = _LITERAL.match(resource)
    return found[0] if found else ""


@cache
def arn_words(prefix: str) -> frozenset[str]:
    """Return the words that stand in the place of the service in the ARNs of a service."""
    return frozenset(_formats(fold(prefix))) if is_service(prefix) else frozenset()


@cache
def _formats(prefix: str) -> dict[str, tuple[str, ...]]:
    """Return the formats that the list of a service has, by the word for the service in them."""

    def build(raw: dict[str, _RawType]) -> dict[str, tuple[str, ...]]:
        by_word: dict[str, list[str]] = {}
        for format_ in (*(each["arn"] for each in raw.values()), *_UNLISTED.get(prefix, ())):
            fields = format_.split(":", _FIELDS - 1)
            if len(fields) == _FIELDS:
                by_word.setdefault(fields[2], []).append(format_)
        return {word: tuple(formats) for word, formats in by_word.items()}

    return load(f"resourceTypes/{prefix}.json", build)
