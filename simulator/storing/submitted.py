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
Stage: TypeAlias = "Callable[[Submitted], Refusal | None]"


class Submitted(NamedTuple):
    """A decoded document, the kind of policy it is to be, and how it is handed in.

    `is_template` is whether values of it are left open; `inline`, whether it becomes a policy of
    one user, role or group; `service`, the prefix of the service whose resource it is for;
    `indented`, whether white space stands before it.
    """

    value: JsonValue
    kind: PolicyKind
    is_template: bool = False
    inline: bool = False
    service: str | None = None
    indented: bool = False

    def is_open(self, value: JsonValue) -> bool:
        """Whether a template leaves open what a value is."""
        return self.is_template and isinstance(value, str) and UNKNOWN in value

    def elements(self) -> Object:
        """Return the elements of the document; of what is no object, none."""
        return self.value if isinstance(self.value, dict) else {}

    def places(self) -> Iterator[tuple[Path, JsonValue]]:
        """Yield whatever stands for a statement, with its path, unless it is open."""
        found = self.elements().get("Statement")
        if isinstance(found, list):
            for index, item in enumerate(found):
                if not self.is_open(item):
                    yield ("Statement", index), item
        elif "Statement" in self.elements() and not self.is_open(found):
            yield ("Statement",), found

    def statements(self) -> Iterator[tuple[Path, Object]]:
        """Yield each statement with its path; what is no object is none."""
        for path, item in self.places():
            if isinstance(item, dict):
                yield path, item

    def texts(self, path: Path, value: JsonValue) -> Iterator[tuple[Path, str]]:
        """Yield each string of an element with its path, unless it is open."""
        listed = isinstance(value, list)
        for index, item in enumerate(value if isinstance(value, list) else (value,)):
            if type(item) is str and not self.is_open(item):
                yield ((*path, index) if listed else path), item

    def chosen(self, statement: Object, name: str) -> str | None:
        """Return which of an element and its `Not` form a statement has."""
        return next((each for each in (name, f"Not{name}") if each in statement), None)


def first(stages: tuple[Stage, ...], submitted: Submitted) -> Refusal | None:
    """Return what the first of the stages that refuses a document says."""
    answers = (stage(submitted) for stage in stages)
    return next((answer for answer in answers if answer is not None), None)
