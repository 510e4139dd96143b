"""Documents made to be slow or to flood a terminal: the command ends, and says little."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from simulator.syntax import SIZE_LIMIT
from tests.cli.command import COMMAND, allowing, asked, policy, trusting

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMS = ("text", "json")
_DEADLINE = 60  # seconds, thirty times what is allowed: it is there to stop what would never end
_MOST_TEXT = 200_000  # characters
_FULL = SIZE_LIMIT - 1_000  # what fits a document beside the rest of a policy
_ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def _saying(**elements: object) -> str:
    """Return an identity policy of one statement, some of whose elements are replaced."""
    return json.dumps(policy({**_ALLOW, **elements}))


def _conditions(key: str, count: int) -> str:
    """Return a trust policy of many statements, each of which asks for another key."""
    tests = [{"StringEquals": {f"{key}{n}": "x"}} for n in range(count)]
    statements = [trusting("111111111111", Condition=test)["Statement"][0] for test in tests]
    return json.dumps(policy(*statements))


DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "statements": ("policy", json.dumps(policy(*[_ALLOW] * 5_000))),
    "statements that refuse": (
        "policy",
        json.dumps(policy(*[{**_ALLOW, "Effect": "Deny"}] * 2_000)),
    ),
    "bad effects": (
        "policy",
        json.dumps(policy(*[{**_ALLOW, "Effect": "allow!"}] * 8_000)),
    ),
    "bad effects, one a line": (
        "policy",
        json.dumps(policy(*[{**_ALLOW, "Effect": "allows"}] * 8_000), indent=0),
    ),
    "unknown names": ("policy", _saying(**{f"Efect{n}": 1 for n in range(20_000)})),
    "values": ("policy", _saying(Resource=[f"arn:aws:s3:{n}" for n in range(20_000)])),
    "values with marks": ("policy", _saying(Resource=["arn:*?a*:*"] * 20_000)),
    "braces": ("policy", _saying(Resource="{" * 100_000)),
    "braces to the end": ("policy", _saying(Resource="{" * _FULL)),
    "percent and brace": ("policy", _saying(Resource="%{" * 100_000)),
    "percent and brace to the end": ("policy", _saying(Resource="%{" * (_FULL // 2))),
    "variables never closed": ("policy", _saying(Resource="arn:" + "${" * (_FULL // 2))),
    "variables of CloudFormation": ("policy", _saying(Resource="${AWS::" * (_FULL // 7))),
    "templates": ("policy", _saying(Resource="{{a}}" * (_FULL // 5))),
    "marks": ("policy", _saying(Resource=f"*{'?' * 1_000_000}*")),
    "marks of an ARN": ("policy", _saying(Resource=f"arn:*:*:*:*:*{'?' * 1_000_000}*")),
    "marks and letters": ("policy", _saying(Resource=f"arn:*:*:*:*:*{'?a' * (_FULL // 2)}*")),
    "marks and a variable": (
        "policy",
        _saying(Resource=f"arn:*:*:*:*:*${{aws:username}}{'?' * 1_000_000}*"),
    ),
    "stars": ("policy", _saying(Resource=f"arn:*:*:*:*:{'*a' * (_FULL // 2)}")),
    "tags that are asked for": ("trust", _conditions("aws:RequestTag/t", 200)),
    "a string of one line": ("policy", _saying(Sid="x" * _FULL)),
    "accents of one line": ("policy", _saying(Sid="\u0301" * (_FULL // 6))),
    "words of one line": ("policy", "x " * (_FULL // 2)),
    "lines": ("policy", "\n" * _FULL),
    "brackets": ("policy", "[" * _FULL),
    "an end that is missing": ("policy", json.dumps(policy(*[_ALLOW] * 10_000))[:-2]),
}


@pytest.mark.large
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile(name: str, form: str) -> None:
    layer, document = DOCUMENTS[name]
    assert len(document.encode()) <= SIZE_LIMIT
    documents: dict[str, Any] = {"policy": allowing(), layer: document}
    done = subprocess.run(
        [COMMAND, *asked("--format", form, **documents)],
        capture_output=True,
        check=False,
        timeout=_DEADLINE,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode in {0, 1, 2}
    assert "Traceback" not in err
    assert "internal error" not in err
    assert len(err) < _MOST_TEXT
    assert form == "json" or len(out) < _MOST_TEXT
