"""What a run of `iamsim check` found: the policies checked, and the files that were of no use."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulator.check.check import Checked
    from simulator.diagnostic import Diagnostic, Severity


class Report(NamedTuple):
    """The policies in the order in which they were found, and why other files were of no use.

    `skipped` is how many files of a folder hold no policy, `notes` what else is to be told.
    """

    checked: tuple[Checked, ...]
    unusable: tuple[Diagnostic, ...] = ()
    skipped: int = 0
    notes: tuple[str, ...] = ()

    def counts(self) -> Counter[Severity]:
        """Return how many findings there are of each severity."""
        return Counter(found.severity for each in self.checked for found in each.diagnostics)
