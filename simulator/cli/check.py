"""`iamsim check`: would AWS store these policies, and do they mean what they seem to mean."""

from __future__ import annotations

import sys

import click

from simulator.check.check import check
from simulator.check.detect import kind_of
from simulator.check.report import Report
from simulator.check.subject import Setting
from simulator.cli.files import Reader
from simulator.cli.options import Command
from simulator.diagnostic import Severity
from simulator.policy import kinds
from simulator.rendering.check import check_text

_KINDS = {
    "identity": kinds.IDENTITY,
    "trust": kinds.TRUST,
    "boundary": kinds.BOUNDARY,
    "session": kinds.SESSION,
    "resource": kinds.RESOURCE,
    "scp": kinds.SCP,
    "rcp": kinds.RCP,
    "endpoint": kinds.ENDPOINT,
}


@click.command(
    cls=Command,
    name="check",
    epilog="""\b
Example:
  iamsim check policies/

Exit status: 0 no findings, 1 an error or a warning, 2 a file could not be used.""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--kind", type=click.Choice(list(_KINDS)), help="Default: what the document tells.")
@click.option("--account", multiple=True, metavar="ID", help="An account of ours.")
@click.option("--organization-id", metavar="ID", help="Our organization: o-….")
def command(
    paths: tuple[str, ...], kind: str | None, account: tuple[str, ...], organization_id: str | None
) -> None:
    """Say whether AWS would store policies, and what in them does not do what it seems to do."""
    reader, setting = Reader(), Setting(frozenset(account), organization_id)
    checked = []
    for path in paths:
        unwrapped = reader.unwrap(path)
        document = unwrapped.document
        checked.append(check(document, _KINDS[kind] if kind else kind_of(document), setting))
    report = Report(tuple(checked))
    click.echo(check_text(report), nl=False)
    counts = report.counts()
    sys.exit(1 if counts[Severity.ERROR] or counts[Severity.WARNING] else 0)
