"""YAML as test files may use it: mappings, lists and text, and the place of each of them.

Every scalar stays the text that was written, so that account ids keep their zeros and dates are no
dates. What makes YAML dangerous or surprising (anchors, tags, merge keys, keys twice) is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.inventory.shape import NullWord
from simulator.source import Range, Span
from simulator.syntax import Code, Positions
from simulator.syntax.nodes import Node
from simulator.testing import codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.source import Source
    from simulator.syntax import JsonValue

DEPTH_LIMIT: Final = 64
_MOST_TOLD: Final = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where PyYAML has it
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_FUNCTIONS = re.compile(r"!(?:Ref|Sub|GetAtt|Join|If|ImportValue|FindInMap|Select|Split|Base64)\b")
_NOTHING: dict[str, Range] = {}


class _Open(NamedTuple):
    """A mapping or list whose end has not come yet."""

    value: dict[str, JsonValue] | list[JsonValue]
    start: Range
    flow: bool
    keys: dict[str, Range]
    values: dict[str | int, Node]


def read_yaml(source: Source) -> tuple[JsonValue, Positions]:
    """Return the value of a YAML text and the places in it.

    Raises:
        DocumentError: it is not YAML, or has what is refused here.
    """
    unprintable = _UNPRINTABLE.search(source.text)
    if unprintable is not None:
        place = Range(*unprintable.span())
        message = f"the character U+{ord(unprintable[0]):04X} is not allowed in YAML"
        raise DocumentError((_diagnostic(source, Code.NUL, message, place),))
    return _Reader(source).read()


def _diagnostic(
    source: Source, code: str, message: str, place: Range, help_: str | None = None
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, (Label(Span(source, place), "here"),), help_)


class _Reader:
    """Puts values together from the events of the parser, which never recurses."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._key: list[tuple[str, Range] | None] = []
        self._root: tuple[JsonValue, Node] = (None, Node(Range(0, 0), _NOTHING, {}))
        self._documents = 0

    def read(self) -> tuple[JsonValue, Positions]:
        for event in self._events():
            self._take(event)
            if len(self._found) >= _MOST_TOLD:
                break
        if self._found:
            raise DocumentError(tuple(self._found))
        value, node = self._root
        return value, Positions(node)

    def _events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self._source.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = min(mark.index if mark else 0, len(self._source.text))
            tab = self._source.text[at : at + 1] == "\t"
            help_ = "YAML is indented with spaces, never with tabs" if tab else None
            message = f"this is not YAML: {_reason(error)}"
            self._refuse(codes.NOT_YAML, message, Range(at, at + 1), help_)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            message = f"this is not YAML: {str(error).splitlines()[0].lower()}"
            self._refuse(codes.NOT_YAML, message, Range(0, 1))

    def _refuse(self, code: str, message: str, place: Range, help_: str | None = None) -> None:
        self._found.append(_diagnostic(self._source, code, message, place, help_))

    def _take(self, event: yaml.Event) -> None:
        place = _place(event)
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                message = "a second document begins: a test file is one"
                self._refuse(codes.YAML_FEATURE, message, place)
        elif isinstance(event, NodeEvent):
            self._check(event, place)
        if isinstance(event, CollectionStartEvent):
            self._begin(event, place)
        elif isinstance(event, CollectionEndEvent):
            self._end(place)
        elif isinstance(event, ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, AliasEvent):
            self._add(None, Node(place, _NOTHING, {}))

    def _check(self, event: NodeEvent, place: Range) -> None:
        tag = event.tag if isinstance(event, (ScalarEvent, CollectionStartEvent)) else None
        if event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            message = f"anchors and aliases are not supported: `{sign}{event.anchor[:40]}`"
            self._refuse(codes.YAML_FEATURE, message, place, "write the value out where it is used")
        if tag is not None:
            self._refuse(codes.YAML_FEATURE, *_about_tag(tag, self._source.text, place))

    def _begin(self, event: CollectionStartEvent, place: Range) -> None:
        if len(self._open) >= DEPTH_LIMIT:
            self._refuse(Code.TOO_DEEP, f"nested more than {DEPTH_LIMIT} levels deep", place)
            raise DocumentError(tuple(self._found))
        value: dict[str, JsonValue] | list[JsonValue]
        value = {} if isinstance(event, MappingStartEvent) else []
        self._open.append(_Open(value, place, bool(event.flow_style), {}, {}))
        self._key.append(None)

    def _end(self, place: Range) -> None:
        value, start, flow, keys, values = self._open.pop()
        self._key.pop()
        # A block ends where the next token begins, and is shown up to its last value.
        last = max((node.range.end for node in values.values()), default=start.end)
        whole = Range(start.start, place.end if flow else last)
        self._add(value, Node(whole, keys, values))

    def _scalar(self, event: ScalarEvent, place: Range) -> None:
        if _NO_TEXT.search(event.value):
            self._refuse(Code.NUL, "this text holds a character that no text can have", place)
        plain = bool(event.implicit[0])
        if plain and event.value in {"", "null"}:
            self._add(None, Node(place, _NOTHING, {}))
        else:
            text = NullWord("~") if plain and event.value == "~" else event.value
            self._add(text, Node(place, _NOTHING, {}))

    def _add(self, value: JsonValue, node: Node) -> None:
        if not self._open:
            self._root = (value, node)
            return
        into, *_, values = self._open[-1]
        if isinstance(into, list):
            values[len(into)] = node
            into.append(value)
        elif self._key[-1] is None:
            self._key[-1] = (self._checked_key(value, node.range), node.range)
        else:
            key, place = self._key[-1]
            self._key[-1] = None
            self._open[-1].keys[key] = place
            values[key], into[key] = node, value

    def _checked_key(self, key: JsonValue, place: Range) -> str:
        if not isinstance(key, str) or isinstance(key, NullWord):
            self._refuse(codes.YAML_FEATURE, "a key is text, and nothing else", place)
            return ""
        if key == "<<":
            message, help_ = "merge keys are not supported: `<<`", "write the keys out"
            self._refuse(codes.YAML_FEATURE, message, place, help_)
        if key in self._open[-1].keys:
            self._twice(key, place)
        return key

    def _twice(self, key: str, place: Range) -> None:
        first = Label(Span(self._source, self._open[-1].keys[key]), "first here")
        again = Label(Span(self._source, place), "here again")
        message, help_ = f"duplicate key `{key[:40]}`", "only one of them can count"
        self._found.append(
            Diagnostic(Code.DUPLICATE_KEY, Severity.ERROR, message, (again, first), help_)
        )


def _place(event: yaml.Event) -> Range:
    start, end = event.start_mark, event.end_mark
    return Range(start.index if start else 0, end.index if end else 0)


def _reason(error: yaml.MarkedYAMLError) -> str:
    parts = (error.context, error.problem)
    return ", ".join(" ".join(part.split()) for part in parts if part)


def _about_tag(tag: str, text: str, place: Range) -> tuple[str, Range, str | None]:
    """Return what is said of a tag, with its place and what to do."""
    written = re.compile(r"!\S*").match(text, place.start)
    place = Range(*written.span()) if written else place
    if written and _FUNCTIONS.match(written[0]):
        message = (
            f"`{written[0][:40]}` is a function of CloudFormation, and nobody resolves it here"
        )
        return message, place, "write the value it stands for"
    shown = written[0] if written else tag
    return f"tags are not supported: `{shown[:40]}`", place, "leave it out: every value is text"
