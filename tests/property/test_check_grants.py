"""What the rules about grants say is so: held to the decisions before and after their edits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from simulator.check.check import check
from simulator.check.grants.redundancy import NEVER_ALLOWS
from simulator.check.grants.table import ROWS
from simulator.diagnostic import Access
from simulator.policy.codes import OLD_LANGUAGE
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import apply_edits, decode
from simulator.testing.strategies import statements
from tests import questions
from tests.strategies import listed, statements_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from tests.questions import Ask
    from tests.strategies import World

UNDENIABLE = ("sts:GetCallerIdentity", "sts:getSessionToken")
CODES = {OLD_LANGUAGE, *(code for row in ROWS for code in row.codes)}


def findings(document: World, kind: PolicyKind) -> list[Diagnostic]:
    """Return what the rules about grants find in a document."""
    source = Source("policy.json", json.dumps(document, indent=1))
    found = check(Document(source, (), decode(source)), kind).diagnostics
    return [each for each in found if each.code in CODES]


def narrower(dice: Random, statement: World, others: World, more: dict[str, list[str]]) -> World:
    """Return a statement that is about less than another one, or nearly so."""
    made = {"Sid": "", **statement} if dice.randrange(3) == 0 else dict(statement)
    for name in ("Action", "Resource"):
        if name in made and dice.randrange(2):
            entries = [*listed(made[name]), *listed(others.get(name, [])), *more[name]]
            made[name] = dice.sample(entries, dice.randint(1, min(3, len(entries))))
    if "Condition" in others and dice.randrange(3) == 0:
        made["Condition"] = {**others["Condition"], **made.get("Condition", {})}
    if "Condition" in made and dice.randrange(6) == 0:
        del made["Condition"]
    if dice.randrange(4) == 0:
        made["Effect"] = dice.choice(("Allow", "Deny"))
    return made


@st.composite
def crowded(draw: st.DrawFn, drawn: st.SearchStrategy[Ask]) -> tuple[Ask, str]:
    """Return a world with statements that overlap in one layer, and that layer."""
    ask = draw(drawn)
    assume(ask.layers)
    # TRU-1: other actions than those of STS are none of a trust policy
    assume(not ask.is_role or ask.request["action"].lower().startswith("sts:"))
    layer = draw(st.sampled_from(ask.layers))
    kind, dice = ask.kind(layer), draw(st.randoms(use_true_random=False))
    drawn_more = [draw(statements(kind, ask.about)) for _ in range(2)]
    actions = [ask.request["action"], *(() if kind.only_role_actions else UNDENIABLE)]
    entries = {"Action": actions, "Resource": [ask.about.resource]}

    def crowd(document: World) -> World:
        found = [*statements_of(document), *drawn_more]
        for _ in range(3):
            found.append(narrower(dice, dice.choice(found), dice.choice(found), entries))
        if kind.only_deny:
            found = [{**each, "Effect": "Deny"} for each in found]
        dice.shuffle(found)
        return {**document, "Statement": found}

    if layer == "identity" and not ask.world["identity"]:
        ask = ask.having(identity=[{"Version": "2012-10-17", "Statement": []}])
    return ask.mapped(crowd, layer), layer


def carried_out(ask: Ask, layer: str, choose: Callable[[Diagnostic], bool]) -> tuple[Ask, set[str]]:
    """Return a world after the edits of the findings that are chosen, and their codes."""
    codes: set[str] = set()

    def change(document: World) -> World:
        text = json.dumps(document, indent=1)
        for each in filter(choose, findings(document, ask.kind(layer))):
            try:
                mended = apply_edits(text, each.edits)
            except ValueError:
                continue
            codes.add(each.code)
            document = json.loads(mended)
            break
        return document

    return ask.mapped(change, layer), codes


def all_carried_out(ask: Ask, layer: str) -> tuple[Ask, set[str]]:
    """Return a world after all edits at once that leave access unchanged and do not meet."""
    codes: set[str] = set()

    def change(document: World) -> World:
        edits: list[Any] = []
        text = json.dumps(document, indent=1)
        for each in findings(document, ask.kind(layer)):
            if each.access is Access.UNCHANGED and not meet(edits, each.edits):
                edits += each.edits
                codes.add(each.code)
        return dict(json.loads(apply_edits(text, edits)))

    return ask.mapped(change, layer), codes


def meet(some: list[Any], others: tuple[Any, ...]) -> bool:
    """Whether edits of two findings are at one place."""
    return any(
        a.range.start < b.range.end and b.range.start < a.range.end for a in some for b in others
    )


@given(crowded(questions.known_asks()))
def test_what_is_unchanged_is_decided_alike(crowd: tuple[Ask, str]) -> None:
    ask, layer = crowd
    after, codes = all_carried_out(ask, layer)
    assume(codes)
    for code in codes:
        event(code)
    assert after.outcome == ask.outcome, (codes, ask.dump(ask.outcome))


@given(crowded(questions.asks()))
def test_what_is_unchanged_is_decided_alike_where_facts_are_open(crowd: tuple[Ask, str]) -> None:
    ask, layer = crowd
    after, codes = all_carried_out(ask, layer)
    assume(codes)
    assert after.outcome == ask.outcome, (codes, ask.dump(ask.outcome))


@given(crowded(questions.known_asks()), st.integers(0, 3))
def test_each_edit_alone_leaves_the_decision(crowd: tuple[Ask, str], which: int) -> None:
    ask, layer = crowd
    left = iter(range(which))
    after, codes = carried_out(
        ask, layer, lambda each: each.access is Access.UNCHANGED and next(left, None) is None
    )
    assume(codes)
    assert after.outcome == ask.outcome, (codes, ask.dump(ask.outcome))


@given(crowded(questions.known_asks()))
def test_an_allow_that_never_allows_can_go(crowd: tuple[Ask, str]) -> None:
    ask, layer = crowd
    found: list[str] = []

    def without(document: World) -> World:
        void = [each for each in findings(document, ask.kind(layer)) if each.code == NEVER_ALLOWS]
        statements_ = {each.labels[0].span.text for each in void}
        found.extend(statements_)
        dropped = [json.loads(text) for text in statements_]
        kept = [each for each in document["Statement"] if each not in dropped]
        return {**document, "Statement": kept}

    after = ask.mapped(without, layer)
    assume(found)
    assert after.outcome == ask.outcome, ask.dump(ask.outcome)
