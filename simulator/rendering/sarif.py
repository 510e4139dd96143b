"""What `iamsim check` found, in the format of static analysis: SARIF 2.1.0, as GitHub reads it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import os
import posixpath
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from simulator import __version__
from simulator.check.fingerprint import fingerprints
from simulator.check.titles import CODES, page_of, title_of
from simulator.diagnostic import Label, Severity
from simulator.rendering.check import answer_text
from simulator.rendering.diagnostics import most_severe
from simulator.rendering.excerpt import safe
from simulator.rendering.location import utf16_location
from simulator.secrecy import hidden
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.check.check import Checked
    from simulator.check.report import Report
    from simulator.diagnostic import Diagnostic, Edit

RESULTS: Final = 5000
"""The results of one run that GitHub shows; it takes 25,000, in 10 MB when they are compressed."""

FINGERPRINT: Final = "iamsimElement/v1"
"""Not `primaryLocationLineHash`: GitHub's upload makes that one, and complains of any other."""

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LONGEST: Final = 1000
_INDICES: Final[Mapping[str, int]] = {code: index for index, code in enumerate(CODES)}
_TOPICS: Final = {"0": "syntax", "1": "structure", "8": "input"}


class Place(NamedTuple):
    """Where a run takes place: its folder, and where the pages of the codes stand, if known."""

    folder: str
    pages: str | None = None


def sarif_value(report: Report, place: Place) -> dict[str, Any]:
    """Return what was found as plain values; of more than GitHub shows the most severe."""
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [_run(report, place)],
    }


def _run(report: Report, place: Place) -> dict[str, Any]:
    found = [(each, *pair) for each in report.checked for pair in _pairs(each)]
    chosen = most_severe([diagnostic for _, diagnostic, _ in found], RESULTS)
    driver = {
        "name": "iamsim",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code, place) for code in CODES],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "invocations": [_invocation(report, place, len(found) - len(chosen))],
        "results": [_result(*each, place) for i, each in enumerate(found) if i in chosen],
    }


def _pairs(checked: Checked) -> Iterator[tuple[Diagnostic, str]]:
    return zip(checked.diagnostics, fingerprints(checked), strict=True)


def _rule(code: str, place: Place) -> dict[str, Any]:
    title, page = _text(title_of(code)), page_of(code)
    help_ = {"text": f"{title}: see docs/{page}"}
    rule = {
        "id": code,
        "name": _name(title_of(code)),
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": help_,
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["security", "aws", "iam", _TOPICS.get(code[3], "meaning")]},
    }
    if place.pages is not None:
        rule["helpUri"] = f"{place.pages.rstrip('/')}/{page}"
        help_["markdown"] = f"[{code}]({rule['helpUri']}): {title}"
    return rule


def _name(title: str) -> str:
    """Return a title as a name: `SomeWords`."""
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", title))


def _result(checked: Checked, found: Diagnostic, fingerprint: str, place: Place) -> dict[str, Any]:
    first, *others = found.labels or (_whole(checked),)
    result: dict[str, Any] = {
        "ruleId": found.code,
        "level": str(found.severity),
        "message": {"text": _message(found, checked)},
        "locations": [_located(first.span, place, name=checked.name)],
        "relatedLocations": [
            {"id": number, **_located(label.span, place), "message": {"text": _text(label.text)}}
            for number, label in enumerate(others, 1)
        ],
        "partialFingerprints": {FINGERPRINT: fingerprint},
        "fixes": list(_fixes(found, place)),
        "properties": {"policy": checked.kind.name},
    }
    if found.code in _INDICES:
        result["ruleIndex"] = _INDICES[found.code]
    return {key: value for key, value in result.items() if value != []}


def _whole(checked: Checked) -> Label:
    return Label(Span(checked.document.source, Range(0, 0)), "")


def _message(found: Diagnostic, checked: Checked) -> str:
    """Return the headline, what is to be seen there, and what to do, a line for each."""
    lines = [found.message, *(label.text for label in found.labels[:1]), found.help]
    if checked.refusal is not None and found.severity is Severity.ERROR:
        lines.append(answer_text(checked.refusal))
    return "\n".join(_text(line) for line in lines if line)


def _text(text: str) -> str:
    """Return a text that has neither placeholders nor links, as §3.11.5 and §3.11.6 say it."""
    shown = safe(text, _LONGEST).replace("{", "{{").replace("}", "}}")
    return re.sub(r"([\\\[\]])", r"\\\1", shown) if "](" in shown else shown


def _located(span: Span, place: Place, *, name: str = "") -> dict[str, Any]:
    file, line, column, end_line, end_column = utf16_location(span)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    located: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": uri_of(file, place)}, "region": region}
    }
    if name:
        located["logicalLocations"] = [{"fullyQualifiedName": safe(name, _LONGEST)}]
    return located


def uri_of(file: str, place: Place) -> str:
    """Return the name of a file as a reference: from the folder of the run if it is in there."""
    path = posixpath.normpath(file.replace(os.sep, "/"))
    folder = place.folder.replace(os.sep, "/").rstrip("/") + "/"
    path = path.removeprefix(folder)
    scheme = "file://" if posixpath.isabs(path) else ""
    return scheme + quote(path.encode("utf-8", "surrogateescape"))


def _fixes(found: Diagnostic, place: Place) -> Iterator[dict[str, Any]]:
    """Yield the repair of a finding, unless it would write asterisks for what looks secret."""
    edits = [edit.in_file() for edit in found.edits]
    if not edits or any(hidden(edit.text) != edit.text for edit in edits):
        return
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in edits:
        changes.setdefault(uri_of(edit.source.name, place), []).append(_replacement(edit, place))
    does = (
        f"access {found.access}"
        if found.access is not None
        else "what this does to access is not known"
    )
    yield {
        "description": {"text": does},
        "artifactChanges": [
            {"artifactLocation": {"uri": uri}, "replacements": replacements}
            for uri, replacements in changes.items()
        ],
    }


def _replacement(edit: Edit, place: Place) -> dict[str, Any]:
    located = _located(Span(edit.source, edit.range), place)
    return {
        "deletedRegion": located["physicalLocation"]["region"],
        "insertedContent": {"text": edit.text},
    }


def _invocation(report: Report, place: Place, left: int) -> dict[str, Any]:
    notes = [*report.notes, *([f"{left} less severe findings are left out"] if left else ())]
    return {
        "executionSuccessful": not any(e.severity is Severity.ERROR for e in report.unusable),
        "toolExecutionNotifications": [
            *(_unusable(each, place) for each in report.unusable),
            *({"level": "note", "message": {"text": _text(note)}} for note in notes),
        ],
    }


def _unusable(found: Diagnostic, place: Place) -> dict[str, Any]:
    lines = [found.message, *(label.text for label in found.labels[:1]), found.help]
    return {
        "level": str(found.severity),
        "descriptor": {"id": found.code},
        "message": {"text": "\n".join(_text(line) for line in lines if line)},
        "locations": [_located(label.span, place) for label in found.labels[:1]],
    }
