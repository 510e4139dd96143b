"""Whether the values that somebody gave for condition keys are values the keys can have.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.condition_keys import find_key, is_known_key, nearest_keys
from simulator.readings import read_binary, read_bool, read_date, read_network, read_number
from simulator.request.context import Several

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.request.context import Value


class Oddity(NamedTuple):
    """What is wrong or strange about a key that somebody gave; what is wrong cannot be used."""

    message: str
    is_wrong: bool


#: How a text of each type is read, and what is expected of it. A text of another type may be any.
_TYPES: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "Bool": (read_bool, "`true` or `false`"),
    "Numeric": (read_number, "a number such as `3600`"),
    "Date": (read_date, "a time such as `2026-11-24T12:00:00Z` or seconds since 1970"),
    "IPAddress": (read_network, "an address such as `203.0.113.7` or `2001:db8::1`"),
    "Binary": (read_binary, "bytes as base64"),
}


def oddities(context: Mapping[str, Value]) -> Iterator[Oddity]:
    """Yield what is odd about the keys of a context, one by one."""
    for name, value in context.items():
        yield from _about_name(name)
        yield from _about_value(name, value)


def _about_name(name: str) -> Iterator[Oddity]:
    if is_known_key(name) is False:
        nearest = "` or `".join(nearest_keys(name))
        advice = f": did you mean `{nearest}`?" if nearest else ""
        yield Oddity(f"AWS has no condition key `{name}`{advice}", is_wrong=False)


def _about_value(name: str, value: Value) -> Iterator[Oddity]:
    key = find_key(name)
    if key is None or value is None:
        return
    if isinstance(value, Several) and not key.multivalued:
        yield Oddity(f"`{key.name}` has one value, and here are {len(value)}", is_wrong=True)
    readable = _TYPES.get(key.type)
    for text in value if isinstance(value, Several) else (value,):
        if readable is not None and readable[0](text) is None:
            message = f"`{text}` is no value of `{key.name}`: expected {readable[1]}"
            yield Oddity(message, is_wrong=True)
