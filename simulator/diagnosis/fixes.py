"""The smallest changes after which the answer is yes; each was tried before it is told."""

from __future__ import annotations

from itertools import chain, combinations, groupby, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.catalog.roles import is_fixed
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import Asked, outcome_of
from simulator.diagnosis.cause import Rank
from simulator.diagnosis.what_if import affordable, remedied
from simulator.diagnostic import Access, DocumentError
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from simulator.diagnosis.cause import Cause, Remedy
    from simulator.storing.quotas import Excess
    from simulator.sts.parameters import Parameters

Explain: TypeAlias = "Callable[[Asked], Sequence[Cause]]"

_MOST_TOGETHER = 4
_MOST_TRIED = 400
_MOST_FIRST_STEPS = 4
_MOST_CAUSES = 50
_MOST_TOLD = 4
_ACCESS_ORDER = (Access.UNCHANGED, Access.NARROWED, Access.WIDENED)


class MadeBy(NamedTuple):
    """The profile of the aws CLI that makes a call, its file if named, and what it sets."""

    profile: str
    config: str | None
    parameters: Parameters


class Fix(NamedTuple):
    """Remedies that together lead to a yes, what is asked as it then is, and what makes the call.

    Without a profile the call is made by a command. `others` says who else then succeeds, of all
    users and roles that are known, where some are. `excess` is by how much a policy is then too
    long.
    """

    remedies: tuple[Remedy, ...]
    asked: Asked
    made_by: MadeBy | None = None
    others: str | None = None
    excess: Excess | None = None

    @property
    def title(self) -> str:
        """What to do, in one line."""
        told = ", and ".join(dict.fromkeys(remedy.title for remedy in self.remedies))
        if self.excess is None:
            return told
        from simulator.diagnosis.stored import too_long  # noqa: PLC0415 - hardly any is

        return f"{told} ({too_long(self.excess)})"

    @property
    def access(self) -> Access:
        """What the fix does to who may do what: the widest of its remedies."""
        return max((r.access for r in self.remedies), key=_ACCESS_ORDER.index)

    @property
    def rank(self) -> Rank:
        """What there is to it: that of the remedy to which there is most."""
        return max(remedy.rank for remedy in self.remedies)

    @property
    def also_allows(self) -> tuple[str, ...]:
        """What else becomes possible."""
        told = (text for remedy in self.remedies for text in remedy.also_allows)
        return (*told, *([self.others] if self.others else ()))


def fixes(asked: Asked, causes: Sequence[Cause], explain: Explain) -> tuple[Fix, ...]:
    """Return the fixes made of the fewest remedies, those that leave access alone first.

    What takes a Deny or a condition out of the way is tried only where nothing else helps but a
    call from another network, and comes after it.
    """
    causes = tuple(_possible(asked, causes))
    found = _searched(asked, tuple(map(_guarded, causes)), lambda a: map(_guarded, explain(a)))
    if all(fix.rank is Rank.ELSEWHERE for fix in found):
        others = _searched(asked, causes, explain)
        found = (*found, *(fix for fix in others if fix.rank is Rank.UNGUARDED))
    return _of_allowed_size(asked, found)[:_MOST_TOLD]


def _of_allowed_size(asked: Asked, found: Sequence[Fix]) -> tuple[Fix, ...]:
    """Return fixes but for those that make a policy too long, which are told where all do."""
    if not any(_is_edited(remedy) for fix in found for remedy in fix.remedies):
        return tuple(found)
    from simulator.diagnosis.stored import excess  # noqa: PLC0415 - only documents have a size

    measured = tuple(fix._replace(excess=excess(asked, fix.asked)) for fix in found)
    return tuple(fix for fix in measured if fix.excess is None) or measured


def left_open(asked: Asked, causes: Sequence[Cause], explain: Explain) -> tuple[Cause, ...]:
    """Return the facts on which the answer hangs once the nearest remedies are carried out.

    Nobody said them, so no change can be tried out to a yes.
    """
    changed = _changed(asked, _first_of_each(causes))
    if changed is None or outcome_of(changed) is not Outcome.UNDECIDED:
        return ()
    told = max((cause.blocker for cause in causes), default=0)
    known = {cause.message for cause in causes}
    found = (c for c in explain(changed) if c.layer == "fact" and c.message not in known)
    texts = _texts(asked)
    return tuple(
        cause._replace(
            blocker=told + cause.blocker,
            # A place in what a remedy has edited is none in anybody's file.
            place=cause.place if cause.place and cause.place.document.source[:2] in texts else None,
        )
        for cause in found
    )


def _texts(asked: Asked) -> frozenset[tuple[str, str]]:
    """Return the documents of what is asked, each by its name and its text."""
    return frozenset(
        compiled.policy.document.source[:2]
        for layer in Layer
        for compiled in asked.policies.documents(layer)
    )


def _guarded(cause: Cause) -> Cause:
    """Return a cause without the remedies that take a Deny or a condition out of the way."""
    kept = tuple(remedy for remedy in cause.remedies if remedy.rank is not Rank.UNGUARDED)
    return cause._replace(remedies=kept)


def _searched(
    asked: Asked, causes: Sequence[Cause], explain: Callable[[Asked], Iterable[Cause]]
) -> tuple[Fix, ...]:
    """Return the fixes made of the fewest remedies of some causes.

    Where none suffices, because a change of what is asked only uncovers what stands in the way
    next, the causes of what is then asked are looked at too.
    """
    tries = affordable(asked, _MOST_TRIED)
    return (
        _together(asked, causes, tries)
        or _one_for_each(asked, causes)
        or _in_two_steps(asked, causes, explain, tries)
    )


def _possible(asked: Asked, causes: Iterable[Cause]) -> Iterator[Cause]:
    """Yield causes without the remedies that change a trust policy which AWS alone may change."""
    role = asked.role if isinstance(asked, Call) else None
    if role is None or not is_fixed(str(role.arn)):  # EVAL-72, EVAL-73
        yield from causes
        return
    for cause in causes:
        kept = (r for r in cause.remedies if Layer.TRUST not in (*r.edits_of, r.attached_to))
        yield cause._replace(remedies=tuple(kept))


def _one_for_each(asked: Asked, causes: Sequence[Cause]) -> tuple[Fix, ...]:
    """Return the fix made of the first remedy of every blocker's causes, however many those are."""
    first = _first_of_each(causes)
    changed = _tried(asked, first)
    return (Fix(first, changed),) if changed is not None else ()


def _first_of_each(causes: Sequence[Cause]) -> tuple[Remedy, ...]:
    needed = islice(_nearest_each(causes), _MOST_CAUSES)
    return tuple(_distinct(cause.remedies[0] for cause in needed if cause.remedies))


def _nearest_each(causes: Sequence[Cause]) -> Iterator[Cause]:
    """Yield the causes of one alternative of each blocker: of the first that can be mended."""
    for _, of_blocker in groupby(causes, key=lambda cause: cause.blocker):
        ways = [tuple(way) for _, way in groupby(of_blocker, key=lambda c: c.alternative)]
        yield from next((way for way in ways if all(c.remedies for c in way)), ways[0])


def _in_two_steps(
    asked: Asked,
    causes: Sequence[Cause],
    explain: Callable[[Asked], Iterable[Cause]],
    tries: int,
) -> tuple[Fix, ...]:
    found: dict[frozenset[str], Fix] = {}
    for remedy in _distinct(_remedies(causes))[:_MOST_FIRST_STEPS]:
        changed = _changed(asked, (remedy,))
        if changed is None:
            continue
        for fix in _together(changed, tuple(explain(changed)), tries // _MOST_FIRST_STEPS):
            together = (remedy, *fix.remedies)
            # What is edited second is not the file as it is, so both are tried on that together.
            tried = _tried(asked, together) if _is_edited(remedy) else fix.asked
            if tried is not None:
                found.setdefault(frozenset(r.title for r in together), Fix(together, tried))
    return tuple(sorted(found.values(), key=order)[:_MOST_TOLD])


def _together(asked: Asked, causes: Sequence[Cause], tries: int) -> tuple[Fix, ...]:
    """Return the fixes made of the fewest of the remedies of some causes."""
    remedies = _distinct(_remedies(causes))
    sizes = range(1, min(_MOST_TOGETHER, len(remedies)) + 1)
    candidates = chain.from_iterable(combinations(remedies, size) for size in sizes)
    found: list[Fix] = []
    for together in islice(candidates, tries):
        if found and len(together) > len(found[0].remedies):
            break
        changed = _tried(asked, together)
        if changed is not None:
            found.append(Fix(together, changed))
    return tuple(sorted(found, key=order)[:_MOST_TOLD])


def order(fix: Fix) -> tuple[int, bool, int, Rank]:
    """Return by what fixes are ordered: what they do to access, and by how many remedies.

    What takes a Deny or a condition out of the way is last of those that widen it.
    """
    widening = sum(remedy.access is Access.WIDENED for remedy in fix.remedies)
    unguarded = fix.rank is Rank.UNGUARDED
    return _ACCESS_ORDER.index(fix.access), unguarded, widening, fix.rank


def _distinct(remedies: Iterable[Remedy]) -> list[Remedy]:
    """Return each remedy once; the same may be done to several documents."""
    found: dict[object, Remedy] = {}
    for remedy in remedies:
        found[remedy.title, tuple((e.source.name, e.source.start) for e in remedy.edits)] = remedy
    return _as_one(found.values())


def _as_one(remedies: Iterable[Remedy]) -> list[Remedy]:
    """Return remedies, those made one that change a file alike which is given for two layers."""
    found: dict[object, Remedy] = {}
    for place, remedy in enumerate(remedies):
        key = tuple((e.source.name, e.source.start, *e[1:]) for e in remedy.edits) or place
        found[key] = _both(found[key], remedy) if key in found else remedy
    return list(found.values())


def _both(one: Remedy, other: Remedy) -> Remedy:
    if set(other.edits_of) <= set(one.edits_of):
        return one  # the same edits, however they are called
    title, layers = f"{one.title}, and {other.title}", (*one.edits_of, *other.edits_of)
    return one._replace(title=title, edits_of=tuple(dict.fromkeys(layers)))


def _remedies(causes: Sequence[Cause]) -> Iterator[Remedy]:
    for cause in causes:
        yield from cause.remedies


def _tried(asked: Asked, together: Sequence[Remedy]) -> Asked | None:
    """Return what is asked after the remedies if AWS takes them, and the answer then is yes."""
    changed = _changed(asked, together)
    if changed is None or outcome_of(changed) is not Outcome.ALLOWED:
        return None
    if not any(map(_is_edited, together)):
        return changed
    from simulator.diagnosis.stored import is_refused  # noqa: PLC0415 - only documents are stored

    return None if is_refused(asked, changed) else changed


def _is_edited(remedy: Remedy) -> bool:
    """Whether a remedy leaves other documents."""
    return bool(remedy.edits) or remedy.attached is not None


def _changed(asked: Asked, together: Sequence[Remedy]) -> Asked | None:
    """Return what is asked after the remedies, if they can be carried out."""
    try:
        return remedied(asked, together)
    except (DocumentError, ValueError):
        return None  # two edits in each other's way, or a role whose policy cannot be used
