"""IAM311: somebody comes with a token or an assertion, and the role does not trust its provider."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.diagnosis.cause import Cause, Remedy
from simulator.diagnosis.permissions import allow_in_grant, statements_place
from simulator.diagnosis.principals import named_instead, unnamed
from simulator.diagnosis.words import listed
from simulator.diagnostic import Access
from simulator.policy.edits import replace_string
from simulator.request.principal import Federated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding, Shortfall
    from simulator.diagnosis.principals import Named


_ALIKE = 0.9


def provider_not_named(finding: Finding) -> Iterator[Cause]:
    """Report that the trust policy does not name the provider that vouches for the caller."""
    found = unnamed(finding)  # PRN-36, STS-60, STS-61
    if found is None or not isinstance(found.evaluation.request.principal, Federated):
        return
    provider = found.evaluation.request.principal.provider
    named = named_instead(found)
    yield Cause(
        "IAM311",
        found.layer,
        f"the trust policy does not name the identity provider `{provider}`",
        statements_place(found),
        "none of these statements names it",
        listed(tuple(n.entry.value for n in named)) or "an Allow statement",
        provider,
        _advice(provider, named),
        tuple(_remedies(found, provider, named)),
    )


def _remedies(finding: Shortfall, provider: str, named: tuple[Named, ...]) -> Iterator[Remedy]:
    """Yield the edit that corrects the provider of a near statement, or else a new statement."""
    federated = [n for n in named if n.entry.kind == "Federated"]
    same = [n for n in federated if _is_same(n.entry.value, provider)]
    like = [n for n in federated if get_close_matches(provider, [n.entry.value], 1, _ALIKE)]
    for other in (same or like)[:1]:
        document = other.statement.document
        edit = replace_string(document, other.entry.path, provider)
        title = f"name `{provider}` in the place of `{other.entry.value}`"
        yield Remedy(title, Access.WIDENED, edits=(edit,), edits_of=(finding.layer,))
    if not same:
        yield from allow_in_grant(finding)


def _is_same(value: str, provider: str) -> bool:
    """Whether both are providers of one issuer, be it of two accounts."""
    named, ours = parse_arn(value), parse_arn(provider)
    return named is not None and ours is not None and named.resource == ours.resource


def _advice(provider: str, named: tuple[Named, ...]) -> str:
    federated = [n.entry.value for n in named if n.entry.kind == "Federated"]
    for value in federated:
        arn, ours = parse_arn(value), parse_arn(provider)
        if arn and ours and arn.resource == ours.resource and arn.account != ours.account:
            return (
                f"the policy names the provider of the account `{arn.account}`, and the token is"
                f" taken by that of the role's account, `{ours.account}`"
            )
    near = get_close_matches(provider, federated, n=1, cutoff=_ALIKE)
    if near:
        return f"it names `{near[0]}`, which differs by little: compare letter by letter"
    if named and not federated:
        return (
            "a principal under `AWS` or `Service` means callers with credentials of AWS: whom a"
            " provider vouches for is named under `Federated`"
        )
    return "name the provider of the role's own account under `Federated`, with its ARN"
