"""The condition keys that a test gives, and those it would have to give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.keys import is_multivalued
from simulator.decision.verdict import Layer
from simulator.request.context import Several
from simulator.request.given import oddities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.evaluation.policies import Policies
    from simulator.request.context import Value
    from simulator.syntax import Path
    from simulator.testing.schema import Context
    from simulator.testing.world import World


def said(world: World, context: Context, path: Path) -> Mapping[str, Value]:
    """Return the keys that stand at a path, in lower case.

    Raises:
        DocumentError: one of them is no key, or its value none that it can have.
    """
    return dict(_said(world, context, path))


def _said(world: World, context: Context, path: Path) -> Iterator[tuple[str, Value]]:
    seen = set()
    for written, value in context.items():
        key = written.lower()  # CND-3
        if ":" not in key:
            world.refuse((*path, written), f"`{written}` is no condition key: expected `aws:…`")
        if key in seen:
            world.refuse((*path, written), f"`{key}` is given twice, in different letter case")
        seen.add(key)
        several = isinstance(value, list) or (value is not None and is_multivalued(key))
        values = value if isinstance(value, list) else [value or ""]
        found = Several(values) if several else value if isinstance(value, str) else None
        for oddity in oddities({written: found}):
            world.refuse((*path, written), oddity.message)
        yield key, found


def check_paths(
    world: World,
    policies: Policies,
    context: Mapping[str, Value],
    accounts: tuple[str | None, str | None],
    path: Path,
) -> None:
    """Refuse a test whose policies ask for an organization path that nobody can know."""  # CTX-3
    organization = world.organization
    for key, account in zip(("principal", "resource"), accounts, strict=True):
        name = f"aws:{key}orgpaths"
        if organization is None or not organization.has(account) or name in context:
            continue
        if name in _asked_keys(policies):
            world.refuse(
                path,
                f"a policy asks for `aws:{key.title()}OrgPaths`, and the ids of the units are not"
                " known",
                "give them as `id` of the root and of the units, or the key in `context`",
            )


def _asked_keys(policies: Policies) -> Iterator[str]:
    for layer in Layer:
        for compiled in policies.documents(layer):
            for statement in compiled.policy.statements:
                yield from (test.key.lower() for test in statement.conditions)
