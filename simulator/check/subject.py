"""What a rule of `iamsim check` sees: a policy, and what is known of those it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.policy.model import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document, PolicyDocument, Statement
    from simulator.syntax import Path


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
    for statement in policy.statements:
        if not any(_is_element(path, statement) for path in unknown):
            yield statement


def _is_element(path: Path, statement: Statement) -> bool:
    """Whether nothing is known of an element, or of the tests of an operator.

    A resource, a principal or the value of a test that is open is one text among others.
    """
    depth = len(statement.path)
    if path[:depth] != statement.path:
        return False
    match path[depth:]:
        case () | ("Condition",) | ("Condition", _):
            return True
        case ("Action" | "NotAction",):
            return UNKNOWN in statement.actions.values.items
        case ("Effect" | "Sid",):
            return True
        case ("Principal" | "NotPrincipal",):
            return True
        case _:
            return False
