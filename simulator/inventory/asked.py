"""What a command was asked about, where its output does not say it: the name of the file does.

`list-role-policies.111111111111.deploy.json`, `list-parents.111111111111.json`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnostic import Diagnostic, Severity
from simulator.inventory import codes

if TYPE_CHECKING:
    from simulator.inventory.facts import Spot

_NAME: Final = re.compile(
    r"(?P<command>[a-z][a-z0-9-]*)"
    r"\.(?P<target>[0-9]{12}|aws|r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|p-\w{1,128})"
    r"(?:\.(?P<name>[\w+=,.@-]+))?\.json",
    re.ASCII,
)


class Asked(NamedTuple):
    """A command and what it was asked about: an account, unit or policy, and a name there."""

    command: str
    target: str
    name: str | None


def asked_of(file: str) -> Asked | None:
    """Return what the name of a file says about the command that was asked, if it does."""
    found = _NAME.fullmatch(file.replace("\\", "/").rpartition("/")[2])
    return None if found is None else Asked(found["command"], found["target"], found["name"])


def whose(spot: Spot, what: str, wanted: str) -> Diagnostic:
    """Return that nothing says what the command was asked about, and how the file is to be named.

    `wanted` is the name of a file.
    """
    return Diagnostic(
        codes.WHOSE,
        Severity.ERROR,
        f"nothing says {what}",
        (spot.label("this does not say it"),),
        f"name the file `{wanted}`: the aws CLI does not print what it was asked about",
    )
