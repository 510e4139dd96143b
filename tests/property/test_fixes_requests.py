"""What a diagnosis says of a request of any kind is so: its fixes fix, every no has a cause.

A fix is carried out as people would: the edits are written into the files, the files are read
again, and the request is decided anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import Asked, outcome_of
from simulator.diagnosis.cause import Rank
from simulator.diagnosis.diagnose import diagnose_request
from simulator.diagnosis.what_if import KINDS
from simulator.diagnostic import Access
from simulator.evaluation.policies import Policies
from simulator.evaluation.relation import grantor
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.simulate import Question, simulate
from simulator.source import Source
from simulator.syntax import apply_edits, by_text
from tests import worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.diagnosis.fixes import Fix
    from tests.worlds import World

HOME, AWAY = "111111111111", "222222222222"
ALICE, BOB = f"arn:aws:iam::{HOME}:user/alice", f"arn:aws:iam::{HOME}:user/bob"
SESSION, ROLE = f"arn:aws:sts::{HOME}:assumed-role/R/s", f"arn:aws:iam::{HOME}:role/R"
FEDERATED, ROOT = f"arn:aws:sts::{HOME}:federated-user/f", f"arn:aws:iam::{HOME}:root"
SERVICE = "cloudtrail.amazonaws.com"

CALLERS: tuple[World, ...] = (
    *({"arn": ALICE}, {"arn": ALICE, "credentials": "session_token_with_mfa"}),
    *({"arn": SESSION, "role_arn": ROLE}, {"arn": SESSION}, {"arn": ROOT}),
    *({"arn": FEDERATED, "user_arn": ALICE}, {"arn": FEDERATED}),
    *({"service": SERVICE}, {"anonymous": True}),
)
BUCKET, OBJECT = "arn:aws:s3:::b", "arn:aws:s3:::b/k"
QUEUE, FAR_QUEUE = f"arn:aws:sqs:eu-west-1:{HOME}:q", f"arn:aws:sqs:eu-west-1:{AWAY}:q"
KEY, FAR_KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/k", f"arn:aws:kms:eu-west-1:{AWAY}:key/k"
TARGET, FAR_TARGET = f"arn:aws:iam::{HOME}:role/T", f"arn:aws:iam::{AWAY}:role/T"
REQUESTS: tuple[World, ...] = (
    *({"action": "s3:GetObject", "resource": OBJECT, "resource_account": a} for a in (HOME, AWAY)),
    *({"action": "s3:GetObject", "resource": OBJECT}, {"action": "s3:ListAllMyBuckets"}),
    *({"action": "sqs:SendMessage", "resource": queue} for queue in (QUEUE, FAR_QUEUE)),
    *({"action": "kms:Decrypt", "resource": key} for key in (KEY, FAR_KEY)),
    *({"action": "sts:AssumeRole", "resource": role} for role in (TARGET, FAR_TARGET)),
    {"action": "iam:GetRole", "resource": FAR_TARGET},
)
RESOURCES = (
    *("*", "arn:aws:s3:::b/*", BUCKET, OBJECT, QUEUE, FAR_QUEUE, KEY, f"{TARGET}x", FAR_TARGET),
    *("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::b/K", "arn:aws:s3:::b/${aws:PrincipalTag/t}"),
)
ACTIONS = (
    *("*", "s3:*", "s3:Get*", "s3:PutObject", "sqs:SendMessage", "sqs:SendMessages", "kms:*"),
    *("kms:Encrypt", "sts:AssumeRole", "s3:ListAllMyBuckets"),
)
ROLE_ACTIONS = ("sts:AssumeRole", "sts:TagSession", "sts:*")
PRINCIPALS: tuple[Any, ...] = (
    *("*", {"AWS": "*"}, {"AWS": ALICE}, {"AWS": [BOB, ROLE]}, {"AWS": SESSION}, {"AWS": HOME}),
    *({"AWS": f"arn:aws:iam::{AWAY}:root"}, {"AWS": FEDERATED}, {"Service": SERVICE}),
    *({"AWS": "AIDAEXAMPLEDELETED01"}, {"Service": "sns.amazonaws.com"}),
    {"AWS": f"arn:aws:iam::{AWAY}:user/alice"},
)
CONDITIONS: tuple[World, ...] = (
    *({}, {}, {}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    *({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"Bool": {"aws:SecureTransport": "true"}}),
    *({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, {"StringLike": {"s3:prefix": "home/*"}}),
    *(
        {"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}},
        {"Null": {"aws:TokenIssueTime": "true"}},
    ),
    *({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, {"ArnLike": {"aws:PrincipalArn": ROLE}}),
    *({"StringEquals": {"aws:ResourceTag/team": "red"}}, {"ArnLike": {"aws:SourceArn": QUEUE}}),
    {"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}},
)
CONTEXTS: tuple[World, ...] = (
    *({}, {}, {"aws:SourceIp": "203.0.113.7"}, {"aws:SourceIp": "198.51.100.1"}),
    *({"aws:PrincipalOrgID": "o-1"}, {"aws:SourceVpce": "vpce-2"}, {"aws:PrincipalTag/t": "k"}),
    {"aws:SourceArn": f"arn:aws:cloudtrail:eu-west-1:{HOME}:trail/t", "aws:SourceAccount": HOME},
)


class Written(NamedTuple):
    """A request, with the text of each document by its layer, its level and its place there."""

    question: Question
    files: Mapping[str, str]

    def asked(self, files: Mapping[str, str]) -> Question:
        """Return the question with the policies in files; what nobody knows stays unknown."""
        known = self.question.policies
        layers = {layer: _levels(layer, files) for layer in Layer if known.is_known(layer)}
        grants = {Layer.IDENTITY, grantor(self.question.resource)}
        found = {k: v or ((),) if k in grants else v for k, v in layers.items()}
        unknown = {layer: None for layer in Layer if not known.is_known(layer)}
        return self.question._replace(policies=Policies({**unknown, **found}))


def _levels(layer: Layer, files: Mapping[str, str]) -> tuple[tuple[CompiledPolicy, ...], ...]:
    names = [name for name in files if name.startswith(f"{layer}-")]
    numbers = sorted({name.split("-")[1] for name in names})
    return tuple(
        tuple(_read(layer, n, files[n]) for n in sorted(names) if n.split("-")[1] == number)
        for number in numbers
    )


def _read(layer: Layer, name: str, text: str) -> CompiledPolicy:
    return compile_policy(build(unwrap(Source(name, text)).document, KINDS[layer]))


def _bare(document: World) -> str:
    return json.dumps(document)


def _indented(document: World) -> str:
    return json.dumps(document, indent=2)


def _as_string(document: World) -> str:
    return json.dumps({"Policy": {"Content": json.dumps(document)}}, indent=4)


@st.composite
def statements(draw: st.DrawFn, layer: Layer) -> World:
    """Return a statement that a policy of a layer may have."""
    effects = ("Deny",) if layer is Layer.RCP else ("Allow", "Allow", "Allow", "Deny")
    found: World = {"Effect": draw(st.sampled_from(effects))}
    if layer is Layer.RCP:
        found["Principal"] = "*"
    elif layer in (Layer.TRUST, Layer.RESOURCE, Layer.ENDPOINT):
        negated = layer is not Layer.TRUST and draw(st.integers(0, 9)) == 5
        pool = PRINCIPALS[1:] if layer is Layer.TRUST else PRINCIPALS
        found["NotPrincipal" if negated else "Principal"] = draw(st.sampled_from(pool))
    actions = ROLE_ACTIONS if layer is Layer.TRUST else ACTIONS
    found["Action"] = draw(st.sampled_from(actions))
    if layer is not Layer.TRUST:
        name = "NotResource" if draw(st.integers(0, 9)) == 5 else "Resource"
        found[name] = draw(
            st.sampled_from(RESOURCES)
            | st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2)
        )
    condition = draw(st.sampled_from(CONDITIONS))
    return {**found, "Condition": condition} if condition else found


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Return a request with its files, each written in one of the ways that people have them."""
    request = draw(st.sampled_from(REQUESTS))
    world: World = {"caller": draw(st.sampled_from(CALLERS)), "management_account": None}
    if draw(st.booleans()):
        world["resource_tags"] = {"team": "red"}
    bare: World = {"resource_policy": None, "identity": draw(st.sampled_from(([], [], [], None)))}
    context = draw(st.sampled_from(CONTEXTS))
    question = worlds.question({**world, **bare}, request, context)
    layer = grantor(question.resource)
    if draw(st.integers(0, 4)):
        question = question._replace(policies=question.policies.having({layer: ((),)}))
    files = {}
    for each, most in ((Layer.IDENTITY, 2), (layer, 1), (Layer.BOUNDARY, 1), (Layer.SESSION, 1)):
        if question.policies.is_known(each):
            for place in range(draw(st.integers(0, most))):
                files[f"{each}-0-{place}"] = draw(documents(each))
    for each, chances in ((Layer.SCP, 5), (Layer.RCP, 7), (Layer.ENDPOINT, 7)):
        if draw(st.integers(0, chances)) == 3:
            files |= {f"{each}-{level}-0": draw(documents(each)) for level in range(2)}
    if Layer.BOUNDARY in {name.split("-")[0] for name in files} and draw(st.booleans()):
        del files["boundary-0-0"]
    return Written(question, files)


@st.composite
def documents(draw: st.DrawFn, layer: Layer) -> str:
    """Return the text of a policy of a layer."""
    found = draw(st.lists(statements(layer), min_size=1, max_size=3))
    if layer in (Layer.SCP, Layer.BOUNDARY, Layer.ENDPOINT) and draw(st.booleans()):
        everyone = {"Principal": "*"} if layer is Layer.ENDPOINT else {}
        found.append({"Effect": "Allow", **everyone, "Action": "*", "Resource": "*"})
    writer = draw(st.sampled_from((_indented, _bare, _as_string)))
    version = draw(
        st.sampled_from((*[{"Version": "2012-10-17"}] * 3, {"Version": "2008-10-17"}, {}))
    )
    return writer({**version, "Statement": found})


def carried_out(found: Written, fix: Fix) -> Question:
    """Return the question after a fix: the question changed, the files written and read again."""
    files = dict(found.files)
    question: Any = found.question
    for remedy in fix.remedies:
        if remedy.changed is not None:
            question = remedy.changed(question)
        if remedy.attached is not None:
            layer = remedy.attached_to
            number = sum(name.startswith(f"{layer}-") for name in files)
            files[f"{layer}-0-{number}"] = remedy.attached.text
            known = question.policies.having({layer: ((),)})
            question = question._replace(policies=known)
    edits = (edit.in_file() for remedy in fix.remedies for edit in remedy.edits)
    for (name, text), changes in by_text(edits).items():
        assert files[name] == text
        files[name] = apply_edits(text, changes)
    return Written(question, files).asked(files)


def telling(found: Written, *more: object) -> str:
    """Return all there is to a failure."""
    return "\n".join(map(str, (found.question, *found.files.items(), *more)))


@given(written())
def test_f04_every_fix_carried_out_leads_to_a_yes(found: Written) -> None:
    asked = found.asked(found.files)
    evaluation = simulate(asked)
    if evaluation.decision.outcome is Outcome.ALLOWED:
        return
    for fix in diagnose_request(asked, evaluation).fixes:
        outcome = simulate(carried_out(found, fix)).decision.outcome
        assert outcome is Outcome.ALLOWED, telling(found, fix.title)
        assert outcome_of(fix.asked) is Outcome.ALLOWED


@given(written())
def test_what_takes_a_deny_or_a_condition_away_says_so_and_comes_last(found: Written) -> None:
    asked = found.asked(found.files)
    evaluation = simulate(asked)
    if evaluation.decision.outcome is Outcome.ALLOWED:
        return
    fixes = diagnose_request(asked, evaluation).fixes
    unguarded = [fix.rank is Rank.UNGUARDED for fix in fixes]
    assert unguarded == sorted(unguarded)
    for fix in fixes:
        if fix.rank is Rank.UNGUARDED:
            assert fix.access is Access.WIDENED
            assert fix.also_allows
            assert all(e.rank in (Rank.ELSEWHERE, Rank.UNGUARDED) for e in fixes), telling(found)
        else:
            assert _asks_as_before(asked, fix.asked), telling(found, fix.title)


def _asks_as_before(asked: Question, after: Asked) -> bool:
    """Whether every statement has the effect and the tests, but for their values, that it had."""
    pairs = (
        (old, new)
        for layer in Layer
        for before, then in zip(
            asked.policies.documents(layer), after.policies.documents(layer), strict=False
        )
        for old, new in zip(before.policy.statements, then.policy.statements, strict=False)
    )
    return all(
        old.effect is new.effect
        and [t[1:5] for t in old.conditions] == [t[1:5] for t in new.conditions]
        for old, new in pairs
    )


@given(written())
def test_every_no_has_a_cause_and_a_place_in_its_file(found: Written) -> None:
    asked = found.asked(found.files)
    evaluation = simulate(asked)
    if evaluation.decision.outcome is Outcome.ALLOWED:
        return
    causes = diagnose_request(asked, evaluation).causes
    assert causes, telling(found, evaluation.decision)
    for cause in causes:
        if cause.place is not None:
            source, (start, end) = cause.place.span().in_file()
            assert found.files[source.name] == source.text
            assert 0 <= start < end <= len(source.text)


@given(written())
def test_no_set_of_facts_holds_another(found: Written) -> None:
    asked = found.asked(found.files)
    evaluation = simulate(asked)
    if evaluation.decision.outcome is Outcome.ALLOWED:
        return
    sets = [frozenset(facts) for facts in diagnose_request(asked, evaluation).allowed_if]
    assert not any(one <= other for n, one in enumerate(sets) for other in sets[n + 1 :])
    assert not any(other <= one for n, one in enumerate(sets) for other in sets[n + 1 :])
