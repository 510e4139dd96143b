"""The request context: for each condition key its values, its absence, or that nobody said.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Several(tuple[str, ...]):
    """The values of a key that can have several, even where it has one or none."""

    __slots__ = ()


#: What a key holds: one text, several, or nothing at all where the request does not have it.
Value: TypeAlias = str | Several | None


_NO_NAMES: frozenset[str] = frozenset()


class RequestContext:
    """The condition keys of one request.

    Names ignore letter case. A key has a value, or is absent, or is unknown: nobody said its value,
    and of some keys not even whether the call has them. `known` holds what was said, by names in
    lower case; a test looks there first, and asks the methods only where it finds no text.
    `unknown` are the names of the keys whose value nobody said.
    """

    __slots__ = ("_doubtful", "known", "unknown")

    def __init__(
        self,
        values: Mapping[str, Value],
        unknown: Iterable[str] = (),
        doubtful: Iterable[str] = (),
    ) -> None:
        """Keep the values of keys, and the names of unknown ones.

        `unknown` keys are there with a value nobody said; `doubtful` ones may be absent. In the
        latter `prefix/` means every key that begins so.
        """
        self.known = {key.lower(): value for key, value in values.items()}  # CND-3
        self.unknown = frozenset(map(str.lower, unknown)) if unknown else _NO_NAMES
        self._doubtful = frozenset(map(str.lower, doubtful)) if doubtful else _NO_NAMES
        if len(self.known) != len(values):
            self._forget_contradictions(values)

    def _forget_contradictions(self, values: Mapping[str, Value]) -> None:
        """Make unknown what is said twice, in different letter case and differently."""  # KEY-CASE
        for key, value in values.items():
            name = key.lower()
            if name in self.known and self.known[name] != value:
                del self.known[name]
                self.unknown |= {name}

    def values(self, key: str) -> tuple[str, ...] | None:
        """Return the values of a key in lower case; nothing at all where it is unknown."""
        if key not in self.known:
            return None if key in self.unknown or self._is_doubtful(key) else ()
        found = self.known[key]
        return (found,) if isinstance(found, str) else found or ()

    def presence(self, key: str) -> bool | None:
        """Return whether the request has a key in lower case; nothing where nobody knows."""
        if key in self.known:
            return self.known[key] is not None
        return None if self._is_doubtful(key) else key in self.unknown

    def _is_doubtful(self, key: str) -> bool:
        prefix, slash, _ = key.partition("/")
        return key in self._doubtful or prefix + slash in self._doubtful

    def having(self, changes: Mapping[str, Value]) -> RequestContext:
        """Return the context with some keys set; nothing makes one absent."""
        lowered = {key.lower(): value for key, value in changes.items()}
        return RequestContext({**self.known, **lowered}, self.unknown, self._doubtful)
