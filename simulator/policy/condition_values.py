"""The keys and values of a condition test: what AWS refuses, and what holds for nothing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.policy import codes
from simulator.policy.model import Quantifier
from simulator.policy.variables import leftovers

if TYPE_CHECKING:
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest
    from simulator.syntax import Path

_SINGLE: Final = frozenset({"Bool", "Null"})
_TAGS: Final = frozenset(
    {"aws:principaltag", "aws:requesttag", "aws:resourcetag", "iam:resourcetag"}
)


def check_key(findings: Findings, path: Path, key: str) -> None:
    """Refuse a condition key with a variable or a piece of a template, or without its tag."""
    if "{" in key or "<" in key:
        _check_braces(findings, path, key)
    elif key.lower() in _TAGS:
        findings.error(
            codes.CONDITION_FORM,
            path,
            f"`{key}` names no tag",
            f"expected `{key}/` and the key of a tag",
            on_key=True,
        )


def _check_braces(findings: Findings, path: Path, key: str) -> None:
    leftover = next(leftovers(key), None)
    if leftover is not None:
        findings.error(
            codes.TEMPLATE_NOT_RENDERED,
            path,
            f"template not rendered: `{leftover.text}`",
            "a template engine should have replaced this",
            on_key=True,
            help="give the document that the template produces",
        )
    elif "${" in key:
        findings.error(
            codes.VARIABLE_FORM,
            path,
            f"`{key}` has a variable, and the name of a condition key has none",
            "expected the name itself",
            on_key=True,
        )


def check_values(findings: Findings, test: ConditionTest) -> None:
    """Report what is wrong with the number of a test's values, and what `Null` cannot have."""
    if test.operator == "Null":
        _check_null(findings, test)
    count = len(test.values.items)
    if not count:
        _empty(findings, test)
    elif count > 1 and test.operator in _SINGLE:
        findings.warn(  # CND-26, MULTI-BOOL
            codes.CONDITION_FORM,
            test.values.path,
            f"`{test.operator}` takes one value, and here are {count}",
            "read here as any of them",
        )


def _check_null(findings: Findings, test: ConditionTest) -> None:
    for index, text in enumerate(test.values.items):
        if text.lower() not in {"true", "false"}:
            findings.error(
                codes.CONDITION_FORM,
                test.values.place(index),
                f"`Null` asks whether a key is absent: `{text}` is no answer",
                "expected `true` or `false`",
            )


def _empty(findings: Findings, test: ConditionTest) -> None:
    only_absent = test.if_exists or test.quantifier is Quantifier.ALL
    findings.warn(  # CND-45, EMPTY-WANT
        codes.NEVER_APPLIES,
        test.values.path,
        "an empty list of values matches no value",
        f"this holds only where `{test.key}` is absent"
        if only_absent
        else "nothing is listed here",
    )
