"""Policies that AWS owns; of those FullAWSAccess, which is everywhere; and those nobody has shown.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from simulator.arn import parse_arn
from simulator.policy.build import build
from simulator.policy.model import Attachment, Document, PolicyDocument
from simulator.source import Source
from simulator.syntax import decode

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind

FULL_AWS_ACCESS_ID: Final = "p-FullAWSAccess"
FULL_AWS_ACCESS: Final = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
}"""


@cache
def full_aws_access(kind: PolicyKind) -> PolicyDocument:
    """Return FullAWSAccess, read as a policy of some kind."""
    source = Source("FullAWSAccess", FULL_AWS_ACCESS)
    attachment = Attachment("managed", None, FULL_AWS_ACCESS_ID)
    return build(Document(source, (), decode(source), attachment), kind)


def is_of_aws(document: Document) -> bool:
    """Whether a policy is one that AWS manages, which nobody else can change.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
    """
    found = document.attachment
    if found is None or found.kind != "managed" or not found.name:
        return False
    arn = parse_arn(found.name)
    return found.name == FULL_AWS_ACCESS_ID if arn is None else arn.account == "aws"


def unseen(name: str, kind: PolicyKind) -> PolicyDocument:
    """Return a policy that is attached, and of which nobody knows what it says."""
    source = Source(name, "{}")
    return PolicyDocument(Document(source, (), {}), (), (), kind, unseen=True)
