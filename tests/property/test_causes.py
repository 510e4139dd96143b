"""What holds of the causes of every no: their order, whose they are, how they are numbered."""

from __future__ import annotations

from itertools import groupby, pairwise, product
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.diagnose import diagnose, diagnose_request
from simulator.diagnosis.findings import Prohibition, Shortfall, findings
from simulator.diagnosis.what_if import remedied
from simulator.simulate import simulate
from simulator.sts.answer import answer_to
from tests import strategies, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

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


def ways(found: Sequence[Cause]) -> Iterator[list[tuple[Cause, ...]]]:
    """Yield the alternatives of each blocker."""
    for _, of_blocker in groupby(found, key=lambda cause: cause.blocker):
        each = groupby(of_blocker, key=lambda cause: cause.alternative)
        yield [tuple(way) for _, way in each]


@given(strategies.cases())
def test_alternatives_with_fewer_changes_come_first(case: Case) -> None:
    for alternatives in ways(causes(case)):
        counts = list(map(len, alternatives))
        assert counts == sorted(counts)


HOME = "111111111111"
ALICE, ROLE = f"arn:aws:iam::{HOME}:user/alice", f"arn:aws:iam::{HOME}:role/R"
CALLERS: tuple[worlds.World, ...] = (
    {"arn": ALICE},
    {"arn": f"arn:aws:sts::{HOME}:assumed-role/R/s", "role_arn": ROLE},
)
OWN: tuple[worlds.World, ...] = (
    {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": HOME},
    {"action": "sqs:SendMessage", "resource": f"arn:aws:sqs:eu-west-1:{HOME}:q"},
    {"action": "sts:AssumeRole", "resource": f"arn:aws:iam::{HOME}:role/T"},
)
KEYS = ("aws:SourceVpce", "aws:SourceVpc", "aws:UserAgent")


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy of statements that allow everything, if they do not say otherwise."""
    common = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [{**common, **s} for s in statements]}


@st.composite
def same_account(draw: st.DrawFn) -> tuple[worlds.World, worlds.World]:
    """Return a world and a request for something that belongs to the account of the caller."""
    request = draw(st.sampled_from(OWN))
    named = st.sampled_from(({"AWS": ALICE}, {"AWS": ROLE}, {"AWS": HOME}))
    tests = st.dictionaries(st.sampled_from(KEYS), st.sampled_from("xy"), max_size=3)
    given = draw(st.lists(st.tuples(named, tests), max_size=3))
    of_role = request["action"] == "sts:AssumeRole"
    each = [
        {
            "Principal": name,
            "Action": request["action"],
            **({} if of_role else {"Resource": "*"}),
            **({"Condition": {"StringEquals": values}} if values else {}),
        }
        for name, values in given
    ]
    grants = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **s} for s in each]}
    silent, open_ = policy({"Action": "ec2:*"}), policy({})
    world = {
        "caller": draw(st.sampled_from(CALLERS)),
        "resource_policy": grants if each else {},
        "identity": draw(st.sampled_from(([], [silent], [open_]))),
        "boundary": draw(st.sampled_from((None, silent, open_))),
        "scps": draw(st.sampled_from(([], [[silent]]))),
    }
    return world, request


@given(same_account(), st.randoms(use_true_random=False))
def test_one_alternative_of_every_blocker_is_enough(
    asked: tuple[worlds.World, worlds.World], chance: Random
) -> None:
    question = worlds.question(*asked, {"aws:UserAgent": "z"})
    evaluation = simulate(question)
    if evaluation.decision.outcome is Outcome.ALLOWED:
        return
    found = diagnose_request(question, evaluation).causes
    chosen = [cause for each in ways(found) for cause in chance.choice(each)]
    together = list(product(*(cause.remedies for cause in chosen)))
    outcomes = {outcome_of(remedied(question, remedies)) for remedies in together}
    assert Outcome.ALLOWED in outcomes or not together, chosen
