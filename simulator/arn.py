"""An ARN as its parts, and a role's name and path out of one."""

from __future__ import annotations

import re
from typing import NamedTuple


class Arn(NamedTuple):
    """The six parts of an ARN without its leading `arn`; the resource keeps its colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(("arn", *self))

    @property
    def kind(self) -> str:
        """The first word of the resource: `role` of `role/team/R`, `root` of `root`."""
        return self.resource.partition("/")[0]

    @property
    def name(self) -> str:
        """The last word of the resource: `R` of `role/team/R`."""  # RES-10
        return self.resource.rpartition("/")[2]


def parse_arn(text: str) -> Arn | None:
    """Return the parts of an ARN, or nothing where the text has fewer than six of them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    parts = text.split(":", 5)  # RES-1
    if len(parts) != 6 or parts[0] != "arn":
        return None
    return Arn(*parts[1:])


_ROLE = re.compile(r"role/(?:[^*?\s]+/)?[\w+=,.@-]{1,64}", re.ASCII)  # QUO-9
ACCOUNT_ID = re.compile(r"[0-9]{12}", re.ASCII)


def is_role(arn: Arn) -> bool:
    """Whether an ARN could be that of a role."""
    if (arn.service, arn.region) != ("iam", "") or not ACCOUNT_ID.fullmatch(arn.account):
        return False
    return _ROLE.fullmatch(arn.resource) is not None


def role_arn(partition: str, account: str, path_and_name: str) -> Arn:
    """Return the ARN of a role in an account; the name may carry its path before it."""
    return Arn(partition, "iam", "", account, f"role/{path_and_name}")
