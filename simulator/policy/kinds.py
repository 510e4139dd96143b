"""The kinds of policy, as records: which elements each must have, may have, must not have.

The table of section A2 of the specification; AWS's own is spread over
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from simulator.diagnostic import Severity


class Need(StrEnum):
    """Whether a kind of policy must, may or must not have an element."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


class PolicyKind(NamedTuple):
    """What a kind of policy is called and what its statements look like."""

    name: str
    principal: Need
    not_principal: Need
    resource: Need
    only_role_actions: bool = False  # TRU-1
    only_everyone: bool = False  # POL-15: an RCP speaks of everyone
    only_deny: bool = False  # EVAL-50
    short_arns: Severity | None = None  # RES-6, RES-7, SHORT-ARN: what is said of one
    plain_sids: bool = False  # POL-17
    any_action_name: bool = False  # ACT-4: stored whatever stands after the colon
    only_new_language: bool = False  # POL-5: AWS refuses to write it in the language of 2008
    old_language: bool = False  # POL-5: stored and used in the language of 2008

    @property
    def article(self) -> str:
        """The article that goes before the name."""
        return "an" if self.name[0] in "aeiou" else "a"


_NO, _YES = Need.FORBIDDEN, Need.REQUIRED

_WARN, _REFUSE = Severity.WARNING, Severity.ERROR

IDENTITY = PolicyKind(
    "identity-based policy",
    _NO,
    _NO,
    _YES,
    plain_sids=True,
    any_action_name=True,
    only_new_language=True,
)
BOUNDARY = IDENTITY._replace(name="permissions boundary", short_arns=_WARN)
SESSION = PolicyKind(
    "session policy",
    _NO,
    _NO,
    _YES,
    short_arns=_REFUSE,
    plain_sids=True,
    any_action_name=True,
)
TRUST = PolicyKind(  # POL-14, POL-15, POL-16
    "trust policy", _YES, _NO, _NO, only_role_actions=True, old_language=True
)
SCP = PolicyKind("service control policy", _NO, _NO, _YES, short_arns=_WARN)
RCP = PolicyKind(
    "resource control policy",
    _YES,
    _NO,
    _YES,
    only_everyone=True,
    only_deny=True,
    short_arns=_WARN,
)
RESOURCE = PolicyKind(
    "resource-based policy",
    _YES,
    Need.OPTIONAL,
    Need.OPTIONAL,
    short_arns=_WARN,
    old_language=True,
)
ENDPOINT = RESOURCE._replace(name="VPC endpoint policy")

BY_WORD = {
    "identity": IDENTITY,
    "trust": TRUST,
    "boundary": BOUNDARY,
    "session": SESSION,
    "resource": RESOURCE,
    "scp": SCP,
    "rcp": RCP,
    "endpoint": ENDPOINT,
}
"""The kinds by the words for which people ask for them."""
