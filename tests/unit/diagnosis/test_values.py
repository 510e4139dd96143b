"""Values that a condition is to admit: corrected where one was misspelt, else told beside it."""

from __future__ import annotations

import pytest

from simulator.diagnosis.diagnose import diagnose
from simulator.sts.answer import answer_to
from tests import worlds
from tests.unit.diagnosis.test_causes import ALICE, ALL, ROLE, policy, trusting


@pytest.mark.parametrize(
    ("wanted", "given", "title"),
    [
        ("Production", "production", "correct `Production` to `production`"),
        ("prodution", "production", "correct `prodution` to `production`"),
        ("build-1", "build-2", "let the trust policy admit"),
        ("2026-10-01", "2026-11-01", "let the trust policy admit"),
        ("a", "c", "let the trust policy admit"),
    ],
)
def test_what_is_numbered_is_not_misspelt(wanted: str, given: str, title: str) -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/env": wanted}}
    world = {
        "caller": {"arn": ALICE, "tags": {"env": given}},
        "role": {"arn": ROLE},
        "trust": trusting({"Condition": condition}),
        "identity": [policy(ALL)],
    }
    call = worlds.call(world)
    assert diagnose(call, answer_to(call)).fixes[0].title.startswith(title)
