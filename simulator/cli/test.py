"""`iamsim test`: do the policies still behave as the test files say."""

from __future__ import annotations

import sys

import click

from simulator.cli.answers import json_text, tell_oddities
from simulator.cli.options import QUERY, Command
from simulator.testing.discover import find
from simulator.testing.run import Mark, Report, run


@click.command(
    cls=Command,
    name="test",
    epilog="""\b
Example:
  iamsim test policies/

A folder is searched for *.iamtest.yaml, *.iamtest.yml and *.iamtest.json; a
file given by name may have any name, and - reads standard input.
Exit status: 0 all passed, 1 a test failed, 2 a file or a test could not be
used, or there is none.""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), help="Default: text.")
@QUERY
def command(paths: tuple[str, ...], format_: str | None, query: str | None) -> None:
    """Run test files: each test says what a call or request is expected to come to."""
    as_json = format_ == "json" or query is not None
    report = run(find(paths), all_causes=as_json)
    tell_oddities(report.warnings, ())
    click.echo(_json(report, query) if as_json else _text(report), nl=False)
    if not report.results:
        click.echo("error: there is no test file in what was given", err=True)
    sys.exit(_status(report))


def _status(report: Report) -> int:
    if report.count(Mark.ERROR) or not report.results:
        return 2
    return 1 if report.count(Mark.FAILED) else 0


def _text(report: Report) -> str:
    from simulator.rendering.test_report import report_text  # noqa: PLC0415 - one of two formats

    return report_text(report) if report.results else ""


def _json(report: Report, query: str | None) -> str:
    from simulator.rendering.test_report import report_value  # noqa: PLC0415 - see above

    return json_text(report_value(report), query)
