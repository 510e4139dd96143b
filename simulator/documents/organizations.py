"""The policies of AWS Organizations that are of IAM's language, by the words for their types.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.policy import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.policy.kinds import PolicyKind

KINDS: Final[Mapping[str, PolicyKind]] = {
    "SERVICE_CONTROL_POLICY": kinds.SCP,
    "RESOURCE_CONTROL_POLICY": kinds.RCP,
}
