"""Tests of tokens that no token of the providers of a statement meets.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.names import fold
from simulator.check.trust.demands import needs_key
from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Access, Edit
from simulator.federation.issuers import issuer_of
from simulator.policy.model import Effect
from simulator.syntax import within_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

_SCHEME: Final = "https://"


class _Providers(NamedTuple):
    """The providers of a statement, how many there are of each issuer, and if nobody is beside."""

    statement: Statement
    listed: tuple[Named, ...]
    issuers: Counter[str]
    alone: bool


def check_claims(findings: Findings, subject: Subject) -> None:
    """Tell of tests of another issuer's tokens, and of claims that are no condition keys."""
    for statement in subject.statements:
        everyone = named(statement)
        listed = tuple(each for each in everyone if each.who is Who.OIDC)
        if not listed:
            continue
        issuers = Counter(fold(each.issuer) for each in listed)
        providers = _Providers(statement, listed, issuers, len(listed) == len(everyone))
        for test in statement.conditions:
            for issuer, claim in _claim(test):
                _check_issuer(findings, providers, test, issuer, claim)


def _claim(test: ConditionTest) -> Iterator[tuple[str, str]]:
    """Yield the issuer of a key about a token, with the scheme if it is written, and the claim."""
    scheme = _SCHEME if test.key.lower().startswith(_SCHEME) else ""
    issuer, colon, claim = test.key[len(scheme) :].partition(":")
    if colon and "." in issuer:
        yield scheme + issuer, claim


def _check_issuer(
    findings: Findings, providers: _Providers, test: ConditionTest, issuer: str, claim: str
) -> None:
    folded = fold(issuer)
    of_issuer = providers.issuers[folded]
    if of_issuer == len(providers.listed):
        _check_claim(findings, providers, test, issuer, claim)
    elif needs_key(test) and of_issuer == 0 and providers.alone:
        _other_issuer(findings, providers, test, issuer, claim)
    elif needs_key(test):
        _not_for_others(findings, providers, test, issuer)


def _not_for_others(
    findings: Findings, providers: _Providers, test: ConditionTest, issuer: str
) -> None:
    folded = fold(issuer)
    for each in providers.listed:
        if findings.is_full:
            return
        if fold(each.issuer) != folded:
            _not_for(findings, providers.statement, each, test, issuer)


def _other_issuer(
    findings: Findings, providers: _Providers, test: ConditionTest, issuer: str, claim: str
) -> None:
    statement, first = providers.statement, providers.listed[0]
    meant = f"{first.issuer}:{claim}" if len(providers.listed) == 1 else None
    why = (
        f"no condition key begins with a scheme, as `{test.key}` does"
        if issuer.lower().startswith(_SCHEME)
        else f"`{test.key}` is a key of `{issuer}`, and its provider is `{first.issuer}`"
    )
    findings.error(  # CTX-40, CND-10
        "IAM614",
        test.path,
        f"{statement.title} never applies: {why}",
        "no token of the provider has this key",
        on_key=True,
        help=f"did you mean `{meant}`?" if meant else None,
        access=Access.WIDENED if statement.effect is Effect.ALLOW else Access.NARROWED,
        edits=lambda: _renamed(statement, test, meant) if meant else (),
        beside=((first.entry.path, "the provider"),),
    )


def _renamed(statement: Statement, test: ConditionTest, key: str) -> tuple[Edit, ...]:
    block = [other for other in statement.conditions if other.path[:-1] == test.path[:-1]]
    if any(fold(other.key) == fold(key) for other in block):
        return ()
    span = statement.document.key_span(test.path)
    return (Edit(span.source, within_quotes(span.range), key),)


def _not_for(
    findings: Findings, statement: Statement, each: Named, test: ConditionTest, issuer: str
) -> None:
    findings.warn(  # CTX-40, CND-10
        "IAM614",
        each.entry.path,
        f"{statement.title} never applies to `{each.text}`: it tests tokens of `{issuer}`",
        f"no token of `{each.issuer}` has `{test.key}`",
        help="give each provider a statement of its own",
        beside=((test.path, "this test is of the other one"),),
    )


def _check_claim(
    findings: Findings, providers: _Providers, test: ConditionTest, issuer: str, claim: str
) -> None:
    keys = {fold(row.key) for row in issuer_of(issuer).keys}
    if fold(claim) in keys or _is_told(test.key):
        return
    never = needs_key(test)
    then = (
        f"{providers.statement.title} never applies: "
        if never and providers.alone
        else "this test limits nothing: " * (not never)
    )
    findings.warn(  # CTX-40, SUR-45
        "IAM615",
        test.path,
        f"{then}AWS makes no condition key of the claim `{claim}`",
        "whatever a token says, the key is absent",
        on_key=True,
        help=f"of this issuer there are {_listed(sorted(keys))}",
    )


def _is_told(key: str) -> bool:
    """Whether the name of a key is among those of which it is told anyway that AWS has none."""
    from simulator.catalog.condition_keys import is_known_key  # noqa: PLC0415 - takes 8 ms

    return is_known_key(key) is not None


def _listed(words: list[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
