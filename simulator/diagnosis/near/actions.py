"""How an action of a policy can be the one of the request but for one thing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from typing import Final, NamedTuple

from simulator.diagnosis.near.miss import Miss
from simulator.diagnosis.near.slips import likeness, slip
from simulator.diagnosis.possible import COMPANIONS
from simulator.matcher.actions import takes_in

_UNSIGNED: Final = ("sts:assumerolewithsaml", "sts:assumerolewithwebidentity")
_LIKE: Final = 0.85
_MOST_LETTERS: Final = 2
_ASSUME: Final = "sts:assumerole"


class Pair(NamedTuple):
    """An action of a policy beside the one of the request, both in lower case.

    It is `excluded` where the policy names it as one of those that it does not mean.
    """

    text: str
    asked: str
    excluded: bool = False

    @property
    def names(self) -> tuple[str, str]:
        """The two without their services."""
        return self.text.partition(":")[2], self.asked.partition(":")[2]

    @property
    def is_of_service(self) -> bool:
        """Whether both are of one service."""
        return self.text.partition(":")[0] == self.asked.partition(":")[0]


def likeness_of(pair: Pair) -> float:
    """Return how much of the two is alike, between 0 and 1."""
    return likeness(pair.text, pair.asked)


def _misspelt(pair: Pair) -> bool:
    if "*" in pair.text or abs(len(pair.text) - len(pair.asked)) > _MOST_LETTERS:
        return False
    alike = slip(pair.text, pair.asked) is not None or likeness_of(pair) >= _LIKE
    return alike and _is_unknown(pair.text)


def _is_unknown(text: str) -> bool:
    from simulator.catalog.actions import find_action  # noqa: PLC0415 - takes 5 ms

    return find_action(text) is None


def _other_service(pair: Pair) -> bool:
    ours, theirs = pair.names
    return ours == theirs and not pair.is_of_service


def _is_passing(pair: Pair) -> bool:
    return (pair.text, pair.asked) == ("iam:passrole", "sts:assumerole")


def _is_companion(pair: Pair) -> bool:
    """Whether the one is done within the other, so that who allows this may well allow that."""
    return pair.asked in COMPANIONS and takes_in(pair.text, _ASSUME)


def _is_assuming(pair: Pair) -> bool:
    return pair.asked.startswith(_ASSUME) and pair.text.startswith(_ASSUME)


def _is_unsigned(pair: Pair) -> bool:
    return pair.asked == "sts:assumerole" and pair.text in _UNSIGNED


MISSPELT: Final = Miss["Pair"]("AWS knows no action of this name", _misspelt)
MISSES: Final[tuple[Miss[Pair], ...]] = (
    Miss("this is an action of another service", _other_service),
    MISSPELT,
    Miss("`NotAction` means all but what it lists", lambda pair: pair.excluded),  # ACT-5
    Miss(None, _is_companion, near=False),
    Miss(
        "`iam:PassRole` lets somebody hand a role to a service; who assumes it needs"
        " `sts:AssumeRole`",
        _is_passing,
        near=False,
    ),
    Miss(  # ACT-7
        "calls with a token or an assertion are not signed, and no identity-based policy is asked",
        _is_unsigned,
        near=False,
    ),
    Miss(None, _is_assuming, near=False),
    Miss(None, lambda _: True, near=False),
)
