"""Engine and twin give one answer to every call of STS, and to every chain of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given

from tests import sts_engine, sts_oracle, sts_strategies

FOLDER = Path(__file__).parents[2] / "fixtures" / "sts"
COMPARED = ("decision", "error_code", "session")


@given(sts_strategies.files())
def test_engine_and_twin_agree(drawn: tuple[dict[str, Any], dict[str, Any]]) -> None:
    file, test = drawn
    ours, theirs = sts_engine.answer(file), sts_oracle.answer(file, test)
    if theirs["session"]:
        theirs["session"]["transitive_tag_keys"] = sorted(theirs["session"]["transitive_tag_keys"])
        if theirs["session"]["arn"] is None and ours["session"]:
            ours["session"]["arn"] = None  # of a root user's session the specification has no ARN
    try:
        assert {key: ours[key] for key in COMPARED} == {key: theirs[key] for key in COMPARED}
        # how AWS writes an empty list nobody has shown
        if theirs["message"] is not None and "providedContexts" not in theirs["message"]:
            assert ours["message"] == theirs["message"]
    except AssertionError:
        text = json.dumps({**file, "answer of the twin": theirs}, indent=1) + "\n"
        (FOLDER / "difference.json").write_text(text, encoding="utf-8")
        raise
