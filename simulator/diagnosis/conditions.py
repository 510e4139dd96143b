"""What the rules on conditions share: the tests that failed, and how one of them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis.cause import Cause, Place, Rank, Remedy
from simulator.diagnosis.changes import NETWORKS, changes
from simulator.diagnosis.findings import Finding, OpenQuestion, Prohibition, Shortfall, Stage
from simulator.diagnosis.near.values import nearest_value
from simulator.diagnosis.principals import named_beside, named_instead, nearest_named
from simulator.diagnosis.resources import nearest_resource
from simulator.diagnosis.unguarded import exceptions, unconditioned
from simulator.diagnosis.values import admitted
from simulator.diagnosis.variables import new_version
from simulator.diagnosis.words import LAYER_NAMES, actual, describe, wanted
from simulator.diagnostic import Access
from simulator.matcher.samples import fill_in
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.near.miss import Least
    from simulator.diagnosis.near.values import Compared
    from simulator.matcher.statement import StatementMatch, TestEvidence
    from simulator.policy.model import ConditionTest, Statement, Values
    from simulator.syntax import Path

_MOST_CHANGES = 3


class FailedTest(NamedTuple):
    """A test that keeps one of the nearest statements from allowing the call."""

    finding: Shortfall
    match: StatementMatch
    evidence: TestEvidence

    @property
    def policy(self) -> str:
        """What the policy of the test is called."""
        return LAYER_NAMES[self.finding.layer]


def failed_tests(finding: Finding) -> Iterator[FailedTest]:
    """Yield each test that failed in the statements that came nearest.

    The statement that was probably meant, and fails at an element before its conditions, would fail
    at them next.
    """
    if not isinstance(finding, Shortfall):
        return
    for match in finding.near if finding.stage is Stage.CONDITION else _meant(finding):
        for evidence in match.tests:
            if evidence.holds is False:
                yield FailedTest(finding, match, evidence)


def _meant(finding: Shortfall) -> tuple[StatementMatch, ...]:
    """Return the statement that was probably meant to allow the call, or that is to name it."""
    if finding.stage not in (Stage.PRINCIPAL, Stage.RESOURCE):
        return ()
    if len(finding.near) == 1:
        return finding.near
    if finding.stage is Stage.RESOURCE:
        resource = nearest_resource(finding)
        return (resource.match,) if resource and resource.near else ()
    principal = nearest_named(finding)
    if principal and principal[1].near:
        return (principal[0].match,)
    beside = named_beside(finding, named_instead(finding))
    return (beside.match,) if beside else ()


def condition_cause(code: str, failed: FailedTest, message: str, advice: str | None) -> Cause:
    """Return the cause that a failed test is, with the changes of the call that would meet it."""
    test, values = failed.evidence.test, failed.evidence.actual
    statement, context = failed.match.statement, failed.finding.evaluation.request.context
    return Cause(
        code,
        failed.finding.layer,
        message,
        Place(statement.document, _path(failed)),
        _label(failed),
        wanted(fill_in(test, context, variables=statement.variables)),
        actual(values),
        literal_variables(statement, test.values) or advice,
        (
            *(
                [new_version(statement.document)]
                if literal_variables(statement, test.values)
                else []
            ),
            *_met(failed),
        ),
    )


def nearest_of(failed: FailedTest) -> Least[Compared] | None:
    """Return the value of the policy that is nearest to the one of the request."""
    asked, context = failed.finding.asked, failed.finding.evaluation.request.context
    test = fill_in(failed.evidence.test, context, variables=failed.match.statement.variables)
    identity = asked.identity if isinstance(asked, Call) else None
    return nearest_value(test, failed.evidence.actual or (), identity)


def about_value(failed: FailedTest) -> str | None:
    """Return why a request does not have the value, or the key, that a policy asks for."""
    if failed.evidence.actual == () and failed.evidence.test.operator != "Null":
        from simulator.diagnosis.near.absent import why_absent  # noqa: PLC0415 - takes 3 ms

        return why_absent(failed.evidence.test.key, failed.finding.asked)
    nearest = nearest_of(failed)
    return nearest.why if nearest else None


def _path(failed: FailedTest) -> Path:
    """Return the place of the value that is nearest to what is given, or of all of them."""
    values, nearest = failed.evidence.test.values, nearest_of(failed)
    if nearest is None or not nearest.miss.near:
        return values.path
    return values.place(nearest.pair.test.values.items.index(nearest.pair.wanted))


def _met(failed: FailedTest) -> Iterator[Remedy]:
    """Yield the changes of the call that meet a test, or else those of the policy."""
    found = tuple(call_changes(failed.finding, failed.match, failed.evidence.test, holds=True))
    yield from found
    is_literal = literal_variables(failed.match.statement, failed.evidence.test.values)
    if any(remedy.rank is Rank.ORDINARY for remedy in found) or is_literal:
        return
    admitting = tuple(admitted(*failed))
    yield from admitting or unconditioned(failed.finding, failed.match)


def literal_variables(statement: Statement, values: Values) -> str | None:
    """Return the advice on variables that are none, because the policy is in the old language."""
    if statement.variables or not any("${" in text for text in values.items):
        return None
    return 'in a policy without `"Version": "2012-10-17"` a `${…}` is plain text'  # POL-4


def deny_cause(code: str, finding: Prohibition, message: str, advice: str | None) -> Cause:
    """Return the cause that a Deny is, with the changes after which it does not apply."""
    match, statement = finding.match, finding.match.statement
    tests = [evidence.test for evidence in match.tests]
    given = [f"{e.test.key} = {actual(e.actual)}" for e in match.tests]
    return Cause(
        code,
        finding.layer,
        message,
        Place(statement.document, (*statement.path, "Effect")),
        "this Deny applies, and no Allow anywhere outweighs it",
        " or ".join(describe(test, holds=False) for test in tests) or None,
        ", ".join(given) or None,
        advice,
        (
            *(r for test in tests for r in call_changes(finding, match, test, holds=False)),
            *exceptions(finding),
        ),
    )


def without_key(finding: Prohibition) -> str | None:
    """Return that a Deny applies because the request does not have a key, where that is so."""
    for test, _, values in finding.match.tests:
        if values == () and test.operator != "Null":  # CND-11, CND-12, CND-14
            from simulator.diagnosis.near.absent import why_absent  # noqa: PLC0415 - takes 3 ms

            why = why_absent(test.key, finding.asked)
            because = f": {why}" if why else ""
            return f"`{test.key}` is not in the request, and `{test.written}` holds then{because}"
    return None


def _label(failed: FailedTest) -> str:
    test, values = failed.evidence.test, failed.evidence.actual
    if values is None:
        return f"whatever `{test.key}` is, it is not this"
    if not values:
        return f"`{test.key}` is not in the request"
    return f"the request has `{test.key}` = `{actual(values)}`"


def call_changes(
    finding: Shortfall | Prohibition | OpenQuestion,
    match: StatementMatch,
    test: ConditionTest,
    *,
    holds: bool,
) -> Iterator[Remedy]:
    """Yield the changes of what is asked after which a test holds, or does not hold."""
    found = changes(finding.asked, finding.evaluation, match, test, holds=holds)
    for change in [change for change in found if change.is_parameter][:_MOST_CHANGES]:
        yield Remedy(
            change.title,
            Access.UNCHANGED,
            change.applied,
            commands=change.commands,
            rank=_rank(change.key),
        )


def _rank(key: str) -> Rank:
    """Return what there is to a change of a key: another network, another token."""
    if key in NETWORKS:
        return Rank.ELSEWHERE
    return Rank.OTHER_CALLER if key.endswith(":aud") else Rank.ORDINARY
