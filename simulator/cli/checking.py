"""From the paths that were typed to the policies checked, mended where that is asked for."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from simulator.check.answer import with_answer_to_text
from simulator.check.check import check
from simulator.check.detect import kind_of, kind_of_text
from simulator.check.fixing import fix
from simulator.check.report import Report
from simulator.check.selection import ALL
from simulator.check.subject import NOBODYS
from simulator.cli.errors import QuestionError
from simulator.cli.files import Reader
from simulator.cli.writing import replace_file
from simulator.diagnostic import DocumentError, Severity
from simulator.documents.files import find_files, unreadable
from simulator.documents.found import Contents
from simulator.documents.read import FILE_LIMIT, find_documents, text_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simulator.check.check import Checked
    from simulator.check.selection import Selection
    from simulator.check.subject import Setting
    from simulator.diagnostic import Diagnostic
    from simulator.documents.files import File
    from simulator.documents.found import Found
    from simulator.policy.kinds import PolicyKind
    from simulator.source import Source

_MANY: Final = 200
"""So many files take long enough to be watched."""

_STDIN: Final = "-"
_BOM: Final = "\ufeff".encode()


class Asked(NamedTuple):
    """What is asked of each file: its kind, whose it is, and which findings are told or mended.

    A file in which there is no policy is an error where it was given by name, but for `others`.
    """

    kind: PolicyKind | None = None
    setting: Setting = NOBODYS
    selection: Selection = ALL
    mending: bool = False
    narrowing: bool = False
    others: bool = False


class Mended(NamedTuple):
    """A file whose findings were mended: what was read, its text then and now, and how many."""

    data: bytes
    before: Source
    after: Source
    findings: int

    def write(self) -> None:
        """Put the mended text into the file, or on standard output if it came from there.

        Raises:
            QuestionError: it cannot be written; it is as it was.
        """
        mark = _BOM if self.data.startswith(_BOM) else b""
        new = mark + self.after.text.encode()
        if self.before.name == _STDIN:
            sys.stdout.buffer.write(new)
        else:
            replace_file(self.before.name, self.data, new)


class Checking:
    """Checks file after file, and keeps what came out."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._reader = Reader()
        self._checked: list[Checked] = []
        self._unusable: list[Diagnostic] = []
        self._notes: list[str] = []
        self._skipped = 0
        self.mended: list[Mended] = []

    def refuse(self, errors: Iterable[Diagnostic]) -> None:
        """Keep why files cannot be used."""
        self._unusable += errors

    def file(self, file: File) -> None:
        """Check the policies in a file."""
        try:
            data = self._reader.read(file.name, FILE_LIMIT)
            source = text_in(file.name, data, given=self._is_given(file))
        except QuestionError as error:
            self._unusable.append(unreadable(file.name, str(error)))
        except DocumentError as error:
            self._unusable += error.diagnostics
        else:
            if source is None:
                self._skipped += 1
            else:
                self._text(file, source, data)

    def report(self) -> Report:
        """Return what came out."""
        notes = tuple(self._notes)
        return Report(tuple(self._checked), tuple(self._unusable), self._skipped, notes)

    def _is_given(self, file: File) -> bool:
        return file.given and not self._asked.others

    def _text(self, file: File, source: Source, data: bytes) -> None:
        find = partial(find_documents, given=self._is_given(file))
        if self._asked.mending:
            source = self._mend(source, data, find)
        try:
            contents = find(source)
        except DocumentError as error:
            kind = self._asked.kind or kind_of_text(source.text)
            self._unusable += with_answer_to_text(source.text, kind, error.diagnostics)
            return
        self._checked += map(self._check, contents.documents)
        for each in contents.diagnostics:
            if each.severity is Severity.ERROR:
                self._unusable.append(each)
            else:
                self._notes.append(f"{file.name}: {each.message}")
        self._skipped += contents == Contents()

    def _mend(self, source: Source, data: bytes, find: Callable[[Source], Contents]) -> Source:
        def read(text: Source) -> tuple[Checked, ...]:
            return tuple(map(self._check, find(text).documents))

        fixed = fix(source, read, narrowing=self._asked.narrowing)
        if fixed.mended:
            self.mended.append(Mended(data, source, fixed.source, fixed.mended))
        return fixed.source

    def _check(self, found: Found) -> Checked:
        asked = self._asked
        # In a template the place tells better than one word for all of it.
        told = found.kind if found.name else None
        kind = told or asked.kind or found.kind or kind_of(found.document)
        checked = check(found.document, kind, asked.setting, found.name)
        findings = (*found.warnings, *checked.diagnostics)
        return checked._replace(diagnostics=asked.selection.of(findings))


def check_files(names: Sequence[str], asked: Asked) -> Checking:
    """Check the policies in all files that names, folders and patterns lead to."""
    checking, found = Checking(asked), find_files(names)
    checking.refuse(found.errors)
    is_watched = len(found.files) > _MANY and sys.stderr.isatty()
    with click.progressbar(found.files, file=sys.stderr, hidden=not is_watched) as files:
        for file in files:
            checking.file(file)
    return checking
