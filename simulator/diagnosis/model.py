"""A decision as a formula over what can be otherwise about the request.

The formula says what `evaluation` and `decision` carry out, statement by statement: which tests
must hold for a layer to allow, and which must not for a Deny to stay away. It is made once for a
request, and asked of hundreds of changed ones. What comes of it is always decided again.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.requirements import GUARDRAILS, ROUTES
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import context_of
from simulator.diagnosis.differing import Asking, Named, differing
from simulator.diagnosis.levers import Lever, beside, group_of, levers
from simulator.diagnosis.search import Atom, Choice, Every, Literal, Some, Space
from simulator.diagnosis.variables import variables_of
from simulator.evaluation.relation import UNDENIABLE, grantor, relations
from simulator.matcher.conditions import compile_test
from simulator.matcher.principals import Naming, Reach, names_of
from simulator.sts.answer import actions
from simulator.sts.call import Call
from simulator.sts.refusals import early, late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.decision.requirements import Route
    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.search import Box, Formula
    from simulator.evaluation.evaluate import Evaluation
    from simulator.matcher.resources import Resource
    from simulator.matcher.statement import CompiledPolicy, CompiledStatement
    from simulator.matcher.truth import Truth
    from simulator.request.context import RequestContext
    from simulator.request.request import Request
    from simulator.sts.refusals import Rule

# What a parameter brings into a call beside its own action: STS-50, STS-52
_COMPANIONS = {"sts:TagSession": "aws:requesttag/", "sts:SetSourceIdentity": "sts:sourceidentity"}
_TAGS = ("aws:tagkeys", "aws:requesttag/", "sts:transitivetagkeys")
_PASSED = ("aws:requesttag/", "sts:transitivetagkeys")
_BUDGET = 60_000  # steps; some 100 ms


class Speaking(NamedTuple):
    """A statement that speaks of an action and names the caller.

    `place` is the test of its resources where that hangs on variables; `unseen` stands for all
    that is in a policy which nobody has shown.
    """

    compiled: CompiledStatement | None
    naming: Naming
    place: Resource | None = None

    @property
    def askings(self) -> tuple[Asking, ...]:
        """The condition tests."""
        if self.compiled is None:
            return ()
        statement, allows = self.compiled.statement, self.compiled.allows
        return tuple(Asking(test, statement.variables, allows) for test in statement.conditions)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of its resources, where variables matter in them."""
        if self.compiled is None or self.place is None or not self.compiled.statement.resources:
            return ()
        return self.compiled.statement.resources.values.items


Spoken = dict[Layer, tuple[tuple[Speaking, ...], ...] | None]


class Model:
    """What is asked, what can be otherwise about it, and the formula of its decision."""

    def __init__(self, asked: Asked, evaluation: Evaluation) -> None:
        self.asked = asked
        self._request = evaluation.request
        self._opened = evaluation.policies.opened
        self._contexts: dict[tuple[Choice, ...], RequestContext] = {}
        self._atoms: list[Atom] = []
        self._numbers: dict[object, int] = {}
        self.askings: dict[int, Asking] = {}
        spoken = _spoken(asked, evaluation)
        self._complete = True
        self.levers, self._groups = self._find_levers(spoken)
        self.goals = tuple(self._goals(spoken))
        sizes = [len(lever.options) for lever in self.levers]
        self.space = Space(sizes, self._atoms, _BUDGET)
        self.space.complete = self._complete

    def changed(self, choices: Iterable[Choice]) -> Asked:
        """Return what is asked with some levers moved."""
        asked = self.asked
        for lever, option in choices:
            asked = self.levers[lever].options[option](asked)
        return asked

    def context(self, choices: Iterable[Choice]) -> RequestContext:
        """Return the context of what is asked with some levers moved."""
        moved = tuple(sorted(choice for choice in choices if choice.option))
        found = self._contexts.get(moved)
        if found is None:
            context = context_of(self.changed(moved)) if moved else self._request.context
            found = self._contexts[moved] = context
        return found

    def values(self, lever: int, option: int, key: str) -> tuple[str, ...] | None:
        """Return the values of a key, in lower case, with one option of a lever."""
        return self.context((Choice(lever, option),)).values(key)

    def atom(self, literal: Literal) -> Atom:
        """Return the atom of a literal."""
        return self._atoms[literal.atom]

    @property
    def unknown(self) -> int:
        """The levers with a key of which nobody said what it is, as a mask."""
        context = self._request.context
        return sum(
            1 << number
            for number, lever in enumerate(self.levers)
            if any(context.values(key.lower()) is None for key in lever.keys)
        )

    def names(self, box: Box) -> frozenset[str]:
        """Return the names of the levers that are moved in a box."""
        return frozenset(n for n, number in self._groups.items() if box.moved >> number & 1)

    def _find_levers(
        self, spoken: Mapping[str, Spoken]
    ) -> tuple[tuple[Lever, ...], dict[str, int]]:
        statements = [s for found in spoken.values() for s in _statements(found)]
        tests = [asking for statement in statements for asking in statement.askings]
        named = [Named(p, self._request.resource) for s in statements for p in s.patterns]
        same = self._request.same_account is True
        context = self._request.context
        values = differing(context, tests, named)
        self._complete = values.complete
        found = levers(self.asked, context, values, same_account=same)
        return tuple(found.values()), {name: number for number, name in enumerate(found)}

    def _goals(self, spoken: Mapping[str, Spoken]) -> Iterator[Formula]:
        yield from self._taken()
        for action, found in spoken.items():
            request = self._request._replace(action=action)
            asked_for = self._asked_for(action)
            for goal in self._allowing(request, found):
                yield goal if asked_for is None else Some((asked_for, goal))

    def _asked_for(self, action: str) -> Literal | None:
        """Return that an action is not asked for, if that can be."""
        start = _COMPANIONS.get(action)
        if start is None or not isinstance(self.asked, Call):
            return None
        others = tuple(n for name, n in self._groups.items() if name.startswith(start))

        def answer(choices: tuple[Choice, ...]) -> Truth:
            call = self.changed(choices)
            return isinstance(call, Call) and action in actions(call)

        return Literal(self._atom(action, Atom(None, others, answer)), wanted=False)

    def _taken(self) -> Iterator[Formula]:
        """Yield that STS refuses no parameters, each alone but for tags that are handed on."""
        if not isinstance(self.asked, Call):
            return
        before = frozenset(_rules(self.asked))
        together = tuple(n for name, n in self._groups.items() if name.startswith(_PASSED))
        alone = [(n,) for n in range(len(self.levers)) if n not in together]
        mended: frozenset[Rule] = frozenset()
        for group in (*alone, *([together] if together else ())):
            own, others = (group[0], ()) if len(group) == 1 else (None, group)
            mine = self._mended(group, before)
            mended |= mine

            def answer(
                choices: tuple[Choice, ...], allowed: frozenset[Rule] = before - mine
            ) -> Truth:
                call = self.changed(choices)
                return isinstance(call, Call) and not frozenset(_rules(call)) - allowed

            yield Literal(self._atom(("taken", group), Atom(own, others, answer)), wanted=True)
        if before - mended:
            yield Some(())

    def _mended(self, group: tuple[int, ...], before: frozenset[Rule]) -> frozenset[Rule]:
        """Return which refusals of the call do not stay with some option of some levers."""
        if not before:
            return before
        changed = (
            self.changed([Choice(lever, option)])
            for lever in group
            for option in range(1, len(self.levers[lever].options))
        )
        return before - frozenset.intersection(
            before, *(frozenset(_rules(call)) for call in changed if isinstance(call, Call))
        )

    def _allowing(self, request: Request, spoken: Spoken) -> Iterator[Formula]:
        """Yield all that must hold for an action to be allowed: `decision.combine` as formulas."""
        if request.action.lower() in UNDENIABLE:
            return  # EVAL-45
        layer = grantor(request.resource)
        for relation in relations(request, self._opened):
            routes = (Every(tuple(self._route(r, layer, spoken))) for r in ROUTES[relation])
            yield Some(tuple(routes))
        for guardrail in GUARDRAILS:
            yield from self._levels(spoken[guardrail], Reach.ACCOUNT)
        for statement in _statements(spoken):
            if statement.compiled is None or not statement.compiled.allows:
                literals = self._literals(statement)
                yield Some(tuple(each._replace(wanted=False) for each in literals))  # EVAL-2

    def _route(self, route: Route, layer: Layer, spoken: Spoken) -> Iterator[Formula]:
        if route.reach is not Reach.NOBODY:
            yield from self._levels(spoken[layer], route.reach)
        for other in route.others:
            yield from self._levels(spoken[other], Reach.ACCOUNT)

    def _levels(
        self, levels: tuple[tuple[Speaking, ...], ...] | None, least: Reach
    ) -> Iterator[Formula]:
        """Yield that in each level a statement allows that names the caller so strongly."""
        if levels is None:
            yield Some(())  # nobody knows what the layer says
        for level in levels or ():
            allows = (s for s in level if s.compiled is not None and s.compiled.allows)
            named = [s for s in allows if s.naming.sure >= least]
            ways = tuple(Every(tuple(self._literals(statement))) for statement in named)
            if not any(not way.parts for way in ways):
                yield Some(ways)

    def _literals(self, statement: Speaking) -> Iterator[Literal]:
        """Yield what has to hold for a statement to apply."""
        if statement.place is not None:
            yield Literal(self._place(statement, statement.place), wanted=True)
        for asking in statement.askings:
            yield Literal(self._test(asking), wanted=True)

    def _place(self, statement: Speaking, place: Resource) -> int:
        request = self._request

        def answer(choices: tuple[Choice, ...]) -> Truth:
            return place(request._replace(context=self.context(choices)))

        keys = [v.key for pattern in statement.patterns for v in variables_of(pattern)]
        return self._atom(id(statement.compiled), Atom(None, self._numbers_of(keys), answer))

    def _test(self, asking: Asking) -> int:
        test, variables, _ = asking
        identity = (*test[1:4], asking.key, test.values.items, variables)
        known = self._numbers.get(identity)
        if known is not None:
            return known
        holds = compile_test(test, variables=variables)
        used = [v.key for text in test.values.items if variables for v in variables_of(text)]
        (own,) = self._numbers_of([asking.key]) or (None,)
        others = (*self._numbers_of(used), *map(self._groups.__getitem__, self._beside(asking)))
        found = tuple(dict.fromkeys(other for other in others if other != own))
        number = self._atom(
            identity, Atom(own, found, lambda choices: holds(self.context(choices)))
        )
        self.askings[number] = asking
        return number

    def _beside(self, asking: Asking) -> tuple[str, ...]:
        return beside(self.asked, asking.key, self._groups)

    def _numbers_of(self, keys: Iterable[str]) -> tuple[int, ...]:
        same = self._request.same_account is True
        groups = dict.fromkeys(group_of(self.asked, key, same_account=same) for key in keys)
        return tuple(self._groups[group] for group in groups if group in self._groups)

    def _atom(self, identity: object, atom: Atom) -> int:
        number = self._numbers.setdefault(identity, len(self._atoms))
        if number == len(self._atoms):
            self._atoms.append(atom)
        return number


def _rules(call: Call) -> Iterator[Rule]:
    return (refusal.rule for refusal in chain(early(call), late(call)))


def _statements(spoken: Spoken) -> Iterator[Speaking]:
    return (s for levels in spoken.values() for level in levels or () for s in level)


def _spoken(asked: Asked, evaluation: Evaluation) -> dict[str, Spoken]:
    """Return the statements of each action that is asked for, or would be with other facts."""
    wanted = [*actions(asked)] if isinstance(asked, Call) else [evaluation.request.action]
    found: dict[str, Spoken] = {}
    while wanted:
        action = wanted.pop(0)
        found[action] = _speaking_of(evaluation, action)
        if isinstance(asked, Call):
            keys = {
                a.key for spoken in found.values() for s in _statements(spoken) for a in s.askings
            }
            wanted += (a for a in _brought(keys) if a not in found and a not in wanted)
    return found


def _brought(keys: Iterable[str]) -> Iterator[str]:
    """Yield the actions that parameters bring with them, of whose keys some are asked."""
    for key in keys:
        if key.startswith(_TAGS):
            yield "sts:TagSession"
        elif key == "sts:sourceidentity":
            yield "sts:SetSourceIdentity"


def _speaking_of(evaluation: Evaluation, action: str) -> Spoken:
    policies = evaluation.policies
    request = evaluation.request._replace(action=action)
    names = names_of(request, policies.opened)

    def of_level(level: tuple[CompiledPolicy, ...]) -> Iterator[Speaking]:
        for policy in level:
            if policy.policy.unseen:
                yield Speaking(None, Naming(Reach.NOBODY, Reach.DIRECT))
            for compiled in policy.statements:
                if not compiled.speaks_of(action.lower()):
                    continue
                naming = compiled.naming(names, bounded=policies.bounded)
                if naming.most > Reach.NOBODY:
                    yield from _placed(compiled, naming, request)

    return {
        layer: tuple(tuple(of_level(level)) for level in policies.levels(layer))
        if policies.is_known(layer)
        else None
        for layer in Layer
    }


def _placed(compiled: CompiledStatement, naming: Naming, request: Request) -> Iterator[Speaking]:
    """Yield a statement if its resources are or may be the one asked for."""
    resource, patterns = compiled.resource(), compiled.statement.resources
    texts = patterns.values.items if patterns and compiled.statement.variables else ()
    if resource is not None and any("${" in text for text in texts):
        yield Speaking(compiled, naming, resource)
    elif resource is None or resource(request) is not False:
        yield Speaking(compiled, naming)
