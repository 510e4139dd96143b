"""What a rule of `iamsim check` sees: a policy, and what is known of those it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.policy.model import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document, PolicyDocument, Statement


class Setting(NamedTuple):
    """Whose policies are checked: the ids of their accounts, and of their organization."""

    accounts: frozenset[str] = frozenset()
    organization: str | None = None


NOBODYS = Setting()


class Subject(NamedTuple):
    """A policy that is checked; of each of its `statements` all elements are known.

    A template may still leave open a text within a list, or a part of one: see `is_open`.
    """

    policy: PolicyDocument
    setting: Setting
    statements: tuple[Statement, ...]

    @property
    def document(self) -> Document:
        """The document of the policy."""
        return self.policy.document

    @property
    def kind(self) -> PolicyKind:
        """The kind of the policy."""
        return self.policy.kind


def subject_of(policy: PolicyDocument, setting: Setting) -> Subject:
    """Return a policy as rules see it."""
    return Subject(policy, setting, tuple(_known(policy)))


def is_open(text: str) -> bool:
    """Whether a template leaves open what a text says, so that it can be compared with no other."""
    return UNKNOWN in text


def _known(policy: PolicyDocument) -> Iterator[Statement]:
    unknown = policy.document.unknown
    if not unknown:
        yield from policy.statements
        return
    for statement in policy.statements:
        depth = len(statement.path)
        elements = {path[: depth + 1] for path in unknown if _is_element(path, statement)}
        if not elements:
            yield statement


def _is_element(path: tuple[str | int, ...], statement: Statement) -> bool:
    """Whether an element is open as a whole, or an operator or a test of its condition is."""
    depth = len(statement.path)
    if path[:depth] != statement.path:
        return False
    inner = path[depth:]
    is_test = inner[:1] == ("Condition",) and len(inner) <= 3
    return len(inner) <= 1 or is_test or (inner[0] == "Principal" and len(inner) == 2)
