"""Condition tests that hold for more or fewer requests than they seem to.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.keys import MULTIVALUED
from simulator.diagnostic import Access
from simulator.policy import codes
from simulator.policy.condition_edits import rename_operator
from simulator.policy.lint.keys import check_key, check_variables, is_of_one_value, key_of
from simulator.policy.lint.values import check_values
from simulator.policy.model import Effect, Quantifier
from simulator.policy.vocabulary import OPERATOR_NAMES

if TYPE_CHECKING:
    from simulator.policy.findings import Findings
    from simulator.policy.lint.keys import Key
    from simulator.policy.model import ConditionTest, Statement

_FAMILIES: Final = ("String", "Numeric", "Date", "Bool", "Binary", "Ip", "Arn", "Null")
_FAMILY: Final = {
    name: next(f for f in _FAMILIES if name.removeprefix("Not").startswith(f))
    for name in OPERATOR_NAMES
}
_HOLDS: Final = {
    "Bool": "true or false",
    "Numeric": "a number",
    "Date": "an instant",
    "IPAddress": "an IP address",
    "ARN": "an ARN",
    "String": "a text",
    "Binary": "bytes",
}
_FITTING: Final = {
    "Bool": "`Bool`",
    "Numeric": "`NumericEquals` and the like",
    "Date": "`DateLessThan` and the like",
    "IPAddress": "`IpAddress` or `NotIpAddress`",
    "ARN": "`ArnLike` and the like",
    "String": "`StringEquals` and the like",
    "Binary": "`BinaryEquals`",
}
# Those of texts compare any ARN too, and AWS's own examples have them do so.
_FITS: Final = {
    ("ARN", "String"),
    *((type_, type_) for type_ in _FITTING),
    ("IPAddress", "Ip"),
    ("ARN", "Arn"),
}


def check_conditions(findings: Findings, statement: Statement) -> None:
    """Tell of each test that does not compare what it seems to compare."""
    for test in statement.conditions:
        family = _FAMILY[test.operator]
        check_values(findings, statement, test, family)
        for index, text in enumerate(test.values.items):
            if "${" in text and family in {"String", "Arn", "Bool"}:
                check_variables(findings, statement, test.values.place(index), text)
        key = key_of(test.key, statement)
        if key is None:
            check_key(findings, test)
        elif family != "Null":
            _check_type(findings, test, key, family)
        if family != "Null":
            _check_quantifier(findings, statement, test, key)


def _check_type(findings: Findings, test: ConditionTest, key: Key, family: str) -> None:
    if (key.type, family) in _FITS or key.type not in _HOLDS or _is_exempt(test.key, family):
        return
    as_text = ", so it is compared as it is written" if family == "String" else ""
    findings.warn(  # CND-34
        codes.OTHER_TYPE,
        test.path,
        f"`{test.key}` holds {_HOLDS[key.type]}, which `{test.written}` is not made for",
        f"this holds {_HOLDS[key.type]}{as_text}",
        on_key=True,
        help=f"expected {_FITTING[key.type]}",
    )


def _is_exempt(key: str, family: str) -> bool:
    folded = key.lower()
    if folded == "aws:epochtime":
        return family == "Numeric"  # AWS says so of this one
    # Of what people put into tags nobody knows the type, and some lists call an ARN a text.
    return "/" in key or (family == "Arn" and folded.endswith(("arn", "provider")))


def _check_quantifier(
    findings: Findings, statement: Statement, test: ConditionTest, key: Key | None
) -> None:
    if test.quantifier is None:
        if key is not None and key.several:
            _missing(findings, test)
    elif key is not None and not key.several:
        _needless(findings, statement, test)
    elif (
        test.quantifier is Quantifier.ALL
        and statement.effect is Effect.ALLOW
        and not _is_demanded(statement, test.key)
    ):
        _holds_without(findings, test)


def _missing(findings: Findings, test: ConditionTest) -> None:
    folded = test.key.lower()
    documented = folded in MULTIVALUED or folded.endswith(":amr")  # CND-40
    findings.warn(  # CND-41, MULTI-NOSET
        codes.NO_QUANTIFIER if documented else codes.QUANTIFIER,
        test.path[:-1],
        f"`{test.key}` has several values, and `{test.written}` compares one: it matches nothing",
        "a quantifier is missing here",
        on_key=True,
        help=f"`ForAnyValue:{test.written}` asks for one of them, `ForAllValues:` for each",
    )


def _needless(findings: Findings, statement: Statement, test: ConditionTest) -> None:
    without = test.written.partition(":")[2]
    lax = test.quantifier is Quantifier.ALL
    findings.warn(  # CND-43
        codes.QUANTIFIER,
        test.path[:-1],
        f"`{test.key}` has one value, so it needs no `{test.quantifier}`",
        "this also holds where the key is absent" if lax else "expected no quantifier",
        on_key=True,
        help=f"`{without}` compares one value",
        access=_without_quantifier(statement, test) if is_of_one_value(test.key) else None,
        edits=lambda: rename_operator(findings.document, test, without),
    )


def _without_quantifier(statement: Statement, test: ConditionTest) -> Access:
    """Return what it does to access to take the quantifier from a test of one value."""
    negated, allows = "Not" in test.operator, statement.effect is Effect.ALLOW
    if test.quantifier is Quantifier.ANY:
        if test.if_exists or not negated:
            return Access.UNCHANGED
        return Access.WIDENED if allows else Access.NARROWED  # CND-11, CND-15
    texts = test.values.items
    if negated and all(text.strip("*") and "${" not in text for text in texts):
        return Access.UNCHANGED
    # CND-14: it no longer holds for an empty text, and mostly not without the key
    return Access.NARROWED if allows else Access.WIDENED


def _is_demanded(statement: Statement, key: str) -> bool:
    folded = key.lower()
    if folded == "aws:tagkeys" and any(map(_needs_tag, statement.conditions)):
        return True  # CTX-17
    return any(  # CND-44
        other.operator == "Null"
        and other.key.lower() == folded
        and [text.lower() for text in other.values.items] == ["false"]
        for other in statement.conditions
    )


def _needs_tag(test: ConditionTest) -> bool:
    """Whether a test fails for each request in which no tag is passed."""
    is_positive = "Not" not in test.operator and test.operator != "Null"  # CND-10
    is_asked = test.key.lower().startswith("aws:requesttag/")
    return is_asked and is_positive and not test.if_exists and test.quantifier is None


def _holds_without(findings: Findings, test: ConditionTest) -> None:
    findings.warn(  # CND-14, CND-44
        codes.TOO_BROAD,
        test.path[:-1],
        f"`{test.written}` also holds for requests without `{test.key}`",
        "each of no values is among these",
        on_key=True,
        help=f'`"Null": {{"{test.key}": "false"}}` beside it demands that the key is there',
    )
