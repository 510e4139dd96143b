"""A document as it is handed to AWS: decoded, with what a template leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.policy.model import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.storing.refusal import Refusal
    from simulator.syntax import JsonValue, Path

Object: TypeAlias = "dict[str, JsonValue]"
IsPlain: TypeAlias = "Callable[[str], object]"
Stage: TypeAlias = "Callable[[Submitted], Refusal | None]"


class Submitted(NamedTuple):
    """A decoded document, the kind of policy it is to be, and how it is handed in.

    `places` holds what stands for its statements, with their paths, without those that are open.
    `is_template` is whether values of it are left open; `inline`, whether it becomes a policy of
    one user, role or group; `service`, the prefix of the service whose resource it is for;
    `indented`, whether white space stands before it.
    """

    value: JsonValue
    kind: PolicyKind
    places: tuple[tuple[Path, JsonValue], ...]
    is_template: bool = False
    inline: bool = False
    service: str | None = None
    indented: bool = False

    def is_open(self, value: JsonValue) -> bool:
        """Whether a template leaves open what a value is."""
        return self.is_template and _is_open(value)

    def elements(self) -> Object:
        """Return the elements of the document; of what is no object, none."""
        return self.value if isinstance(self.value, dict) else {}

    def statements(self) -> Iterator[tuple[Path, Object]]:
        """Yield each statement with its path; what is no object is none."""
        for path, item in self.places:
            if isinstance(item, dict):
                yield path, item

    def texts(
        self, path: Path, value: JsonValue, is_plain: IsPlain | None = None
    ) -> Iterator[tuple[Path, str]]:
        """Yield each string of an element with its path, unless it is open, or plainly fine."""
        listed = isinstance(value, list)
        for index, item in enumerate(value if isinstance(value, list) else (value,)):
            if type(item) is not str or (is_plain is not None and is_plain(item)):
                continue
            if not self.is_open(item):
                yield ((*path, index) if listed else path), item


def submit(  # noqa: PLR0913 - how a document is handed in
    value: JsonValue,
    kind: PolicyKind,
    *,
    is_template: bool = False,
    inline: bool = False,
    service: str | None = None,
    indented: bool = False,
) -> Submitted:
    """Return a document as it is handed to AWS."""
    places = tuple(_places(value))
    if is_template:
        places = tuple(each for each in places if not _is_open(each[1]))
    return Submitted(value, kind, places, is_template, inline, service, indented)


def _places(value: JsonValue) -> Iterator[tuple[Path, JsonValue]]:
    """Yield whatever stands for a statement, with its path."""
    if not isinstance(value, dict) or "Statement" not in value:
        return
    found = value["Statement"]
    if isinstance(found, list):
        for index, item in enumerate(found):
            yield ("Statement", index), item
    else:
        yield ("Statement",), found


def _is_open(value: JsonValue) -> bool:
    return isinstance(value, str) and UNKNOWN in value


def chosen(statement: Object, name: str) -> str | None:
    """Return which of an element and its `Not` form a statement has."""
    if name in statement:
        return name
    return f"Not{name}" if f"Not{name}" in statement else None


def first(stages: tuple[Stage, ...], submitted: Submitted) -> Refusal | None:
    """Return what the first of the stages that refuses a document says."""
    answers = (stage(submitted) for stage in stages)
    return next((answer for answer in answers if answer is not None), None)
