"""The formats in which `iamsim check` tells what it found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from simulator.cli.answers import json_text
from simulator.cli.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.check.report import Report

FORMATS: Final = ("text", "json", "sarif", "github")

_PAGES: Final = "IAMSIM_DOCS_URL"
_SUMMARY: Final = "GITHUB_STEP_SUMMARY"


def rendered(report: Report, format_: str | None, query: str | None) -> str:
    """Return a report in a format; a query is asked of the JSON, or of the SARIF.

    Raises:
        QuestionError: it is no such expression, or the format is none of JSON.
    """
    if format_ == "github":
        if query:
            raise QuestionError("`--query` goes with `--format json` and `sarif`")
        return _github(report)
    if format_ == "sarif":
        return _sarif(report, query)
    if format_ == "json" or query:
        from simulator.rendering.check_json import check_value  # noqa: PLC0415 - one of several

        return json_text(check_value(report), query)
    from simulator.rendering.check import check_text  # noqa: PLC0415 - see above

    return check_text(report)


def _sarif(report: Report, query: str | None) -> str:
    from simulator.rendering.sarif import Place, sarif_value  # noqa: PLC0415 - one of several

    place = Place(os.getcwd(), os.environ.get(_PAGES) or None)  # noqa: PTH109 - pathlib costs 5 ms
    return json_text(sarif_value(report, place), query)


def _github(report: Report) -> str:
    from simulator.rendering.github import github_text  # noqa: PLC0415 - one of several

    _write_summary(report, os.environ)
    return github_text(report)


def _write_summary(report: Report, environment: Mapping[str, str]) -> None:
    """Add the findings to the summary of the job, where there is a job.

    Raises:
        QuestionError: the file that is meant for it cannot be written.
    """
    from simulator.rendering.github import summary_markdown  # noqa: PLC0415 - one of several

    file = environment.get(_SUMMARY)
    if not file:
        return
    try:
        with open(file, "a", encoding="utf-8") as summary:  # noqa: PTH123 - see above
            summary.write(summary_markdown(report))
    except OSError as error:
        raise QuestionError(f"cannot write `${_SUMMARY}`: {error.strerror}") from error
