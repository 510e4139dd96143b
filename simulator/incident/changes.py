"""Changes of roles and users in a log, and denials so soon after one that AWS may not have seen it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.readings import read_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SOON: Final = 300
"""The seconds after a change within which a denial may come from not having seen it."""

_MOST_KEPT: Final = 20_000
_MOST_TIMES: Final = 20
_OF_ROLES: Final = (
    *("CreateRole", "UpdateAssumeRolePolicy", "PutRolePolicy", "AttachRolePolicy"),
    *("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "TagRole"),
)
_OF_USERS: Final = (
    *("CreateUser", "PutUserPolicy", "AttachUserPolicy", "AddUserToGroup"),
    *("PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary", "TagUser"),
)
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(_OF_ROLES, ("role", "roleName")),
    **dict.fromkeys(_OF_USERS, ("user", "userName")),
}


class _Whose(NamedTuple):
    """A role or a user by account and name; the path does not tell two apart."""

    account: str
    kind: str
    name: str


class Changes:
    """The changes of roles and users in a log, as many as memory allows."""

    def __init__(self) -> None:
        self._times: dict[_Whose, list[tuple[int, str]]] = {}

    def add(self, record: Mapping[str, Any]) -> None:
        """Take note of a record, if it tells of a change that was made."""
        name = record.get("eventName")
        if record.get("errorCode") is not None or not isinstance(name, str) or name not in _NAMES:
            return
        whose, time = _changed(record, *_NAMES[name]), seconds(record.get("eventTime"))
        if whose is None or time is None or len(self._times) >= _MOST_KEPT:
            return
        times = self._times.setdefault(whose, [])
        if len(times) < _MOST_TIMES:
            times.append((time, name))

    def before(self, arns: Iterable[str | None], denied: Iterable[int]) -> str | None:
        """Return which change was made shortly before one of some denials, in words."""
        times = tuple(denied)
        found = [
            (after, name, whose)
            for whose in filter(None, map(_whose, arns))
            for made, name in self._times.get(whose, ())
            for after in (time - made for time in times)
            if 0 <= after <= SOON
        ]
        if not found:
            return None
        after, name, whose = min(found)
        return f"{after} seconds after `{name}` of the {whose.kind} `{whose.name}`"


def seconds(text: object) -> int | None:
    """Return an instant in seconds since 1970, where a text is one."""
    found = read_date(text) if isinstance(text, str) else None
    return None if found is None else found[0]


def _changed(record: Mapping[str, Any], kind: str, parameter: str) -> _Whose | None:
    passed, identity = record.get("requestParameters"), record.get("userIdentity")
    name = passed.get(parameter) if isinstance(passed, dict) else None
    own = identity.get("accountId") if isinstance(identity, dict) else None
    account = record.get("recipientAccountId") or own
    if not isinstance(name, str) or not isinstance(account, str):
        return None
    return _Whose(account, kind, name)


def _whose(text: str | None) -> _Whose | None:
    """Return the role or user that an ARN names, or whose session it is."""
    arn = parse_arn(text or "")
    if arn is None:
        return None
    words = arn.resource.split("/")
    if (arn.service, arn.kind) == ("sts", "assumed-role") and len(words) > 1:
        return _Whose(arn.account, "role", words[1])
    return _Whose(arn.account, arn.kind, arn.name) if arn.kind in ("role", "user") else None


def times_of(texts: Iterable[str | None]) -> Iterator[int]:
    """Yield the instants that some texts tell."""
    for text in texts:
        found = seconds(text)
        if found is not None:
            yield found
