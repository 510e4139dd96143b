"""Names and paths by which AWS marks the roles that it makes itself.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from __future__ import annotations

IDENTITY_CENTER_NAME = "AWSReservedSSO_"
# A region may follow, so the path of one such role is not known from its name.
IDENTITY_CENTER_PATH = "role/aws-reserved/sso.amazonaws.com/"
_SERVICE_LINKED_PATH = "role/aws-service-role/"


def is_fixed(arn: str) -> bool:
    """Whether an ARN is that of a role whose trust policy AWS alone may change."""
    return is_service_linked(arn) or arn.rpartition("/")[2].startswith(IDENTITY_CENTER_NAME)


def is_service_linked(arn: str) -> bool:
    """Whether an ARN is that of a service-linked role."""
    return arn.split(":", 5)[-1].startswith(_SERVICE_LINKED_PATH)
