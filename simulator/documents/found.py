"""A policy document that was found in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document


class Found(NamedTuple):
    """A document, what it is called in its file, and its kind where the place of it tells.

    The name is empty where the file is nothing but the policy; otherwise it is what people call
    the place: `Resources.Role.Properties.AssumeRolePolicyDocument`, `aws_iam_role.deploy`.
    """

    document: Document
    name: str = ""
    kind: PolicyKind | None = None
    warnings: tuple[Diagnostic, ...] = ()
