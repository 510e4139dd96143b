"""Whether one pattern of a policy covers another: matches everything that the other matches.

A yes is always true; a no may only mean that it cannot be seen from the patterns. What a template
leaves open covers nothing, and nothing covers it.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import ACCOUNT_ID, parse_arn
from simulator.matcher.resources import complete
from simulator.policy.model import UNKNOWN
from simulator.policy.variables import Variable, Wildcard, read_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from simulator.policy.model import PrincipalEntry

_WILDCARD: Final = re.compile(r"[*?]")
_OPEN: Final = re.compile(r"[*?]|\$\{")
_EVERYONE: Final = ("*", "*")
_EVERY_ACCOUNT: Final = ("AWS", "*")
_OF_ACCOUNTS: Final = ("AWS", "CanonicalUser")


class Language(NamedTuple):
    """How patterns of one kind are compared.

    Patterns with the same `key` match the same. A pattern with wildcards covers only what begins
    with its `prefix`, the characters before the first of them.
    """

    key: Callable[[str], str]
    covers: Callable[[str, str], bool]
    variables: bool = False

    def prefix(self, text: str) -> str | None:
        """Return what a pattern begins with, or nothing where it has neither `*` nor `?`."""
        key = self.key(text)
        found = (_OPEN if self.variables else _WILDCARD).search(key)
        if found is None or (found[0] == "${" and not _WILDCARD.search(key, found.end())):
            return None
        return key[: found.start()]

    def start(self, text: str) -> str:
        """Return how everything begins that a pattern matches."""
        prefix = self.prefix(text)
        key = self.key(text) if prefix is None else prefix
        return key.partition("${")[0] if self.variables else key


def covers_action(wide: str, narrow: str) -> bool:
    """Whether a pattern of `Action` covers another one."""
    wide, narrow = wide.lower(), narrow.lower()  # ACT-1
    if UNKNOWN in wide or UNKNOWN in narrow:
        return False
    if wide in {"*", narrow}:
        return True
    service, colon, name = wide.partition(":")
    other_service, other_colon, other_name = narrow.partition(":")
    if not (colon and other_colon):
        return False  # ACT-3
    return _covers(service, other_service) and _covers(name, other_name)  # ACT-2


def covers_resource(wide: str, narrow: str, *, variables: bool) -> bool:
    """Whether a pattern of `Resource` covers another one; `${…}` is text without `variables`."""
    if UNKNOWN in wide or UNKNOWN in narrow:
        return False
    if wide in {"*", narrow}:
        return True  # RES-2
    fields, others = _fields(wide), _fields(narrow)
    if fields is None or others is None:
        return False
    *head, tail = fields
    *other_head, other_tail = others
    if not all(_covers(*pair) for pair in zip(head, other_head, strict=True)):  # RES-4
        return False
    return _covers(tail, other_tail, variables=variables)


def covers_text(wide: str, narrow: str, *, variables: bool) -> bool:
    """Whether a pattern of `StringLike` covers another one."""
    if UNKNOWN in wide or UNKNOWN in narrow:
        return False
    return _covers(wide, narrow, variables=variables)


def covers_arn(wide: str, narrow: str, *, variables: bool) -> bool:
    """Whether a pattern of `ArnLike` covers another one."""
    if UNKNOWN in wide or UNKNOWN in narrow:
        return False
    if variables and ("${" in wide or "${" in narrow):
        return wide == narrow  # the value of a variable may have colons
    fields, others = wide.split(":", 5), narrow.split(":", 5)
    if len(fields) != 6 or len(others) != 6:
        return False  # CND-31
    return all(_covers(*pair) for pair in zip(fields, others, strict=True))  # CND-30


def _fields(text: str) -> list[str] | None:
    return complete(text).split(":", 5) if _is_arn(text) else None


def _is_arn(text: str) -> bool:
    return text.startswith("arn:") or text == "arn"


def _resource_key(text: str) -> str:
    return complete(text) if _is_arn(text) else text  # RES-6


ACTIONS: Final = Language(str.lower, covers_action)
_RESOURCES: Final = {
    variables: Language(
        _resource_key,
        partial(covers_resource, variables=variables),
        variables,
    )
    for variables in (False, True)
}


def resources(*, variables: bool) -> Language:
    """Return how resources are compared, where `${…}` is a variable or only text."""
    return _RESOURCES[variables]


def covers_principal(wide: PrincipalEntry, narrow: PrincipalEntry, *, as_strongly: bool) -> bool:
    """Whether one principal names every caller that another one names.

    `as_strongly` is whether it has to name them as strongly at least, as an Allow must: an account
    names its users, and yet grants less than a user's name does.
    """
    return covers_any_principal({wide[:2]}, narrow, as_strongly=as_strongly)


def covers_any_principal(
    wide: AbstractSet[tuple[str, str]], narrow: PrincipalEntry, *, as_strongly: bool
) -> bool:
    """Whether one of many principals, each a kind and a value, names whom another one names.

    It takes no longer for many than for one.
    """
    if UNKNOWN in narrow.value:
        return False
    if _EVERYONE in wide or narrow[:2] in wide:
        return True  # PRN-7, PRN-30
    if _EVERY_ACCOUNT in wide and narrow.kind in _OF_ACCOUNTS:
        return True
    return narrow.kind == "AWS" and any(
        ("AWS", account) in wide for account in _accounts(narrow.value, as_strongly=as_strongly)
    )


def _accounts(narrow: str, *, as_strongly: bool) -> Iterator[str]:
    """Yield how the account of a principal is named; only for all of it is that as strong."""
    named = parse_arn(narrow)
    if named is None or (as_strongly and named.resource != "root"):
        return  # EVAL-10
    if ACCOUNT_ID.fullmatch(named.account):
        yield named.account  # PRN-3, PRN-31
    yield f"arn:{named.partition}:iam::{named.account}:root"


# --- Texts with wildcards and variables


class _Places(NamedTuple):
    """The places of a pattern, as sets of bits: the first place is bit 0."""

    exact: dict[str | Variable, int]  # where just this character or variable stands
    single: int  # where one character stands, no matter which
    many: int  # where any number of characters stand
    stretches: int  # the same, and the `?` beside them: one stretch of so many characters or more
    end: int


def _covers(wide: str, narrow: str, *, variables: bool = False) -> bool:
    if wide in {"*", narrow}:
        return True
    if "*" not in wide and "?" not in wide:
        return False
    begin = wide[:-1]
    if wide[-1] == "*" and not ("*" in begin or "?" in begin or (variables and "$" in begin)):
        return narrow.startswith(begin)
    return _takes_in(_places(wide, variables=variables), _symbols(narrow, variables=variables))


def _takes_in(places: _Places, symbols: Iterator[str | Wildcard | Variable]) -> bool:
    # All places that can be reached so far go on together, so each symbol is looked at once.
    exact, single, many, stretches, end = places
    reached = _skip(1, many)
    for symbol in symbols:
        if isinstance(symbol, str):
            moved = reached & (single | exact.get(symbol, 0))
            stayed = reached & many
        elif symbol is Wildcard.ONE:
            moved, stayed = reached & single, reached & many
        else:
            # Nobody knows how long this is, so it counts for no character of a stretch.
            moved = reached & exact.get(symbol, 0) if isinstance(symbol, Variable) else 0
            stayed = reached & stretches
        reached = _skip(moved << 1 | stayed, many)
        if not reached:
            return False
    return bool(reached & end)


def _skip(reached: int, many: int) -> int:
    return reached | (reached & many) << 1


def _symbols(text: str, *, variables: bool) -> Iterator[str | Wildcard | Variable]:
    for part in _parts(text, variables=variables):
        if isinstance(part, str):
            yield from part
        else:
            yield part


def _parts(text: str, *, variables: bool) -> Iterator[str | Wildcard | Variable]:
    for part in read_template(text, wildcards=True, variables=variables):
        # VAR-2: it is the same variable in whatever letter case it is written
        yield part._replace(written=part.key) if isinstance(part, Variable) else part


@lru_cache(maxsize=512)
def _places(text: str, *, variables: bool) -> _Places:
    exact: dict[str | Variable, list[int]] = {}
    single: list[int] = []
    many: list[int] = []
    stretches: list[int] = []
    place = 0
    for part in _runs(_parts(text, variables=variables)):
        if isinstance(part, str):
            for character in part:
                exact.setdefault(character, []).append(place)
                place += 1
        elif isinstance(part, Variable):
            exact.setdefault(part, []).append(place)
            place += 1
        else:
            least, open_ended = part
            single += range(place, place + least)
            if open_ended:
                many.append(place + least)
                stretches += range(place, place + least + 1)
            place += least + open_ended
    return _Places(
        {symbol: _bits(found) for symbol, found in exact.items()},
        _bits(single),
        _bits(many),
        _bits(stretches),
        1 << place,
    )


def _runs(
    parts: Iterable[str | Wildcard | Variable],
) -> Iterator[str | Variable | tuple[int, bool]]:
    """Yield the parts of a text, and for wildcards side by side how many characters they match.

    That is a least number, and whether there may be more.
    """
    least, open_ended = 0, False
    for part in parts:
        if part is Wildcard.ONE:
            least += 1
            continue
        if part is Wildcard.ANY:
            open_ended = True
            continue
        if least or open_ended:
            yield least, open_ended
            least, open_ended = 0, False
        if isinstance(part, (str, Variable)):
            yield part
    if least or open_ended:
        yield least, open_ended


def _bits(places: list[int]) -> int:
    """Return the number in which these bits are set."""
    if not places:
        return 0
    data = bytearray(places[-1] // 8 + 1)  # adding up powers would copy the number for each
    for place in places:
        data[place // 8] |= 1 << place % 8
    return int.from_bytes(data, "little")
