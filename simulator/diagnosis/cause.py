"""A cause of a refusal, and a remedy: one change that takes a cause away."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.decision.verdict import Layer

if TYPE_CHECKING:
    from simulator.diagnosis.asked import Change
    from simulator.diagnostic import Access, Edit
    from simulator.policy.model import Document
    from simulator.source import Source, Span
    from simulator.syntax import Path


class Place(NamedTuple):
    """A place in a document, found only when somebody looks."""

    document: Document
    path: Path
    on_key: bool = False

    def span(self) -> Span:
        """Return the range of text."""
        if self.on_key:
            return self.document.key_span(self.path)
        return self.document.span(self.path)


class Rank(IntEnum):
    """What there is to a remedy, in the order in which fixes of the same access are told."""

    ORDINARY = 0
    OTHER_CALLER = 1  # other credentials than those in use
    ELSEWHERE = 2  # from another network
    UNGUARDED = 3  # takes a Deny or a condition out of somebody's way


class Remedy(NamedTuple):
    """One change, of what is asked, of documents or by a new document, that may take a cause away.

    `changed` is what is asked with a change of itself; `edits` change documents; `attached` is a
    new policy of the layer `attached_to`. `also_allows` says what else becomes possible, `commands`
    what carries it out beside the commands that store policies. `edits_of` are the layers whose
    policies the edits change, which every finding says of its own: one file may be given for
    several layers, and only one of them be meant.
    """

    title: str
    access: Access
    changed: Change | None = None
    edits: tuple[Edit, ...] = ()
    attached: Source | None = None
    also_allows: tuple[str, ...] = ()
    attached_to: Layer = Layer.IDENTITY
    commands: tuple[str, ...] = ()
    edits_of: tuple[Layer, ...] = ()
    rank: Rank = Rank.ORDINARY


class Owner(NamedTuple):
    """Whose the thing is that has to change: an account, where it is known, and what that is."""

    account: str | None
    what: str


WHOEVER_ASKS: Final = Owner(None, "whoever asks")


class Cause(NamedTuple):
    """One thing that stands in the way: where, what is wanted there, and what the request has.

    Each `blocker` has to be got out of the way, and for that all causes of one `alternative`; both
    count from 1. `owner` is whose the document or the setting is that has to change.
    """

    code: str
    layer: str
    message: str
    place: Place | None = None
    label: str = ""
    wanted: str | None = None
    given: str | None = None
    help: str | None = None
    remedies: tuple[Remedy, ...] = ()
    owner: Owner = WHOEVER_ASKS
    blocker: int = 1
    alternative: int = 1
