"""Whose tokens a role takes: all that an issuer makes, or those of one's own alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.names import fold
from simulator.check.trust.calls import WITH_TOKEN, speaks_of
from simulator.check.trust.demands import (
    OF_ASSUME_ROLE,
    OF_SERVICES,
    compares,
    limits,
    needs_credentials,
    needs_key,
)
from simulator.check.trust.everyone import limits_who, shuts_out
from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Severity
from simulator.federation.issuers import BUILT_IN, issuer_of
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.federation.issuers import Issuer
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

_KUBERNETES: Final = re.compile(r"oidc[.-]eks\.[a-z0-9-]+\.(?:amazonaws|api)\..+", re.ASCII)
_AUDIENCE: Final = ("aud", "oaud")
# By which claim one's own tokens differ, of issuers whom every account knows.
_OF_BUILT_IN: Final = {"accounts.google.com": "aud"}
_APPLICATION: Final = "app_id"
# What belongs to one tenant of a shared issuer and to no other.
_PINS: Final = (
    *("repository", "repository_id", "repository_owner_id", "enterprise_id"),
    *("namespace_id", "project_id", "organization_id", "organization_slug"),
    *("pipeline_id", "cluster_id", "actor", "actor_id", "user_id", "user_login", "user_email"),
)
_SCHEME: Final = "https://"
_EVERY: Final = "*"
_OF_SESSION: Final = "sts"
_SESSION_KEYS: Final = frozenset({"sts:rolesessionname", "sts:sourceidentity"})
# Keys of the caller, which are about credentials of an account where there is a token.
_OF_ACCOUNTS: Final = frozenset({"aws:userid", "aws:federatedprovider"})
_NOT_OF_TOKENS: Final = ("saml:", *OF_ASSUME_ROLE, *OF_SERVICES)


class Trusted(NamedTuple):
    """A provider of tokens that a statement lets in, and the tests of what its tokens say.

    Each test has its claim before it, in lower case. It is `limited` if a test of the network or
    a Deny may keep some of those out who have a token.
    """

    statement: Statement
    named: Named
    issuer: Issuer
    tests: tuple[tuple[str, ConditionTest], ...]
    limited: bool

    def tests_of(self, *claims: str) -> tuple[ConditionTest, ...]:
        """Return the tests of some claims."""
        return tuple(test for claim, test in self.tests if claim in claims)

    @property
    def tenancy(self) -> tuple[ConditionTest, ...]:
        """The tests that compare what says whose a token is."""
        found = self.tests_of(*map(fold, self.issuer.tenancy))
        return tuple(test for test in found if compares(test))

    @property
    def is_pinned(self) -> bool:
        """Whether another claim says whose a token is."""
        return any(map(limits, self.tests_of(*_PINS)))

    def is_limited_beside(self, test: ConditionTest) -> bool:
        """Whether something else than a test of whose token it is keeps some people out."""
        others = (other for other in self.tenancy if other.key.lower() != test.key.lower())
        return self.limited or any(map(limits, others))


def trusted(subject: Subject) -> Iterator[Trusted]:
    """Yield one provider of each issuer that a statement lets in, if its tokens can get in."""
    denied = _denied(subject)
    for statement in subject.statements:
        if statement.effect is Effect.ALLOW and speaks_of(statement, WITH_TOKEN):
            yield from _trusted(statement, denied)


def _trusted(statement: Statement, denied: frozenset[str]) -> Iterator[Trusted]:
    providers: dict[str, Named] = {}
    for each in named(statement):
        if each.who is Who.OIDC:
            providers.setdefault(fold(each.issuer), each)
    if not providers:
        return
    keys = [(fold(test.key), test) for test in statement.conditions]
    demanded = [(key, test) for key, test in keys if needs_key(test)]
    needed = {issuer for key, _ in demanded if (issuer := _issuer_in(key))}
    if any(_is_in_vain(key, test) for key, test in demanded) or len(needed) > 1:
        return
    tests = _by_issuer(keys)
    in_network = any(test.key.lower() not in _OF_ACCOUNTS and limits_who(test) for _, test in keys)
    for issuer, each in providers.items():
        if needed <= {issuer}:
            of_issuer = (*tests.get(issuer, ()), *tests.get(_OF_SESSION, ()))
            limited = in_network or not denied.isdisjoint({issuer, _EVERY})
            yield Trusted(statement, each, issuer_of(each.issuer), of_issuer, limited)


def _issuer_in(key: str) -> str:
    """Return the issuer of a folded key about a token, with the scheme if it is written."""
    scheme = _SCHEME if key.startswith(_SCHEME) else ""
    issuer, _, _ = key[len(scheme) :].partition(":")
    return scheme + issuer if "." in issuer else ""


def _is_in_vain(key: str, test: ConditionTest) -> bool:
    """Whether a test needs a key that no call with a token has."""
    return not _issuer_in(key) and (needs_credentials(test) or key.startswith(_NOT_OF_TOKENS))


def _by_issuer(
    keys: list[tuple[str, ConditionTest]],
) -> dict[str, list[tuple[str, ConditionTest]]]:
    """Return the tests of what tokens say, each with its claim, by the issuer."""
    found: dict[str, list[tuple[str, ConditionTest]]] = {}
    for key, test in keys:
        issuer, _, claim = key.partition(":")
        if "." in issuer:
            found.setdefault(issuer, []).append((claim, test))
        elif key in _SESSION_KEYS:  # of one issuer AWS asks for the name of the session: TRU-7
            found.setdefault(_OF_SESSION, []).append((key, test))
    return found


def _denied(subject: Subject) -> frozenset[str]:
    """Return the issuers of whose tokens a Deny may shut some out; `*` stands for all issuers."""
    found = set()
    for statement in subject.statements:
        if statement.effect is Effect.DENY and speaks_of(statement, WITH_TOKEN):
            for test in statement.conditions:
                issuer, _, claim = fold(test.key).partition(":")
                if "." in issuer and claim not in _AUDIENCE and "Not" in test.operator:
                    found.add(issuer)
                elif shuts_out(test):
                    found.add(_EVERY)
    if len(subject.statements) < len(subject.policy.statements):
        found.add(_EVERY)  # a Deny that a template leaves open may shut anybody out
    return frozenset(found)


def check_issuers(findings: Findings, subject: Subject) -> None:
    """Tell of roles that take tokens of other people's, or do not say whose they take."""
    for each in trusted(subject):
        if each.issuer.tenancy:
            _check_shared(findings, each)
        elif fold(each.named.issuer) in BUILT_IN:
            if each.limited:
                continue
            claim = _OF_BUILT_IN.get(fold(each.named.issuer), _APPLICATION)
            if not any(compares(test) for _, test in each.tests):
                _anybody(findings, each, (claim,))
        else:
            _check_private(findings, each)


def _check_shared(findings: Findings, each: Trusted) -> None:
    if each.tenancy:
        if not any(map(compares, each.tests_of(*_AUDIENCE))):
            _any_audience(findings, each)
    elif each.is_pinned or each.limited:
        claims = " or ".join(f"`{_key(each, claim)}`" for claim in each.issuer.tenancy)
        findings.error(  # TRU-7
            "IAM609",
            each.named.entry.path,
            f"AWS refuses to store {each.statement.title}: it must test {claims}",
            f"this is {each.issuer.name}, whose customers share one issuer",
            help="something else limits who comes in, and AWS does not count that",
        )
    else:
        _anybody(findings, each, each.issuer.tenancy)


def _anybody(findings: Findings, each: Trusted, claims: tuple[str, ...]) -> None:
    keys = " or ".join(f"`{_key(each, claim)}`" for claim in claims)
    refused = "; AWS stores no new one without, and old ones stay open" * bool(each.issuer.tenancy)
    findings.error(  # TRU-7, TRU-8
        "IAM609",
        each.named.entry.path,
        f"{each.statement.title} lets everybody in who uses {each.issuer.name}: it does not say"
        " whose tokens it takes",
        "all customers have tokens of this one issuer",
        help=f"test {keys}{refused}",
    )


def _key(each: Trusted, claim: str) -> str:
    return claim if ":" in claim else f"{each.named.issuer}:{claim}"


def _check_private(findings: Findings, each: Trusted) -> None:
    tested = {claim for claim, test in each.tests if compares(test)}
    audience = not tested.isdisjoint(_AUDIENCE)
    if not tested.issubset({*_AUDIENCE, "amr"}):
        if not audience:
            _any_audience(findings, each)
        return
    in_cluster = _KUBERNETES.fullmatch(fold(each.named.issuer)) is not None
    whose = "each service account of the cluster" if in_cluster else "whoever it vouches for"
    findings.error(
        "IAM610",
        each.named.entry.path,
        f"{each.statement.title} takes each token of `{each.named.issuer}`: {whose} comes in",
        "only the audience is tested" if audience else "nothing in its tokens is tested",
        help=f"test `{each.named.issuer}:sub`",
        severity=Severity.NOTE if audience and not in_cluster else Severity.WARNING,
    )


def _any_audience(findings: Findings, each: Trusted) -> None:
    findings.note(  # STS-61
        "IAM616",
        each.named.entry.path,
        f"{each.statement.title} takes tokens for each client id of the provider",
        f"`{each.named.issuer}:aud` is not tested",
        help="a provider may be given more client ids, for other uses of its tokens",
    )
