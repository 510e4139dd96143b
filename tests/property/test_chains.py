"""Laws of sessions and chains, over drawn worlds: what one hop hands to the next, and what not."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.decision.combine import Outcome
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import User
from simulator.sts.operations import OF_ROLES, Operation
from tests import sts_engine, sts_strategies

if TYPE_CHECKING:
    from simulator.sts.chain import Link

Drawn = tuple[dict[str, Any], dict[str, Any]]
drawn = sts_strategies.files()
chains = drawn.filter(lambda each: "chain" in each[1])
#: What a call passes for its session alone, and refuses where it is no policy or too long.
NARROW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


def _hops(test: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = test.get("chain") or [test]
    return found


def _changed(each: Drawn, change: Any) -> dict[str, Any]:  # noqa: ANN401 - a function of the hops
    file = copy.deepcopy(each[0])
    change(_hops(file["tests"][0]))
    return file


def _sessions(links: tuple[Link, ...]) -> list[tuple[Link, Link]]:
    """Return each hop that made a session of a role, with the hop that was made by it."""
    return list(pairwise(links))


@given(drawn)
def test_d15_a_session_policy_does_not_touch_the_call_that_passes_it(each: Drawn) -> None:
    last = sts_engine.links(each[0])[-1]
    takes = last.call.operation in OF_ROLES
    assume(takes and last.call.parameters.policy is None)
    number = len(sts_engine.links(each[0])) - 1

    def passing(hops: list[dict[str, Any]]) -> None:
        hops[number]["with"] = {**hops[number].get("with", {}), "policy": NARROW}

    after = sts_engine.answer(_changed(each, passing))
    before = sts_engine.answer(each[0])
    assert {**after, "session": None} == {**before, "session": None}


@given(chains)
def test_d15_and_limits_every_later_call(each: Drawn) -> None:
    def passing(hops: list[dict[str, Any]]) -> None:
        hops[0]["with"] = {**hops[0].get("with", {}), "policy": NARROW}

    links = sts_engine.links(each[0])
    assume(len(links) > 1 and links[0].call.operation in OF_ROLES)
    first, second = links[0].call, links[1].call
    assume(first.parameters.policy is None and first.role is not None and second.role is not None)
    assert first.role is not None
    assert second.role is not None
    # In one account whoever is named directly needs nothing of his own (EVAL-24).
    assume(first.role.arn.account != second.role.arn.account)
    after = sts_engine.links(_changed(each, passing))
    assert after[1].answer.outcome is not Outcome.ALLOWED


@given(chains, st.data())
def test_a_chain_begins_as_a_shorter_one_does(each: Drawn, data: st.DataObject) -> None:
    links = sts_engine.links(each[0])
    count = data.draw(st.integers(1, len(links)))
    shorter = sts_engine.links(_changed(each, lambda hops: hops.__delitem__(slice(count, None))))
    assert [link.answer.outcome for link in shorter] == [
        link.answer.outcome for link in links[:count]
    ]


@given(chains)
def test_what_a_session_hands_on(each: Drawn) -> None:
    for before, after in _sessions(sts_engine.links(each[0])):
        session, caller = before.answer.session, after.call.caller
        assert session is not None
        assert isinstance(caller, Caller)
        assert caller.principal == session.caller.principal
        assert caller.source_identity == session.source_identity
        later = after.answer.session
        if later is not None and session.source_identity is not None:
            assert later.source_identity == session.source_identity  # STS-74
        if later is not None:  # STS-72: transitive keys stay so, with their values
            assert set(session.transitive_tag_keys) <= set(later.transitive_tag_keys)
            assert caller.inherited_tags.items() <= later.tags.items()


@given(chains)
def test_e08_e09_who_has_a_session_has_it_for_an_hour_and_without_mfa(each: Drawn) -> None:
    for before, after in _sessions(sts_engine.links(each[0])):
        caller = after.call.caller
        assert isinstance(caller, Caller)
        if before.call.operation in OF_ROLES:  # CTX-41
            assert caller.credentials is Credentials.ROLE_SESSION
        if after.answer.outcome is Outcome.ALLOWED and after.call.operation in OF_ROLES:
            assert after.answer.session is not None
            assert after.answer.session.duration_seconds <= 3600  # STS-41
            assert before.call.operation is not Operation.GET_FEDERATION_TOKEN  # STS-11


@given(chains)
def test_a_token_has_mfa_if_and_only_if_a_code_made_it(each: Drawn) -> None:
    for link in sts_engine.links(each[0]):
        session = link.answer.session
        if session is not None and isinstance(session.caller.principal, User):
            with_mfa = session.caller.credentials is Credentials.SESSION_TOKEN_WITH_MFA
            assert with_mfa is (link.call.parameters.token_code is not None)  # CTX-8
