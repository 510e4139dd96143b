"""Edits of a policy that stands in YAML: those of its JSON, as people write them in YAML."""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Final

from simulator.source import Range
from simulator.syntax import UNKNOWN, encode
from simulator.syntax.quick import decode_quickly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.syntax import JsonValue
    from simulator.syntax.nodes import Node

    Holder = list[Any] | dict[str, Any]

# What is text in YAML of any version without quotes, in a list in brackets as well.
_PLAIN: Final = re.compile(
    r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z][\w./*-]*(?::[\w./*-]+)*", re.IGNORECASE
)
_STYLES: Final = "\"'|>&!*"
_COMMENT: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)")


class YamlEdits:
    """Writes what an edit of the JSON of a value makes of it."""

    def __init__(self, text: str, value: JsonValue, node: Node) -> None:
        self._text, self._value, self._node = text, value, node

    def edit(self, edited: Range, text: str) -> tuple[Range, str]:
        """Return the same edit of the YAML, or one of nothing where there is none."""
        old = _value(self._value)
        try:
            new = decode_quickly(old[: edited.start] + text + old[edited.end :])
        except (ValueError, RecursionError):
            new = self._value  # only with another edit it makes JSON
        place, put = self._changed(self._value, new, self._node)
        if UNKNOWN in put or not self._within(place):
            # Nobody can write what a template leaves open, or what an alias stands for elsewhere.
            return Range(self._node.range.start, self._node.range.start), ""
        return place, put

    def _within(self, place: Range) -> bool:
        return self._node.range.start <= place.start and place.end <= self._node.range.end

    def _changed(self, old: JsonValue, new: JsonValue, node: Node) -> tuple[Range, str]:
        if old == new:
            return Range(node.range.start, node.range.start), ""
        if isinstance(old, dict) and isinstance(new, dict):
            return self._object(old, new, node) or self._whole(new, node)
        if isinstance(old, list) and isinstance(new, list):
            return self._list(old, new, node) or self._whole(new, node)
        return self._whole(new, node)

    def _whole(self, new: JsonValue, node: Node) -> tuple[Range, str]:
        start, end = node.range
        if self._text.startswith("- ", start):
            # A list may stand below its key as far to the left as that, and nothing else may.
            return Range(start, self._trimmed(end)), f"  {_value(new)}"
        if isinstance(new, str) and self._text[start : start + 1] not in _STYLES:
            return Range(start, end), _scalar(new)
        return Range(start, self._trimmed(end)), _value(new)

    def _trimmed(self, end: int) -> int:
        """Return where a value ends without the line end that closes a block of text."""
        return len(self._text[:end].rstrip()) if self._text[end - 1 : end].isspace() else end

    def _object(
        self, old: dict[str, Any], new: dict[str, Any], node: Node
    ) -> tuple[Range, str] | None:
        names, others = list(old), list(new)
        if names == others:
            return self._one(old, new, node, [name for name in names if old[name] != new[name]])
        spans = [Range(node.keys[k].start, self._trimmed(node.values[k].range.end)) for k in names]
        if others[: len(names)] == names and _same(old, new, names) and len(others) > len(names):
            added = {name: new[name] for name in others[len(names) :]}
            lines = [f"{_scalar(k)}: {_value(v)}" for k, v in added.items()]
            return self._appended(spans, lines, node, "{", "")
        removed = [index for index, name in enumerate(names) if name not in new]
        if len(removed) != 1:
            return None
        if list(old.values()) == list(new.values()):
            return node.keys[names[removed[0]]], _scalar(others[removed[0]])
        without = [name for name in names if name in new]
        return (
            self._removed(spans, removed[0])
            if without == others and _same(old, new, others)
            else None
        )

    def _list(self, old: list[Any], new: list[Any], node: Node) -> tuple[Range, str] | None:
        if len(old) == len(new):
            differing = [index for index, each in enumerate(old) if each != new[index]]
            return self._one(old, new, node, differing)
        ranges = [node.values[index].range for index in range(len(old))]
        spans = [Range(start, self._trimmed(end)) for start, end in ranges]
        if new[: len(old)] == old:
            added = [_value(each) for each in new[len(old) :]]
            return self._appended(spans, added, node, "[", "- ")
        if len(new) == len(old) - 1:
            index = next((i for i, each in enumerate(new) if each != old[i]), len(new))
            return self._removed(spans, index) if old[:index] + old[index + 1 :] == new else None
        return None

    def _one(
        self, old: Holder, new: Holder, node: Node, differing: Sequence[Any]
    ) -> tuple[Range, str] | None:
        if len(differing) != 1:
            return None
        step = differing[0]
        return self._changed(old[step], new[step], node.values[step])

    def _appended(
        self, spans: Sequence[Range], added: Sequence[str], node: Node, bracket: str, mark: str
    ) -> tuple[Range, str] | None:
        """Return the edit that adds elements at the end of an object or a list."""
        flow = self._text[node.range.start] == bracket
        if not spans:
            at = node.range.start + 1
            return (Range(at, at), ", ".join(added)) if flow else None
        end = spans[-1].end
        if flow:
            return Range(end, end), "".join(f", {each}" for each in added)
        first = self._text.rfind("-", 0, spans[0].start) if mark else spans[0].start
        indent = " " * (first - self._text.rfind("\n", 0, first) - 1)
        end = self._with_comment(end)
        return Range(end, end), "".join(f"\n{indent}{mark}{each}" for each in added)

    def _with_comment(self, end: int) -> int:
        """Return where the line of a value ends, if nothing but a comment follows it there."""
        rest = _COMMENT.match(self._text, end)
        return rest.end() if rest else end

    def _removed(self, spans: Sequence[Range], index: int) -> tuple[Range, str] | None:
        """Return the edit that takes out one element of several, with the comment on its line."""
        if len(spans) == 1:
            return None
        if index == 0:
            return Range(spans[0].start, spans[1].start), ""
        start, end = spans[index - 1].end, spans[index].end
        return Range(self._with_comment(start), self._with_comment(end)), ""


def _value(value: JsonValue) -> str:
    return encode(value, encode_basestring)


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else encode_basestring(text)


def _same(old: dict[str, Any], new: dict[str, Any], names: Sequence[str]) -> bool:
    return all(old[name] == new[name] for name in names)
