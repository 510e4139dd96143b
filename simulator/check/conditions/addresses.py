"""IAM637, IAM638 and IAM639: addresses that callers do not have, or that are those of all.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.private import is_private
from simulator.check.conditions.holding import does, is_known, is_negated
from simulator.diagnostic import Severity
from simulator.policy.model import Effect
from simulator.readings import read_network

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement
    from simulator.readings import Network

PRIVATE: Final = "IAM637"
ONE_VERSION: Final = "IAM638"
ALL: Final = "IAM639"

_SOURCE_IP: Final = "aws:sourceip"
_KEYS: Final = frozenset({_SOURCE_IP, "aws:vpcsourceip"})
_SHOWN: Final = 3
_VPC_HELP: Final = (
    "a call through a VPC endpoint has its address in `aws:VpcSourceIp`, and no `aws:SourceIp`"
)


class _Ranges(NamedTuple):
    """The ranges of a test with their places, and which of them are private."""

    test: ConditionTest
    read: tuple[Network, ...]
    private: tuple[int, ...]


def odd_addresses(findings: Findings, subject: Subject) -> None:
    """Report ranges of addresses that no caller has, or all have, or that leave IPv6 out."""
    for statement in subject.statements:
        for ranges in _ranges(statement):
            if ranges.private and ranges.test.key.lower() == _SOURCE_IP:
                _private(findings, statement, ranges)
            elif not _of_all(findings, statement, ranges):
                _one_version(findings, statement, ranges)


def _ranges(statement: Statement) -> Iterator[_Ranges]:
    for test in statement.conditions:
        is_ip = test.operator.endswith("IpAddress") and test.key.lower() in _KEYS
        if is_ip and is_known(test):
            read = [read_network(text) for text in test.values.items]
            networks = tuple(network for network in read if network is not None)
            if networks and len(networks) == len(read):
                private = tuple(i for i, network in enumerate(networks) if is_private(network))
                yield _Ranges(test, networks, private)


# --- Private addresses: CND-29


def _private(findings: Findings, statement: Statement, ranges: _Ranges) -> None:
    test, places = ranges.test, ranges.private
    if len(places) < len(ranges.read):
        _private_among_others(findings, ranges)
        return
    findings.error(
        PRIVATE,
        test.values.path,
        f"`{test.key}` is a public address, and all addresses here are private:"
        f" {_outcome(statement, test)}",
        "no call has such an address there",
        help=_VPC_HELP,
    )


def _outcome(statement: Statement, test: ConditionTest) -> str:
    if is_negated(test):
        return "the test holds for every call"
    if test.if_exists:
        return "the test holds only for calls without the key"
    return f"{statement.title} {does(statement)} nothing"


def _private_among_others(findings: Findings, ranges: _Ranges) -> None:
    values, places = ranges.test.values, ranges.private
    shown: Sequence[int] = places[1 : 1 + _SHOWN]
    findings.note(
        PRIVATE,
        values.place(places[0]),
        f"`{ranges.test.key}` is a public address, and"
        f" {_counted(len(places))} of this list {'is' if len(places) == 1 else 'are'} private",
        "no call has such an address there",
        help=_VPC_HELP,
        beside=[(values.place(place), "nor such a one") for place in shown],
    )


def _counted(number: int) -> str:
    return "one range" if number == 1 else f"{number} ranges"


# --- The addresses of all


def _of_all(findings: Findings, statement: Statement, ranges: _Ranges) -> bool:
    """Report a range of all addresses of a version, and return whether there is one."""
    place = next((i for i, network in enumerate(ranges.read) if _is_all(network)), None)
    if place is None:
        return False
    test, text = ranges.test, ranges.test.values.items[place]
    version = ranges.read[place].version
    exempts = is_negated(test) and statement.effect is Effect.DENY
    limits = not is_negated(test) and statement.effect is Effect.ALLOW
    findings.error(  # CND-28
        ALL,
        test.values.place(place),
        f"`{text}` is every address of IPv{version}, so `{test.written}`"
        f" {'excludes' if is_negated(test) else 'admits'} all of them",
        f"{statement.title} {does(statement)} whatever the address"
        if not is_negated(test)
        else f"no caller with an address of IPv{version} meets this",
        severity=Severity.WARNING if exempts or limits else Severity.NOTE,
    )
    return True


def _is_all(network: Network) -> bool:
    return network.host_bits == (32 if network.version == 4 else 128)


# --- IPv6


def _one_version(findings: Findings, statement: Statement, ranges: _Ranges) -> None:
    test = ranges.test
    if not is_negated(test) or any(network.version == 6 for network in ranges.read):
        return
    denies = statement.effect is Effect.DENY
    findings.error(  # CND-28
        ONE_VERSION,
        test.values.path,
        f"no range here is one of IPv6, so {statement.title}"
        f" {'denies' if denies else 'allows'} every call from an IPv6 address",
        "an address of IPv6 is in none of these",
        help="endpoints of AWS with `dualstack` or `.api.aws` in their name take calls over IPv6",
        severity=Severity.NOTE if denies else Severity.WARNING,
    )
