"""Condition keys that AWS does not have, as keys of a condition and as variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.keys import KNOWN, MULTIVALUED
from simulator.policy import codes
from simulator.policy.lint.words import meant, only
from simulator.policy.variables import Variable, read_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement
    from simulator.syntax import Path


class Key(NamedTuple):
    """What a condition key holds, and whether it has several values."""

    type: str
    several: bool


# What the reference data need not be asked about: the keys of calls that assume a role.
_TYPES: Final = {
    "Bool": (
        "aws:multifactorauthpresent",
        "aws:principalisawsservice",
        "aws:securetransport",
        "aws:viaawsservice",
    ),
    "Numeric": ("aws:multifactorauthage",),
    "Date": ("aws:currenttime", "aws:epochtime", "aws:tokenissuetime"),
    "IPAddress": ("aws:sourceip", "aws:vpcsourceip"),
    "ARN": ("aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn"),
}
_TEXTS: Final = (name.lower() for name in KNOWN)
FAMILIAR: Final = {
    **{name: Key("String", name in MULTIVALUED) for name in _TEXTS},
    **{name: Key(type_, several=False) for type_, names in _TYPES.items() for name in names},
}
_OF_TAGS: Final = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/", "iam:resourcetag/")
_TAG: Final = Key("String", several=False)


def key_of(name: str, statement: Statement) -> Key | None:
    """Return what is known about a key in the requests that a statement is about, if anything."""
    folded = name.lower()  # CND-3
    if folded in FAMILIAR:
        return FAMILIAR[folded]
    if folded.startswith(_OF_TAGS) and not folded.endswith("/"):
        return _TAG
    from simulator.catalog.condition_keys import find_key  # noqa: PLC0415 - takes 8 ms

    for action in ("", *_services(statement)):
        found = find_key(name, action)
        if found is not None:
            return Key(found.type, found.multivalued)
    return None


def is_of_one_value(name: str) -> bool:
    """Whether AWS says that a key has one value: it may be that the reference data is mistaken."""
    folded = name.lower()
    if folded in FAMILIAR:
        return not FAMILIAR[folded].several
    return folded.startswith(_OF_TAGS)


def _services(statement: Statement) -> Iterator[str]:
    # A few services have keys with the prefix of another one.
    prefixes = (action.partition(":")[0].lower() for action in statement.actions.values.items[:50])
    return (f"{prefix}:" for prefix in dict.fromkeys(prefixes) if prefix != "*")


def check_key(findings: Findings, test: ConditionTest) -> None:
    """Tell that AWS does not have the key of a test, unless only its owner can know."""
    if _is_unknown(test.key):
        near = _nearest(findings, test.key)
        findings.warn(  # CND-6
            codes.UNKNOWN_NAME,
            test.path,
            f"AWS has no condition key `{test.key}`",
            "no request has this key",
            on_key=True,
            help=meant(near),
            replacement=only(near),
        )


def check_variables(findings: Findings, statement: Statement, place: Path, text: str) -> None:
    """Tell of the variables of a text that never have a value."""
    for part in read_template(text, wildcards=False, variables=statement.variables):
        if not isinstance(part, Variable):
            continue
        key = key_of(part.written, statement)
        if key is None and _is_unknown(part.written):
            findings.warn(  # VAR-5, VAR-6
                codes.UNKNOWN_NAME,
                place,
                f"AWS has no condition key `{part.written}`, so the variable has no value",
                "no request has this key",
                help=meant(_nearest(findings, part.written)),
            )
        elif key is not None and key.several:
            findings.warn(  # VAR-2, VAR-MULTI
                codes.VARIABLE_FORM,
                place,
                f"`{part.written}` has several values, so the variable has none",
                "only a key of one value can be a variable",
            )


def _is_unknown(name: str) -> bool:
    from simulator.catalog.condition_keys import is_known_key  # noqa: PLC0415 - likewise

    return is_known_key(name) is False


def _nearest(findings: Findings, name: str) -> tuple[str, ...]:
    if findings.is_full:
        return ()
    from simulator.catalog.condition_keys import nearest_keys  # noqa: PLC0415 - likewise

    return nearest_keys(name)
