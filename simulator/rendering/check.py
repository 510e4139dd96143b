"""What `iamsim check` found, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Severity
from simulator.rendering.diagnostics import counts_text, diagnostic_text, more_text, most_severe
from simulator.rendering.excerpt import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.check.check import Checked
    from simulator.check.report import Report
    from simulator.diagnostic import Diagnostic
    from simulator.storing.refusal import Refusal

_SHOWN: Final = 100
_LONGEST_ANSWER: Final = 2000


def check_text(report: Report) -> str:
    """Return what people read of the policies that were checked, the sum of it last."""
    return "\n\n".join((*_documents(report), sum_text(report))) + "\n"


def sum_text(report: Report) -> str:
    """Return the one line that says how many policies were checked, and with what outcome."""
    found = counts_text(report.counts()) or "no findings"
    unusable = len(report.unusable)
    bad = [f"{unusable} error{'s' * (unusable != 1)} in files that cannot be used"] * bool(unusable)
    others = [f"{_files(report.skipped)} without a policy skipped"] * bool(report.skipped)
    return f"{_policies(report.checked)} checked: {', '.join((found, *bad, *others))}"


def answer_text(refusal: Refusal) -> str:
    """Return AWS's answer to a document that it does not store, as far as it is known."""
    answers = "answers" if refusal.recorded else "probably answers"
    return f"AWS {answers} {safe(refusal.code)}: {safe(refusal.message, _LONGEST_ANSWER)}"


def title_text(checked: Checked) -> str:
    """Return which document of which file it is, and what kind of policy it was taken for."""
    name = f": {safe(checked.name)}" if checked.name else ""
    return f"{safe(checked.file)}{name} ({checked.kind.name})"


def _documents(report: Report) -> Iterator[str]:
    """Yield the findings of each document, and how many are left out of them all."""
    everything = [found for each in report.checked for found in each.diagnostics]
    chosen, index = most_severe(everything, _SHOWN), 0
    for each in report.checked:
        end = index + len(each.diagnostics)
        parts = tuple(_document(each, [everything[i] for i in range(index, end) if i in chosen]))
        if parts and len(report.checked) > 1:
            yield f"== {title_text(each)}"
        yield from parts
        index = end
    left = [found for index, found in enumerate(everything) if index not in chosen]
    yield from (f"{more}: `--format json` has them all" for more in more_text(left))


def _document(checked: Checked, shown: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield the findings of one document, AWS's answer beside the first error."""
    answer = answer_text(checked.refusal) if checked.refusal is not None else None
    for found in shown:
        text = diagnostic_text(found)
        if answer is not None and found.severity is Severity.ERROR:
            text, answer = f"{text}\n{answer}", None
        yield text
    if answer is not None:
        yield answer


def _policies(checked: Sequence[Checked]) -> str:
    """Return how many policies there are, and of which kind if they are of one."""
    kinds = {each.kind.name for each in checked}
    name = kinds.pop() if len(kinds) == 1 else "policy"
    return f"{len(checked)} {name if len(checked) == 1 else f'{name[:-1]}ies'}"


def _files(count: int) -> str:
    return f"{count} file{'s' * (count != 1)}"
