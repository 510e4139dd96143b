"""What the rules about trust policies say is so: asked of the engine, with many callers.

A policy of one statement lets nobody in whom a rule says it never applies to, and an edit that is
said to leave access as it is makes no difference to anybody.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from simulator.arn import role_arn
from simulator.check.subject import NOBODYS, subject_of
from simulator.check.trust.table import ROWS
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnostic import Access
from simulator.evaluation.policies import Policies
from simulator.federation.claims import claims_identity
from simulator.federation.keys import principal_of
from simulator.federation.model import SamlAssertion, WebIdentity
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.findings import Findings
from simulator.policy.model import Document
from simulator.request.caller import Caller
from simulator.request.principal import Federated, ServicePrincipal
from simulator.source import Source
from simulator.sts.answer import answer_to
from simulator.sts.call import Call, Provider, Role
from simulator.sts.operations import Operation
from simulator.sts.parameters import Parameters
from simulator.syntax import apply_edits, decode
from simulator.testing.plain import as_caller
from tests.strategies import ALLOW_ALL
from tests.worlds import arn, compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.check.row import Row
    from simulator.diagnostic import Diagnostic
    from tests.strategies import World

HOME, AWAY = "111111111111", "222222222222"
TARGET = role_arn("aws", HOME, "target")
GITHUB, CLUSTER = "token.actions.githubusercontent.com", "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
SAML = f"arn:aws:iam::{HOME}:saml-provider/okta"
DEVICE = f"arn:aws:iam::{HOME}:mfa/alice"


def provider(issuer: str) -> str:
    return f"arn:aws:iam::{HOME}:oidc-provider/{issuer}"


def iam(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:{name}"


def sts(account: str, name: str) -> str:
    return f"arn:aws:sts::{account}:{name}"


# --- Who calls, and how

CALLERS: tuple[World, ...] = (
    {"arn": iam(HOME, "user/alice")},
    {"arn": iam(HOME, "user/alice"), "credentials": "session_token"},
    {"arn": iam(HOME, "user/alice"), "credentials": "session_token_with_mfa"},
    {"arn": iam(HOME, "user/bob"), "credentials": "session_token_with_mfa", "mfa_age_seconds": 9},
    {"arn": iam(AWAY, "user/alice")},
    {"arn": sts(HOME, "assumed-role/deploy/s"), "role_arn": iam(HOME, "role/team/deploy")},
    {
        "arn": sts(HOME, "assumed-role/ci/alice"),
        "role_arn": iam(HOME, "role/ci"),
        "tags": {"a": "b"},
    },
    {"arn": sts(AWAY, "assumed-role/ci/alice"), "role_arn": iam(AWAY, "role/ci")},
    {
        "arn": sts(HOME, "assumed-role/ci/s"),
        "role_arn": iam(HOME, "role/ci"),
        "source_identity": "alice",
    },
    {"arn": sts(HOME, "federated-user/alice"), "user_arn": iam(HOME, "user/alice")},
)
PASSED: tuple[World, ...] = (
    {},
    {"external_id": "Ext-42"},
    {"tags": (("team", "red"),), "transitive_tag_keys": ("team",)},
    {"source_identity": "alice"},
    {"serial_number": DEVICE, "token_code": "123456"},
)
#: What a token or an assertion can carry of it.
SAID = tuple(passed for passed in PASSED if not {"external_id", "token_code"} & passed.keys())
SUBJECTS = (
    "repo:octo/site:ref:refs/heads/main",
    "repo:octo/site:ref:refs/tags/v1",
    "repo:octo/site:environment:prod",
    "repo:octo/site:pull_request",
    "repo:octo@1/site@2:ref:refs/heads/main",
    "repo:other/site:ref:refs/heads/main",
)
TOKENS = (
    *(
        (GITHUB, {"sub": sub, "aud": "sts.amazonaws.com", "iss": f"https://{GITHUB}"})
        for sub in SUBJECTS
    ),
    (CLUSTER, {"sub": "system:serviceaccount:web:site", "aud": "sts.amazonaws.com", "groups": "g"}),
    ("accounts.google.com", {"sub": "1", "aud": "app", "email": "a@example.com"}),
)
IN_ORGANIZATION = {"aws:PrincipalOrgID": "o-1", "aws:ResourceOrgID": "o-1"}


class Way(NamedTuple):
    """A way to call: who, with which parameters, token or assertion, and further context."""

    caller: Any
    parameters: World
    operation: Operation = Operation.ASSUME_ROLE
    identity: WebIdentity | SamlAssertion | None = None
    context: Mapping[str, str] = MappingProxyType({})

    def outcome(self, policies: Policies) -> Outcome:
        """Return what comes of it."""
        plain = Parameters(str(TARGET), "alice")
        by_assertion = isinstance(self.identity, SamlAssertion)
        call = Call(
            self.caller,
            plain._replace(**self.parameters),
            Role(TARGET, tags={}, max_session_duration=3600),
            policies,
            self.context,
            closed_world=True,
            operation=self.operation,
            identity=self.identity,
            provider=Provider(exists=True),
        )
        if self.identity is not None:  # the rest is in the token or in the assertion
            call = call._replace(passed=Parameters(str(TARGET)) if by_assertion else plain)
        return answer_to(call).outcome


@cache
def ways() -> tuple[Way, ...]:
    """Return all ways to call."""
    found = [
        Way(as_caller(caller), passed, context=context)
        for caller in CALLERS
        for passed in PASSED
        for context in ({}, IN_ORGANIZATION)
    ]
    services = ("ec2.amazonaws.com", "ecs-tasks.amazonaws.com")
    sources: tuple[World, ...] = ({}, {"aws:SourceAccount": HOME, "aws:SourceOrgID": "o-1"})
    found += [
        Way(ServicePrincipal(name), {}, context=context)
        for name, context in product(services, sources)
    ]
    for issuer, claims in TOKENS:
        identity = claims_identity(issuer, claims)
        who = Federated(principal_of(identity, HOME))
        found += [
            Way(who, passed, Operation.ASSUME_ROLE_WITH_WEB_IDENTITY, identity) for passed in SAID
        ]
    attributes = {"saml:aud": "https://signin.aws.amazon.com/saml", "saml:sub": "alice"}
    assertion = SamlAssertion(arn(SAML), attributes, "alice", roles=((str(TARGET), SAML),))
    found += [
        Way(Federated(SAML), passed, Operation.ASSUME_ROLE_WITH_SAML, assertion) for passed in SAID
    ]
    return tuple(found)


def outcomes(document: World) -> tuple[Outcome, ...]:
    """Return what comes of each way to call where everything but the trust policy allows it."""
    trust = compiled(document, kinds.TRUST)
    policies = Policies(
        {
            Layer.TRUST: ((trust,),),
            Layer.IDENTITY: ((compiled(ALLOW_ALL, kinds.IDENTITY),),),
        }
    )
    return tuple(way.outcome(policies) for way in ways())


# --- Policies

AWS = (
    *(HOME, iam(HOME, "root"), iam(HOME, "user/alice"), iam(HOME, "user/bob"), iam(AWAY, "root")),
    *(iam(HOME, "role/team/deploy"), iam(HOME, "role/ci"), sts(HOME, "assumed-role/ci/alice")),
    *(sts(HOME, "federated-user/alice"), "*"),
)
PRINCIPALS = (
    *(("AWS", text) for text in AWS),
    *(("Service", name) for name in ("ec2.amazonaws.com", "ecs-tasks.amazonaws.com")),
    *(("Federated", provider(issuer)) for issuer in (GITHUB, CLUSTER)),
    *(("Federated", text) for text in (SAML, "accounts.google.com")),
)
ACTIONS = (
    *("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:*"),
    *("sts:TagSession", "sts:SetSourceIdentity", "sts:AssumeRole*", "STS:assumerole"),
)
BOOL, TEXT = ("Bool", "BoolIfExists", "ForAllValues:Bool"), ("StringEquals", "StringLike")
TEXTS = (*TEXT, "StringNotEquals", "StringEqualsIfExists", "ForAnyValue:StringLike")
ARNS = ("ArnLike", "ArnEquals", "StringLike", "ArnNotLike", "StringEquals")
PRESENT = "aws:MultiFactorAuthPresent"
TESTS: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (BOOL, PRESENT, ("true", "false")),
    (("Null",), PRESENT, ("true", "false")),
    (("NumericLessThan", "NumericGreaterThanIfExists"), "aws:MultiFactorAuthAge", ("60",)),
    (TEXTS, "aws:PrincipalOrgID", ("o-1", "o-*")),
    (TEXTS, "aws:PrincipalAccount", (HOME, AWAY)),
    (TEXTS, "aws:PrincipalTag/a", ("b", "*")),
    (TEXTS, "aws:username", ("alice", "bob", "a*")),
    (TEXTS, "sts:RoleSessionName", ("${aws:username}", "alice", "${aws:username}-1")),
    (TEXTS, "aws:RequestTag/team", ("red", "*")),
    (("ForAllValues:StringEquals", "ForAnyValue:StringEquals"), "aws:TagKeys", ("team",)),
    (TEXTS, "sts:SourceIdentity", ("alice", "*")),
    (TEXTS, "sts:ExternalId", ("Ext-42",)),
    (TEXTS, "aws:SourceAccount", (HOME,)),
    (
        ARNS,
        "aws:PrincipalArn",
        (
            *(iam(HOME, "user/alice"), iam(HOME, "role/team/deploy"), iam(HOME, "role/deploy")),
            *(iam(HOME, "role/*"), iam(AWAY, "*"), iam("*", "role/ci"), iam(HOME, "root")),
            *(sts(HOME, "assumed-role/ci/alice"), sts("*", "assumed-role/ci/*")),
        ),
    ),
    (TEXTS, f"{GITHUB}:sub", (*SUBJECTS[:2], "repo:octo/site:refs/heads/main", "octo/site:*", "*")),
    (TEXTS, f"{GITHUB}:aud", ("sts.amazonaws.com",)),
    (TEXTS, f"{CLUSTER}:sub", ("system:serviceaccount:web:site",)),
    (TEXTS, f"{CLUSTER}:groups", ("g", "*")),
    (TEXTS, f"https://{GITHUB}:sub", ("*",)),
    (TEXTS, "accounts.google.com:aud", ("app",)),
    (TEXTS, "SAML:aud", ("https://signin.aws.amazon.com/saml", "urn:amazon:webservices")),
)


@st.composite
def conditions(draw: st.DrawFn) -> World:
    """Return a condition block with few tests."""
    found: dict[str, World] = {}
    for operators, key, values in draw(st.lists(st.sampled_from(TESTS), max_size=2)):
        listed = draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True))
        operator = draw(st.sampled_from(operators))
        single = "Bool" in operator or operator == "Null"
        found.setdefault(operator, {})[key] = listed[0] if single or len(listed) == 1 else listed
    return found


@st.composite
def policies(draw: st.DrawFn) -> World:
    """Return a trust policy of one statement."""
    chosen = draw(st.lists(st.sampled_from(PRINCIPALS), min_size=1, max_size=3))
    principal: dict[str, list[str]] = {}
    for kind, text in chosen:
        principal.setdefault(kind, []).append(text)
    actions = draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True))
    return with_statement(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": actions,
            "Condition": draw(conditions()),
        }
    )


def with_statement(statement: World) -> World:
    return {"Version": "2012-10-17", "Statement": [statement]}


OF_TRUST = tuple(row for row in ROWS if not row.kinds or kinds.TRUST in row.kinds)


def findings(text: str, rows: tuple[Row, ...] = OF_TRUST) -> tuple[Diagnostic, ...]:
    """Return what rules tell of a trust policy."""
    source = Source("trust.json", text)
    policy = build(Document(source, (), decode(source)), kinds.TRUST)
    found, subject = Findings(policy.document), subject_of(policy, NOBODYS)
    for row in rows:
        row.rule(found, subject)
    return found.told()


# --- The laws

_ONE = re.compile(r"never applies to `([^`]+)`")
_NOBODY = re.compile(r"never applies:|lets nobody in:")
_IN_VAIN = "no caller is let in by this"


def in_vain(document: World, finding: Diagnostic) -> World | None:
    """Return the policy that a finding says lets nobody in, if it says so of one."""
    (statement,) = document["Statement"]
    one = _ONE.search(finding.message)
    if one is not None:
        alone = {k: one[1] for k, texts in statement["Principal"].items() if one[1] in texts}
        return with_statement({**statement, "Principal": alone})
    alone_in_list = finding.labels[0].text == _IN_VAIN and finding.severity == "error"
    return document if _NOBODY.search(finding.message) or alone_in_list else None


@given(policies())
def test_what_never_applies_lets_nobody_in(document: World) -> None:
    for finding in findings(json.dumps(document)):
        claimed = in_vain(document, finding)
        if claimed is not None:
            allowed = [
                way
                for way, told in zip(ways(), outcomes(claimed), strict=True)
                if told is Outcome.ALLOWED
            ]
            assert not allowed, (finding.message, claimed, allowed[0])


@given(policies())
def test_edits_do_to_access_what_they_say(document: World) -> None:
    text = json.dumps(document)
    before = None
    for finding in findings(text):
        if finding.edits and finding.access is not Access.WIDENED:
            before = before or outcomes(document)
            after = outcomes(json.loads(apply_edits(text, finding.edits)))
            if finding.access is Access.UNCHANGED:
                assert after == before, (finding.message, document)
            more = [new for old, new in zip(before, after, strict=True) if old is not new]
            assert Outcome.ALLOWED not in more, (finding.message, document)


@given(policies())
def test_what_lets_everybody_in_lets_somebody_else_in(document: World) -> None:
    found = findings(json.dumps(document))
    # Of tokens AWS does not say the first, few ways to call keep clear of a negated test, and what
    # holds without a variable's value is in doubt (VAR-IFEXISTS).
    words = ("aws:PrincipalAccount", "Not", "IfExists")
    in_doubt = any(word in json.dumps(document) for word in words)
    if in_doubt or any(in_vain(document, finding) for finding in found):
        return  # some of the principals never get in
    told = outcomes(document)
    for finding in found:
        if finding.severity == "error" and EVERYBODY.search(finding.message):
            others = [t for way, t in zip(ways(), told, strict=True) if is_strangers(way)]
            assert Outcome.ALLOWED in others, (finding.message, document)


EVERYBODY = re.compile(r"everybody in who uses GitHub Actions|every AWS account")


def is_strangers(way: Way) -> bool:
    """Whether a way to call is that of somebody who has nothing to do with us."""
    if isinstance(way.identity, WebIdentity):
        return way.identity.claims["sub"] == SUBJECTS[-1]
    return isinstance(way.caller, Caller) and way.caller.principal.arn.account == AWAY


def test_everybody_who_is_named_gets_in() -> None:
    """The laws above would hold of a world in which nobody ever got in."""
    plain = {"Effect": "Allow", "Action": "sts:*"}
    for kind, text in PRINCIPALS:
        document = with_statement({**plain, "Principal": {kind: text}})
        can_call = "federated-user" not in text
        assert (Outcome.ALLOWED in outcomes(document)) is can_call, text


@given(policies())
def test_a_policy_without_the_words_of_a_rule_has_nothing_to_find(document: World) -> None:
    text = json.dumps(document)
    for row in OF_TRUST:
        if findings(text, (row,)):
            assert any(word in text.lower() for word in row.words or ("",)), (row.codes, document)
