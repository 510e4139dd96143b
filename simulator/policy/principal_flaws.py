"""What is wrong with the text of a principal, and what was meant by it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import ACCOUNT_ID, Arn, parse_arn
from simulator.policy.vocabulary import BUILT_IN_PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIQUE_ID = re.compile(r"(?:AIDA|AROA)[A-Z0-9]{12,}", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9.-]+\.(?:amazonaws|aws\.internal|amazon)[a-z.]*", re.ASCII)
_PROVIDER = re.compile(r"(?:saml|oidc)-provider/.+", re.ASCII)  # PRN-4
_ACCOUNT_ARN = re.compile(r"arn:(aws[a-z-]*):(?:iam|sts)::([0-9]{12}):?", re.ASCII)
_HOST = re.compile(r"[a-z0-9.-]+(?:/[\w./-]*)?", re.ASCII)
# The kinds of entity that an ARN in a principal may name, by the service it belongs to.
_ENTITIES: Final = {"iam": ("user", "role", "root"), "sts": ("assumed-role", "federated-user")}
_SERVICE_OF: Final = {kind: service for service, kinds in _ENTITIES.items() for kind in kinds}
#: What was meant by the ARN of something else; `{account}` is the principal of its account.
_MEANT: Final[Mapping[str, str]] = {
    "group": "trust the account with `{account}`, and let a policy of the group allow the call",
    "instance-profile": "the role in the instance profile is meant, often of the same name:"
    " `{role}`",
    "policy": "a policy is attached to users and roles: name those",
    "mfa": "a device is a condition, `aws:MultiFactorAuthPresent`, and the user is the principal",
}
_PATTERN: Final = "name each, or trust the account and test `aws:PrincipalArn` with `ArnLike`"


class Flaw(NamedTuple):
    """What is wrong with a principal, at its place, and what was meant; a repair if it is plain."""

    message: str
    label: str
    meant: str | None = None
    replacement: str | None = None


def aws_flaw(text: str) -> Flaw | None:
    """Return what is wrong with the text of an `AWS` principal."""
    if text == "*" or ACCOUNT_ID.fullmatch(text) or UNIQUE_ID.fullmatch(text):
        return None
    arn = parse_arn(text)
    if arn is None:
        return _not_an_arn(text)
    if "*" in text or "?" in text:  # PRN-6
        return _pattern(text, arn)
    if arn.kind == "group":  # PRN-2
        message = f"`{text}` is a group, and a group is never a principal"
        return Flaw(message, "name users or roles", _meant(arn))
    if (arn.service, arn.account, arn.kind) == ("iam", "cloudfront", "user"):
        return None  # an origin access identity, which belongs to no account of a customer
    if not ACCOUNT_ID.fullmatch(arn.account):
        message = f"`{arn.account}` in `{text}` is not an account id"
        return Flaw(message, "an account id has 12 digits")
    if arn.kind not in _ENTITIES.get(arn.service, ()):  # PRN-2
        return _no_entity(text, arn)
    return None


def other_flaw(kind: str, text: str) -> Flaw | None:
    """Return what is wrong with the text of a principal of another type."""
    if "*" in text or "?" in text:  # PRN-5, PRN-6
        message = f"`{text}` is no {kind} principal: there are no wildcards in one"
        return Flaw(message, "name it in full")
    if kind == "Service" and not _SERVICE.fullmatch(text):
        message = f"`{text}` is not the name of a service"
        return Flaw(message, "expected `ec2.amazonaws.com` and the like", _type_meant(text))
    if kind == "Federated" and not _is_provider(text):
        message = f"`{text}` is not an identity provider"
        return Flaw(message, "expected the ARN of a SAML or OIDC provider", _provider_meant(text))
    return None


def _pattern(text: str, arn: Arn) -> Flaw:
    message = f"`{text}` is no principal: there are no wildcards within one"
    label = "only `*` alone, or a condition on `aws:PrincipalArn`, names many"
    if arn.resource == "*" and ACCOUNT_ID.fullmatch(arn.account):
        root = _account(arn)
        return Flaw(message, label, f"the whole account is `{root}`", root)
    return Flaw(message, label, _PATTERN)


def _no_entity(text: str, arn: Arn) -> Flaw:
    message, label = f"`{text}` is no principal", "expected a user, a role, a session or an account"
    service = _SERVICE_OF.get(arn.kind)
    if service is not None and arn.service in _ENTITIES:  # PRN-2
        right = str(arn._replace(service=service))
        return Flaw(message, label, f"the ARN of such a principal is of `{service}`", right)
    return Flaw(message, label, _meant(arn) or _unless_aws(text))


def _meant(arn: Arn) -> str | None:
    role = arn._replace(resource=f"role/{arn.resource.partition('/')[2]}")
    meant = _MEANT.get(arn.kind) if arn.service == "iam" else None
    return meant and meant.format(account=_account(arn), role=role)


def _account(arn: Arn) -> str:
    return str(arn._replace(service="iam", region="", resource="root"))


def _not_an_arn(text: str) -> Flaw:
    digits = text.replace("-", "")
    if digits.isdigit() and digits.isascii():
        message = f"`{text}` is not an account id: it has {len(digits)} digits"
        label = "an account id is 12 digits without dashes"
        return Flaw(message, label, replacement=digits if ACCOUNT_ID.fullmatch(digits) else None)
    message, label = f"`{text}` is neither an ARN nor an account id", "expected `arn:aws:iam::…` or"
    of_account = _ACCOUNT_ARN.fullmatch(text)
    root = of_account and f"arn:{of_account[1]}:iam::{of_account[2]}:root"
    meant = f"the whole account is `{root}`" if root else _unless_aws(text)
    return Flaw(message, f"{label} 12 digits", meant, root)


def _unless_aws(text: str) -> str | None:
    """Return the type under which a text that is no `AWS` principal could be one."""
    if _is_provider(text):
        return f'an identity provider is written `{{"Federated": "{text}"}}`'  # PRN-4
    if _SERVICE.fullmatch(text):
        return f'a service is written `{{"Service": "{text}"}}`'  # PRN-5
    return None


def _type_meant(text: str) -> str | None:
    """Return the type under which a text could be a principal, or what it lacks for that."""
    if ACCOUNT_ID.fullmatch(text) or (parse_arn(text) is not None and aws_flaw(text) is None):
        return f'users, roles and accounts are written `{{"AWS": "{text}"}}`'
    return _unless_aws(text)


def _provider_meant(text: str) -> str | None:
    host = text.removeprefix("https://")
    if "." in host and _HOST.fullmatch(host) and not _SERVICE.fullmatch(host):
        return f"a provider is named by its ARN: `arn:aws:iam::ACCOUNT:oidc-provider/{host}`"
    return _type_meant(text)


def _is_provider(text: str) -> bool:
    arn = parse_arn(text)
    if arn is None:
        return text in BUILT_IN_PROVIDERS  # PRN-4
    is_entity = (arn.service, arn.region) == ("iam", "") and ACCOUNT_ID.fullmatch(arn.account)
    return bool(is_entity and _PROVIDER.fullmatch(arn.resource))
