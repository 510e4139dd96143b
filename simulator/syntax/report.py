"""All that is wrong with a text, in order of place, with repairs that have been tried."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from lark import UnexpectedInput

from simulator.diagnostic import DocumentError
from simulator.source import Source
from simulator.syntax.codes import Code
from simulator.syntax.edits import apply_edits
from simulator.syntax.grammar import parser
from simulator.syntax.hopeless import hopeless, too_deep_at
from simulator.syntax.problem import Problem
from simulator.syntax.quick import is_clean
from simulator.syntax.recovery import ERROR_LIMIT, recover
from simulator.syntax.tokens import lex, without_strays
from simulator.syntax.tree import duplicate_keys, node_of, root, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lark import Token, Tree

    from simulator.diagnostic import Diagnostic
    from simulator.syntax.nodes import Node
    from simulator.syntax.values import JsonValue

_RETRY_SIZE: Final = 32 * 1024  # characters up to which repairs are tried one by one
_RETRIES: Final = 10


def parse(source: Source) -> JsonValue:
    """Return the value of a document that has been read by lark."""
    tree = parse_tree(source)
    return value_of(root(tree))


def parse_node(source: Source) -> Node:
    """Return the places of a document, which most likely has no errors."""
    if too_deep_at(source.text) is None:
        with suppress(UnexpectedInput):
            tree: Tree[Token] = parser().parse(source.text, start="document")
            return node_of(root(tree))
    return node_of(root(parse_tree(source)))


def parse_tree(source: Source) -> Tree[Token]:
    """Return the tree of a document, or raise all that is wrong with it."""
    tree, problems = _read(source)
    if problems or tree is None:
        raise DocumentError(_diagnostics(source, problems))
    return tree


def _read(source: Source) -> tuple[Tree[Token] | None, list[Problem]]:
    whole = hopeless(source.text)
    if whole is not None:
        return None, [whole]
    tokens, problems = without_strays(lex(source.text))
    tree, more = recover(source, tokens)
    problems += more
    if tree is not None:
        problems += duplicate_keys(root(tree))
    return tree, sorted(problems, key=lambda problem: problem.range)


def _diagnostics(source: Source, problems: list[Problem]) -> tuple[Diagnostic, ...]:
    told = _with_tried_changes(source, _without_overlaps(problems[:ERROR_LIMIT]))
    if len(problems) > ERROR_LIMIT:
        place = problems[ERROR_LIMIT].range
        # It comes first: who shows only some of the errors has to tell this one.
        message, label = f"more than {ERROR_LIMIT} errors", "from here on they are not told"
        told = [Problem(Code.TOO_MANY, message, place, label), *told]
    return tuple(problem.diagnostic(source) for problem in told)


def _without_overlaps(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems; of two that would change the same text, the first one does."""
    done = 0
    told: list[Problem] = []
    for problem in problems:
        free = all(change.range.start >= done for change in problem.changes)
        told.append(problem if free else problem._replace(changes=()))
        done = max((done, *(change.range.end for change in told[-1].changes)))
    return told


def _with_tried_changes(source: Source, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems, each with its changes only if these make an error vanish."""
    stubborn = sum(not problem.changes for problem in problems)
    if not stubborn and is_clean(_changed(source, problems)):
        return list(problems)
    if len(source.text) > _RETRY_SIZE or len(problems) == ERROR_LIMIT:
        return [problem._replace(changes=()) for problem in problems]
    if _errors_after(source, problems) <= stubborn:
        return list(problems)
    return _tried_one_by_one(source, problems)


def _tried_one_by_one(source: Source, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems with those changes that help even after the ones before are made."""
    left = len(problems)
    told: list[Problem] = []
    for problem in problems:
        after = left
        if problem.changes and len(told) < _RETRIES:
            after = _errors_after(source, [*told, problem])
        told.append(problem if after < left else problem._replace(changes=()))
        left = min(left, after)
    return told


def _errors_after(source: Source, problems: Sequence[Problem]) -> int:
    """Return how many errors the text has once the changes of some are made."""
    return len(_read(Source(source.name, _changed(source, problems)))[1])


def _changed(source: Source, problems: Sequence[Problem]) -> str:
    edits = [edit for problem in problems for edit in problem.diagnostic(source).edits]
    return apply_edits(source.text, edits)
