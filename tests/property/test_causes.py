"""What holds of the causes of every no: their order, whose they are, how they are numbered."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from hypothesis import given

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.diagnose import diagnose
from simulator.diagnosis.findings import Prohibition, Shortfall, findings
from simulator.sts.answer import answer_to
from tests import strategies, worlds

if TYPE_CHECKING:
    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.findings import Finding
    from tests.strategies import Case

WHOSE = {
    "trust": "the role's account",
    "identity": "the caller's account",
    "boundary": "the caller's account",
    "session": "whoever made the caller's session",
    "scp": "the management account of the caller's organization",
    "rcp": "the management account of the role's organization",
    "sts": "whoever makes the call",
    "fact": "whoever asks",
}


def causes(case: Case) -> tuple[Cause, ...]:
    """Return the causes of a case; a yes has none."""
    call = worlds.call(*case)
    answer = answer_to(call)
    return () if answer.outcome is Outcome.ALLOWED else diagnose(call, answer).causes


def rank(finding: Finding) -> tuple[bool, int]:
    """Return where a finding about policies stands among those of one action."""
    assert isinstance(finding, (Prohibition, Shortfall))
    return isinstance(finding, Shortfall), list(Layer).index(finding.layer)


@given(strategies.known_cases())
def test_policies_stand_in_the_way_in_the_order_of_aws(case: Case) -> None:
    call = worlds.call(*case)
    found = [f for f in findings(call, answer_to(call)) if isinstance(f, (Prohibition, Shortfall))]
    for _, each in groupby(found, key=lambda finding: finding.evaluation.request.action):
        assert all(rank(one) <= rank(other) for one, other in pairwise(each))


@given(strategies.cases())
def test_each_cause_says_whose_it_is(case: Case) -> None:
    for cause in causes(case):
        assert cause.owner.what == WHOSE[str(cause.layer)]
        arns = {
            "the role's account": case.world["role"]["arn"],
            "the caller's account": case.world["caller"]["arn"],
        }
        arn = arns.get(cause.owner.what)
        assert cause.owner.account == (arn and strategies.account_of(arn))


@given(strategies.cases())
def test_blockers_and_alternatives_are_numbered_without_gaps(case: Case) -> None:
    found = causes(case)
    blockers = [number for number, _ in groupby(cause.blocker for cause in found)]
    assert blockers == list(range(1, len(blockers) + 1))
    for _, of_blocker in groupby(found, key=lambda cause: cause.blocker):
        ways = [number for number, _ in groupby(cause.alternative for cause in of_blocker)]
        assert ways == list(range(1, len(ways) + 1))
