"""Statements of identity-based policies that are about every role, user or policy there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import ACCOUNT_ID
from simulator.check.grants.coverage import ANY_SERVICE, service_of
from simulator.matcher.actions import takes_in
from simulator.matcher.inclusion import covers_resource
from simulator.matcher.resources import complete
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.policy.model import Statement
    from simulator.syntax import Path

_SERVICES: Final = frozenset({"iam", "sts", ANY_SERVICE})


class Entry(NamedTuple):
    """An entry of a list and where it stands."""

    text: str
    path: Path


class Wide(NamedTuple):
    """A statement that allows actions of IAM or STS, and those of its actions that do so."""

    statement: Statement
    entries: tuple[Entry, ...]

    @property
    def is_everything(self) -> bool:
        """Whether it is about all actions on all resources, or on all but some."""
        resources = self.statement.resources
        every = any(entry.text in {"*", "*:*"} for entry in self.entries)
        return (
            every and resources is not None and (resources.negated or "*" in resources.values.items)
        )

    def taking_in(self, action: str) -> Entry | None:
        """Return the entry that takes in an action, one that names it before one that does not."""
        name = action.lower()  # ACT-1
        for entry in self.entries:
            if entry.text.lower() == name:
                return entry
        return next((entry for entry in self.entries if takes_in(entry.text, name)), None)

    def naming_all(self, kind: str, *, of_all_accounts: bool = False) -> Entry | None:
        """Return the entry that names all roles, users or the like of an account, or of each one.

        That is `NotResource` as a whole where it is used: nobody can list all but some.
        """
        resources = self.statement.resources
        if resources is None:
            return None
        if resources.negated:
            return Entry("NotResource", resources.values.path)
        for index, text in enumerate(resources.values.items):
            if _names_all(text, kind, of_all_accounts=of_all_accounts):
                return Entry(text, resources.values.place(index))
        return None

    def tests(self, *keys: str) -> bool:
        """Whether a condition test is about a key that begins with one of some texts."""
        return any(test.key.lower().startswith(keys) for test in self.statement.conditions)


def wide_statements(subject: Subject) -> Iterator[Wide]:
    """Yield the statements that allow actions of IAM or STS, and list them."""
    for statement in subject.statements:
        values = statement.actions.values
        if statement.effect is not Effect.ALLOW or statement.actions.negated:
            continue
        entries = tuple(
            Entry(text, values.place(index))
            for index, text in enumerate(values.items)
            if service_of(text) in _SERVICES
        )
        if entries:
            yield Wide(statement, entries)


def _names_all(text: str, kind: str, *, of_all_accounts: bool) -> bool:
    if text == "*":
        return True  # RES-2
    if not text.startswith("arn:"):
        return False
    _, partition, _, _, account, _ = complete(text).split(":", 5)
    if of_all_accounts or not ACCOUNT_ID.fullmatch(account):
        account = "*"
    return covers_resource(text, f"arn:{partition}:iam::{account}:{kind}/*", variables=False)
