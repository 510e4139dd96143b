"""Which of the calls that assume a role a statement speaks of, and who can make them.

https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.trust.named import Who

if TYPE_CHECKING:
    from simulator.policy.model import Statement

ASSUME: Final = "sts:AssumeRole"
WITH_SAML: Final = "sts:AssumeRoleWithSAML"
WITH_TOKEN: Final = "sts:AssumeRoleWithWebIdentity"  # noqa: S105 - an action
TAG_SESSION: Final = "sts:TagSession"
SET_SOURCE_IDENTITY: Final = "sts:SetSourceIdentity"
SET_CONTEXT: Final = "sts:SetContext"

CALLS: Final = (ASSUME, WITH_SAML, WITH_TOKEN)
COMPANIONS: Final = (TAG_SESSION, SET_SOURCE_IDENTITY, SET_CONTEXT)  # ACT-6

CALL_OF: Final = {  # TRU-2, PRN-36
    Who.SAML: WITH_SAML,
    Who.OIDC: WITH_TOKEN,
    **dict.fromkeys((Who.ACCOUNT, Who.USER, Who.ROLE, Who.SESSION, Who.SERVICE), ASSUME),
}
"""The only call in which each can be the caller.

A federated user can assume no role at all (STS-11), and of everyone AWS's pages do not say whether
a caller with a token or an assertion is meant (STAR-SERVICE).
"""


def speaks_of(statement: Statement, action: str) -> bool:
    """Whether a statement speaks of an action."""
    patterns, folded = statement.actions, action.lower()
    texts = [text.lower() for text in patterns.values.items]  # ACT-1
    if patterns.negated or any("*" in text or "?" in text for text in texts):
        # Most trust policies name their actions in full, and need no matcher.
        from simulator.matcher.actions import speaks_of as matches  # noqa: PLC0415

        return matches(patterns, folded)
    return folded in texts
