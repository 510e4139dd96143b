"""The facts on which an answer hangs.

Of a no, the smallest sets of facts with which the request would be allowed. A set is told with all
values that do (`sts:ExternalId = A or B`); what it does not name is left as it is asked. None is
told that changes all that another does and more.

Of a yes, the smallest sets of facts of the request, as they are, that make it allowed whatever the
other facts are. Where either of two is enough there are two sets.

Facts are what `levers.py` can move: what hangs on how, when and whence one asks, and what tags and
which organization there are. They are `complete` where no other of them does: every place at which
values, sets or time are cut short says that it did (`differing.py`, `search.py`). Where a test
compares two keys with each other, one value of theirs stands for all that are alike.

Every set is decided once more before it is told, with each option of each fact once, up to 20: not
with all combinations of these, for which there is the formula, and not with all that a pattern
fits. A set with which that comes out otherwise is not told, and then nothing is complete.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import ACCOUNT_ID
from simulator.decision.combine import Outcome
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.changes import owned
from simulator.diagnosis.facts import as_it_is, facts_of, joined
from simulator.diagnosis.model import Model
from simulator.diagnosis.search import Some, opposite, smallest
from simulator.diagnosis.words import Related
from simulator.request.principal import account_of
from simulator.simulate import Question, simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.search import Box
    from simulator.evaluation.evaluate import Evaluation

_MOST_SETS = 16
_MOST_DECIDED = 20  # of the values of one set: as many as are looked at of a test
_MOST_COVERS = 64
_COST = 100  # steps that a decision counts as
_OWNER = "aws:resourceaccount"


class Facts(NamedTuple):
    """Sets of facts, each as texts; `complete` is whether there are no more."""

    sets: tuple[tuple[str, ...], ...]
    complete: bool = True


class _Found(NamedTuple):
    """A set of facts, and what it changes."""

    levers: frozenset[str]
    facts: tuple[Related, ...]


def allowed_if(asked: Asked, evaluations: Iterable[Evaluation]) -> Facts:
    """Return the smallest sets of facts with each of which what is denied would be allowed."""
    found: list[_Found] = []
    complete = True
    for evaluation in tuple(evaluations)[:1]:
        model = Model(asked, evaluation)
        found += _sets(model)
        complete = model.space.complete
        for each in _with_owner(asked, evaluation, model):
            found += each.sets
            complete = complete and each.complete
    smallest_only = [one for one in found if not any(other.levers < one.levers for other in found)]
    texts = _texts(sorted(smallest_only, key=lambda one: len(one.levers)))
    return Facts(texts[:_MOST_SETS], complete and len(texts) <= _MOST_SETS)


def hangs_on(asked: Asked, evaluations: Iterable[Evaluation]) -> Facts:
    """Return the smallest sets of facts that are enough for what is allowed to be so."""
    for evaluation in tuple(evaluations)[:1]:
        model = Model(asked, evaluation)
        if not model.levers:
            return Facts((), model.space.complete)
        goals = (Some(tuple(map(opposite, model.goals))),)
        boxes = smallest(model.space, goals, _confirmed(model, allowed=False))
        spoils = tuple({box.moved for box in boxes if box.moved})
        if model.space.is_spent:
            return Facts((), complete=False)  # others of which nobody knows may matter, too
        sets, are_all = _covers(spoils, len(model.levers))
        texts = [tuple(str(f) for n in levers for f in as_it_is(model, n)) for levers in sets]
        complete = model.space.complete and are_all and len(texts) <= _MOST_SETS
        return Facts(tuple(dict.fromkeys(texts))[:_MOST_SETS], complete)
    return Facts(())


class _Searched(NamedTuple):
    sets: tuple[_Found, ...]
    complete: bool


_NOTHING = _Found(frozenset(), ())


def _sets(model: Model, beside: _Found = _NOTHING) -> tuple[_Found, ...]:
    confirmed = _confirmed(model, allowed=True)
    boxes = tuple(smallest(model.space, model.goals, confirmed, model.unknown))
    return tuple(
        _Found(beside.levers | model.names(box), (*beside.facts, *facts))
        for box in boxes
        for facts in facts_of(model, box)
    )


def _confirmed(model: Model, *, allowed: bool) -> Callable[[Box], bool]:
    """Return whether really deciding says the same of a box.

    Each of its options is decided once, beside others and not beside all; of very many the first.
    """

    def confirmed(box: Box) -> bool:
        for choices in islice(box.samples(), _MOST_DECIDED):
            model.space.spend(_COST)
            if (outcome_of(model.changed(choices)) is Outcome.ALLOWED) is not allowed:
                return False
        return True

    return confirmed


def _with_owner(asked: Asked, evaluation: Evaluation, model: Model) -> Iterator[_Searched]:
    """Yield the sets that say whose the resource is, where nobody did."""
    account = account_of(evaluation.request.principal)
    if not isinstance(asked, Question) or evaluation.request.same_account is not None:
        return
    named = (
        text
        for asking in model.askings.values()
        if asking.key == _OWNER
        for text in asking.test.values.items
        if ACCOUNT_ID.fullmatch(text)
    )
    for owner in dict.fromkeys((*([account] if account else ()), *named)):
        fact = _Found(frozenset({_OWNER}), (Related("aws:ResourceAccount", "=", (owner,)),))
        theirs = owned(owner, "", "").applied(asked)
        if outcome_of(theirs) is Outcome.ALLOWED:
            yield _Searched((fact,), complete=True)
        elif isinstance(theirs, Question):
            then = Model(theirs, simulate(theirs))
            yield _Searched(_sets(then, fact), then.space.complete)


def _texts(found: Iterable[_Found]) -> tuple[tuple[str, ...], ...]:
    """Return sets as texts, those in one that differ in the values of one fact alone."""
    groups: dict[frozenset[str], list[tuple[Related, ...]]] = {}
    for levers, facts in found:
        groups.setdefault(levers, []).append(facts)
    joint = (facts for sets in groups.values() for facts in joined(sets))
    return tuple(dict.fromkeys(tuple(str(fact) for fact in facts) for facts in joint))


def _covers(spoils: Sequence[int], levers: int) -> tuple[list[tuple[int, ...]], bool]:
    """Return the smallest sets of levers that have one in common with each of some sets.

    Beside them, whether they are all: no more than some are followed up at a time.
    """
    covers, are_all = [0], True
    for spoil in sorted(spoils, key=int.bit_count):
        spared = [cover for cover in covers if not cover & spoil]
        covers = [cover for cover in covers if cover & spoil]
        for cover in spared:
            for lever in range(levers):
                more = cover | 1 << lever
                if spoil >> lever & 1 and not any(other & more == other for other in covers):
                    covers.append(more)
        are_all = are_all and len(covers) <= _MOST_COVERS
        covers = covers[:_MOST_COVERS]
    held = (
        tuple(lever for lever in range(levers) if cover >> lever & 1)
        for cover in sorted(filter(None, covers), key=int.bit_count)
    )
    return [each for each in held if _is_smallest(each, spoils)], are_all


def _is_smallest(levers: tuple[int, ...], spoils: Sequence[int]) -> bool:
    """Whether each lever of a set is the only one in it that some spoil has."""
    cover = sum(1 << lever for lever in levers)
    return all(any(spoil & cover == 1 << lever for spoil in spoils) for lever in levers)
