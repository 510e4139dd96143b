"""Worlds with a request of any kind in them: what hypothesis draws for the twin and the laws.

What callers, requests and documents are drawn from is in `simulator/testing/`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from simulator.evaluation.quick import outcome_of
from simulator.policy import kinds
from simulator.simulate import applicable, as_request, simulate
from simulator.testing.makers import About
from simulator.testing.strategies import asked, callers, contexts, policies, statements
from tests import worlds
from tests.strategies import ALLOW_ALL, FACTS, first_changed, more, policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.catalog.doubts import Doubts
    from simulator.decision.combine import Outcome
    from simulator.evaluation.evaluate import Evaluation
    from simulator.policy.kinds import PolicyKind
    from simulator.simulate import Question
    from tests.strategies import World

#: The layers that documents are drawn for, by the kind of policy in them.
LIMITS = ("boundary", "session_policies", "scps", "rcps", "endpoint_policies")
LAYERS = ("resource_policy", "identity", *LIMITS)
KINDS: dict[str, PolicyKind] = {
    "identity": kinds.IDENTITY,
    "boundary": kinds.BOUNDARY,
    "session_policies": kinds.SESSION,
    "scps": kinds.SCP,
    "rcps": kinds.RCP,
    "endpoint_policies": kinds.ENDPOINT,
}
#: What the layers are called in the decision.
NAMES = {layer: layer.removesuffix("s").removesuffix("_policie") for layer in LAYERS} | {
    "resource_policy": "resource"
}
ALLOW_EVERYONE: World = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
#: Values of the facts that nobody gives, such that each side of each test of the pools is there.
OPEN = {
    **FACTS,
    "aws:SourceVpce": ("vpce-1", "vpce-2"),
    "aws:SourceVpc": ("vpc-1", "vpc-2"),
    "aws:VpcSourceIp": ("10.0.0.1", "10.0.0.2"),
    "aws:SourceVpcArn": ("arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-1",),
    "aws:ResourceAccount": ("111111111111", "111111111112", "222222222222"),
}


class Ask(NamedTuple):
    """A world, a request in it and its further context."""

    world: World
    request: World
    context: World

    def dump(self, decision: str, **more: object) -> str:
        """Return the case as a conformance file has it, with the decision it is said to have."""
        case = {"id": "new", "request": self.request, "context": self.context}
        return json.dumps(
            {"given": self.world, "cases": [{**case, "decision": decision, **more}]}, indent=1
        )

    @property
    def question(self) -> Question:
        """What the engine is asked."""
        return worlds.question(*self)

    @property
    def evaluation(self) -> Evaluation:
        """What the engine says."""
        return simulate(self.question)

    @property
    def outcome(self) -> Outcome:
        """What the engine decides."""
        return self.evaluation.decision.outcome

    @property
    def said(self) -> tuple[str, set[str]]:
        """What the engine decides, and the layers that said no."""
        evaluation = self.evaluation
        return str(evaluation.decision.outcome), worlds.evaluation_layers(evaluation)

    @property
    def quick(self) -> Outcome:
        """What the quick way decides."""
        question = self.question
        return outcome_of(as_request(question), applicable(question))

    def opening(self, doubts: Doubts) -> Outcome:
        """Return what the engine decides with some doubts left open."""
        return simulate(self.question, doubts).decision.outcome

    @property
    def owner(self) -> str | None:
        """The account of the resource."""
        return as_request(self.question).owner

    @property
    def account(self) -> str | None:
        """The account of the caller; a service and nobody have none."""
        arn = self.world["caller"].get("arn")
        return arn.split(":")[4] if arn else None

    @property
    def same_account(self) -> bool | None:
        """Whether caller and resource are in one account."""
        return as_request(self.question).same_account

    def having(self, **elements: object) -> Ask:
        """Return the same with other elements of the world."""
        return self._replace(world={**self.world, **elements})

    def asking(self, **elements: object) -> Ask:
        """Return the same with another action or resource."""
        return self._replace(request={**self.request, **elements})

    def knowing(self, **keys: object) -> Ask:
        """Return the same with further context."""
        return self._replace(context={**self.context, **keys})

    def mapped(self, change: Callable[[World], World], *layers: str) -> Ask:
        """Return the same with each document of some layers changed, of all if none is named."""
        there = [layer for layer in layers or LAYERS if layer in self.world]
        return self.having(**{layer: _mapped(self.world[layer], change) for layer in there})

    def adding(self, layer: str, statement: World) -> Ask:
        """Return the same with a statement more in the first document of a layer.

        There must be a document, but of identity policies, of which there are always some.
        """
        if layer == "identity":
            return self.having(identity=[*(self.world[layer] or []), policy(statement)])
        changed, _ = first_changed(self.world.get(layer), lambda found: more(found, statement))
        return self.having(**{layer: changed})

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that have documents, or to which one can be added freely."""
        world = self.world
        return tuple(n for n in LAYERS if world.get(n) or (n == "identity" and n in world))

    @property
    def about(self) -> About:
        """Whom and what its documents speak of."""
        return About(
            self.world["caller"], self.request["action"], self.request.get("resource", "*")
        )

    @property
    def is_role(self) -> bool:
        """Whether it asks about a role, whose policy is a trust policy."""
        return is_role(self.about.resource)

    def kind(self, layer: str) -> PolicyKind:
        """Return of which kind the documents of a layer are."""
        return KINDS.get(layer, kinds.TRUST if self.is_role else kinds.RESOURCE)

    def name(self, layer: str) -> str:
        """Return what a decision calls a layer."""
        return "trust" if layer == "resource_policy" and self.is_role else NAMES[layer]

    def everywhere(self, change: Callable[[Any], Any]) -> Ask:
        """Return the same with all documents of each layer changed as one, levels and all."""
        return self.having(**{name: change(self.world[name]) for name in self.layers})

    def mentions(self, *words: str) -> bool:
        """Whether one of the documents has one of the words, in any letter case."""
        text = json.dumps([self.world.get(layer) for layer in LAYERS]).lower()
        return any(word.lower() in text for word in words)

    def open_facts(self) -> dict[str, tuple[str, ...]]:
        """Return the facts that can be otherwise: nobody gave them and nothing implies them."""
        request = as_request(self.question)
        context = request.context
        return {
            key: values
            for key, values in OPEN.items()
            if context.presence(key.lower()) and context.values(key.lower()) is None
        }

    def known_worlds(self) -> Iterator[Ask]:
        """Yield the same with values for all open facts, each value of each at least twice."""
        facts = self.open_facts()
        facts.pop("aws:EpochTime", None)  # follows from the current time
        for turn in range(max(map(len, facts.values()), default=0)):
            for step in (1, 2):
                chosen = {
                    key: values[(turn * step + place) % len(values)]
                    for place, (key, values) in enumerate(facts.items())
                }
                owner = chosen.pop("aws:ResourceAccount", None)
                known = self.asking(resource_account=owner) if owner else self
                yield known.knowing(**chosen)


def _mapped(found: Any, change: Callable[[World], World]) -> Any:  # noqa: ANN401 - as deep as levels
    if isinstance(found, list):
        return [_mapped(one, change) for one in found]
    return change(found) if found else found


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    """Return a world with a request in it."""
    caller, request = draw(callers()), draw(asked())
    about = About(caller, request["action"], request.get("resource", "*"))
    also = draw(st.integers(0, 29))
    of_caller = draw(_of_caller(about, also)) if ":root" not in caller.get("arn", ":root") else {}
    world = {"caller": caller, **of_caller, **draw(_of_others(about, also))}
    return Ask(world, request, dict(draw(contexts())))


@st.composite
def _of_caller(draw: st.DrawFn, about: About, also: int) -> World:
    """Return what limits or allows a caller who is not root."""
    world: World = {"identity": None if also == 7 else draw(_identity(about))}
    if also in (3, 4, 5, 6, 20):
        world["boundary"] = draw(limit(kinds.BOUNDARY, about))
    if ":sts:" in about.caller["arn"] and (also < 6 or also in (16, 21, 24)):
        world["session_policies"] = draw(_few(limit(kinds.SESSION, about)))
    return world


@st.composite
def _of_others(draw: st.DrawFn, about: About, also: int) -> World:
    """Return what others say about the request."""
    world: World = {}
    if also not in (7, 8, 9, 10):
        world["resource_policy"] = draw(_resource_policy(about))
    if also in (5, 11, 12, 13, 14, 22):
        world["scps"] = draw(_few(_few(limit(kinds.SCP, about))))
    if also in (14, 15, 16, 17, 22):
        world["rcps"] = [[draw(policies(kinds.RCP, about, most=1))]]
    if also in (17, 18, 19, 23):
        every = st.just(ALLOW_EVERYONE)
        world["endpoint_policies"] = draw(_few(every | policies(kinds.ENDPOINT, about)))
    return {**world, **draw(_surroundings(also))}


@st.composite
def _surroundings(draw: st.DrawFn, also: int) -> World:
    world: World = {}
    if also in (12, 15, 25):
        world["management_account"] = draw(st.sampled_from(("111111111111", "111111111112")))
    if also in (1, 4, 8, 26, 27):
        world["resource_tags"] = draw(st.sampled_from(({"team": "red"}, {"Team": ""}, {})))
    return world


def _identity(about: About) -> st.SearchStrategy[list[World]]:
    drawn = st.lists(policies(kinds.IDENTITY, about), min_size=1, max_size=2)
    return st.just([]) | st.just([ALLOW_ALL]) | drawn | drawn


def is_role(resource: str) -> bool:
    """Whether a resource is a role."""
    return ":iam:" in resource and ":role/" in resource


def _resource_policy(about: About) -> st.SearchStrategy[World | None]:
    drawn = policies(kinds.TRUST if is_role(about.resource) else kinds.RESOURCE, about)
    return drawn | drawn | drawn | drawn | drawn | drawn | st.none()


def _few(drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(drawn, min_size=1, max_size=2)


def limit(kind: PolicyKind, about: About) -> st.SearchStrategy[World]:
    """Return a document that limits: half the time one that allows everything."""
    return st.just(ALLOW_ALL) | policies(kind, about)


def _known(ask: Ask) -> Ask:
    facts = {key: values[0] for key, values in ask.open_facts().items() if key != "aws:EpochTime"}
    world = dict(ask.world)
    if world.get("identity", []) is None:
        world["identity"] = []
    if world.get("resource_policy", {}) is None:
        del world["resource_policy"]
    caller = world["caller"]
    if ":federated-user/" in caller.get("arn", ""):
        user = f"arn:aws:iam::{caller['arn'].split(':')[4]}:user/alice"
        world["caller"] = {"user_arn": user, **caller}
    request = ask.request
    if ask.owner is None:
        # who does not sign is in no account, and yet somebody owns the resource
        request = {**request, "resource_account": ask.account or "111111111111"}
    return Ask(world, request, {**facts, **ask.context})


def known_asks() -> st.SearchStrategy[Ask]:
    """Return worlds in which nothing is open, so that each request is allowed or denied."""
    return asks().map(_known)


@st.composite
def additions(
    draw: st.DrawFn, effect: str, drawn: st.SearchStrategy[Ask] | None = None
) -> tuple[Ask, Ask, str]:
    """Return a world, the world with a statement more, and the layer in which it is."""
    ask = draw(known_asks() if drawn is None else drawn)
    there = [name for name in ask.layers if effect == "Deny" or name != "rcps"]
    assume(there)
    layer = draw(st.sampled_from(there))
    statement = draw(statements(ask.kind(layer), ask.about))
    return ask, ask.adding(layer, {**statement, "Effect": effect}), layer
