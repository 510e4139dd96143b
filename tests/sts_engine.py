"""What the engine answers to a test of a test file, in the words of its twin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.simulate import Question
from simulator.sts.chain import follow
from simulator.testing.asks import read_case
from simulator.testing.load import read_file, read_text
from simulator.testing.policies import PolicyStore
from simulator.testing.world import World

if TYPE_CHECKING:
    from simulator.sts.chain import Link
    from simulator.sts.session import Session

Plain = dict[str, Any]
NAME = "drawn.iamtest.json"


def links(file: Plain, number: int = 0) -> tuple[Link, ...]:
    """Return the calls that a test of a file makes, up to the first that does not succeed."""
    # whatever is expected: a role may be missing where a denial is
    tests = [{**test, "expect": "denied"} for test in file["tests"]]
    written = read_text(NAME, json.dumps({**file, "tests": tests}).encode())
    shape = read_file(written)
    world = World(written, shape, PolicyStore())
    asked = read_case(world, shape.tests[number], ("tests", number))
    assert not isinstance(asked, Question)
    return follow(asked)


def answer(file: Plain, number: int = 0) -> Plain:
    """Return what comes of a test: decision, error, the hop and action that decide, the session."""
    found = links(file, number)
    call, answer = found[-1]
    decisive = answer.decisive
    return {
        "decision": str(answer.outcome),
        "error_code": answer.error and answer.error.code,
        "message": answer.error and answer.error.message,
        "action": decisive.request.action if decisive else call.operation.action,
        "hop": len(found),
        "session": answer.session and session(answer.session),
    }


def session(found: Session) -> Plain:
    """Return a session in the words of the twin."""
    return {
        "arn": found.arn,
        "duration_seconds": found.duration_seconds,
        "tags": dict(found.tags),
        "transitive_tag_keys": sorted(found.transitive_tag_keys),
        "source_identity": found.source_identity,
    }
