"""Tests of tokens that no token of the providers of a statement meets.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.names import fold
from simulator.check.trust.demands import needs_key
from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Access, Edit
from simulator.federation.issuers import issuer_of
from simulator.syntax import within_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

_SCHEME: Final = "https://"


def check_claims(findings: Findings, subject: Subject) -> None:
    """Tell of tests of another issuer's tokens, and of claims that are no condition keys."""
    for statement in subject.statements:
        providers = [each for each in named(statement) if each.who is Who.OIDC]
        if providers:
            tests = [(test, *key) for test in statement.conditions for key in _claim(test)]
            for test, issuer, claim in tests:
                _check_issuer(findings, statement, providers, test, issuer, claim)


def _claim(test: ConditionTest) -> Iterator[tuple[str, str]]:
    """Yield the issuer of a key about a token, with the scheme if it is written, and the claim."""
    scheme = _SCHEME if test.key.lower().startswith(_SCHEME) else ""
    issuer, colon, claim = test.key[len(scheme) :].partition(":")
    if colon and "." in issuer:
        yield scheme + issuer, claim


def _check_issuer(  # noqa: PLR0913, PLR0917 - a test, taken apart
    findings: Findings,
    statement: Statement,
    providers: list[Named],
    test: ConditionTest,
    issuer: str,
    claim: str,
) -> None:
    others = [each for each in providers if fold(each.issuer) != fold(issuer)]
    if not others:
        _check_claim(findings, statement, test, issuer, claim)
    elif needs_key(test) and len(others) == len(named(statement)):
        _other_issuer(findings, statement, others, test, issuer, claim)
    elif needs_key(test):
        for each in others:
            _not_for(findings, statement, each, test, issuer)


def _other_issuer(  # noqa: PLR0913, PLR0917 - likewise
    findings: Findings,
    statement: Statement,
    others: list[Named],
    test: ConditionTest,
    issuer: str,
    claim: str,
) -> None:
    first = others[0]
    meant = f"{first.issuer}:{claim}" if len(others) == 1 else None
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
        access=Access.WIDENED,
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
    findings: Findings, statement: Statement, test: ConditionTest, issuer: str, claim: str
) -> None:
    keys = {fold(row.key) for row in issuer_of(issuer).keys}
    if fold(claim) in keys or _is_told(test.key):
        return
    never = needs_key(test)
    alone = never and all(fold(each.issuer) == fold(issuer) for each in named(statement))
    then = (
        f"{statement.title} never applies: "
        if alone
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
