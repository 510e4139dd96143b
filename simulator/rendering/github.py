"""What `iamsim check` found, as GitHub's runners read it: annotations, and a summary of the job.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import posixpath
from html import escape
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Severity
from simulator.rendering.check import answer_text, sum_text
from simulator.rendering.excerpt import safe
from simulator.rendering.location import location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.check import Checked
    from simulator.check.report import Report
    from simulator.diagnostic import Diagnostic

ANNOTATIONS: Final = 10
"""The annotations of each severity that GitHub shows of one step."""

ROWS: Final = 200
"""The findings in the summary of a job, which may have 1 MB."""

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}
_LONGEST: Final = 1000
_LONGEST_CELL: Final = 200


def github_text(report: Report) -> str:
    """Return a workflow command for each finding, the most severe first, and the sum of it last."""
    commands = [_command(found, None) for found in report.unusable]
    commands += [_command(found, checked) for checked, found in _most_severe_first(report)]
    return "\n".join((*commands, *_more(report), sum_text(report))) + "\n"


def _most_severe_first(report: Report) -> list[tuple[Checked, Diagnostic]]:
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    found = [(checked, each) for checked in report.checked for each in checked.diagnostics]
    return sorted(found, key=lambda pair: ranks[pair[1].severity])


def _more(report: Report) -> Iterator[str]:
    """Yield that GitHub shows no more than some, where there are more."""
    counts = report.counts()
    counts[Severity.ERROR] += len(report.unusable)
    if any(count > ANNOTATIONS for count in counts.values()):
        yield f"GitHub shows {ANNOTATIONS} annotations of each severity; here are all"


def _command(found: Diagnostic, checked: Checked | None) -> str:
    properties = {**_place(found), "title": f"{found.code}: {safe(found.message, _LONGEST)}"}
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[found.severity]} {told}::{_data(_message(found, checked))}"


def _place(found: Diagnostic) -> dict[str, str | int]:
    if not found.labels:
        return {}
    file, line, column, end_line, end_column = location(found.labels[0].span)
    path = safe(posixpath.normpath(file), _LONGEST)  # a `./` would hide it from GitHub
    lines: dict[str, str | int] = {"file": path, "line": line}
    # GitHub takes columns of one line only.
    columns = {"col": column, "endColumn": end_column} if line == end_line else {}
    return {**lines, "endLine": end_line, **columns}


def _message(found: Diagnostic, checked: Checked | None) -> str:
    """Return what is to be seen, what to do and what AWS says, a line for each."""
    lines = [*(label.text for label in found.labels[:1]), found.help]
    if checked is not None and checked.name:
        lines.append(f"in {checked.name}")
    shown = [safe(line, _LONGEST) for line in lines if line]
    if checked is not None and checked.refusal and found.severity is Severity.ERROR:
        shown.append(answer_text(checked.refusal))
    return "\n".join(shown) or safe(found.message, _LONGEST)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary_markdown(report: Report) -> str:
    """Return the findings for the summary of a job: HTML, where no text of a file is Markdown."""
    found = [*report.unusable, *(each for _, each in _most_severe_first(report))]
    rows = "".join(map(_row, found[:ROWS]))
    # An empty line would end the HTML, and a text that is shown has no line ends.
    table = f"\n<table>\n<tr><th></th><th>where</th><th>what</th></tr>\n{rows}</table>\n"
    more = f"\n{len(found) - ROWS} more are in the log.\n" if len(found) > ROWS else ""
    return f"### iamsim check\n\n{sum_text(report)}\n{table if rows else ''}{more}"


def _row(found: Diagnostic) -> str:
    where = "{}:{}:{}".format(*location(found.labels[0].span)[:3]) if found.labels else ""
    cells = (str(found.severity), _code(where), f"{found.code} {_code(found.message)}")
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _code(text: str) -> str:
    return f"<code>{escape(safe(text, _LONGEST_CELL))}</code>"
