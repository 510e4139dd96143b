"""IAM301: the resource's policy names another account than the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.near.callers import digits_apart
from simulator.diagnosis.near.slips import is_swapped
from simulator.diagnosis.principals import (
    name_caller,
    name_in_place,
    other_account,
    unnamed_signed,
)
from simulator.diagnosis.words import LAYER_NAMES
from simulator.diagnostic import Access
from simulator.policy.edits import replace_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding, Shortfall
    from simulator.diagnosis.principals import Named
    from simulator.request.principal import Signed

_NEAR = 3


def wrong_account(finding: Finding) -> Iterator[Cause]:
    """Report the account that the resource's policy names instead of the caller's."""  # PRN-31
    found = unnamed_signed(finding)
    named = other_account(found[0]) if found else None
    if found is None or named is None:
        return
    shortfall, caller = found
    ours, policy = caller.arn.account, LAYER_NAMES[shortfall.layer]
    yield Cause(
        "IAM301",
        shortfall.layer,
        f"the {policy} names account `{named.account}`, and the caller is in account `{ours}`",
        Place(named.statement.document, named.entry.path),
        f"this is account `{named.account}`",
        named.entry.value,
        str(caller.arn),
        _advice(named, ours),
        tuple(_remedies(shortfall, caller, named)),
    )


def _advice(named: Named, ours: str) -> str | None:
    apart = digits_apart(named.account, ours)
    if apart > _NEAR:
        return None
    if is_swapped(str(named.account), ours):
        return "two digits of the two are swapped: probably a slip of the pen"
    return f"the two differ in {apart} digit{'s' if apart > 1 else ''}: probably a slip of the pen"


def _remedies(finding: Shortfall, caller: Signed, named: Named) -> Iterator[Remedy]:
    ours = caller.arn.account
    if digits_apart(named.account, ours) > _NEAR:
        yield from name_caller(finding, caller, (named,))
        return
    value = named.entry.value.replace(str(named.account), ours)
    edit = replace_string(named.statement.document, named.entry.path, value)
    everyone = f"every principal of account {ours} whom that account allows the call"
    also = () if ":user/" in value or ":role/" in value else (everyone,)
    if also:  # the narrowest first
        yield name_in_place(finding, caller, named)
    yield Remedy(
        f"correct the account id to `{ours}`", Access.WIDENED, edits=(edit,), also_allows=also
    )
