"""`iamsim check`: would AWS store these policies, and do they mean what they seem to mean."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.check.selection import Selection, is_code
from simulator.check.subject import Setting
from simulator.cli.answers import tell_oddities
from simulator.cli.check_formats import FORMATS, rendered
from simulator.cli.checking import Asked, check_files
from simulator.cli.errors import QuestionError
from simulator.cli.options import QUERY, Command
from simulator.diagnostic import Severity
from simulator.policy.kinds import BY_WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulator.check.report import Report
    from simulator.cli.checking import Mended

_FAILING: Final = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "note": tuple(Severity),
}


@click.command(
    cls=Command,
    name="check",
    epilog="""\b
Examples:
  iamsim check policies/
  aws iam get-role --role-name deploy | iamsim check -
  iamsim check --fix --diff policies/trust.json

PATH is a policy, what the aws CLI printed around one, a CloudFormation or SAM
template, a Terraform plan (terraform show -json), cdk.out, a folder or a
pattern of names; - reads standard input.
Exit status: 0 nothing found that fails, 1 findings, 2 a file could not be used.""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--kind", type=click.Choice(list(BY_WORD)), help="Default: what the document tells.")
@click.option("--account", multiple=True, metavar="ID", help="An account of yours.")
@click.option("--organization-id", metavar="ID", help="Your organization: o-exampleorgid.")
@click.option("--select", multiple=True, metavar="CODE", help="Tell these findings only: IAM6.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Do not tell these: IAM612.")
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAILING)),
    default="warning",
    help="The least finding for exit status 1; default: warning.",
)
@click.option("--fix", is_flag=True, help="Write the edits that leave access as it is.")
@click.option("--unsafe", is_flag=True, help="With --fix: also those that narrow access.")
@click.option("--diff", is_flag=True, help="With --fix: show what would be written, write nothing.")
@click.option("--skip-others", is_flag=True, help="Pass over files in which there is no policy.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: text.")
@QUERY
def command(**options: Any) -> None:  # noqa: ANN401 - click passes what was typed
    """Say whether AWS would store policies, and what in them does not do what it seems to do."""
    _refuse_contradictions(options)
    asked = Asked(
        kind=BY_WORD[options["kind"]] if options["kind"] else None,
        setting=_setting(options["account"], options["organization_id"]),
        selection=Selection(_codes(options["select"]), _codes(options["ignore"])),
        mending=options["fix"],
        narrowing=options["unsafe"],
        others=options["skip_others"],
    )
    checking = check_files(options["paths"], asked)
    report = checking.report()
    _tell_asides(report, checking.mended, written=not options["diff"])
    changed = options["diff"] and bool(checking.mended)
    if options["diff"]:
        for mended in checking.mended:
            click.echo(_diff(mended), nl=False)
    else:
        for mended in checking.mended:
            mended.write()
        # A mended text is not to have findings between its lines.
        _tell(report, options, to_stderr=any(each.before.name == "-" for each in checking.mended))
    sys.exit(_status(report, options["fail_on"], changed=changed))


def _tell_asides(report: Report, mended: Sequence[Mended], *, written: bool) -> None:
    """Print on standard error what is no finding."""
    tell_oddities((), report.notes)
    if mended:
        count, files = sum(each.findings for each in mended), len(mended)
        done = "mended" if written else "would be mended"
        findings = f"{count} finding{'s' * (count != 1)}"
        click.echo(f"note: {findings} {done} in {files} file{'s' * (files != 1)}", err=True)


def _diff(mended: Mended) -> str:
    # Only where it is asked for.
    from simulator.rendering.excerpt import safe_line  # noqa: PLC0415
    from simulator.rendering.patch import diff  # noqa: PLC0415

    text = diff(mended.before.name, mended.before.text, mended.after.text)
    if not sys.stdout.isatty():
        return text  # for `patch`, which needs each character as it is
    return "\n".join(safe_line(line.removesuffix("\r")) for line in text.split("\n"))


def _tell(report: Report, options: dict[str, Any], *, to_stderr: bool) -> None:
    if report.unusable:
        from simulator.rendering.diagnostics import diagnostics_text  # noqa: PLC0415 - rare

        click.echo(f"{diagnostics_text(report.unusable)}\n", err=True)
    click.echo(rendered(report, options["format_"], options["query"]), nl=False, err=to_stderr)


def _refuse_contradictions(options: dict[str, Any]) -> None:
    for option in ("unsafe", "diff"):
        if options[option] and not options["fix"]:
            raise QuestionError(f"`--{option}` goes with `--fix`")


def _setting(accounts: Iterable[str], organization: str | None) -> Setting:
    for account in accounts:
        if not (len(account) == 12 and account.isascii() and account.isdigit()):  # PRN-2
            raise QuestionError(f"`--account`: `{account}` is no account id, which has 12 digits")
    if organization is not None and not organization.startswith("o-"):
        raise QuestionError(f"`--organization-id`: `{organization}` does not begin with `o-`")
    return Setting(frozenset(accounts), organization)


def _codes(given: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for words in given for code in words.split(","))
    for code in codes:
        if not is_code(code):
            raise QuestionError(f"no finding has a code that begins with `{code}`")
    return codes


def _status(report: Report, fail_on: str, *, changed: bool) -> int:
    if report.unusable:
        return 2
    counts = report.counts()
    return 1 if changed or any(counts[severity] for severity in _FAILING[fail_on]) else 0
