"""From the paths that were typed to the policies checked, mended where that is asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.answer import with_answer_to_text
from simulator.check.check import check
from simulator.check.detect import kind_of, kind_of_text
from simulator.check.fixing import fix
from simulator.check.report import Report
from simulator.check.selection import ALL
from simulator.check.subject import NOBODYS
from simulator.cli.files import Reader
from simulator.cli.writing import replace_file
from simulator.diagnostic import DocumentError
from simulator.documents.found import Found
from simulator.policy.envelope import unwrap
from simulator.syntax import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.check.check import Checked
    from simulator.check.selection import Selection
    from simulator.check.subject import Setting
    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from simulator.source import Source

_STDIN: Final = "-"
_BOM: Final = "\ufeff".encode()


class Asked(NamedTuple):
    """What is asked of each file: its kind, whose it is, and which findings are told or mended."""

    kind: PolicyKind | None = None
    setting: Setting = NOBODYS
    selection: Selection = ALL
    mending: bool = False
    narrowing: bool = False


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
        self.mended: list[Mended] = []

    def file(self, name: str) -> None:
        """Check the policies in a file."""
        try:
            data = self._reader.read(name)
            source, _ = decode_text(name, data)
            if self._asked.mending:
                source = self._mend(source, data)
        except DocumentError as error:
            self._unusable += error.diagnostics
            return
        try:
            self._checked += self._read(source)
        except DocumentError as error:
            kind = self._asked.kind or kind_of_text(source.text)
            self._unusable += with_answer_to_text(source.text, kind, error.diagnostics)

    def report(self) -> Report:
        """Return what came out."""
        return Report(tuple(self._checked), tuple(self._unusable))

    def _mend(self, source: Source, data: bytes) -> Source:
        fixed = fix(source, self._read, narrowing=self._asked.narrowing)
        if fixed.mended:
            self.mended.append(Mended(data, source, fixed.source, fixed.mended))
        return fixed.source

    def _read(self, source: Source) -> tuple[Checked, ...]:
        return tuple(map(self._check, _documents(source)))

    def _check(self, found: Found) -> Checked:
        asked = self._asked
        # In a template the place tells better than one word for all of it.
        told = found.kind if found.name else None
        kind = told or asked.kind or found.kind or kind_of(found.document)
        checked = check(found.document, kind, asked.setting, found.name)
        findings = (*found.warnings, *checked.diagnostics)
        return checked._replace(diagnostics=asked.selection.of(findings))


def check_files(names: Sequence[str], asked: Asked) -> Checking:
    """Check the policies in all files."""
    checking = Checking(asked)
    for name in names:
        checking.file(name)
    return checking


def _documents(source: Source) -> Iterator[Found]:
    unwrapped = unwrap(source)
    yield Found(unwrapped.document, warnings=unwrapped.warnings)
