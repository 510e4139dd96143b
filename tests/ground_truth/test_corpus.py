"""Policies as people have them: each is read, and then it decides, or refused with a reason.

The documents are other people's and no part of this project. What they would decide is not known;
that they decide, without a crash and with work in proportion to their length, is.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from simulator.catalog.doubts import ALL_OPEN
from simulator.catalog.keys import is_multivalued
from simulator.catalog.rcp import supports_rcp
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import NO_GRANT, Policies
from simulator.evaluation.quick import outcome_of
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.policy.managed import full_aws_access
from simulator.request.caller import Caller, implied_credentials
from simulator.request.principal import Anonymous, ServicePrincipal, parse_principal
from simulator.simulate import Question, applicable, as_request, simulate
from simulator.source import Source
from simulator.syntax import decode, encode
from tests.ground_truth.recorded import IS_THERE, NEEDED, Case, read_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document, PolicyDocument, Statement

pytestmark = NEEDED
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "disagreements.md"
ACCOUNT = "111111111111"
ATTACHED: Final = {
    Layer.IDENTITY: kinds.IDENTITY,
    Layer.BOUNDARY: kinds.BOUNDARY,
    Layer.SESSION: kinds.SESSION,
}
#: The layers into which a document of the corpus fits, and what it is there.
FITTING: Final[dict[str, dict[Layer, PolicyKind]]] = {
    "identity": ATTACHED,
    "aws_managed": ATTACHED | {Layer.SCP: kinds.SCP},
    "session": ATTACHED,
    "unparsed-doc-example": ATTACHED,
    "trust": {Layer.TRUST: kinds.TRUST},
    "resource": {Layer.RESOURCE: kinds.RESOURCE},
    "vpc_endpoint": {Layer.ENDPOINT: kinds.ENDPOINT},
    "scp": {Layer.SCP: kinds.SCP},
    "rcp": {Layer.RCP: kinds.RCP},
}
CALLERS: Final = (
    f"arn:aws:iam::{ACCOUNT}:user/alice",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/R/s",
    "arn:aws:iam::222222222222:user/bob",
    f"arn:aws:iam::{ACCOUNT}:root",
    f"arn:aws:sts::{ACCOUNT}:federated-user/carol",
)
EVERYTHING = compile_policy(full_aws_access(kinds.IDENTITY))
FREE = {
    Layer.IDENTITY: ((EVERYTHING,),),
    Layer.RESOURCE: NO_GRANT,
    Layer.TRUST: NO_GRANT,
}
#: Policies that AWS stores and we refuse; docs/reference/disagreements.md has the reasons.
REFUSED: Final = frozenset({"pc-01324"})
STATEMENTS, MOST_TEXTS = 2, 2
#: Calls of Python functions for one question: a constant, and so many for each character.
LEAST_CALLS, CALLS_PER_CHARACTER = 3_000, 0.5

CORPUS = list(read_corpus()) if IS_THERE else []


@pytest.fixture(autouse=True, scope="module")
def reference_data() -> None:
    """Read what is read once in a process, which is no work of the question that needs it."""
    assert supports_rcp("sqs")
    assert not is_multivalued("token.actions.githubusercontent.com:sub")


@cache
def documents() -> list[tuple[Case, Document]]:
    """Return the documents that can be read, with what is told about them."""
    found = []
    for entry in CORPUS:
        try:
            found.append((entry, unwrap(Source(entry["id"], entry["text"])).document))
        except DocumentError as refusal:
            has_reason(refusal)
    return found


def has_reason(refusal: DocumentError) -> None:
    """Assert that a refusal says why."""
    assert refusal.diagnostics


@cache
def policies(layer: Layer) -> list[PolicyDocument]:
    """Return the policies that fit into a layer and that AWS would store there."""
    found = []
    for entry, document in documents():
        if layer in FITTING[entry["kind"]]:
            try:
                found.append(build(document, FITTING[entry["kind"]][layer]))
            except DocumentError as refusal:
                has_reason(refusal)
    return found


def test_what_is_read_reads_the_same_when_written_anew() -> None:
    changed = [
        entry["id"]
        for entry, document in documents()
        if decode(Source("anew", encode(document.value))) != document.value
    ]
    assert changed == []


def test_most_of_what_is_good_is_read() -> None:
    assert all(map(policies, Layer))
    assert sum(len(policies(layer)) for layer in Layer) > 3000


def test_what_aws_was_seen_to_store_is_read() -> None:
    read = {policy.document.source.name for layer in Layer for policy in policies(layer)}
    assert {entry["id"] for entry in CORPUS if is_stored(entry)} - read == REFUSED


def is_stored(entry: Case) -> bool:
    """Whether AWS is known to store a document: it was recorded, or is an example we looked at."""
    is_policy = "VisibilityConfig" not in entry["text"]  # rules of a firewall look alike
    recorded = entry["valid"] is True and entry["evidence"] == "A"
    return (recorded and is_policy) or entry["id"] in REFUSED


def test_the_page_tells_of_every_refusal() -> None:
    assert set(re.findall(r"`(pc-\d+)`", PAGE.read_text())) == REFUSED


@pytest.mark.parametrize("layer", list(Layer))
def test_whatever_is_read_decides(layer: Layer) -> None:
    for policy in policies(layer):
        for number, question in enumerate(questions(layer, policy)):
            opened = number == 0 and layer not in (Layer.BOUNDARY, Layer.SESSION)
            decides(question, policy, opened=opened)


def decides(question: Question, policy: PolicyDocument, *, opened: bool) -> None:
    """Assert that a question has an answer, the same in each way of asking, for little work."""
    with counted() as calls:
        evaluation = simulate(question)
    outcome, text = evaluation.decision.outcome, policy.document.source.text
    assert len(calls) < LEAST_CALLS + CALLS_PER_CHARACTER * len(text), policy.name
    assert outcome is not Outcome.ERROR
    if not evaluation.supposed:
        assert outcome_of(as_request(question), applicable(question)) is outcome, policy.name
    if opened:
        # a Deny that is left open makes no difference where nothing allows
        left = simulate(question, ALL_OPEN).decision.outcome
        assert left is Outcome.UNDECIDED or is_yes(left) is is_yes(outcome), policy.name


def is_yes(outcome: Outcome) -> bool:
    """Whether an outcome is a yes."""
    return outcome is Outcome.ALLOWED


@contextmanager
def counted() -> Iterator[list[None]]:
    """Count the calls of Python functions: work, whatever else the machine has to do."""
    calls: list[None] = []
    sys.setprofile(lambda _frame, event, _arg: calls.append(None) if event == "call" else None)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def questions(layer: Layer, policy: PolicyDocument) -> Iterator[Question]:
    """Yield questions of which some are what the statements of a policy speak of."""
    layers = FREE | {layer: ((compile_policy(policy),),)}
    applied = Policies(layers)
    asked = [pair for each in policy.statements[:STATEMENTS] for pair in spoken_of(each)]
    for number, (action, resource) in enumerate(asked):
        if layer is Layer.TRUST:
            resource = f"arn:aws:iam::{ACCOUNT}:role/R"  # noqa: PLW2901 - it speaks of its own
        yield Question(caller(number), action, resource, applied, {}, ACCOUNT)


def spoken_of(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield actions and resources that a statement speaks of, or nearly so."""
    resources = statement.resources.values.items if statement.resources else ("*",)
    for action in statement.actions.values.items[:MOST_TEXTS]:
        for resource in resources[:MOST_TEXTS]:
            yield shown(action, "s3:GetObject"), shown(resource, "arn:aws:s3:::bucket/key")


def shown(pattern: str, whole: str) -> str:
    """Return a text that fits a pattern."""
    return whole if pattern == "*" else pattern.replace("*", "x").replace("?", "x")


def caller(number: int) -> Caller | ServicePrincipal | Anonymous:
    """Return one kind of caller after the other."""
    others: list[Any] = [ServicePrincipal("cloudtrail.amazonaws.com"), Anonymous()]
    turn = number % (len(CALLERS) + len(others))
    if turn >= len(CALLERS):
        found: ServicePrincipal | Anonymous = others[turn - len(CALLERS)]
        return found
    principal = parse_principal(CALLERS[turn])
    return Caller(principal, implied_credentials(principal))
