"""The request context: for each condition key its values, its absence, or that nobody said.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Several(tuple[str, ...]):
    """The values of a key that can have several, even where it has one or none."""

    __slots__ = ()


class RequestContext:
    """The condition keys of one request.

    Names ignore letter case. A key has values, or is absent (an empty tuple), or is unknown: nobody
    said its value, and of some keys not even whether the call has them.
    """

    __slots__ = ("_doubtful", "_unknown", "_values")

    def __init__(
        self,
        values: Mapping[str, tuple[str, ...]],
        unknown: Iterable[str] = (),
        doubtful: Iterable[str] = (),
    ) -> None:
        """Keep the values of keys, and the names of unknown ones.

        `unknown` keys are there with a value nobody said; `doubtful` ones may be absent. In the
        latter `prefix/` means every key that begins so.
        """
        self._values = {key.lower(): value for key, value in values.items()}  # CND-3
        self._unknown = frozenset(name.lower() for name in unknown)
        self._doubtful = frozenset(name.lower() for name in doubtful)

    def values(self, key: str) -> tuple[str, ...] | None:
        """Return the values of a key in lower case; nothing at all where it is unknown."""
        found = self._values.get(key)
        if found is not None:
            return found
        return None if key in self._unknown or self._is_doubtful(key) else ()

    def presence(self, key: str) -> bool | None:
        """Return whether the request has a key in lower case; nothing where nobody knows."""
        found = self._values.get(key)
        if found is not None:
            return found != () or isinstance(found, Several)
        return None if self._is_doubtful(key) else key in self._unknown

    def _is_doubtful(self, key: str) -> bool:
        prefix, slash, _ = key.partition("/")
        return key in self._doubtful or prefix + slash in self._doubtful

    def having(self, changes: Mapping[str, tuple[str, ...]]) -> RequestContext:
        """Return the context with some keys set; an empty tuple makes one absent."""
        return RequestContext({**self._values, **_lowered(changes)}, self._unknown, self._doubtful)


def _lowered(values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {key.lower(): value for key, value in values.items()}
