"""How every element of a statement came out for a request, value by value: the second pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.matcher.actions import takes_in
from simulator.matcher.principals import Reach, names_of, naming
from simulator.matcher.resources import compile_resources
from simulator.policy.model import Patterns, PrincipalPattern, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.matcher.principals import Name
    from simulator.matcher.statement import StatementMatch
    from simulator.matcher.truth import Truth
    from simulator.policy.model import PrincipalEntry, Statement
    from simulator.request.request import Request
    from simulator.syntax import Path


class Entry(NamedTuple):
    """One value of an element, and whether it would match if it stood there alone.

    A principal also has a `kind` (`AWS`, `Service`, …) and how strongly it names the caller.
    """

    value: str
    holds: Truth
    path: Path
    kind: str | None = None
    reach: Reach = Reach.NOBODY


class Element(NamedTuple):
    """`Principal`, `Action`, `Resource` or the `Not` form: how it came out, and its values."""

    name: str
    holds: Truth
    path: Path
    entries: tuple[Entry, ...]


def principal_of(match: StatementMatch, request: Request) -> Element | None:
    """Return how the principals of a statement came out; nothing where it has none."""
    pattern = match.statement.principals
    if pattern is None:
        return None
    names = names_of(request, frozenset())
    entries = tuple(_principal(pattern.path, entry, names) for entry in pattern.entries)
    return Element(
        "NotPrincipal" if pattern.negated else "Principal", match.named, pattern.path, entries
    )


def _principal(path: Path, entry: PrincipalEntry, names: tuple[Name, ...]) -> Entry:
    found = naming(PrincipalPattern(path, (entry,), negated=False), names)
    sure = found.sure > Reach.NOBODY
    truth = True if sure else None if found.most > Reach.NOBODY else False
    return Entry(entry.value, truth, entry.path, entry.kind, found.most)


def action_of(match: StatementMatch, request: Request) -> Element:
    """Return how the actions of a statement came out."""
    action, actions = request.action.lower(), match.statement.actions
    truths = (takes_in(text, action) for text in actions.values.items)
    return _patterns("Action", actions, match.action, truths)


def resource_of(match: StatementMatch, request: Request) -> Element | None:
    """Return how the resources of a statement came out; nothing where it has none."""
    statement = match.statement
    if statement.resources is None:
        return None
    truths = (_speaks_of(statement, text, request) for text in statement.resources.values.items)
    return _patterns("Resource", statement.resources, match.resource, truths)


def _speaks_of(statement: Statement, text: str, request: Request) -> Truth:
    only = Patterns(Values((), (text,), listed=False), negated=False)
    test = compile_resources(only, variables=statement.variables)
    return True if test is None else test(request)


def _patterns(name: str, patterns: Patterns, holds: Truth, truths: Iterator[Truth]) -> Element:
    values = patterns.values
    entries = tuple(
        Entry(text, truth, values.place(number))
        for number, (text, truth) in enumerate(zip(values.items, truths, strict=True))
    )
    return Element(f"Not{name}" if patterns.negated else name, holds, values.path, entries)
