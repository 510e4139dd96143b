"""What other commands of `aws iam` print about single entities, which completes a dump.

`get-role`, `list-roles`, `get-user`, `list-users`, `get-group`, `get-*-policy`,
`list-*-policies`, `list-attached-*-policies`, `get-policy-version`, `list-mfa-devices`, and those
of OIDC and SAML providers. Commands that list do not tell of tags and boundaries, whatever an
entity has.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.json import Decoder

from simulator.arn import parse_arn
from simulator.diagnostic import DocumentError
from simulator.inventory import codes
from simulator.inventory.asked import asked_of, whose
from simulator.inventory.documents import PlacedDocument
from simulator.inventory.facts import Listed, Managed, Spot
from simulator.inventory.loose import Loose, LooseManaged, LooseProvider
from simulator.inventory.records import (
    NO_DOCUMENT,
    AttachedPolicy,
    GroupRecord,
    PolicyVersion,
    RoleRecord,
    UserRecord,
    arns_of,
    group_facts,
    role_facts,
    user_facts,
)
from simulator.policy.model import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.inventory.facts import Gathered
    from simulator.inventory.pages import Page

_OWNERS: Final = {"RoleName": "role", "UserName": "user", "GroupName": "group"}


class Device(Struct):
    """An MFA device and whose it is."""

    UserName: str
    SerialNumber: str


class Provider(Struct):
    """An identity provider as it is listed."""

    Arn: str


def read_output(page: Page, gathered: Gathered) -> bool:
    """Gather what a command printed; whether it is one of those known here.

    Raises:
        DocumentError: it is, and not as the aws CLI prints it, or does not say of whom it tells.
    """
    readers = [reader for key, reader in _READERS.items() if key in page.sections]
    for reader in readers:
        reader(page, gathered)
    return bool(readers)


def _role(page: Page, gathered: Gathered) -> None:
    record = page.read("Role", _decoder(RoleRecord))
    gathered.add("role", role_facts(gathered.library, Spot(page, ("Role",)), record))


def _user(page: Page, gathered: Gathered) -> None:
    record = page.read("User", _decoder(UserRecord))
    gathered.add("user", user_facts(gathered.library, Spot(page, ("User",)), record))


def _group(page: Page, gathered: Gathered) -> None:
    """Read what `get-group` prints: that there is a group, and who is in it."""
    record = page.read("Group", _decoder(GroupRecord))
    gathered.add("group", group_facts(gathered.library, Spot(page, ("Group",)), record))


def _roles(page: Page, gathered: Gathered) -> None:
    for number, record in enumerate(page.read("Roles", _decoder(list[RoleRecord]))):
        facts = role_facts(gathered.library, Spot(page, ("Roles", number)), record)
        gathered.add("role", facts._replace(tags=None, boundary=None))


def _users(page: Page, gathered: Gathered) -> None:
    for number, record in enumerate(page.read("Users", _decoder(list[UserRecord]))):
        facts = user_facts(gathered.library, Spot(page, ("Users", number)), record)
        gathered.add("user", facts._replace(tags=None, boundary=None))


def _inline(page: Page, gathered: Gathered) -> None:
    """Read what `get-role-policy` and its like print."""
    spot, path = Spot(page, ("PolicyDocument",)), ("PolicyDocument",)
    owner = next((key for key in _OWNERS if key in page.sections), None)
    if owner is None or "PolicyName" not in page.sections:
        message = "nothing says to whom this policy belongs"
        help_ = "give the output of `aws iam get-role-policy` as it is, with `RoleName`"
        raise DocumentError((page.error(path, message, "an inline policy", help_),))
    name, policy = _text(page, owner), _text(page, "PolicyName")
    attachment = Attachment(_OWNERS[owner], name, policy)
    raw = page.sections["PolicyDocument"].raw
    document = PlacedDocument(gathered.library, page, path, raw, attachment)
    asked = asked_of(page.source.name)
    account = asked.target if asked else None
    said = {"shown": {policy: document}}
    gathered.loose.append(Loose(_OWNERS[owner], account, name, spot, said))


def _names(page: Page, gathered: Gathered) -> None:
    listed = frozenset(page.read("PolicyNames", _decoder(list[str])))
    _listed(page, "PolicyNames", {"listed": listed}, gathered)


def _attached(page: Page, gathered: Gathered) -> None:
    arns = arns_of(page.read("AttachedPolicies", _decoder(list[AttachedPolicy])))
    _listed(page, "AttachedPolicies", {"attached": arns}, gathered)


def _listed(page: Page, key: str, said: Mapping[str, Any], gathered: Gathered) -> None:
    """Keep what is listed of the entity that the name of the file tells."""
    spot, asked = Spot(page, (key,)), asked_of(page.source.name)
    words = asked.command.split("-") if asked else []
    kind = next((kind for kind in _OWNERS.values() if kind in words), None)
    if asked is None or asked.name is None or kind is None:
        command = "list-role-policies" if key == "PolicyNames" else "list-attached-role-policies"
        wanted = f"{command}.<account-id>.<role-name>.json"
        raise DocumentError((whose(spot, "whose policies these are", wanted),))
    gathered.loose.append(Loose(kind, asked.target, asked.name, spot, said))


def _version(page: Page, gathered: Gathered) -> None:
    version, asked = page.read("PolicyVersion", _decoder(PolicyVersion)), asked_of(page.source.name)
    spot, path = Spot(page, ("PolicyVersion",)), ("PolicyVersion", "Document")
    if not version.IsDefaultVersion or version.Document is NO_DOCUMENT:
        message = f"version `{version.VersionId}` of this policy is not the one in force"
        help_ = "give the version that `aws iam get-policy` names as `DefaultVersionId`"
        raise DocumentError((page.error(spot.path, message, "not the default version", help_),))
    if asked is None or asked.name is None:
        wanted = "get-policy-version.<account-id>.<policy-name>.json"
        help_ = f"{wanted}` (`aws` in place of the id for one of AWS's own), as in `"
        wanted = help_ + "get-policy-version.aws.ReadOnlyAccess.json"
        raise DocumentError((whose(spot, "of which policy this is a version", wanted),))
    document = PlacedDocument(gathered.library, page, path, version.Document, Attachment("managed"))
    loose = LooseManaged(asked.target, asked.name, Managed(spot, document))
    gathered.loose_managed.append(loose)


def _devices(page: Page, gathered: Gathered) -> None:
    """Read what `list-mfa-devices` prints: all devices of one user."""
    devices, asked = page.read("MFADevices", _decoder(list[Device])), asked_of(page.source.name)
    spot, owner = Spot(page, ("MFADevices",)), asked.name if asked else None
    names = {device.UserName for device in devices} | ({owner} if owner else set())
    if not names:
        wanted = "list-mfa-devices.<account-id>.<user-name>.json"
        raise DocumentError((whose(spot, "who has no MFA devices", wanted),))
    for name in names:
        serials = frozenset(d.SerialNumber for d in devices if d.UserName == name)
        account = asked.target if asked else _account_of(serials)
        said = {"mfa_devices": serials}
        gathered.loose.append(Loose("user", account, str(name), spot, said))


def _virtual(page: Page, gathered: Gathered) -> None:
    """Say that the virtual devices of an account do not tell who has no other device."""
    gathered.warn(
        codes.INCOMPLETE,
        "virtual MFA devices do not tell all devices of a user, and are not used",
        Spot(page, ("VirtualMFADevices",)).label("those of hardware are not listed here"),
        "give what `aws iam list-mfa-devices --user-name <user-name>` prints",
    )


def _account_of(serials: frozenset[str]) -> str | None:
    """Return the account of MFA devices; one of hardware has a serial number, and no ARN."""
    arns = (parse_arn(serial) for serial in serials)
    return next((arn.account for arn in arns if arn is not None), None)


def _oidc(page: Page, gathered: Gathered) -> None:
    """Read what `get-open-id-connect-provider` prints."""
    url = _text(page, "Url").removeprefix("https://")
    clients = frozenset(page.read("ClientIDList", _decoder(list[str])))
    asked = asked_of(page.source.name)
    account = asked.target if asked else None
    gathered.loose_oidc.append(LooseProvider(account, url, clients, Spot(page, ("Url",))))


def _oidc_list(page: Page, gathered: Gathered) -> None:
    """Read what `list-open-id-connect-providers` prints."""
    key = "OpenIDConnectProviderList"
    account, arns = _provider_account(page, key), _provider_arns(page, key)
    urls = frozenset(arn.partition("oidc-provider/")[2] for arn in arns)
    gathered.oidc.setdefault(account, []).append(Listed(Spot(page, (key,)), urls))


def _saml_list(page: Page, gathered: Gathered) -> None:
    """Read what `list-saml-providers` prints."""
    key = "SAMLProviderList"
    account, arns = _provider_account(page, key), _provider_arns(page, key)
    gathered.saml.setdefault(account, []).append(Listed(Spot(page, (key,)), arns))


def _provider_arns(page: Page, key: str) -> frozenset[str]:
    return frozenset(provider.Arn for provider in page.read(key, _decoder(list[Provider])))


def _provider_account(page: Page, key: str) -> str:
    """Return the account of listed providers; of none, the name of the file tells it."""
    for number, provider in enumerate(page.read(key, _decoder(list[Provider]))):
        arn = parse_arn(provider.Arn)
        if arn is None:
            message = f"`{provider.Arn[:80]}` is not an ARN"
            raise DocumentError((page.error((key, number, "Arn"), message, "expected an ARN"),))
        return arn.account
    asked = asked_of(page.source.name)
    if asked is None:
        command = "list-saml-providers" if key.startswith("SAML") else _OIDC_LIST
        wanted = f"{command}.<account-id>.json"
        raise DocumentError((whose(Spot(page, (key,)), "which account has none", wanted),))
    return asked.target


def _text(page: Page, key: str) -> str:
    return str(page.read(key, _decoder(str)))


@cache
def _decoder(form: type) -> Decoder[Any]:
    return Decoder(form)


_OIDC_LIST: Final = "list-open-id-connect-providers"
_READERS: Final[Mapping[str, Callable[[Page, Gathered], None]]] = {
    "Role": _role,
    "Roles": _roles,
    "User": _user,
    "Group": _group,
    "Users": _users,
    "PolicyDocument": _inline,
    "PolicyNames": _names,
    "AttachedPolicies": _attached,
    "PolicyVersion": _version,
    "MFADevices": _devices,
    "VirtualMFADevices": _virtual,
    "ClientIDList": _oidc,
    "OpenIDConnectProviderList": _oidc_list,
    "SAMLProviderList": _saml_list,
}
