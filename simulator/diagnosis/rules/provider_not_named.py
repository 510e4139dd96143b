"""IAM311: somebody comes with a token or an assertion, and the role does not trust its provider."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.permissions import allow_in_grant, statements_place
from simulator.diagnosis.principals import named_instead, unnamed
from simulator.diagnosis.words import listed
from simulator.request.principal import Federated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding
    from simulator.diagnosis.principals import Named


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
        allow_in_grant(found),
    )


def _advice(provider: str, named: tuple[Named, ...]) -> str:
    federated = [n.entry.value for n in named if n.entry.kind == "Federated"]
    for value in federated:
        arn, ours = parse_arn(value), parse_arn(provider)
        if arn and ours and arn.resource == ours.resource and arn.account != ours.account:
            return (
                f"the policy names the provider of the account `{arn.account}`, and the token is"
                f" taken by that of the role's account, `{ours.account}`"
            )
    near = get_close_matches(provider, federated, n=1, cutoff=0.8)
    if near:
        return f"it names `{near[0]}`, which differs by little: compare letter by letter"
    if named and not federated:
        return (
            "a principal under `AWS` or `Service` means callers with credentials of AWS: whom a"
            " provider vouches for is named under `Federated`"
        )
    return "name the provider of the role's own account under `Federated`, with its ARN"
