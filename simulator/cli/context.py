"""Condition keys and tags as they are typed, or written in a file of the aws CLI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.catalog.keys import is_multivalued
from simulator.cli.errors import QuestionError
from simulator.request.context import Several

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.request.context import Value
    from simulator.source import Source
    from simulator.syntax import JsonValue

_TAG = re.compile(
    r"Key=(?P<key>.*?),Value=(?P<value>.*)|Value=(?P<value2>.*?),Key=(?P<key2>.*)", re.DOTALL
)
_ENTRY_KEYS = frozenset({"ContextKeyName", "ContextKeyValues", "ContextKeyType"})
_ENTRY_TYPES = ("string", "numeric", "boolean", "ip", "binary", "date")


def read_context(pairs: Iterable[str], said: Mapping[str, str]) -> Mapping[str, Value]:
    """Return condition keys from `KEY=VALUE`; a key given twice has both values, `KEY=` is absent.

    `said` are the keys, in lower case, that something else sets already, and what that is.

    Raises:
        QuestionError: one of them is not of that form, or contradicts what was said.
    """
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        written, equals, value = pair.partition("=")
        key = written.lower()  # CND-3
        if not equals or ":" not in key:
            raise QuestionError(f"`--context {pair}`: expected `prefix:Key=VALUE`")
        if key in said:
            raise QuestionError(f"`--context {pair}`: `{said[key]}` says already what this key is")
        if key in found and not (value and found[key]):
            raise QuestionError(f"`--context {pair}`: the key is given and said to be absent")
        values = (*found.get(key, ()), *([value] if value else []))
        found[key] = values
    return {key: _value(key, values) for key, values in found.items()}


def _value(key: str, values: tuple[str, ...]) -> Value:
    if not values:
        return None
    return Several(values) if len(values) > 1 or is_multivalued(key) else values[0]


def read_entries(source: Source, value: JsonValue) -> Mapping[str, Value]:
    """Return condition keys from the `ContextEntries` of AWS's own simulator.

    Raises:
        QuestionError: they are not of that form.
    """
    entries = value.get("ContextEntries") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise QuestionError(f"`{source.name}`: expected a list of ContextEntries")
    found: dict[str, Value] = {}
    for number, entry in enumerate(entries, 1):
        key, given = _entry(entry, f"`{source.name}`: entry {number}")
        if key in found:
            raise QuestionError(f"`{source.name}`: entry {number}: `{key}` is given twice")
        found[key] = given
    return found


def _entry(entry: JsonValue, where: str) -> tuple[str, Value]:
    if not isinstance(entry, dict):
        raise QuestionError(f"{where}: expected ContextKeyName, ContextKeyValues, ContextKeyType")
    for name in entry:
        if name not in _ENTRY_KEYS:
            raise QuestionError(f"{where}: there is no `{name}` in a context entry")
    key, values = entry.get("ContextKeyName"), entry.get("ContextKeyValues")
    if not isinstance(key, str) or ":" not in key:
        raise QuestionError(f"{where}: ContextKeyName is no condition key such as `aws:SourceIp`")
    if not isinstance(values, list) or not all(isinstance(each, (str, bool)) for each in values):
        raise QuestionError(f"{where}: ContextKeyValues is a list of text")
    texts = tuple(str(v) if isinstance(v, str) else str(v).lower() for v in values)
    return key.lower(), _typed(key, texts, entry.get("ContextKeyType", ""), where)


def _typed(key: str, texts: tuple[str, ...], type_: JsonValue, where: str) -> Value:
    """Return the values of a key: of a list all, and else the one there is."""
    several = isinstance(type_, str) and type_.endswith("List")
    name = str(type_).removesuffix("List")
    if type_ != "" and name not in _ENTRY_TYPES:
        listed = "`, `".join(_ENTRY_TYPES)
        raise QuestionError(f"{where}: ContextKeyType is `{listed}`, or one of them with `List`")
    if type_ not in ("", None) and not several and len(texts) > 1:
        raise QuestionError(
            f"{where}: `{type_}` is one value, and here are {len(texts)}: expected `{type_}List`"
        )
    return Several(texts) if several and texts else _value(key.lower(), texts)


def check_values(context: Mapping[str, Value]) -> Iterator[str]:
    """Yield what is strange about the keys of a context.

    Raises:
        QuestionError: a value is none that its key can have.
    """
    if not context:
        return
    from simulator.request.given import oddities  # noqa: PLC0415 - it reads the catalog

    for message, is_wrong in oddities(context):
        if is_wrong:
            raise QuestionError(f"`--context`: {message}")
        yield message


def read_tags(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return tags from the aws CLI's shorthand `Key=K,Value=V`.

    Raises:
        QuestionError: one of them is not of that form.
    """
    return tuple(_tag(text) for text in texts)


def _tag(text: str) -> tuple[str, str]:
    found = _TAG.fullmatch(text)
    if found is None:
        raise QuestionError(f"`--tags {text}`: expected `Key=KEY,Value=VALUE`")
    if found["key"] is not None:
        return found["key"], found["value"]
    return found["key2"], found["value2"]


def read_pairs(option: str, texts: Iterable[str]) -> Mapping[str, str] | None:
    """Return the tags that an option gives as `KEY=VALUE`; nothing where it was not given.

    Raises:
        QuestionError: one of them is not of that form, or a key is given twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise QuestionError(f"`{option} {text}`: expected `KEY=VALUE`")
        if key in found:
            raise QuestionError(f"`{option} {text}`: the tag is given twice")
        found[key] = value
    return found or None
