"""IAM311: somebody comes with a token or an assertion, and the role does not trust its provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.permissions import allow_in_grant, statements_place
from simulator.diagnosis.principals import named_instead, nearest_named, unnamed
from simulator.diagnosis.words import listed
from simulator.diagnostic import Access
from simulator.policy.edits import replace_string
from simulator.request.principal import Federated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding, Shortfall
    from simulator.diagnosis.principals import Named


def provider_not_named(finding: Finding) -> Iterator[Cause]:
    """Report that the trust policy does not name the provider that vouches for the caller."""
    found = unnamed(finding)  # PRN-36, STS-60, STS-61
    if found is None or not isinstance(found.evaluation.request.principal, Federated):
        return
    provider = found.evaluation.request.principal.provider
    named, nearest = named_instead(found), nearest_named(found)
    near = nearest[0] if nearest and nearest[1].near else None
    yield Cause(
        "IAM311",
        found.layer,
        f"the trust policy does not name the identity provider `{provider}`",
        Place(near.statement.document, near.entry.path) if near else statements_place(found),
        f"the caller comes by `{provider}`" if near else "none of these statements names it",
        listed(tuple(n.entry.value for n in named)) or "an Allow statement",
        provider,
        nearest[1].why if nearest else None,
        tuple(_remedies(found, provider, near)),
    )


def _remedies(finding: Shortfall, provider: str, near: Named | None) -> Iterator[Remedy]:
    """Yield the edit that corrects the provider of a near statement, or else a new statement."""
    if near is not None:
        edit = replace_string(near.statement.document, near.entry.path, provider)
        title = f"name `{provider}` in the place of `{near.entry.value}`"
        yield Remedy(title, Access.WIDENED, edits=(edit,))
    if near is None or not _is_same(near.entry.value, provider):
        yield from allow_in_grant(finding)


def _is_same(value: str, provider: str) -> bool:
    """Whether both are providers of one issuer, be it of two accounts."""
    named, ours = parse_arn(value), parse_arn(provider)
    return named is not None and ours is not None and named.resource == ours.resource
