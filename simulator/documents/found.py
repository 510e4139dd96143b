"""The policy documents that were found in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document


class Found(NamedTuple):
    """A document, what it is called in its file, and its kind where the place of it tells.

    The name is empty where the file is nothing but the policy; otherwise it is what people call
    the place: `Resources.Role.Properties.AssumeRolePolicyDocument`, or of a plan
    `aws_iam_role.deploy.assume_role_policy`.
    """

    document: Document
    name: str = ""
    kind: PolicyKind | None = None
    warnings: tuple[Diagnostic, ...] = ()


class Contents(NamedTuple):
    """What is in a file: its documents in their order, and what is to be said of other things.

    Of the diagnostics those that are errors are about policies that cannot be read; a file without
    documents and diagnostics has nothing to do with policies.
    """

    documents: tuple[Found, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
