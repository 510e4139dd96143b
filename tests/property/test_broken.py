"""Where one thing in an allowed world is broken, that very thing is the first that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.diagnosis.diagnose import explain
from simulator.sts.answer import answer_to
from tests import broken_tokens, sts_engine, worlds
from tests.broken import BREAKS, Break, Setup, broken_setups, setups

if TYPE_CHECKING:
    from simulator.diagnosis.cause import Cause


def answered(setup: Setup) -> tuple[Any, tuple[Cause, ...]]:
    """Return what a call comes to, and the causes."""
    call = worlds.call(setup.world, setup.parameters)
    return answer_to(call).outcome, explain(call)


@given(setups({}))
def test_nothing_is_broken_at_first(setup: Setup) -> None:
    outcome, causes = answered(setup)
    assert (outcome, causes) == ("allowed", ())


@pytest.mark.parametrize("how", BREAKS, ids=[each.name for each in BREAKS])
@given(data=st.data())
def test_the_broken_thing_is_named_first(how: Break, data: st.DataObject) -> None:
    found = data.draw(broken_setups(how))
    outcome, causes = answered(found.setup)
    assert outcome != "allowed"
    first, told = causes[0], [(c.code, c.place and c.place.path, c.message) for c in causes]
    assert first.code == found.code, told
    if found.way is None:
        assert first.place is None, told
    else:
        assert first.place is not None, told
        depth = len(found.way) - len(first.place.path)
        assert (found.way[depth:], first.place.document.value) == (
            first.place.path,
            found.setup.at(found.way[:depth]),
        ), told


def asked(kind: broken_tokens.Kind, policy: dict[str, Any]) -> tuple[Any, tuple[Cause, ...]]:
    """Return what a call with a token, or by a service, comes to under a trust policy."""
    (link,) = sts_engine.links(broken_tokens.file_of(kind, policy))
    return link.answer.outcome, explain(link.call)


@pytest.mark.parametrize("how", broken_tokens.BREAKS, ids=lambda how: f"{how.kind}: {how.value}")
@given(data=st.data())
def test_what_is_broken_for_a_token_or_a_service_is_named_first(
    how: broken_tokens.Break, data: st.DataObject
) -> None:
    kind = broken_tokens.KINDS[how.kind]
    policy, number = data.draw(broken_tokens.statements(kind))
    assert asked(kind, policy) == ("allowed", ())
    way = ("Statement", number, *how.way)
    _, causes = asked(kind, broken_tokens.changed(policy, way, how.value))
    first, told = causes[0], [(c.code, c.place and c.place.path, c.help) for c in causes]
    assert (first.code, first.place and first.place.path) == (how.code, way), told
    assert how.words in (first.help or ""), told
