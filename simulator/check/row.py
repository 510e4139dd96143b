"""A row of the table of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.kinds import PolicyKind


class Row(NamedTuple):
    """A rule, the codes of what it finds, and which documents need not be shown to it.

    It is asked about policies of some `kinds`, of all where none is named, and only where one of
    the `words`, in lower case, stands in the text: most policies have none of them. `analyzer`
    names the checks of IAM Access Analyzer that it does as well.
    """

    codes: tuple[str, ...]
    rule: Callable[[Findings, Subject], None]
    kinds: tuple[PolicyKind, ...] = ()
    words: tuple[str, ...] = ()
    analyzer: tuple[str, ...] = ()
