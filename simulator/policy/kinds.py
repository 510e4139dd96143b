"""The kinds of policy, as records: which elements each must have, may have, must not have.

The table of section A2 of the specification; AWS's own is spread over
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


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
    full_arns: bool = False  # RES-7
    plain_sids: bool = False  # POL-17

    @property
    def article(self) -> str:
        """The article that goes before the name."""
        return "an" if self.name[0] in "aeiou" else "a"


_NO, _YES = Need.FORBIDDEN, Need.REQUIRED

IDENTITY = PolicyKind("identity-based policy", _NO, _NO, _YES, plain_sids=True)
BOUNDARY = PolicyKind("permissions boundary", _NO, _NO, _YES, plain_sids=True)
SESSION = PolicyKind("session policy", _NO, _NO, _YES, full_arns=True, plain_sids=True)
TRUST = PolicyKind("trust policy", _YES, _NO, _NO, only_role_actions=True)  # POL-14..16
SCP = PolicyKind("service control policy", _NO, _NO, _YES)
RCP = PolicyKind("resource control policy", _YES, _NO, _YES, only_everyone=True, only_deny=True)
