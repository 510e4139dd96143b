"""Groups that a user is in, and that no file shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, Severity
from simulator.inventory import codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.inventory.facts import Gathered, Key, Spot

_MOST_TOLD: Final = 50


def unseen_groups(gathered: Gathered) -> Iterator[Diagnostic]:
    """Yield a warning for each group that a dump names, and of which no file tells."""
    users: dict[Key, list[Spot]] = {}
    for key, spot in _named(gathered):
        if key not in gathered.entities["group"]:
            users.setdefault(key, []).append(spot)
    for key in list(users)[:_MOST_TOLD]:
        yield _missing(key, users[key])


def _named(gathered: Gathered) -> Iterator[tuple[Key, Spot]]:
    """Yield each group that a user is in, and where that is said."""
    for said in gathered.entities["user"].values():
        for facts in said:
            for number, name in enumerate(facts.groups or ()):
                yield (facts.key[0], name), facts.spot.below("GroupList", number)


def _missing(key: Key, named: list[Spot]) -> Diagnostic:
    account, name = key
    users = "1 user is" if len(named) == 1 else f"{len(named)} users are"
    return Diagnostic(
        codes.DOCUMENT_MISSING,
        Severity.WARNING,
        f"the group `{name}` of account {account} is in no file, and {users} in it",
        (named[0].label("named here"),),
        "what it allows and denies is not known: give a whole dump of the account, or what"
        f" `aws iam get-group --group-name {name}` prints, and with the same option"
        f" `list-group-policies` as `list-group-policies.{account}.{name}.json`,"
        f" `list-attached-group-policies` as `list-attached-group-policies.{account}.{name}.json`,"
        " and `get-group-policy` for each inline policy",
    )
