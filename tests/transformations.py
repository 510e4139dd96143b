"""Changes of policy documents under which the laws say what may become of a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests import strategies
from tests.strategies import statements_of

if TYPE_CHECKING:
    from tests.strategies import World

Change = Callable[["World"], "World"]


def each_statement(change: Change) -> Change:
    """Return the change of a document that changes each of its statements."""
    return statements_into(lambda statement: [change(statement)])


def statements_into(change: Callable[[World], list[World]]) -> Change:
    """Return the change of a document that makes some statements of each of its statements."""

    def changed(document: World) -> World:
        made = [one for statement in statements_of(document) for one in change(statement)]
        return {**document, "Statement": made}

    return changed


def reordered(found: Any) -> Any:  # noqa: ANN401 - documents as deep as levels
    """Return statements, documents and levels in the opposite order."""
    if isinstance(found, list):
        return [reordered(one) for one in reversed(found)]
    if found and isinstance(found["Statement"], list):
        return {**found, "Statement": found["Statement"][::-1]}
    return found


def doubled(found: Any) -> Any:  # noqa: ANN401 - documents as deep as levels
    """Return statements, documents and levels twice."""
    if isinstance(found, list):
        return [doubled(one) for one in (*found, *found)]
    return {**found, "Statement": [*statements_of(found) * 2]} if found else found


def split(element: str) -> Change:
    """Return the change that gives each entry of a list its own statement."""

    def entries(statement: World) -> list[World]:
        if element not in statement:
            return [statement]
        value = statement[element]
        if element == "Principal" and isinstance(value, dict):
            return [
                {**statement, element: {kind: one}}
                for kind, names in value.items()
                for one in strategies.listed(names)
            ]
        # an empty list stays: without it there would be nothing left of the statement
        return [{**statement, element: one} for one in strategies.listed(value)] or [statement]

    return statements_into(entries)


def in_lists(statement: World) -> World:
    """Return a statement in which every single value is a list of one."""
    made: World = {
        element: strategies.listed(value) if element.endswith(("Action", "Resource")) else value
        for element, value in statement.items()
    }
    for form in ("Principal", "NotPrincipal"):
        if isinstance(made.get(form), dict):
            made[form] = {k: strategies.listed(v) for k, v in made[form].items()}
    if "Condition" in made:
        made["Condition"] = {
            operator: {key: strategies.listed(values) for key, values in keys.items()}
            for operator, keys in made["Condition"].items()
        }
    return made


def with_sids(document: World) -> World:
    """Return a document in which each statement has its own Sid."""
    numbered = enumerate(statements_of(document))
    return {**document, "Statement": [{**s, "Sid": f"S{n}"} for n, s in numbered]}


def backwards(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value in which the keys of objects are in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(inner) for key, inner in reversed(value.items())}
    return [backwards(inner) for inner in value] if isinstance(value, list) else value


def in_other_case(statement: World) -> World:
    """Return a statement with actions and names of condition keys in the other letter case."""
    made = dict(statement)
    for form in ("Action", "NotAction"):
        if form in made:
            made[form] = [one.swapcase() for one in strategies.listed(made[form])]
    if "Condition" in made:
        made["Condition"] = {
            operator: {key.swapcase(): values for key, values in keys.items()}
            for operator, keys in made["Condition"].items()
        }
    return made


def without_conditions(statement: World) -> World:
    """Return a statement without its condition."""
    return {key: value for key, value in statement.items() if key != "Condition"}
