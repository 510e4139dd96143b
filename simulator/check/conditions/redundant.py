"""IAM641: values of a condition that say nothing beside others of their list.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-redundant-condition-value-num
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.grants.listing import Budget, Listing
from simulator.check.subject import is_open
from simulator.diagnostic import Access
from simulator.policy.edits import remove_values
from simulator.readings import read_date, read_network, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulator.check.subject import Subject
    from simulator.matcher.inclusion import Language
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement
    from simulator.readings import Network

CODE: Final = "IAM641"
_SHOWN: Final = 3


class _Needless(NamedTuple):
    """The place of a value, and of the one that takes it in or is the same."""

    place: int
    wide: int


def needless_values(findings: Findings, subject: Subject) -> None:
    """Report the values of each list that could be left out."""
    budget = Budget()
    for statement in subject.statements:
        for test in statement.conditions:
            if len(test.values.items) > 1:
                found = tuple(_needless(statement, test, budget))
                if found:
                    _report(findings, test, found)


def _needless(statement: Statement, test: ConditionTest, budget: Budget) -> Iterator[_Needless]:
    """Yield what adds nothing; of values that say the same the first is not needless."""
    texts = test.values.items
    name = test.operator.replace("Not", "")
    if name in {"Bool", "Null"}:
        return  # told as too many
    if name in _SIGNS:
        yield from _borders(texts, *_SIGNS[name])
    elif name == "IpAddress":
        yield from _networks(texts)
    elif name in {"StringLike", "ArnLike", "ArnEquals"} and _has_pattern(texts):
        language = _language(name, variables=statement.variables)
        yield from map(_Needless._make, Listing(language, texts).needless(budget))
    else:
        yield from _same(texts, str.lower if name == "StringEqualsIgnoreCase" else str)


def _has_pattern(texts: Sequence[str]) -> bool:
    return any("*" in text or "?" in text for text in texts)


def _same(texts: Sequence[str], key: Callable[[str], object]) -> Iterator[_Needless]:
    seen: dict[object, int] = {}
    for index, text in enumerate(texts):
        if is_open(text):
            continue
        first = seen.setdefault(key(text), index)
        if first != index:
            yield _Needless(index, first)


def _language(name: str, *, variables: bool) -> Language:
    from simulator.matcher.inclusion import (  # noqa: PLC0415 - rare
        Language,
        covers_arn,
        covers_text,
    )

    covers = covers_text if name == "StringLike" else covers_arn
    return Language(str, partial(covers, variables=variables), variables)


def _borders(
    texts: Sequence[str], read: Callable[[str], object], choose: Callable[..., object] | None
) -> Iterator[_Needless]:
    """Yield the values beside the one that decides, or those that are the same."""  # CND-24
    values = [None if is_open(text) else read(text) for text in texts]
    if choose is None:
        yield from _equal(values)
    elif None not in values:
        best = values.index(choose(values))
        yield from (_Needless(index, best) for index in range(len(texts)) if index != best)


def _equal(values: Sequence[object]) -> Iterator[_Needless]:
    seen: dict[object, int] = {}
    for index, value in enumerate(values):
        first = seen.setdefault(value, index)
        if value is not None and first != index:
            yield _Needless(index, first)


_SIGNS: Final[dict[str, tuple[Callable[[str], object], Callable[..., object] | None]]] = {
    f"{family}{name}": (read, choose)
    for family, read in (("Numeric", read_number), ("Date", read_date))
    for name, choose in (
        ("Equals", None),
        ("LessThan", max),
        ("LessThanEquals", max),
        ("GreaterThan", min),
        ("GreaterThanEquals", min),
    )
}


def _networks(texts: Sequence[str]) -> Iterator[_Needless]:
    """Yield the ranges of addresses that lie within others."""  # CND-28
    read = [None if is_open(text) else read_network(text) for text in texts]
    first: dict[Network, int] = {}
    for index, network in enumerate(read):
        if network is not None:
            first.setdefault(network, index)
    widths = sorted({network.host_bits for network in first}, reverse=True)
    for index, network in enumerate(read):
        wide = None if network is None else _wider(network, widths, first)
        if wide is not None and wide != index:
            yield _Needless(index, wide)


def _wider(network: Network, widths: Sequence[int], first: dict[Network, int]) -> int | None:
    for width in widths:
        beyond = width - network.host_bits
        if beyond < 0:
            break
        found = first.get(network._replace(first=network.first >> beyond, host_bits=width))
        if found is not None:
            return found
    return None


def _report(findings: Findings, test: ConditionTest, found: tuple[_Needless, ...]) -> None:
    values, (first, *others) = test.values, found
    text = values.items[first.place]
    message = (
        f"{len(found)} values of `{test.key}` add nothing to others of their list, such as `{text}`"
        if others
        else f"`{text}` adds nothing to `{values.items[first.wide]}` of the same list"
    )
    findings.note(  # CND-1, CND-2
        CODE,
        values.place(first.place),
        message,
        _seen(test, first),
        beside=[(values.place(each.place), _seen(test, each)) for each in others[:_SHOWN]],
        access=Access.UNCHANGED,
        edits=lambda: remove_values(findings.document, values.path, {n.place for n in found}),
    )


def _seen(test: ConditionTest, needless: _Needless) -> str:
    texts = test.values.items
    if texts[needless.place] == texts[needless.wide]:
        return f"value {needless.wide + 1} of the list says the same"
    return f"`{texts[needless.wide]}` takes this in"
