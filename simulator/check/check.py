"""One document: would AWS store it, and everything that is to be said about it."""

from __future__ import annotations

from bisect import bisect
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.answer import with_answer
from simulator.check.grants import assumed
from simulator.check.subject import NOBODYS, Setting, subject_of
from simulator.check.table import TABLE
from simulator.diagnostic import DocumentError, Severity
from simulator.policy import codes
from simulator.policy.build import build
from simulator.policy.findings import Findings
from simulator.policy.lint import oddities
from simulator.source import Range, Span

if TYPE_CHECKING:
    from simulator.check.row import Row
    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document, PolicyDocument
    from simulator.storing.refusal import Refusal

#: Warnings of what certainly does not do what it says.
_WORSE: Final = frozenset({codes.NO_QUANTIFIER})


class Checked(NamedTuple):
    """What came out for one document: AWS's refusal, and the findings by their place.

    `name` is what the document is called in its file, and empty where it is the whole file.
    """

    document: Document
    name: str
    kind: PolicyKind
    refusal: Refusal | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def file(self) -> str:
        """The name of the file in which the document stands."""
        return Span(self.document.source, Range(0, 0)).in_file().source.name

    @property
    def stored(self) -> bool | None:
        """Whether AWS stores the document; nobody knows of one that a template leaves open."""
        if self.refusal is not None:
            return False
        return None if self.document.unknown else True


def check(
    document: Document, kind: PolicyKind, setting: Setting = NOBODYS, name: str = ""
) -> Checked:
    """Return what is to be said about a document as a policy of some kind."""
    try:
        policy = build(document, kind)
        found = _once(policy, (*policy.warnings, *oddities(policy), *_findings(policy, setting)))
    except DocumentError as error:
        found = error.diagnostics
    refusal, told = with_answer(document, kind, found)
    return Checked(document, name, kind, refusal, tuple(map(_as_severe, told)))


def _once(policy: PolicyDocument, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return findings without those that say of a statement less than another one says of it."""
    exact = [each for each in found if each.code == assumed.NO_ROLE]
    if not exact:
        return found
    spans = (policy.document.span(statement.path).range for statement in policy.statements)
    starts = sorted(span.start for span in spans)
    told = {bisect(starts, _place(each)) for each in exact}
    return tuple(
        each
        for each in found
        if each.code != codes.OTHER_RESOURCE_TYPE or bisect(starts, _place(each)) not in told
    )


def _place(found: Diagnostic) -> int:
    return found.labels[0].span.range.start


def _as_severe(found: Diagnostic) -> Diagnostic:
    """Return a finding as severe as it is where nothing is decided: a decision goes on after it."""
    return found._replace(severity=Severity.ERROR) if found.code in _WORSE else found


def _findings(policy: PolicyDocument, setting: Setting) -> tuple[Diagnostic, ...]:
    """Return what the rules find; those of whose words the text has none are not asked."""
    findings, subject = Findings(policy.document), subject_of(policy, setting)
    text = policy.document.source.text.lower()
    escaped = "\\" in text  # an escape may hide a word
    rows = _rows_about(policy.kind)
    there = {word for word in rows.words if word in text}
    for row, words in rows.asked:
        if escaped or not words or not there.isdisjoint(words):
            row.rule(findings, subject)
    return findings.told()


class _Rows(NamedTuple):
    """The rules about a kind of policy, each with its words, and the words of all of them."""

    asked: tuple[tuple[Row, frozenset[str]], ...]
    words: frozenset[str]


@cache
def _rows_about(kind: PolicyKind) -> _Rows:
    rows = [row for row in TABLE if not row.kinds or kind in row.kinds]
    asked = tuple((row, frozenset(row.words)) for row in rows)
    return _Rows(asked, frozenset(word for row in rows for word in row.words))
