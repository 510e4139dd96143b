"""How a principal of a policy can be a user, a role or a session but for one thing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import Arn, parse_arn
from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.diagnosis.near.miss import Miss
from simulator.diagnosis.near.slips import likeness, slip
from simulator.policy.principal_flaws import UNIQUE_ID
from simulator.request.principal import RoleSession, Signed, User, principal_arn

if TYPE_CHECKING:
    from simulator.policy.model import PrincipalEntry

_MOST_DIGITS: Final = 3
_ALIKE: Final = 0.7


class Pair(NamedTuple):
    """A principal of a policy beside the caller: both as ARNs, of a session that of its role."""

    entry: PrincipalEntry
    named: Arn
    caller: Arn
    who: Signed

    @property
    def is_of_account(self) -> bool:
        """Whether both are of one account of one partition."""
        here, there = self.caller, self.named
        return (here.partition, here.account) == (there.partition, there.account)

    @property
    def is_of_session(self) -> bool:
        """Whether one is a session, and so is the other."""
        return isinstance(self.who, RoleSession) and self.named.kind == "assumed-role"


_NOTHING: Final = Arn("", "", "", "", "")


def pair(entry: PrincipalEntry, caller: Signed) -> Pair:
    """Return a principal of a policy beside the caller; what is no ARN is like nothing."""
    ours, named = principal_arn(caller), None
    if entry.kind == "AWS":
        named = parse_arn(entry.value)
        if entry.value.isdigit():
            named = Arn(ours.partition, "iam", "", entry.value, "root")  # PRN-3
    return Pair(entry, named or _NOTHING, ours, caller)


def likeness_of(pair: Pair) -> float:
    """Return how much of the two is alike, between 0 and 1."""
    return likeness(pair.entry.value.lower(), str(pair.caller).lower())


def digits_apart(one: str | None, other: str) -> int:
    """Return in how many digits two account ids differ."""
    return sum(a != b for a, b in zip(one or "", other, strict=False)) if one else len(other)


def _other_case(pair: Pair) -> bool:
    texts = {str(pair.caller).lower(), str(pair.who.arn).lower()}
    return str(pair.named).lower() in texts


def _has_region(pair: Pair) -> bool:
    return bool(pair.named.region) and pair.named._replace(region="") == pair.caller


def _has_blank(pair: Pair) -> bool:
    return str(pair.named).strip() in (str(pair.caller), str(pair.who.arn))


def _same_role(pair: Pair) -> bool:
    words = pair.named.resource.split("/")
    return pair.is_of_session and pair.is_of_account and pair.caller.name in words[1:]


def _with_path(pair: Pair) -> bool:
    return _same_role(pair) and pair.named.resource.count("/") > 2


def _without_name(pair: Pair) -> bool:
    return _same_role(pair) and pair.named.resource.count("/") == 1


def _same_name(pair: Pair) -> bool:
    ours, theirs = pair.caller, pair.named
    return pair.is_of_account and (theirs.kind, theirs.name) == (ours.kind, ours.name)


def _too_many_slashes(pair: Pair) -> bool:
    return _same_name(pair) and "//" in pair.named.resource


def _identity_center(pair: Pair) -> bool:
    return _same_name(pair) and pair.caller.name.startswith(IDENTITY_CENTER_NAME)


def _no_path(pair: Pair) -> bool:
    return _same_name(pair) and pair.named.resource.count("/") == 1


def _other_kind(pair: Pair) -> bool:
    of_both = {pair.named.kind, pair.caller.kind} == {"user", "role"}
    return of_both and pair.is_of_account and pair.named.name == pair.caller.name


def _called_like_user(pair: Pair) -> bool:
    session = isinstance(pair.who, RoleSession) and pair.named.kind == "user"
    return session and pair.is_of_account and pair.named.name == pair.who.arn.name


def _slip_of_account(pair: Pair) -> bool:
    whole = pair.named.resource in (pair.caller.resource, pair.who.arn.resource, "root")
    apart = digits_apart(pair.named.account, pair.caller.account)
    return whole and 0 < apart <= _MOST_DIGITS and pair.named.account.isdigit()


def _other_partition(pair: Pair) -> bool:
    same = pair.named.account == pair.caller.account
    return same and pair.named.partition != pair.caller.partition


def _slip_of_name(pair: Pair) -> bool:
    same = pair.is_of_account and pair.named.kind == pair.caller.kind
    return same and slip(pair.caller.resource, pair.named.resource) is not None


def _alike(pair: Pair) -> bool:
    same = pair.is_of_account and pair.named.kind == pair.caller.kind
    return same and likeness(pair.caller.name.lower(), pair.named.name.lower()) >= _ALIKE


def _same_elsewhere(pair: Pair) -> bool:
    if not pair.named.account.isdigit() or pair.named.account == pair.caller.account:
        return False
    ours, theirs = pair.caller, pair.named
    return theirs.resource == "root" or (theirs.kind, theirs.name) == (ours.kind, ours.name)


def _user_for_session(pair: Pair) -> bool:
    return pair.is_of_account and pair.named.kind == "user" and isinstance(pair.who, RoleSession)


def _session_for_user(pair: Pair) -> bool:
    sessions = ("role", "assumed-role")
    return pair.is_of_account and pair.named.kind in sessions and isinstance(pair.who, User)


#: Where the account alone is another one; what is said of it has a code of its own.
ACCOUNTS: Final = (
    Miss("the account id is another one", _slip_of_account),  # PRN-31
    Miss("the account id is another one", _same_elsewhere, near=False),
)
# Two users, or two roles, of an account never have one name in other letter case or another path:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MISSES: Final[tuple[Miss[Pair], ...]] = (
    Miss(
        "upper and lower case count in the names of users and roles", _other_case, barred=True
    ),  # PRN-10
    Miss("there is a blank at the beginning or the end of it", _has_blank, barred=True),
    Miss(
        "users and roles have no region: the fourth part of the ARN is empty",
        _has_region,
        barred=True,
    ),
    Miss(
        "a session's ARN does not have the role's path; name the role", _with_path, barred=True
    ),  # STS-34
    Miss(
        "a session's ARN ends in the name of the session; name the role", _without_name, barred=True
    ),
    Miss(  # PRN-34
        "a session is named with its session name, and this is another one; name the role",
        _same_role,
    ),
    Miss(
        "there is a slash too many in the path: the caller is `{0.caller}`",
        _too_many_slashes,
        barred=True,
    ),  # RES-10
    Miss(
        "roles of IAM Identity Center have the path `aws-reserved/sso.amazonaws.com/`, mostly with"
        " a region after it: the caller is `{0.caller}`",
        _identity_center,
        barred=True,
    ),
    Miss(
        "the path is part of the ARN, and here it is missing: the caller is `{0.caller}`",
        _no_path,
        barred=True,
    ),  # RES-10
    Miss(
        "the path is part of the ARN, and here it is another one: the caller is `{0.caller}`",
        _same_name,
        barred=True,
    ),
    Miss("`role/` is not `user/`: the two have the same name only", _other_kind),  # PRN-36
    Miss(  # PRN-36
        "the session is called like this user, but whoever calls by a role is not the user",
        _called_like_user,
    ),
    ACCOUNTS[0],
    Miss(
        "the partitions of the two differ: `{0.named.partition}` is not `{0.caller.partition}`",
        _other_partition,
    ),  # EVAL-33x
    Miss("the two are nearly alike: was `{0.entry.value}` meant to call?", _slip_of_name),
    Miss("the two are nearly alike: was `{0.entry.value}` meant to call?", _alike),
    Miss(  # PRN-21
        "an id stands here where an ARN stood before somebody was deleted",
        lambda pair: UNIQUE_ID.fullmatch(pair.entry.value) is not None,
    ),
    ACCOUNTS[1],
    Miss(
        "the caller is a session of a role, not a user: see which credentials are in use",
        _user_for_session,
        near=False,
    ),
    Miss(
        "the caller is a user, not a session of a role: see which credentials are in use",
        _session_for_user,
        near=False,
    ),
    Miss(  # PRN-36
        "only AWS itself calls as `{0.entry.value}`; no user or role can",
        lambda pair: pair.entry.kind == "Service",
        near=False,
    ),
    Miss(
        "an identity provider is trusted here: it calls AssumeRoleWithSAML or WithWebIdentity",
        lambda pair: pair.entry.kind == "Federated",
        near=False,
    ),
    Miss(None, lambda _: True, near=False),
)
