"""YAML as it is read here: mappings, lists and text, and the place of each of them.

Every scalar stays the text that was written, so that account ids keep their zeros and dates are no
dates. What makes YAML dangerous or surprising is refused: tags, merge keys, keys twice. Aliases are
followed as long as what they stand for is small. Where a form of file has functions, their tags
are read as the mappings they are short for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
)

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Range, Span
from simulator.syntax.codes import Code
from simulator.syntax.nodes import Node
from simulator.syntax.positions import Positions
from simulator.syntax.values import NullWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.source import Source
    from simulator.syntax.values import JsonValue

DEPTH_LIMIT: Final = 64
_MOST_TOLD: Final = 20
_MOST_ANCHORS: Final = 1000
_MOST_COPIED: Final = 100_000
_TOO_DEEP: Final = f"nested more than {DEPTH_LIMIT} levels deep"
# libyaml >= 0.2.6 looks ahead on one line, and may meet its own limit before ours is.
_PARSERS_TOO_DEEP: Final = "exceeded maximum nesting depth"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where PyYAML has it
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_TAG = re.compile(r"!\S*")
_FUNCTIONS = re.compile(r"!(?:Ref|Sub|GetAtt|Join|If|ImportValue|FindInMap|Select|Split|Base64)\b")
_STANDARD = re.compile(r"tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)|!")
_NOTHING: dict[str, Range] = {}
_NO_FUNCTIONS: Final[Mapping[str, str]] = {}


class YamlForm(NamedTuple):
    """What a form of file makes of YAML: the codes of its errors, what it is, and its functions.

    `functions` are the tags of one exclamation mark that are short for a mapping with one key.
    """

    not_yaml: str
    refused: str
    name: str
    functions: Mapping[str, str] = _NO_FUNCTIONS


class _Whole(NamedTuple):
    """A value that is complete: where it stands, and how large it is with all aliases followed."""

    value: JsonValue
    node: Node
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    value: dict[str, JsonValue] | list[JsonValue]
    start: Range
    flow: bool
    anchor: str | None
    tag: str | None
    keys: dict[str, Range] = field(default_factory=dict)
    values: dict[str | int, Node] = field(default_factory=dict)
    key: tuple[str, Range] | None = None
    end: int = 0
    size: int = 1
    height: int = 0


def read_yaml(source: Source, form: YamlForm) -> tuple[JsonValue, Positions]:
    """Return the value of a YAML text and the places in it.

    Raises:
        DocumentError: it is not YAML, or has what is refused here.
    """
    unprintable = _UNPRINTABLE.search(source.text)
    if unprintable is not None:
        place = Range(*unprintable.span())
        message = f"the character U+{ord(unprintable[0]):04X} is not allowed in YAML"
        raise DocumentError((_diagnostic(source, Code.NUL, message, place),))
    return _Reader(source, form).read()


def _diagnostic(
    source: Source, code: str, message: str, place: Range, help_: str | None = None
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, (Label(Span(source, place), "here"),), help_)


class _Reader:
    """Puts values together from the events of the parser, which never recurses."""

    def __init__(self, source: Source, form: YamlForm) -> None:
        self._source = source
        self._form = form
        self._found: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._root = _Whole(None, Node(Range(0, 0), _NOTHING, {}))
        self._documents = 0
        self._anchors: dict[str, _Whole] = {}
        self._copied = 0

    def read(self) -> tuple[JsonValue, Positions]:
        for event in self._events():
            self._take(event)
            if len(self._found) >= _MOST_TOLD:
                break
        if self._found:
            raise DocumentError(tuple(self._found))
        return self._root.value, Positions(self._root.node)

    def _events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self._source.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = min(mark.index if mark else 0, len(self._source.text))
            if error.problem == _PARSERS_TOO_DEEP:
                self._stop(Code.TOO_DEEP, _TOO_DEEP, Range(at, at + 1))
            tab = self._source.text[at : at + 1] == "\t"
            help_ = "YAML is indented with spaces, never with tabs" if tab else None
            message = f"this is not YAML: {_reason(error)}"
            self._refuse(self._form.not_yaml, message, Range(at, at + 1), help_)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            message = f"this is not YAML: {str(error).splitlines()[0].lower()}"
            self._refuse(self._form.not_yaml, message, Range(0, 1))

    def _refuse(self, code: str, message: str, place: Range, help_: str | None = None) -> None:
        self._found.append(_diagnostic(self._source, code, message, place, help_))

    def _take(self, event: yaml.Event) -> None:
        place = _place(event)
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                message = f"a second document begins: {self._form.name} is one"
                self._refuse(self._form.refused, message, place)
        elif isinstance(event, AliasEvent):
            self._alias(event.anchor or "", place)
        elif isinstance(event, CollectionStartEvent):
            self._check_tag(event.tag, place)
            self._begin(event, place)
        elif isinstance(event, CollectionEndEvent):
            self._end(place)
        elif isinstance(event, ScalarEvent):
            self._check_tag(event.tag, place)
            self._scalar(event, place)

    def _check_tag(self, tag: str | None, place: Range) -> None:
        if tag is None or tag in self._form.functions:
            return
        if not (self._form.functions and _STANDARD.fullmatch(tag)):
            self._refuse(self._form.refused, *_about_tag(tag, self._source.text, place))

    def _alias(self, name: str, place: Range) -> None:
        found = self._anchors.get(name)
        if found is None:
            message = f"`*{name[:40]}` stands for nothing: no `&{name[:40]}` ends before it"
            self._refuse(self._form.refused, message, place)
            found = self._root
        self._copied += found.size
        if self._copied > _MOST_COPIED:
            self._stop(self._form.refused, "the aliases stand for too much", place)
        if len(self._open) + found.height > DEPTH_LIMIT:
            self._stop(Code.TOO_DEEP, _TOO_DEEP, place)
        self._add(found._replace(node=found.node._replace(range=place)))

    def _stop(self, code: str, message: str, place: Range) -> NoReturn:
        self._refuse(code, message, place)
        raise DocumentError(tuple(self._found))

    def _keep(self, anchor: str | None, whole: _Whole) -> None:
        if anchor is not None:
            self._anchors[anchor] = whole
            if len(self._anchors) > _MOST_ANCHORS:
                message = f"more than {_MOST_ANCHORS} anchors"
                self._stop(self._form.refused, message, whole.node.range)
        self._add(whole)

    def _begin(self, event: CollectionStartEvent, place: Range) -> None:
        if len(self._open) >= DEPTH_LIMIT:
            self._stop(Code.TOO_DEEP, _TOO_DEEP, place)
        value: dict[str, JsonValue] | list[JsonValue]
        value = {} if isinstance(event, MappingStartEvent) else []
        opened = _Open(value, place, bool(event.flow_style), event.anchor, event.tag, end=place.end)
        self._open.append(opened)

    def _end(self, place: Range) -> None:
        done = self._open.pop()
        # A block ends where the next token begins, and is shown up to its last value.
        whole = Range(done.start.start, place.end if done.flow else done.end)
        node = Node(whole, done.keys, done.values)
        found = _Whole(done.value, node, done.size, done.height + 1)
        self._keep(done.anchor, self._called(done.tag, found))

    def _scalar(self, event: ScalarEvent, place: Range) -> None:
        if _NO_TEXT.search(event.value):
            self._refuse(Code.NUL, "this text holds a character that no text can have", place)
        plain = bool(event.implicit[0])
        value = NullWord("~") if plain and event.value == "~" else event.value
        nothing = plain and event.value in {"", "null"}
        found = _Whole(None if nothing else value, Node(place, _NOTHING, {}))
        self._keep(event.anchor, self._called(event.tag, found))

    def _called(self, tag: str | None, argument: _Whole) -> _Whole:
        """Return the call of a function by its tag as the mapping it is short for."""
        name = self._form.functions.get(tag or "")
        if name is None:
            return argument
        value, node, size, height = argument
        written = _TAG.match(self._source.text, node.range.start)
        key = Range(*written.span()) if written else node.range
        around = Node(node.range, {name: key}, {name: node})
        return _Whole({name: value}, around, size + 1, height + 1)

    def _add(self, whole: _Whole) -> None:
        if not self._open:
            self._root = whole
            return
        into, value, node = self._open[-1], whole.value, whole.node
        into.size, into.height = into.size + whole.size, max(into.height, whole.height)
        into.end = node.range.end
        if isinstance(into.value, list):
            into.values[len(into.value)] = node
            into.value.append(value)
        elif into.key is None:
            into.key = (self._checked_key(value, node.range), node.range)
        else:
            key, into.keys[into.key[0]] = into.key
            into.key, into.values[key], into.value[key] = None, node, value

    def _checked_key(self, key: JsonValue, place: Range) -> str:
        if not isinstance(key, str) or isinstance(key, NullWord):
            self._refuse(self._form.refused, "a key is text, and nothing else", place)
            return ""
        if key == "<<":
            message, help_ = "merge keys are not supported: `<<`", "write the keys out"
            self._refuse(self._form.refused, message, place, help_)
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
    written = _TAG.match(text, place.start)
    place = Range(*written.span()) if written else place
    if written and _FUNCTIONS.match(written[0]):
        message = (
            f"`{written[0][:40]}` is a function of CloudFormation, and nobody resolves it here"
        )
        return message, place, "write the value it stands for"
    shown = written[0] if written else tag
    return f"tags are not supported: `{shown[:40]}`", place, "leave it out: every value is text"
