"""How a resource of a policy can be the one of the request but for one thing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from typing import Final, NamedTuple

from simulator.arn import Arn, is_role, parse_arn
from simulator.diagnosis.near.callers import digits_apart
from simulator.diagnosis.near.miss import Miss
from simulator.diagnosis.near.slips import likeness, slip
from simulator.request.request import NO_RESOURCE

_ALIKE: Final = 0.85
_MOST_DIGITS: Final = 3
_NOTHING: Final = Arn("", "", "", "", "")


class Pair(NamedTuple):
    """A resource of a policy, as it is for the request, beside the resource of the request."""

    text: str
    asked: str
    named: Arn
    wanted: Arn

    @property
    def is_role(self) -> bool:
        """Whether the request is about a role."""
        return is_role(self.wanted)

    @property
    def is_of_account(self) -> bool:
        """Whether both are of one account."""
        return self.named.account == self.wanted.account

    @property
    def slip(self) -> str | None:
        """In what little the two differ."""
        return slip(self.asked, self.text)


def pair(text: str, asked: str) -> Pair:
    """Return a resource of a policy beside that of a request; what is no ARN is like nothing."""
    return Pair(text, asked, parse_arn(text) or _NOTHING, parse_arn(asked) or _NOTHING)


def likeness_of(pair: Pair) -> float:
    """Return how much of the two is alike, between 0 and 1."""
    return likeness(pair.text, pair.asked)


def _no_arn(pair: Pair) -> bool:
    return _NOTHING in (pair.named, pair.wanted)


def _other_case(pair: Pair) -> bool:
    return pair.text.lower() == pair.asked.lower()


def _other_partition(pair: Pair) -> bool:
    return pair.named.partition != pair.wanted.partition


def _region_of_role(pair: Pair) -> bool:
    return pair.is_role and pair.named.region != ""


def _other_region(pair: Pair) -> bool:
    return pair.named.region != pair.wanted.region


def _of_sts(pair: Pair) -> bool:
    words = pair.named.resource.split("/")
    return pair.is_role and pair.named.service == "sts" and pair.wanted.name in words


def _too_many_slashes(pair: Pair) -> bool:
    return _same_name(pair) and "//" in pair.named.resource


def _same_name(pair: Pair) -> bool:
    ours, theirs = pair.wanted, pair.named
    same = pair.is_of_account and theirs.service == ours.service
    return pair.is_role and same and (theirs.kind, theirs.name) == (ours.kind, ours.name)


def _other_kind(pair: Pair) -> bool:
    same = pair.is_role and pair.is_of_account and pair.named.name == pair.wanted.name
    return same and pair.named.kind != pair.wanted.kind


def _slip_of_account(pair: Pair) -> bool:
    apart = digits_apart(pair.named.account, pair.wanted.account)
    same = pair.named.resource == pair.wanted.resource
    return same and 0 < apart <= _MOST_DIGITS and pair.named.account.isdigit()


def _in_bucket(pair: Pair) -> bool:
    ours, theirs = (arn.resource.partition("/")[0] for arn in (pair.wanted, pair.named))
    return pair.wanted.service == "s3" and ours == theirs


def _user(pair: Pair) -> bool:
    return pair.is_role and pair.named.kind in ("user", "group", "assumed-role", "root")


#: From the least of differences to the greatest; the others are said where none of these is so.
MISSES: Final[tuple[Miss[Pair], ...]] = (
    Miss(  # RES-2
        "it is done to no resource of its own: only `*` allows it",
        lambda pair: pair.asked == NO_RESOURCE,
        near=False,
    ),
    Miss("upper and lower case count in the names of roles and other resources", _other_case),
    Miss("the ARN of a role begins with `arn:aws:iam::` and has `:role/`", _of_sts),  # RES-12
    Miss("IAM has no regions: the fourth part of a role's ARN is empty", _region_of_role),  # RES-13
    Miss("there is a slash too many in the path", _too_many_slashes),  # RES-10
    Miss("the path is part of a role's ARN: `role/team/R` is not `role/R`", _same_name),  # RES-10
    Miss("a role is named with `role/`, and this is no role", _other_kind),
    Miss(
        "`arn:aws:s3:::B` is a bucket, and `arn:aws:s3:::B/*` are the objects in it",
        _in_bucket,
        near=False,
    ),
    Miss("the accounts differ in a few digits: probably a slip of the pen", _slip_of_account),
    Miss("{0.slip}", lambda pair: pair.slip is not None),
    Miss(
        "compare the two letter by letter: account, path and name",
        lambda pair: pair.is_of_account and likeness_of(pair) >= _ALIKE,
    ),
    Miss("a resource is named by its whole ARN", _no_arn, near=False),
    Miss(  # EVAL-33x
        "the partitions differ: there is no way from one to another", _other_partition, near=False
    ),
    Miss("the regions differ", _other_region, near=False),
    Miss("a role is named with `role/`, and this is no role", _user, near=False),
    Miss("the accounts differ", lambda pair: not pair.is_of_account, near=False),
    Miss("compare the two letter by letter: account, path and name", lambda _: True, near=False),
)
