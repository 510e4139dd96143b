"""The one AWS managed policy that is everywhere: FullAWSAccess, which allows everything.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import decode

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import PolicyDocument

FULL_AWS_ACCESS: Final = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
}"""


@cache
def full_aws_access(kind: PolicyKind) -> PolicyDocument:
    """Return FullAWSAccess, read as a policy of some kind."""
    source = Source("FullAWSAccess", FULL_AWS_ACCESS)
    return build(Document(source, (), decode(source)), kind)
