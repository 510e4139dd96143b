"""In what little the value of a condition key is not the one that a policy asks for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.catalog.keys import is_multivalued
from simulator.catalog.private import is_private
from simulator.diagnosis.near.miss import Least, Miss, least
from simulator.diagnosis.near.slips import likeness, slip
from simulator.diagnosis.near.tokens import misses_of
from simulator.readings import read_bool, read_date, read_network, read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.model import ConditionTest
    from simulator.sts.call import Identity


class Compared(NamedTuple):
    """A condition test that does not hold, a value that it asks for, and the one that is there."""

    test: ConditionTest
    wanted: str
    given: str

    @property
    def slip(self) -> str | None:
        """In what little the two differ."""
        return slip(self.given, self.wanted)

    @property
    def is_like(self) -> bool:
        """Whether the policy takes a `*` for a wildcard here."""
        return self.test.operator.endswith("Like") or self.test.operator.startswith("Arn")


def _asks(prefix: str) -> Callable[[Compared], bool]:
    return lambda found: found.test.operator.startswith(prefix)


def _literal_wildcard(found: Compared) -> bool:
    return found.test.operator == "StringEquals" and ("*" in found.wanted or "?" in found.wanted)


def _unqualified(found: Compared) -> bool:
    return found.test.quantifier is None and is_multivalued(found.test.key.lower())


def _session_arn(found: Compared) -> bool:
    arn = parse_arn(found.wanted)
    is_arn = found.test.key.lower() == "aws:principalarn"
    return is_arn and arn is not None and arn.kind == "assumed-role"


def _principal_path(found: Compared) -> bool:
    named, ours = parse_arn(found.wanted), parse_arn(found.given)
    if found.test.key.lower() != "aws:principalarn" or named is None or ours is None:
        return False
    return (named.kind, named.name, named.account) == (ours.kind, ours.name, ours.account)


def _private(found: Compared) -> bool:
    network = read_network(found.wanted)
    is_source = found.test.key.lower() == "aws:sourceip"
    return is_source and network is not None and is_private(network)


def _versions(found: Compared) -> bool:
    if "IpAddress" not in found.test.operator:
        return False
    ours, theirs = read_network(found.given), read_network(found.wanted)
    return ours is not None and theirs is not None and ours.version != theirs.version


def _unread(prefix: str, read: Callable[[str], object]) -> Callable[[Compared], bool]:
    """Whether an operator is asked of which one side is not what it compares."""
    asks = _asks(prefix)
    return lambda found: asks(found) and None in (read(found.wanted), read(found.given))


def _goes_on(found: Compared) -> bool:
    return not found.is_like and found.given.startswith(found.wanted) and found.wanted != ""


def _is_cut(found: Compared) -> bool:
    return not found.is_like and found.wanted.startswith(found.given) and found.given != ""


#: What is certain, or small enough to be a slip of the pen.
_SLIPS: Final[tuple[Miss[Compared], ...]] = (
    Miss(  # CND-41
        "a key with several values takes `ForAnyValue:` or `ForAllValues:` before the operator",
        _unqualified,
    ),
    Miss(  # CND-20
        "for `StringEquals` a `*` is plain text: `StringLike` takes it for a wildcard",
        _literal_wildcard,
    ),
    Miss("{0.slip}", lambda found: found.slip is not None),  # CND-20
)
_OTHERS: Final[tuple[Miss[Compared], ...]] = (
    Miss("the key holds the ARN of the role, never that of a session", _session_arn),  # CTX-1
    Miss("the key holds the role's ARN with its path", _principal_path),  # CTX-1
    Miss(  # CND-29
        "the key holds public addresses only: private ones come through a VPC endpoint, as"
        " `aws:VpcSourceIp`",
        _private,
    ),
    Miss("one is an address of IPv4, and the other of IPv6", _versions),  # CND-28
    Miss("it compares numbers, and one of the two is none", _unread("Numeric", read_number)),
    Miss("it compares instants, and one of the two is none", _unread("Date", read_date)),
    Miss(
        "it compares `true` and `false`, and one of the two is neither", _unread("Bool", read_bool)
    ),
    Miss("it compares whole ARNs, and one of the two is none", _unread("Arn", parse_arn)),
    Miss("the one given goes on where the one wanted ends", _goes_on),
    Miss("the one given ends where the one wanted goes on", _is_cut),
    Miss(None, lambda _: True, near=False),
)
_MOST: Final = 20


def nearest_value(
    test: ConditionTest, given: tuple[str, ...], identity: Identity | None = None
) -> Least[Compared] | None:
    """Return the value of a test that is nearest to one that is given, if the two are compared.

    Of a long list those are looked at that are most like it. What a token or an assertion says can
    miss in ways of its own.
    """
    if not given or "Not" in test.operator or test.operator == "Null":
        return None
    pairs = [Compared(test, wanted, each) for wanted in test.values.items for each in given[:_MOST]]
    likest = nlargest(_MOST, pairs, key=_likeness) if len(pairs) > _MOST else pairs
    return least(likest, (*_SLIPS, *misses_of(identity, test.key), *_OTHERS), _likeness)


def _likeness(found: Compared) -> float:
    return likeness(found.given, found.wanted)
