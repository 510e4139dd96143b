"""The resources of a policy that belongs to an identity: which texts AWS takes for an ARN.

First an old parser reads them, as it reads the whole document, then each is looked at alone. What
lacks a part is completed with `*`, and so AWS quotes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.policy.vocabulary import PARTITIONS
from simulator.storing.refusal import Text

if TYPE_CHECKING:
    from simulator.storing.refusal import Refusal
    from simulator.syntax import Path

_PARTS: Final = 6
_NO_ARN: Final = Text('Resource {} must be in ARN format or "*".')
_PARTITION: Final = Text('Partition "{}" is not valid for resource "{}".')
_VENDOR: Final = Text("Resource vendor must be fully qualified and cannot contain regexes.")
_IAM_REGION: Final = Text("IAM resource {} cannot contain region information.")
_IAM_PATH: Final = Text(
    'IAM resource path must either be "*", root, or start with user/, federated-user/, role/,'
    " group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/,"
    " oidc-provider/, report/, access-report/."
)
_REGION: Final = Text("Resource {} can not contain region information.")
_ACCOUNT: Final = Text("Resource {} cannot contain an account id.", recorded=False)

# Those of the text, and one more that AWS's own policies name since.
_IAM_PATHS: Final = re.compile(
    r"\*|root|(?:user|federated-user|role|group|instance-profile|mfa|server-certificate|policy"
    r"|sms-mfa|saml-provider|oidc-provider|report|access-report|role-template)/.*",
    re.DOTALL,
)
# What S3 has in a region and an account; buckets and objects are in neither.
_REGIONAL: Final = re.compile(
    r"(?:accesspoint|access-grants|async-request|job|storage-lens|storage-lens-group)(?:/.*)?",
    re.DOTALL,
)
#: Services whose resources have neither a region nor an account, but for what fits a pattern.
_GLOBAL: Final = {"s3": _REGIONAL, "route53": re.compile(r"(?!)")}
# Seen to be refused: one letter, two hyphens in a row, other characters.
_REGION_FORM: Final = re.compile(r"|[*?]|[A-Za-z0-9*?]+(?:-[A-Za-z0-9*?]+)+|[A-Za-z0-9*?]{2,}")
_ACCOUNT_FORM: Final = re.compile(r"[A-Za-z0-9*?-]*")


def fails_old_parser(resource: str) -> bool:
    """Whether the old parser fails on a resource; it reads only ARNs of AWS's own partitions."""
    arn, _, rest = resource.partition(":")
    if arn != "arn" or not rest.startswith("aws"):
        return False
    _, _, service, region, account, _ = _completed(resource)
    is_well_formed = _REGION_FORM.fullmatch(region) and _ACCOUNT_FORM.fullmatch(account)
    return not (service and is_well_formed)


def flaw(path: Path, resource: str) -> Refusal | None:
    """Return how AWS refuses a resource, if it does."""
    if resource == "*":  # RES-2
        return None
    if ":" not in resource:
        return _NO_ARN.about(path, resource)
    parts = _completed(resource)
    arn, (_, partition, service, region, account, name) = ":".join(parts), parts
    if partition not in PARTITIONS and not _has_wildcard(partition):
        return _PARTITION.about(path, partition, arn)
    if _has_wildcard(service):  # RES-5
        return _VENDOR.about(path)
    if service == "iam" and _is_set(region):  # RES-13
        return _IAM_REGION.about(path, arn)
    if service == "iam" and not _IAM_PATHS.fullmatch(name):  # RES-5
        return _IAM_PATH.about(path)
    if service not in _GLOBAL or _GLOBAL[service].fullmatch(name):
        return None
    text = _REGION if _is_set(region) else _ACCOUNT if _is_set(account) else None
    return text.about(path, arn) if text is not None else None


def is_short(resource: str) -> bool:
    """Whether an ARN lacks parts."""  # RES-6
    return resource != "*" and resource.count(":") < _PARTS - 1


def _completed(resource: str) -> list[str]:
    """Return the six parts of an ARN; whatever stands first is taken for `arn`."""  # RES-6
    parts = resource.split(":", _PARTS - 1)
    return ["arn", *parts[1:], *["*"] * (_PARTS - len(parts))]


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _is_set(part: str) -> bool:
    """Whether a region or an account is named; of a pattern nobody tells that it is refused."""
    return part != "" and not _has_wildcard(part)
