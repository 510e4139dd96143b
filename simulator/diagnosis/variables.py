"""What the variables of a policy stand for in a request, and what they would have to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Remedy
from simulator.diagnosis.possible import can_have
from simulator.diagnostic import Access, Edit
from simulator.matcher.glob import join_text
from simulator.matcher.values import Unknown, could_fit, fill
from simulator.policy.edits import replace_string
from simulator.policy.variables import Variable, Wildcard, read_template
from simulator.source import Range
from simulator.syntax import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.asked import Asked
    from simulator.policy.model import Document
    from simulator.request.context import RequestContext

_VERSION = "2012-10-17"
_MOST_OPEN = 3  # variables and wildcards of a text that is solved
_LONGEST = 512


def variables_of(text: str) -> tuple[Variable, ...]:
    """Return the variables of a text in a policy whose language has them."""
    template = read_template(text, wildcards=False, variables=True)
    return tuple(part for part in template if isinstance(part, Variable))


def shown(text: str, context: RequestContext) -> str | None:
    """Return a text as it is for a request, if it has variables and each of them a value."""
    if not variables_of(text):
        return None
    try:
        parts = fill(read_template(text, wildcards=False, variables=True), context)
    except Unknown:
        return None
    return None if parts is None else join_text(parts)


def hangs_on_variables(text: str, value: str) -> bool:
    """Whether a text has variables, and would fit a value if they stood for something else."""
    template = read_template(text, wildcards=True, variables=True)
    return bool(variables_of(text)) and could_fit(template, value)


def without_value(text: str, asked: Asked, context: RequestContext) -> str | None:
    """Return the advice on a variable of a text that stands for nothing in a request."""
    for variable in variables_of(text):
        if variable.default is None and context.values(variable.key) == ():
            key = variable.written
            who = "such a caller never has" if not can_have(asked, variable.key) else ""
            has = who or "the request has no"
            return f"{has} `{key}`: a value with `${{{key}}}` in it matches nothing"
    return None


def stand_for(text: str, context: RequestContext) -> str | None:
    """Return what the variables of a text stand for in a request, in words."""
    found = {
        f"`${{{variable.written}}}` is `{value}`"
        for variable in variables_of(text)
        for value in context.values(variable.key) or ()
    }
    return f"in this request {', '.join(sorted(found))}" if found else None


def is_solvable(text: str, value: str) -> bool:
    """Whether `solved` goes into what a text would have to be, so that nothing is overlooked."""
    template = read_template(text, wildcards=True, variables=True)
    return sum(not isinstance(part, str) for part in template) <= _MOST_OPEN and (
        len(value) <= _LONGEST
    )


def solved(text: str, value: str) -> Iterator[tuple[Variable, str]]:
    """Yield what each variable of a text would have to stand for, for the text to fit a value."""
    template = read_template(text, wildcards=True, variables=True)
    variables = {part.key: part for part in template if isinstance(part, Variable)}
    if not is_solvable(text, value):
        return
    names = {key: f"v{place}" for place, key in enumerate(variables)}
    found = re.fullmatch("".join(_patterns(template, names)), value, re.DOTALL)
    if found is not None:
        yield from ((variables[key], found[name]) for key, name in names.items())


def _patterns(
    template: tuple[str | Wildcard | Variable, ...], names: dict[str, str]
) -> Iterator[str]:
    seen: set[str] = set()
    for part in template:
        if isinstance(part, Variable):
            name = names[part.key]
            yield f"(?P={name})" if name in seen else f"(?P<{name}>[^/:]+)"
            seen.add(name)
        elif isinstance(part, Wildcard):
            yield ".*" if part is Wildcard.ANY else "."
        else:
            yield re.escape(part)


def new_version(document: Document) -> Remedy:
    """Return the remedy that puts a policy into the language that has variables."""
    title = f'write `"Version": "{_VERSION}"`, so that `${{…}}` is a variable'
    others = document.source.text.count("${") > 1
    also = ("whatever else the variables of the policy then stand for",) if others else ()
    return Remedy(title, Access.WIDENED, edits=(_version_edit(document),), also_allows=also)


def _version_edit(document: Document) -> Edit:
    if isinstance(document.value, dict) and "Version" in document.value:
        return replace_string(document, ("Version",), _VERSION)
    container = locate(document.source).container(document.root)
    start = container.elements[0].start
    gap = document.source.text[container.opening.end : start]
    return Edit(document.source, Range(start, start), f'"Version": "{_VERSION}",{gap}')
