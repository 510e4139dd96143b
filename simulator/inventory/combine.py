"""Several places that speak of one thing: they complete each other, or contradict each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import DecodeError

from simulator.diagnostic import Diagnostic, Severity
from simulator.inventory import codes
from simulator.inventory.documents import PlacedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.inventory.facts import Facts, Key, Managed, Spot

_FIELDS: Final = {
    "arn": "its ARN",
    "unique_id": "its unique id",
    "tags": "its tags",
    "max_session_duration": "its `MaxSessionDuration`",
    "trust": "its trust policy",
    "inline": "its inline policies",
    "attached": "the policies attached to it",
    "boundary": "its permissions boundary",
    "groups": "its groups",
    "mfa_devices": "its MFA devices",
    "listed": "the names of its inline policies",
}
_MOST_TOLD: Final = 50
_HELP: Final = "they were made at different times: keep the newer one"


class Combiner:
    """Puts what several places say together, and keeps what they disagree about."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self._repeated: Counter[tuple[str, str]] = Counter()
        self._repeats: dict[tuple[str, str], tuple[Facts, Facts]] = {}

    def entities(self, found: Mapping[Key, list[Facts]]) -> Iterator[Facts]:
        """Yield what all places together say of each entity."""
        for said in found.values():
            yield said[0] if len(said) == 1 else self._combined(said)

    def _combined(self, said: Sequence[Facts]) -> Facts:
        first, *others = said
        self._note_repeat(said)
        for other in others:
            first = self._both(first, other)
        return first

    def _both(self, one: Facts, other: Facts) -> Facts:
        differing = [words for field, words in _FIELDS.items() if _differ(one, other, field)]
        differing += (f"its inline policy `{name}`" for name in _shown_otherwise(one, other))
        shown = {**(one.shown or {}), **(other.shown or {})}
        if differing:
            self.contradiction(f"`{one.arn}`: {', '.join(differing)}", one.spot, other.spot)
        given = {field: getattr(other, field) for field in _FIELDS if getattr(one, field) is None}
        created = one.created or other.created
        return one._replace(**given, shown=shown or None, created=created)

    def contradiction(self, what: str, one: Spot, other: Spot) -> None:
        """Keep that two places disagree."""
        labels = (other.label("here"), one.label("and here"))
        message = f"`{one.file}` and `{other.file}` say different things of {what}"
        if len(self.errors) < _MOST_TOLD:
            self.errors.append(
                Diagnostic(codes.CONTRADICTION, Severity.ERROR, message, labels, _HELP)
            )

    def managed(self, policies: Mapping[str, Mapping[str, Managed]]) -> None:
        """Look for customer managed policies that are shown with several documents.

        One of AWS's own changes with time: each dump has it as it was then.
        """
        for arn, shown in policies.items():
            first, *others = shown.values()
            for other in others if ":iam::aws:" not in arn else ():
                if not is_same(first.document, other.document):
                    self.contradiction(f"`{arn}`: its document", first.spot, other.spot)
                    break

    def _note_repeat(self, said: Sequence[Facts]) -> None:
        dumped = [facts for facts in said if facts.spot.dumped]
        for again in dumped[1:]:
            files = (dumped[0].spot.file, again.spot.file)
            self._repeated[files] += 1
            self._repeats.setdefault(files, (dumped[0], again))

    def repeats(self) -> Iterator[Diagnostic]:
        """Yield a warning for any file that shows entities again, its own or those of another."""
        for (one, other), count in self._repeated.items():
            first, again = self._repeats[one, other]
            yield Diagnostic(
                codes.REPEATED,
                Severity.WARNING,
                _again(first, count) if one == other else _both_show(one, other, count),
                (again.spot.label("here again"), first.spot.label("first here")),
                "they say the same of them: one of the "
                + ("places would do" if one == other else "files would do"),
            )


def _again(first: Facts, count: int) -> str:
    more = f" and {count - 1} more" if count > 1 else ""
    return f"`{first.spot.file}` lists `{first.arn.resource}`{more} twice"


def _both_show(one: str, other: str, count: int) -> str:
    return f"`{one}` and `{other}` both show the same {count} users, groups or roles"


def _shown_otherwise(one: Facts, other: Facts) -> list[str]:
    """Return the names of inline policies that one place shows, and the other one not so."""
    found = set()
    for each, against in ((one, other), (other, one)):
        for name, document in (each.shown or {}).items():
            known = (against.inline or against.shown or {}).get(name)
            is_missing = known is None and against.inline is not None
            if is_missing or (known is not None and not is_same(known, document)):
                found.add(name)
    return sorted(found)


def _differ(one: Facts, other: Facts, field: str) -> bool:
    first, second = getattr(one, field), getattr(other, field)
    return first is not None and second is not None and not is_same(first, second)


def is_same(one: object, other: object) -> bool:
    """Whether two values say the same, however a document among them is written."""
    if isinstance(one, PlacedDocument) and isinstance(other, PlacedDocument):
        return bytes(one.raw) == bytes(other.raw) or _plain(one) == _plain(other)
    return one == other or _plain(one) == _plain(other)


def _plain(value: object) -> object:
    """Return a value without its order and its writing."""
    if isinstance(value, PlacedDocument):
        try:
            return value.value()
        except (DecodeError, UnicodeDecodeError, RecursionError):
            return bytes(value.raw)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return frozenset(value) if type(value) is tuple else value
