"""The request context: for each condition key its values, its absence, or that nobody said.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Several(tuple[str, ...]):
    """The values of a key that can have several, even where it has one."""

    __slots__ = ()


class RequestContext:
    """The condition keys of one request.

    Names ignore letter case. A key has values, or is absent (an empty tuple), or is unknown: every
    real call has it, but nobody said which value.
    """

    __slots__ = ("_families", "_unknown", "_values")

    def __init__(
        self, values: Mapping[str, tuple[str, ...]], unknown: Iterable[str] = ()
    ) -> None:
        """Keep the values of keys, and the names of unknown ones; `prefix/` means a whole family."""
        self._values = {key.lower(): value for key, value in values.items()}  # CND-3
        names = {name.lower() for name in unknown}
        self._families = frozenset(name for name in names if name.endswith("/"))
        self._unknown = frozenset(names - self._families)

    def values(self, key: str) -> tuple[str, ...] | None:
        """Return the values of a key in lower case; nothing at all where it is unknown."""
        found = self._values.get(key)
        if found is not None:
            return found
        if key in self._unknown or f"{key.partition('/')[0]}/" in self._families:
            return None
        return ()

    def having(self, changes: Mapping[str, tuple[str, ...]]) -> RequestContext:
        """Return the context with some keys set; an empty tuple makes one absent."""
        return RequestContext({**self._values, **_lowered(changes)}, self.unknown)

    @property
    def unknown(self) -> frozenset[str]:
        """The names of the keys whose value nobody said, and of whole families (`prefix/`)."""
        return self._unknown | self._families

    def given(self) -> Mapping[str, tuple[str, ...]]:
        """Return what is known, by key in lower case."""
        return self._values


def _lowered(values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {key.lower(): value for key, value in values.items()}
