"""A value of a text in another notation, written as JSON: a text that remembers its places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, overload

from simulator.source import Origin, Range, Source
from simulator.syntax.values import Number, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.source import Rewrite
    from simulator.syntax.nodes import Path
    from simulator.syntax.positions import Positions
    from simulator.syntax.values import JsonValue


def rewritten(
    source: Source,
    value: JsonValue,
    places: Callable[[], Positions],
    path: Path = (),
    rewrite: Rewrite | None = None,
) -> Source:
    """Return a value as the text of JSON, with the places that it and all in it have in a source.

    The places are those of the values at and below `path`, and are sought only when asked for.
    """
    text = encode(value, encode_basestring)
    offsets = _Offsets(source.text, value, places, path, len(text))
    return Source(source.name, text, Origin(source, offsets, str, rewrite))


class _Offsets(Sequence[int]):
    """The place in a text of each character of a value of it, found when it is asked for."""

    def __init__(
        self,
        text: str,
        value: JsonValue,
        places: Callable[[], Positions],
        path: Path,
        length: int,
    ) -> None:
        self._text, self._value, self._path = text, value, path
        self._places, self._length = places, length

    def __len__(self) -> int:
        return self._length + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._found[index]

    @cached_property
    def _found(self) -> list[int]:
        places = self._places()
        offsets = list(self._of(places, self._value, self._path))
        return [*offsets, places.value(self._path).end]

    def _of(self, places: Positions, value: JsonValue, path: Path) -> Iterator[int]:
        if not isinstance(value, (dict, list)):
            yield from _text_offsets(self._text, value, places.value(path))
            return
        members: Any = value.items() if isinstance(value, dict) else enumerate(value)
        yield (end := places.value(path).start)
        for number, (step, each) in enumerate(members):
            yield from (end,) if number else ()
            if isinstance(value, dict):
                spot = places.key((*path, step))
                yield from (*_text_offsets(self._text, step, spot), spot.end)
            yield from self._of(places, each, (*path, step))
            end = places.value((*path, step)).end
        yield end  # where a value ends is where what follows it begins


def _text_offsets(text: str, value: JsonValue, place: Range) -> Iterator[int]:
    """Yield the places of the characters of a scalar as JSON writes it."""
    written = encode(value, encode_basestring)
    inner = written[1:-1] if isinstance(value, str) and not isinstance(value, Number) else written
    found = text.find(inner, place.start, place.end)
    inside = range(found, found + len(inner)) if found >= 0 else [place.start] * len(inner)
    if inner is written:
        yield from inside
    else:
        end = found + len(inner) if found >= 0 else max(place.start, place.end - 1)
        yield from (place.start, *inside, end)
