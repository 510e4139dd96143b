"""Every command that is shown is one of the aws CLI: operation, options, what is required."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import botocore.session
import pytest

DOCS = Path(__file__).parents[3] / "docs"
_COMMAND = re.compile(r"(?m)^    (aws (?:iam|organizations|sts|s3api|ec2|kms|sqs|account) [^\n]*)$")
#: Options of the aws CLI itself.
_OWN = frozenset({"--profile", "--region", "--output", "--query", "--no-cli-pager"})


def commands() -> list[str]:
    """Return the commands that the pages show as outputs."""
    texts = (page.read_text("utf-8") for page in sorted(DOCS.rglob("*.md")))
    return sorted({command for text in texts for command in _COMMAND.findall(text)})


def _verb(operation: str) -> str:
    return str(botocore.xform_name(operation, "-"))


@pytest.mark.parametrize("command", commands())
def test_the_service_has_it(command: str) -> None:
    _, service, verb, *words = shlex.split(command)
    model = botocore.session.get_session().get_service_model(
        "s3" if service == "s3api" else service
    )
    operations = {_verb(name): name for name in model.operation_names}
    assert verb in operations
    shape = model.operation_model(operations[verb]).input_shape
    members = {f"--{_verb(name)}" for name in (shape.members if shape else ())}
    given = {word for word in words if word.startswith("--")} - _OWN
    assert given <= members
    required = {f"--{_verb(name)}" for name in (shape.required_members if shape else ())}
    assert required <= given


def test_there_are_commands_of_several_services() -> None:
    assert {command.split()[1] for command in commands()} >= {"iam", "sts", "organizations"}
