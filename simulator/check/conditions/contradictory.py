"""IAM631: no request meets all tests of a statement.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.conditions.holding import does

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.check.conditions.extent import Contradiction, Extent
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

CODE: Final = "IAM631"


def contradictory_tests(findings: Findings, subject: Subject) -> None:
    """Report the tests of one key that exclude each other: the statement never applies."""
    for statement in subject.statements:
        for tests in _of_one_key(statement):
            from simulator.check.conditions.extent import contradiction  # noqa: PLC0415 - rare

            found = contradiction(tests, variables=statement.variables)
            if found is not None:
                _report(findings, statement, found)


def _of_one_key(statement: Statement) -> Iterator[Sequence[ConditionTest]]:
    if len(statement.conditions) < 2:
        return
    by_key: dict[str, list[ConditionTest]] = {}
    for test in statement.conditions:
        by_key.setdefault(test.key.lower(), []).append(test)  # CND-3
    yield from (tests for tests in by_key.values() if len(tests) > 1)


def _report(findings: Findings, statement: Statement, found: Contradiction) -> None:
    *others, last = found.extents
    beside = [(other.test.values.path, _seen(other)) for other in others]
    if found.needs is not None:
        beside.append((found.needs.test.values.path, "and here the key has to be there"))
    findings.error(  # CND-1
        CODE,
        last.test.values.path,
        f"no request meets all tests of `{last.test.key}`, so {statement.title}"
        f" {does(statement)} nothing",
        _seen(last),
        help="all tests of a statement have to hold at once; alternatives are values of one list,"
        " or statements of their own",
        beside=beside,
    )


def _seen(extent: Extent) -> str:
    if extent.wants_none:
        return "this wants the key to be absent"
    if extent.items is None:
        return "this wants the key to be there"
    return "this excludes what the other wants" if extent.negated else "this wants such a value"
