"""The `iamsim` command: its sub-commands are imported only when they are asked for."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Any

import click

from simulator import __version__
from simulator.cli.errors import QuestionError
from simulator.diagnostic import DocumentError

_COMMANDS = {
    "assume": "simulator.cli.assume",
    "aws": "simulator.cli.aws",
    "check": "simulator.cli.check",
    "explain": "simulator.cli.explain",
    "simulate": "simulator.cli.simulate",
    "test": "simulator.cli.test",
}
_UNUSABLE = 2
_INTERRUPTED = 130  # what a shell reports of a command that SIGINT ended


class _LazyGroup(click.Group):
    """A group that knows the names of its commands, and imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = _COMMANDS.get(cmd_name)
        return None if module is None else import_module(module).command


@click.group(
    cls=_LazyGroup,
    epilog="Exit status: 0 allowed, 1 denied or undecided, 2 the question could not be read.",
)
@click.version_option(__version__, prog_name="iamsim")
def cli() -> None:
    """Say offline what AWS IAM would decide, why, and what to change."""


def main() -> None:
    """Run the command line; an unusable question ends with one message and exit status 2."""
    gc.disable()  # one answer and out: looking for garbage in between costs a tenth of the time
    try:
        _run()
    finally:
        gc.enable()


def _run() -> None:
    for stream in (sys.stdout, sys.stderr):
        _set_fallback(stream)
    try:
        status = cli(prog_name="iamsim", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status)
    except click.UsageError as error:
        _fail_usage(error)
    except DocumentError as error:
        from simulator.rendering.diagnostics import diagnostics_text  # noqa: PLC0415 - only on errors

        _fail(diagnostics_text(error.diagnostics))
    except QuestionError as error:
        _fail(f"error: {_safe(error)}")
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except OSError as error:
        _fail_output(error)
    except Exception as error:
        if "IAMSIM_DEBUG" in os.environ:
            raise
        _fail(
            f"internal error: {type(error).__name__}: {_safe(error)}\n"
            "this is a bug in iamsim: report it with the output under IAMSIM_DEBUG=1"
        )


def _set_fallback(stream: Any) -> None:  # noqa: ANN401 - whatever a test or a host put there
    # A terminal that cannot show a character shows its escape instead of a traceback.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


def _safe(text: object) -> str:
    from simulator.rendering.excerpt import safe  # noqa: PLC0415 - only on errors

    return safe(str(text))


def _fail(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(_UNUSABLE)


def _fail_output(error: OSError) -> None:
    # What could not be written stays in the buffer, and would fail once more at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _fail(f"error: cannot write the answer: {error.strerror}")


def _fail_usage(error: click.UsageError) -> None:
    if not isinstance(error, click.exceptions.NoArgsIsHelpError):  # its message is the whole help
        error = click.UsageError(_safe(error.format_message()), error.ctx)
    error.show()
    sys.exit(_UNUSABLE)
