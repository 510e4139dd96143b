"""What AWS's documentation leaves open: left open, it makes answers undecided, and no others.

Each doubt has a small world whose answer turns on it.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.catalog.doubts import ALL_OPEN, NONE_OPEN, Doubt
from simulator.simulate import simulate, turns_on
from simulator.sts import answer
from simulator.testing.pools import (
    AWAY,
    CANONICAL,
    HOME,
    USER_ID,
    policy,
    role_arn,
    session_arn,
    user_arn,
)
from tests import questions, strategies, worlds
from tests.questions import Ask
from tests.strategies import ALLOW_ALL, Case

if TYPE_CHECKING:
    from tests.strategies import World

doubts = st.frozensets(st.sampled_from(Doubt), max_size=4) | st.just(frozenset(Doubt))


#: What an answer can become. A Deny that nobody is sure of is no Deny, though the answer stays no.
BECOMES = {name: {name, "undecided"} for name in ("allowed", "implicitDeny", "error", "undecided")}
BECOMES["explicitDeny"] = {"explicitDeny", "implicitDeny", "undecided"}


@given(questions.asks(), doubts, doubts)
def test_an_open_doubt_makes_an_answer_undecided_or_nothing(
    ask: Ask, some: frozenset[Doubt], others: frozenset[Doubt]
) -> None:
    closed, few, more = (ask.opening(each) for each in (NONE_OPEN, some, some | others))
    assert few in BECOMES[closed]
    assert more in BECOMES[few]


@given(strategies.cases(), doubts)
def test_an_open_doubt_makes_a_call_undecided_or_nothing(
    case: Case, some: frozenset[Doubt]
) -> None:
    call = worlds.call(*case)
    outcome = answer.answer_to(call, some).outcome
    assert outcome in BECOMES[case.outcome]


@given(questions.asks())
def test_nothing_opened_changes_nothing(ask: Ask) -> None:
    opened = ask.question._replace(policies=ask.question.policies.opening(NONE_OPEN))
    assert simulate(opened).decision == ask.evaluation.decision


@given(questions.asks())
def test_an_answer_turns_on_what_makes_another_of_it(ask: Ask) -> None:
    named = turns_on(ask.question, ask.evaluation)
    changed = [doubt for doubt in named if ask.opening(frozenset({doubt})) is not ask.outcome]
    if changed:
        assert changed == list(named)
    elif named:
        assert ask.opening(frozenset(named)) is not ask.outcome
        for fewer in combinations(named, len(named) - 1):
            assert ask.opening(frozenset(fewer)) is ask.outcome
    else:
        assert ask.outcome == "undecided" or ask.opening(frozenset(Doubt)) is ask.outcome


ALICE: World = {"arn": user_arn(HOME, "alice")}
SESSION: World = {"arn": session_arn(HOME, "deploy", "ci"), "role_arn": role_arn(HOME, "deploy")}
FEDERATED: World = {
    "arn": f"arn:aws:sts::{HOME}:federated-user/alice",
    "user_arn": user_arn(HOME, "alice"),
}
OBJECT: World = {
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::bucket/alice/x",
    "resource_account": HOME,
}
QUEUE: World = {
    "action": "sqs:SendMessage",
    "resource": f"arn:aws:sqs:eu-west-1:{HOME}:queue",
}
EVERYTHING: World = {"Action": "*", "Resource": "*"}
NO_TAG = "${aws:PrincipalTag/none}"


def allowing(caller: World | None = None, request: World = OBJECT, **elements: object) -> Ask:
    """Return a request that an identity policy allows, but for some elements of its statement."""
    statement = {"Effect": "Allow", **EVERYTHING, **elements}
    for element in ("Action", "Resource"):
        if f"Not{element}" in statement:
            del statement[element]
    return Ask({"caller": caller or ALICE, "identity": [policy(statement)]}, request, {})


def on_condition(operator: str, key: str, wanted: object, **context: object) -> Ask:
    """Return a request that an identity policy allows under one condition."""
    keys = {name.replace("_", ":"): value for name, value in context.items()}
    return allowing(Condition={operator: {key: wanted}}).knowing(**keys)


def by_policy(principal: object, caller: World, request: World = OBJECT, **world: object) -> Ask:
    """Return a request that the policy of the resource allows to somebody."""
    allow = policy({"Effect": "Allow", "Principal": principal, **EVERYTHING})
    signed: World = {} if "service" in caller else {"identity": []}
    return Ask({"caller": caller, **signed, "resource_policy": allow, **world}, request, {})


def denying(ask: Ask, **principal: object) -> Ask:
    """Return a request to a resource whose policy denies somebody."""
    deny = policy({"Effect": "Deny", **principal, **EVERYTHING})
    return ask.having(resource_policy=deny)


def forbidding(ask: Ask, **elements: object) -> Ask:
    """Return a request of somebody who may do all but what one more statement denies."""
    deny = {"Effect": "Deny", "Action": "*", **elements}
    return ask.having(boundary=policy(*ALLOW_ALL["Statement"], deny))


def assuming(
    caller: World,
    trusted: World,
    *actions: str,
    condition: World | None = None,
    **parameters: object,
) -> Case:
    """Return an AssumeRole call that a trust policy allows, on a condition if one is given."""
    statement = {"Effect": "Allow", "Principal": trusted, "Action": list(actions)}
    trust = policy(statement | ({"Condition": condition} if condition else {}))
    role = {"arn": role_arn(HOME, "target")}
    return Case({"caller": caller, "role": role, "trust": trust, "identity": []}, parameters, {})


ONE_SQS = policy({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
ONE_S3 = policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
KEY: World = {"action": "kms:Decrypt", "resource": f"arn:aws:kms:eu-west-1:{HOME}:key/k1"}
TABLE: World = {
    "action": "dynamodb:GetItem",
    "resource": f"arn:aws:dynamodb:eu-west-1:{HOME}:table/t",
}
#: For each doubt a world in which the answer turns on it.
EXAMPLES: dict[Doubt, Ask | Case] = {
    Doubt.RES_COLON: allowing(request=QUEUE, Resource="arn:aws:sqs:*:queue"),
    Doubt.SHORT_ARN: allowing(request=QUEUE).having(
        boundary=policy({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs"})
    ),
    Doubt.EMPTY_NOT: allowing(NotAction=[]),
    Doubt.EMPTY_WANT: on_condition("StringEquals", "aws:username", []),
    Doubt.MULTI_BOOL: on_condition("Bool", "aws:SecureTransport", ["true", "false"]),
    Doubt.VAR_WILD: allowing(
        {**ALICE, "tags": {"team": "*"}}, Resource="arn:aws:s3:::bucket/${aws:PrincipalTag/team}"
    ),
    Doubt.VAR_EMPTY: allowing(
        {**ALICE, "tags": {"team": ""}},
        Resource="arn:aws:s3:::bucket/${aws:PrincipalTag/team}alice/x",
    ),
    Doubt.VAR_MULTI: on_condition(
        "StringEquals", "aws:username", "${app:List}", app_List=["alice"]
    ),
    Doubt.VAR_MIXED: on_condition("StringEquals", "aws:username", [NO_TAG, "alice"]),
    Doubt.VAR_IFEXISTS: on_condition("StringEqualsIfExists", "aws:username", NO_TAG),
    Doubt.NOTRES_VAR: allowing(NotResource=f"arn:aws:s3:::bucket/{NO_TAG}/*"),
    Doubt.BOOL_VAR: on_condition("Bool", "aws:SecureTransport", "${aws:SecureTransport}"),
    Doubt.BOOL_CASE: on_condition("Bool", "aws:SecureTransport", "True"),
    Doubt.EMPTY_LIST: on_condition("Null", "app:List", "true", app_List=[]),
    Doubt.SET_EMPTY: on_condition("ForAllValues:StringEquals", "app:List", "alice", app_List=[""]),
    Doubt.ANY_NEG_MISSING: on_condition("ForAnyValue:StringNotEquals", "app:List", "alice"),
    Doubt.ANY_IFEXISTS_MISSING: on_condition(
        "ForAnyValue:StringEqualsIfExists", "app:List", "alice"
    ),
    Doubt.MULTI_NOSET: on_condition("StringEquals", "aws:TagKeys", "team", aws_TagKeys=["team"]),
    Doubt.BAD_NUMBER: on_condition("NumericEquals", "app:Count", "1e2", app_Count="100"),
    Doubt.DATE_FORM: on_condition(
        "DateLessThan", "app:At", "2027-01-01T00:00:00", app_At="2026-01-01T00:00:00Z"
    ),
    Doubt.ARN_SHAPE: on_condition("ArnLike", "aws:PrincipalArn", "*"),
    Doubt.CASEFOLD: on_condition("StringEqualsIgnoreCase", "app:Name", "\xc4", app_Name="\xe4"),
    Doubt.IP_FORM: on_condition(
        "IpAddress", "aws:SourceIp", "2001:db8::1", aws_SourceIp="2001:db8::1"
    ),
    Doubt.UNIQUE_ID: by_policy({"AWS": USER_ID}, {**ALICE, "unique_id": USER_ID}),
    Doubt.TOKEN_DIRECT: by_policy({"AWS": ALICE["arn"]}, {**ALICE, "credentials": "session_token"}),
    Doubt.STAR_SERVICE: by_policy("*", {"service": "cloudtrail.amazonaws.com"}),
    Doubt.CANONICAL: by_policy(
        {"CanonicalUser": CANONICAL},
        {**ALICE, "canonical_user": CANONICAL},
        {**OBJECT, "resource_account": AWAY},
        identity=[ALLOW_ALL],
    ),
    Doubt.NOTPRINCIPAL: denying(allowing(SESSION), NotPrincipal={"AWS": SESSION["role_arn"]}),
    Doubt.FED_DENY_USER: denying(
        allowing(FEDERATED).having(session_policies=[ALLOW_ALL]),
        Principal={"AWS": FEDERATED["user_arn"]},
    ),
    Doubt.SESSION_MULTI: allowing(SESSION).having(session_policies=[ONE_SQS, ONE_S3]),
    Doubt.FED_NO_SESSION: allowing(FEDERATED),
    Doubt.ROOT_TRUST: Ask({"caller": {"arn": f"arn:aws:iam::{HOME}:root"}}, KEY, {}),
    Doubt.RCP_SERVICES: allowing(request=TABLE).having(
        rcps=[[policy({"Effect": "Deny", "Principal": "*", **EVERYTHING})]]
    ),
    Doubt.CHAIN_PERMS: assuming(
        {**SESSION, "source_identity": "alice"}, {"AWS": SESSION["arn"]}, "sts:AssumeRole"
    ),
    Doubt.COMPANION_SIDES: assuming(ALICE, {"AWS": ALICE["arn"]}, "sts:*", tags={"team": "red"}),
    Doubt.INHERITED_TAGS: assuming(
        {**SESSION, "tags": {"team": "red"}, "transitive_tag_keys": ["team"]},
        {"AWS": SESSION["arn"]},
        "sts:*",
        condition={"Null": {"aws:RequestTag/team": "true"}},
    ),
    Doubt.SESSION_MFA: assuming(
        SESSION,
        {"AWS": SESSION["arn"]},
        "sts:*",
        condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    ),
}


def opened(example: Ask | Case, doubt: Doubt) -> str:
    """Return what is decided with one doubt open."""
    if isinstance(example, Ask):
        return example.opening(frozenset({doubt}))
    return answer.answer_to(worlds.call(*example), frozenset({doubt})).outcome


#: Worlds beside those above, whose answer does not turn on what the doubts are about.
CERTAIN: dict[str, Ask] = {
    "a wildcard that fits within its field": allowing(
        request=QUEUE, Resource="arn:aws:sqs:*:*:queue"
    ),
    "another text of the list fits": allowing(request=QUEUE, Resource=["arn:aws:sqs:*:queue", "*"]),
    "a short ARN of another service": forbidding(allowing(request=QUEUE), Resource="arn:aws:s3"),
    "a condition that fails": forbidding(
        allowing({**ALICE, "tags": {"team": "*"}}),
        Resource="arn:aws:s3:::bucket/${aws:PrincipalTag/team}",
        Condition={"StringEquals": {"aws:username": "bob"}},
    ),
}


@pytest.mark.parametrize("ask", CERTAIN.values(), ids=CERTAIN)
def test_what_turns_on_nothing(ask: Ask) -> None:
    assert ask.opening(ALL_OPEN) == ask.opening(frozenset())


def test_each_doubt_has_an_example() -> None:
    assert set(EXAMPLES) == set(Doubt)


@pytest.mark.parametrize("doubt", EXAMPLES)
def test_an_example_turns_on_its_doubt(doubt: Doubt) -> None:
    example = EXAMPLES[doubt]
    assert example.outcome in ("allowed", "implicitDeny", "explicitDeny")
    assert opened(example, doubt) == "undecided"
    if isinstance(example, Ask):
        assert doubt in turns_on(example.question, example.evaluation)
    else:
        assert doubt in answer.turns_on(worlds.call(*example), example.answer)
