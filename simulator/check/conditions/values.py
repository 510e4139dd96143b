"""IAM633 and IAM634: values that a key never has, or that AWS is not known to have.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-vpc-format
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from simulator.check.conditions.holding import is_negated
from simulator.check.subject import is_open
from simulator.diagnostic import Severity
from simulator.policy.lint.words import meant
from simulator.policy.vocabulary import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.conditions.items import Text
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

IMPOSSIBLE: Final = "IAM633"
NOT_KNOWN: Final = "IAM634"

_REGIONS: Final = frozenset({"aws:requestedregion", "ec2:region"})
_PRINCIPAL_TYPE: Final = "aws:principaltype"
# CTX-4; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_PRINCIPAL_TYPES: Final = frozenset(
    ("Account", "Anonymous", "AssumedRole", "FederatedUser", "User")
)
_LITERAL: Final = frozenset("*?")
_OTHERS: Final = sorted(PARTITIONS - {"aws"})


def impossible_values(findings: Findings, subject: Subject) -> None:
    """Report each value that has not the form of the values of its key."""
    from simulator.check.conditions.forms import FORMS  # noqa: PLC0415 - few policies need it

    for statement in subject.statements:
        for test in statement.conditions:
            form = FORMS.get(test.key.lower())
            if form is None:
                continue
            for index, text in _texts(statement, test):
                if not form.could_be(text.template, folded=_is_folded(text)):
                    findings.error(
                        IMPOSSIBLE,
                        test.values.place(index),
                        f"`{text.written}` is not {form.is_a}, and `{test.key}` has no other value",
                        _outcome(test),
                        help=form.expected,
                        severity=Severity.ERROR if form.certain else Severity.WARNING,
                    )


def misplaced_parts(findings: Findings, subject: Subject) -> None:
    """Report each ARN of a partition that is not known, or with a name in place of its account."""
    for statement in subject.statements:
        for test in statement.conditions:
            if test.operator.startswith("Arn") or test.key.lower().endswith("arn"):
                for index, text in _texts(statement, test):
                    _check_parts(findings, test, index, text)


def _check_parts(findings: Findings, test: ConditionTest, index: int, text: Text) -> None:
    fields = text.written.split(":", 5)
    if len(fields) != 6 or fields[0] != "arn" or "$" in "".join(fields[:5]):
        return
    _, partition, _, _, account, _ = fields
    known = partition.lower() if _is_folded(text) else partition
    if not (_LITERAL.intersection(partition) or known in PARTITIONS):
        findings.warn(
            IMPOSSIBLE,
            test.values.place(index),
            f"AWS is not known to have a partition `{partition}`",
            _outcome(test),
            help=f"most accounts are in the partition `aws`; others are {', '.join(_OTHERS)}",
        )
    elif "/" in account and not _may_have_colons(text):
        findings.error(  # CND-30
            IMPOSSIBLE,
            test.values.place(index),
            f"`{text.written}` has `{account}` where an ARN has its account",
            _outcome(test),
            help="the account comes after the fourth colon, and what it is about after the fifth:"
            " `arn:aws:iam::111111111111:role/deploy`",
        )


def _may_have_colons(text: Text) -> bool:
    """Whether a wildcard before the first slash may stand for colons too."""
    from simulator.check.conditions.items import How  # noqa: PLC0415 - as below

    before, *_ = text.written.partition("/")
    return text.how is not How.AS_ARN and not _LITERAL.isdisjoint(before)  # CND-22, CND-30


def unknown_values(findings: Findings, subject: Subject) -> None:
    """Report each Region and each type of principal that is not known."""
    for statement in subject.statements:
        for test in statement.conditions:
            key = test.key.lower()
            check = _check_region if key in _REGIONS else None
            if key == _PRINCIPAL_TYPE:
                check = _check_principal_type
            if check is not None:
                for index, text in _texts(statement, test):
                    if findings.is_full:
                        return
                    check(findings, test, index, text)


def _texts(statement: Statement, test: ConditionTest) -> Iterator[tuple[int, Text]]:
    """Yield the texts that a test compares; those with a literal `*` are told as that."""
    from simulator.check.conditions.items import Text, read_item  # noqa: PLC0415 - as above

    for index, written in enumerate(test.values.items):
        item = None if is_open(written) else read_item(test, written, variables=statement.variables)
        if not isinstance(item, Text):
            continue
        if _is_folded(item):
            item = _lowered(item)
        if not (item.is_literal and _LITERAL.intersection(written)):
            yield index, item


def _is_folded(text: Text) -> bool:
    """Whether letter case does not count, so that what it is compared with is lower case too."""
    from simulator.check.conditions.items import How  # noqa: PLC0415 - as above

    return text.how is How.IGNORING_CASE  # CND-21


def _lowered(item: Text) -> Text:
    parts = (part.lower() if isinstance(part, str) else part for part in item.template)
    return item._replace(template=tuple(parts))


def _outcome(test: ConditionTest) -> str:
    return "this excludes nothing" if is_negated(test) else "this matches nothing"


def _check_region(findings: Findings, test: ConditionTest, index: int, text: Text) -> None:
    from simulator.catalog.regions import AS_OF, REGIONS, is_region_code  # noqa: PLC0415 - as above

    if _fits_any(text, REGIONS):
        return
    written = text.written
    near = findings.nearest(written, _in_order(REGIONS))
    could_be = not text.is_literal or is_region_code(written)
    findings.error(
        NOT_KNOWN if could_be else IMPOSSIBLE,
        test.values.place(index),
        f"no Region is called `{written}`"
        + (f", as far as was known in {AS_OF}" if could_be else ""),
        _outcome(test),
        help=meant([near] if near else [])
        or "a Region is given by its code: `eu-central-1`, not its name or a zone of it",
        severity=Severity.WARNING if could_be else Severity.ERROR,
    )


@cache
def _in_order(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def _check_principal_type(findings: Findings, test: ConditionTest, index: int, text: Text) -> None:
    if not _fits_any(text, _PRINCIPAL_TYPES):
        known = _in_order(_PRINCIPAL_TYPES)
        near = findings.nearest(text.written, known)
        findings.warn(
            NOT_KNOWN,
            test.values.place(index),
            f"`{text.written}` is not known as a value of `{test.key}`",
            _outcome(test),
            help=meant([near] if near else []) or f"known are {', '.join(known)}",
        )


def _fits_any(text: Text, values: frozenset[str]) -> bool:
    from simulator.matcher.meeting import can_meet  # noqa: PLC0415 - as above

    known = _folded(values) if _is_folded(text) else values
    literal = [part for part in text.template if isinstance(part, str)]
    if len(literal) == len(text.template):
        return "".join(literal) in known
    return any(can_meet(text.template, (value,)) for value in known)


@cache
def _folded(values: frozenset[str]) -> frozenset[str]:
    return frozenset(map(str.lower, values))
