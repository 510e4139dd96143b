"""From a text to what the aws CLI printed into it: one document, several, or a list of them.

A dump may have 50 MB, so nothing in it is read before it is asked for: msgspec finds where values
end, and places are found by stepping over the values before them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import DecodeError, Raw, ValidationError
from msgspec.json import Decoder

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.inventory import codes
from simulator.source import Range, Source, Span
from simulator.syntax import Code, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.syntax import Path

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_KEY: Final = re.compile(r'[{,][ \t\r\n]*("(?:[^"\\]|\\.)*+")[ \t\r\n]*:[ \t\r\n]*')
_NEXT: Final = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_AFTER: Final = re.compile(r"[ \t\r\n]*[,}]")
_BYTE: Final = re.compile(r"\(byte ([0-9]+)\)")
_STEP: Final = re.compile(r"\.([A-Za-z]\w*)|\[([0-9]+)\]")
_MOST_EXPLAINED: Final = 256 * 1024  # lark reads a kB in a millisecond

#: What tells of further pages: the CLI, if it was told to stop, and the API.
_TOKENS: Final = ("NextToken", "IsTruncated", "Marker")
_NO_TOKENS: Final = frozenset({b"null", b"false", b'""'})
BESIDE: Final = frozenset({*_TOKENS, "ResponseMetadata"})
"""The keys beside what a command lists."""

_ANY: Final = Decoder(Raw)
_OBJECT: Final = Decoder(dict[str, Raw])
_LIST: Final = Decoder(list[Raw])
_SCAN: Final = json.JSONDecoder(parse_int=str, parse_float=str)  # a number may be very long


class Section(NamedTuple):
    """The value of one key of a page, and where in the text it starts."""

    raw: Raw
    start: int


class Page:
    """One JSON object of a file: its members by key, and the places of all that is in them.

    `further` are the pages that go on with the lists of this one, which count as part of it.
    """

    __slots__ = ("_starts", "at", "further", "sections", "source")

    def __init__(self, source: Source, at: int, sections: Mapping[str, Section]) -> None:
        self.source = source
        self.at = at
        self.sections = sections
        self.further: list[Page] = []
        self._starts: dict[str, tuple[int, ...]] = {}

    @property
    def cut(self) -> str | None:
        """The key that tells that more of a list was to come, in the last page that is there."""
        if self.further:
            return self.further[-1].cut
        found = (key for key in _TOKENS if key in self.sections)
        return next((k for k in found if bytes(self.sections[k].raw) not in _NO_TOKENS), None)

    def read(self, key: str, decoder: Decoder[Any]) -> Any:  # noqa: ANN401 - the decoder's type
        """Return the value of a key, which must have the form that the decoder asks for.

        Raises:
            DocumentError: it has not, or is missing.
        """
        if key not in self.sections:
            label = Label(Span(self.source, Range(self.at, self.at + 1)), "in this object")
            message = f"the key `{key}` is missing"
            raise DocumentError((Diagnostic(codes.FORM, Severity.ERROR, message, (label,)),))
        found = self._decoded(key, decoder)
        for page in self.further:
            found += page.read(key, decoder)
        return found

    def _decoded(self, key: str, decoder: Decoder[Any]) -> Any:  # noqa: ANN401 - as above
        try:
            return decoder.decode(self.sections[key].raw)
        except ValidationError as error:
            raise self._other_form(key, str(error)) from None
        except (DecodeError, UnicodeDecodeError, RecursionError):
            # Half a surrogate pair, or very deep: what the first reading stepped over.
            raise _malformed(self.source, 0, "") from None

    def start(self, path: Path) -> int:
        """Return the offset at which the value at a path starts."""
        key, *rest = path
        section = self.sections[str(key)]
        if not rest or not isinstance(rest[0], int) or self.source.text[section.start] != "[":
            return _start(self.source.text, section.start, rest)
        number, places = rest[0], self.elements(str(key))
        for page in self.further:
            if number < len(places):
                break
            number, places = number - len(places), page.elements(str(key))
        return _start(self.source.text, places[number], rest[1:])

    def span(self, path: Path) -> Span:
        """Return the place of the value at a path."""
        start = self.start(path)
        return Span(self.source, Range(start, _end(self.source.text, start)))

    def error(self, path: Path, message: str, label: str, help_: str | None = None) -> Diagnostic:
        """Return that the value at a path is not what it should be."""
        labels = (Label(self.span(path), label),)
        return Diagnostic(codes.FORM, Severity.ERROR, message, labels, help_)

    def elements(self, key: str) -> tuple[int, ...]:
        """Return where the elements of a list start, without those of further pages."""
        if key not in self._starts:
            raw, start = self.sections[key]
            self._starts[key] = tuple(at for at, _ in _elements(self.source.text, start, raw))
        return self._starts[key]

    def _other_form(self, key: str, told: str) -> DocumentError:
        """Return what msgspec tells of a section as an error at its place."""
        message, _, where = told.partition(" - at `$")
        steps = (m[1] or int(m[2]) for m in _STEP.finditer(where))
        path: Path = (key, *steps)
        return DocumentError(
            (
                self.error(
                    path,
                    f"this is not what the aws CLI prints under `{key}`",
                    message[:1].lower() + message[1:],
                    "give the output of the command as it is, without changes",
                ),
            )
        )


def read_pages(source: Source) -> tuple[Page, ...]:
    """Return the JSON objects of a text: alone, one after the other, or in a list.

    Raises:
        DocumentError: it is cut short, is not JSON, or holds something else than objects.
    """
    start = _skip(source.text, 0)
    try:
        if source.text.startswith("{", start):
            return (_page(source, start, _OBJECT.decode(source.text)),)
        found: Iterable[tuple[int, Raw]] = ((start, _ANY.decode(source.text)),)
    except (DecodeError, RecursionError):
        found = _documents(source)  # several documents, or none
    return tuple(
        _page(source, at, _members_of(source, at, raw))
        for start, whole in found
        for at, raw in _objects(source, start, whole)
    )


def _documents(source: Source) -> Iterator[tuple[int, Raw]]:
    """Yield the JSON values that stand one after the other, with their places."""
    text, at = source.text, 0
    while (at := _skip(text, at)) < len(text):
        try:
            end = _end(text, at)
            raw = _ANY.decode(text[at:end])
        except RecursionError:
            raise _malformed(source, 0, "") from None
        except ValueError:
            raise _malformed(source, at, _told(text[at:])) from None
        yield at, raw
        at = end


def _told(text: str) -> str:
    """Return what msgspec tells of a text that does not begin with a JSON value."""
    try:
        _ANY.decode(text)
    except (DecodeError, RecursionError) as error:
        return str(error)
    return ""


def _objects(source: Source, start: int, raw: Raw) -> Iterator[tuple[int, Raw]]:
    if source.text[start] == "[":
        yield from _elements(source.text, start, raw)
    else:
        yield start, raw


def _elements(text: str, start: int, raw: Raw) -> Iterator[tuple[int, Raw]]:
    """Yield where each element of a list starts."""
    at = _skip(text, start + 1)
    for element in _LIST.decode(raw):
        yield at, element
        end = at + _length(element)
        following = _NEXT.match(text, end)
        at = following.end() if following else end


def _members_of(source: Source, start: int, raw: Raw) -> dict[str, Raw]:
    if source.text[start] != "{":
        raise DocumentError((unknown_form(source, start),))
    found: dict[str, Raw] = _OBJECT.decode(raw)
    return found


def _page(source: Source, start: int, members: dict[str, Raw]) -> Page:
    sections: dict[str, Section] = {}
    at = start
    while (key := _KEY.match(source.text, at)) is not None:
        name = str(json.loads(key[1]))
        value = members.get(name)
        at = key.end() + (0 if value is None else _length(value))
        if value is None or name in sections or not _AFTER.match(source.text, at):
            # Of two members of one name msgspec knows only the last.
            raise _twice(source, start)
        sections[name] = Section(value, key.end())
        at = _skip(source.text, at)
    return Page(source, start, sections)


def _twice(source: Source, start: int) -> DocumentError:
    seen: dict[str, Range] = {}
    for name, key, _ in _members(source.text, start):
        if name in seen:
            again, first = Span(source, key), Span(source, seen[name])
            labels = (Label(again, "here again"), Label(first, "first here"))
            message = f"duplicate key `{name[:40]}`"
            help_ = "several pages are given as several JSON documents, one after the other"
            found = Diagnostic(Code.DUPLICATE_KEY, Severity.ERROR, message, labels, help_)
            return DocumentError((found,))
        seen[name] = key
    return _malformed(source, start, "")


def _start(text: str, start: int, path: Path | list[str | int]) -> int:
    """Return where the value at a path below another value starts; the last of a name counts."""
    for step in path:
        if isinstance(step, int):
            start = _element(text, start, step)
        else:
            start = [place for name, _, place in _members(text, start) if name == step][-1]
    return start


def _element(text: str, start: int, number: int) -> int:
    at = _skip(text, start + 1)
    for _ in range(number):
        at = _skip(text, _skip(text, _end(text, at)) + 1)
    return at


def _members(text: str, start: int) -> Iterator[tuple[str, Range, int]]:
    """Yield the name of each member of an object, the place of its key, the start of its value."""
    at = start
    while (key := _KEY.match(text, at)) is not None:
        yield str(json.loads(key[1])), Range(*key.span(1)), key.end()
        at = _skip(text, _end(text, key.end()))


def _end(text: str, start: int) -> int:
    return _SCAN.raw_decode(text, start)[1]


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _length(raw: Raw) -> int:
    """Return how many characters a value has."""
    view = memoryview(raw)
    written = view.tobytes()
    return len(view) if written.isascii() else len(written.decode())


def _characters(text: str, count: int) -> int:
    """Return how many characters the first bytes of a text are."""
    return count if text.isascii() else len(text.encode()[:count].decode(errors="ignore"))


def _malformed(source: Source, start: int, told: str) -> DocumentError:
    """Return why a text is not JSON: with all that the syntax can tell, if it is not too long."""
    if told == "Input data was truncated" and not _is_whole(source.text, start):
        return _cut_short(source)
    is_short = len(source.text) <= _MOST_EXPLAINED
    explained = _explained(source if is_short else Source(source.name, source.text[:1024]))
    if explained is not None and (is_short or explained.diagnostics[0].code == Code.NOT_JSON):
        return explained
    byte = _BYTE.search(told)
    at = start + (_characters(source.text[start:], int(byte[1])) if byte else 0)
    label = Label(Span(source, Range(at, at + 1)), "here")
    message = "the text is not JSON from here on" if at else "the text is not JSON"
    return DocumentError((Diagnostic(Code.UNEXPECTED, Severity.ERROR, message, (label,)),))


def _is_whole(text: str, start: int) -> bool:
    """Whether a value ends; msgspec calls the text cut short at half a surrogate pair, too."""
    try:
        _end(text, start)
    except ValueError:
        return False
    return True


def _explained(source: Source) -> DocumentError | None:
    try:
        decode(source)
    except DocumentError as error:
        return error
    return None


def _cut_short(source: Source) -> DocumentError:
    end = len(source.text.rstrip())
    label = Label(Span(source, Range(end - 1, end)), "more was to come after this")
    return DocumentError(
        (
            Diagnostic(
                codes.CUT_SHORT,
                Severity.ERROR,
                "the file ends too early",
                (label,),
                "it was cut short while it was written or copied: make it again",
            ),
        )
    )


def unknown_form(source: Source, start: int) -> Diagnostic:
    """Return that a text holds nothing that an inventory is made of, and what it could hold."""
    label = Label(Span(source, Range(start, start + 1)), "no known output of the aws CLI")
    return Diagnostic(
        codes.UNKNOWN_FORM,
        Severity.ERROR,
        "there is nothing in this file that an inventory is made of",
        (label,),
        "accepted is what `aws iam get-account-authorization-details`, `get-role`, `list-roles`,"
        " `get-user`, `list-users`, `get-group`, `get-role-policy`, `get-user-policy`,"
        " `get-group-policy`, `list-mfa-devices`, `get-open-id-connect-provider` or"
        " `list-saml-providers` prints, and what `aws organizations describe-organization`,"
        " `list-roots`, `list-parents`, `list-policies-for-target`, `describe-policy` print",
    )
