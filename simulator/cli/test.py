"""`iamsim test`: do the policies still behave as the test files say."""

from __future__ import annotations

import sys

import click

from simulator.cli.answers import json_text, tell_oddities
from simulator.cli.options import QUERY, STRICT, Command
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
@STRICT
@QUERY
@click.option(
    "--trace", is_flag=True, help="Show how every element came out in the tests that failed."
)
def command(
    paths: tuple[str, ...], format_: str | None, query: str | None, *, strict: bool, trace: bool
) -> None:
    """Run test files: each test says what a call or request is expected to come to."""
    as_json = format_ == "json" or query is not None
    report = run(find(paths), all_causes=as_json, strict=strict)
    tell_oddities(report.warnings, ())
    told = _json(report, query, trace=trace) if as_json else _text(report, trace=trace)
    click.echo(told, nl=False)
    if not report.results:
        click.echo("error: there is no test file in what was given", err=True)
    sys.exit(_status(report))


def _status(report: Report) -> int:
    if report.count(Mark.ERROR) or not report.results:
        return 2
    return 1 if report.count(Mark.FAILED) else 0


def _text(report: Report, *, trace: bool) -> str:
    from simulator.rendering.test_report import report_text  # noqa: PLC0415 - one of two formats

    return report_text(report, trace=trace) if report.results else ""


def _json(report: Report, query: str | None, *, trace: bool) -> str:
    from simulator.rendering.test_report import report_value  # noqa: PLC0415 - see above

    return json_text(report_value(report, trace=trace), query)
