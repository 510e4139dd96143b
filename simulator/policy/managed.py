"""Policies without a file: FullAWSAccess, which is everywhere, and those nobody has shown.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from simulator.policy.build import build
from simulator.policy.model import Document, PolicyDocument
from simulator.source import Source
from simulator.syntax import decode

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind

FULL_AWS_ACCESS: Final = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
}"""


@cache
def full_aws_access(kind: PolicyKind) -> PolicyDocument:
    """Return FullAWSAccess, read as a policy of some kind."""
    source = Source("FullAWSAccess", FULL_AWS_ACCESS)
    return build(Document(source, (), decode(source)), kind)


def unseen(name: str, kind: PolicyKind) -> PolicyDocument:
    """Return a policy that is attached, and of which nobody knows what it says."""
    source = Source(name, "{}")
    return PolicyDocument(Document(source, (), {}), (), (), kind, unseen=True)
