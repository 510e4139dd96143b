"""IAM307: the policy of a KMS key does not name the caller, and nothing else is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause
from simulator.diagnosis.permissions import none_was_given, statements_place
from simulator.diagnosis.principals import (
    is_of_key,
    name_caller,
    named_instead,
    other_account,
    unnamed_signed,
)
from simulator.diagnosis.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding


def key_policy(finding: Finding) -> Iterator[Cause]:
    """Report a key policy that lets in neither the caller nor its account."""  # EVAL-17
    found = unnamed_signed(finding)
    if found is None or not is_of_key(found[0]) or other_account(found[0]):
        return
    shortfall, caller = found
    named = named_instead(shortfall)
    action = shortfall.evaluation.request.action
    yield Cause(
        "IAM307",
        shortfall.layer,
        "the key policy names neither the caller nor its account, and only it can let them in"
        if shortfall.level
        else "no policy of the key was given, and only it can let the caller or its account in",
        statements_place(shortfall),
        f"none of these statements allows the caller `{action}`",
        listed(tuple(n.entry.value for n in named)) or "an Allow statement",
        str(caller.arn),
        f"{none_was_given(shortfall)}identity-based policies are enough only where the key policy"
        " names the account",
        tuple(name_caller(shortfall, caller, named)) if shortfall.level else (),
    )
