"""The hook for pre-commit calls the command as it is."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from simulator.cli.check import command

if TYPE_CHECKING:
    import click

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
)
NAMES = ["p.json", "-dash.json", "a b.yaml"]


def test_the_hook_is_given_the_names_of_json_and_yaml_files() -> None:
    (hook,) = HOOKS
    assert hook["id"] == "iamsim-check"
    assert hook["language"] == "python"
    assert hook["types_or"] == ["json", "yaml"]
    assert "pass_filenames" not in hook  # they are passed unless a hook says otherwise


def test_the_entry_is_a_call_that_takes_names_and_passes_over_others() -> None:
    program, verb, *words = shlex.split(HOOKS[0]["entry"])
    assert (program, verb) == ("iamsim", "check")
    context: click.Context = command.make_context("check", [*words, "--", *NAMES])
    assert context.params["paths"] == tuple(NAMES)
    assert context.params["skip_others"] is True
    assert context.params["fix"] is False
