"""The actions a statement speaks of, and which statements of many speak of one action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.matcher.glob import compile_glob, compile_globs, read_glob

if TYPE_CHECKING:
    from simulator.matcher.values import Test
    from simulator.policy.model import Patterns


def compile_actions(patterns: Patterns, *, empty_not: bool = False) -> Test:
    """Return whether a statement speaks of an action, given in lower case.

    `empty_not` is whether one whose `NotAction` is empty speaks of every action.
    """
    texts = [text.lower() for text in patterns.values.items]  # ACT-1, ACT-2
    plain = [read_glob(text) for text in texts if _is_plain(text)]
    named = compile_globs(plain, [_compile_wild(text) for text in texts if not _is_plain(text)])
    if not patterns.negated:
        return named
    if not texts and not empty_not:
        return named  # EMPTY-NOT: an empty list speaks of nothing, negated or not
    return lambda action: not named(action)  # ACT-5


def _is_plain(text: str) -> bool:
    """Whether an action has its wildcards, if any, behind the service's colon, or is `*`."""
    service, colon, _ = text.partition(":")
    return text == "*" or (colon != "" and "*" not in service and "?" not in service)


def _compile_wild(text: str) -> Test:
    service, colon, name = text.partition(":")
    if not colon:
        return lambda _action: False  # ACT-3
    wanted_service, wanted_name = compile_glob(read_glob(service)), compile_glob(read_glob(name))

    def fits(action: str) -> bool:
        prefix, _, rest = action.partition(":")
        return wanted_service(prefix) and wanted_name(rest)  # ACT-3

    return fits
