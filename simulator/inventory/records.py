"""The records in which the IAM API tells of users, groups, roles and policies.

Keys that are not named here are stepped over. A document is kept as the text that it is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Raw, Struct

from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.inventory import codes
from simulator.inventory.documents import PlacedDocument
from simulator.inventory.facts import Facts, Spot, entity_arn
from simulator.policy.model import Attachment
from simulator.policy.session_maximum import KEY, maximum_of, no_maximum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.arn import Arn
    from simulator.inventory.documents import Library

NO_DOCUMENT: Final = Raw()
NO_MAXIMUM: Final = Raw(b"null")
_NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})
_NO_INLINE: Final[Mapping[str, PlacedDocument]] = MappingProxyType({})


class Tag(Struct, gc=False):
    """A tag."""

    Key: str
    Value: str


class InlinePolicy(Struct):
    """An inline policy of an entity."""

    PolicyName: str
    PolicyDocument: Raw


class AttachedPolicy(Struct, gc=False):
    """A managed policy that is attached to an entity."""

    PolicyArn: str


class Boundary(Struct, gc=False):
    """The permissions boundary of an entity."""

    PermissionsBoundaryArn: str


class UserRecord(Struct):
    """A user as `User` or `UserDetail` has it."""

    Arn: str
    UserName: str | None = None
    UserId: str | None = None
    UserPolicyList: list[InlinePolicy] | None = None
    AttachedManagedPolicies: list[AttachedPolicy] | None = None
    GroupList: list[str] | None = None
    PermissionsBoundary: Boundary | None = None
    Tags: list[Tag] | None = None


class GroupRecord(Struct):
    """A group as `GroupDetail` has it."""

    Arn: str
    GroupName: str | None = None
    GroupPolicyList: list[InlinePolicy] | None = None
    AttachedManagedPolicies: list[AttachedPolicy] | None = None


class RoleRecord(Struct):
    """A role as `Role` or `RoleDetail` has it; only the first has a maximal duration."""

    Arn: str
    RoleName: str | None = None
    RoleId: str | None = None
    AssumeRolePolicyDocument: Raw = NO_DOCUMENT
    RolePolicyList: list[InlinePolicy] | None = None
    AttachedManagedPolicies: list[AttachedPolicy] | None = None
    PermissionsBoundary: Boundary | None = None
    Tags: list[Tag] | None = None
    MaxSessionDuration: Raw = NO_MAXIMUM
    CreateDate: str | float | None = None


class PolicyVersion(Struct):
    """A version of a managed policy."""

    Document: Raw = NO_DOCUMENT
    VersionId: str | None = None
    IsDefaultVersion: bool = False


class ManagedPolicy(Struct):
    """A managed policy with its versions."""

    Arn: str
    DefaultVersionId: str | None = None
    PolicyVersionList: list[PolicyVersion] | None = None


def role_facts(library: Library, spot: Spot, record: RoleRecord) -> Facts:
    """Return what a record says of a role.

    Raises:
        DocumentError: its ARN is not that of a role, or not that of its name, or it has a maximal
            duration that no role has.
    """
    page, path = spot.page, spot.path
    arn = _arn(record.Arn, "Role", record.RoleName, spot)
    trust = record.AssumeRolePolicyDocument
    name = arn.name
    return Facts(
        arn,
        (arn.account, name),
        spot,
        record.RoleId,
        tags_of(record.Tags),
        _maximum(record.MaxSessionDuration, spot),
        PlacedDocument(library, page, (*path, "AssumeRolePolicyDocument"), trust)
        if trust is not NO_DOCUMENT
        else None,
        _inline(library, spot, name, "Role", record.RolePolicyList),
        arns_of(record.AttachedManagedPolicies),
        boundary_of(record.PermissionsBoundary),
        (),  # roles are in no groups
        created=None if record.CreateDate is None else str(record.CreateDate),
    )


def user_facts(library: Library, spot: Spot, record: UserRecord) -> Facts:
    """Return what a record says of a user.

    Raises:
        DocumentError: its ARN is not that of a user, or not that of its name.
    """
    arn = _arn(record.Arn, "User", record.UserName, spot)
    groups = record.GroupList
    name = arn.name
    return Facts(
        arn,
        (arn.account, name),
        spot,
        record.UserId,
        tags_of(record.Tags),
        inline=_inline(library, spot, name, "User", record.UserPolicyList),
        attached=arns_of(record.AttachedManagedPolicies),
        boundary=boundary_of(record.PermissionsBoundary),
        groups=None if groups is None else tuple(groups),
    )


def group_facts(library: Library, spot: Spot, record: GroupRecord) -> Facts:
    """Return what a record says of a group.

    Raises:
        DocumentError: its ARN is not that of a group, or not that of its name.
    """
    arn = _arn(record.Arn, "Group", record.GroupName, spot)
    inline = _inline(library, spot, name := arn.name, "Group", record.GroupPolicyList)
    attached = arns_of(record.AttachedManagedPolicies)
    return Facts(arn, (arn.account, name), spot, inline=inline, attached=attached)


def _arn(text: str, kind: str, name: str | None, spot: Spot) -> Arn:
    """Return the ARN of an entity, whose name, if it is told beside it, is the one in the ARN."""
    arn = entity_arn(text, kind.lower(), spot.page, (*spot.path, "Arn"))
    if name is None or name == arn.name:
        return arn
    key = f"{kind}Name"
    labels = [
        spot.below(each).label(label)
        for each, label in ((key, "this name"), ("Arn", f"this is the ARN of `{arn.name}`"))
    ]
    message = f"the `{key}` and the `Arn` of a {kind.lower()} name two"
    help_ = "give the output of the command as it is, without changes"
    found = Diagnostic(codes.CONTRADICTION, Severity.ERROR, message, tuple(labels), help_)
    raise DocumentError((found,))


def _maximum(raw: Raw, spot: Spot) -> int | None:
    """Return a maximum; where the key is missing, or nothing, it is not known."""
    if raw is NO_MAXIMUM:
        return None
    written = bytes(raw).decode()
    seconds = maximum_of(written)
    if seconds is None and written != "null":
        raise DocumentError((no_maximum(spot.page.span((*spot.path, KEY))),))
    return seconds


def _inline(
    library: Library, spot: Spot, owner: str, kind: str, policies: list[InlinePolicy] | None
) -> Mapping[str, PlacedDocument] | None:
    if not policies:
        return None if policies is None else _NO_INLINE
    path = (*spot.path, f"{kind}PolicyList")
    return {
        policy.PolicyName: PlacedDocument(
            library,
            spot.page,
            (*path, number, "PolicyDocument"),
            policy.PolicyDocument,
            Attachment(kind.lower(), owner, policy.PolicyName),
        )
        for number, policy in enumerate(policies)
    }


def tags_of(tags: list[Tag] | None) -> Mapping[str, str]:
    """Return tags by their key; where none are listed there are none."""
    return {tag.Key: tag.Value for tag in tags} if tags else _NO_TAGS


def arns_of(attached: list[AttachedPolicy] | None) -> tuple[str, ...] | None:
    """Return the ARNs of the policies that are attached, if anybody said."""
    return None if attached is None else tuple([policy.PolicyArn for policy in attached])


def boundary_of(boundary: Boundary | None) -> str:
    """Return the ARN of a permissions boundary; empty where there is none."""
    return "" if boundary is None else boundary.PermissionsBoundaryArn
