"""The policies that test files name, each read, built and compiled once, however many tests use it.

A path leads to a regular file within the project, and a file that cannot be used is an error of the
tests that use it.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import DocumentError
from simulator.inventory.shape import Mistake
from simulator.matcher.statement import compile_policy
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.policy.kinds import Need
from simulator.policy.lint import lint
from simulator.policy.managed import full_aws_access
from simulator.syntax import SIZE_LIMIT, decode_text, encode
from simulator.testing import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from simulator.diagnostic import Diagnostic
    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document
    from simulator.syntax import Path as Place
    from simulator.testing.load import Written

_FULL_ACCESS: Final = re.compile(
    r"(?:arn:aws[\w-]*:organizations::aws:policy/service_control_policy/p-)?FullAWSAccess"
)
_MANAGED: Final = re.compile(r"arn:aws[\w-]*:(?:iam|organizations)::aws:policy/\S+")
_NAME: Final = re.compile(r"[\w+=,@-]+", re.ASCII)


class PolicyStore:
    """All policies of a run, by file and kind; and what was odd about them."""

    def __init__(self) -> None:
        self.warnings: list[Diagnostic] = []
        self._warned: set[object] = set()
        self._files: dict[str, Document | DocumentError | str] = {}
        self._compiled: dict[tuple[object, ...], CompiledPolicy | DocumentError] = {}

    def read(self, written: Written, path: Place, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy that stands at a path of a test file, or that a text there names.

        Raises:
            DocumentError: it cannot be read or used.
        """
        value = written.at(path)
        if not isinstance(value, str):
            key = (written.source.name, path, kind.name)
            return self._kept(key, lambda: written.document(path), kind)
        if _FULL_ACCESS.fullmatch(value) and kind.principal is Need.FORBIDDEN:
            return _full_access(kind)
        file = os.path.normpath(Path(written.source.name).parent / value)
        return self._kept((file, kind.name), lambda: self._in_file(written, path, file), kind)

    def text(self, written: Written, path: Place) -> str:
        """Return the text of the policy that stands at a path, or in the file it names.

        Raises:
            DocumentError: it cannot be read.
        """
        value = written.at(path)
        if not isinstance(value, str):
            return encode(value)
        file = os.path.normpath(Path(written.source.name).parent / value)
        return self._in_file(written, path, file).source.text

    def _kept(
        self, key: tuple[object, ...], find: Callable[[], Document], kind: PolicyKind
    ) -> CompiledPolicy:
        if key not in self._compiled:
            try:
                self._compiled[key] = self._compile(find(), kind)
            except DocumentError as error:
                self._compiled[key] = error
        found = self._compiled[key]
        if isinstance(found, DocumentError):
            raise DocumentError(found.diagnostics)
        return found

    def _compile(self, document: Document, kind: PolicyKind) -> CompiledPolicy:
        policy = build(document, kind)
        self.warn((*policy.warnings, *lint(policy)))
        return compile_policy(policy)

    def warn(self, warnings: Iterable[Diagnostic]) -> None:
        """Keep warnings, each once, though a file is read as policies of several kinds."""
        for warning in warnings:
            spans = (label.span for label in warning.labels)
            places = tuple((span.source.name, span.in_file().range) for span in spans)
            if (told := (warning.code, warning.message, places)) not in self._warned:
                self._warned.add(told)
                self.warnings.append(warning)

    def _in_file(self, written: Written, path: Place, file: str) -> Document:
        if file not in self._files:
            try:
                source, warnings = decode_text(file, _bytes(file, written.source.name))
                document, _, more = unwrap(source)
                self.warn((*warnings, *more))
                self._files[file] = document
            except DocumentError as error:
                self._files[file] = error
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else None
                self._files[file] = reason or str(error)
        found = self._files[file]
        if isinstance(found, DocumentError):
            raise DocumentError(found.diagnostics)
        if isinstance(found, str):
            raise DocumentError((_unreadable(written, path, found),))
        return found


@cache
def _full_access(kind: PolicyKind) -> CompiledPolicy:
    return compile_policy(full_aws_access(kind))


def _unreadable(written: Written, path: Place, reason: str) -> Diagnostic:
    value = str(written.at(path))
    if _MANAGED.fullmatch(value) or _NAME.fullmatch(value):
        message = f"there is no file `{value}`, and AWS managed policies are not known yet"
        help_ = "they will come with the extra `iamsim[managed]`; until then give the document"
        return written.diagnostic(Mistake(path, message, help=help_), codes.UNREADABLE)
    message = f"cannot read `{value}`: {reason}"
    help_ = "a policy is a file, named as seen from the test file, or the document itself"
    return written.diagnostic(Mistake(path, message, help=help_), codes.UNREADABLE)


def _bytes(file: str, asked_by: str) -> bytes:
    """Return what is in a file, which is a file indeed and one of the project's."""
    path, root = Path(file), project_of(Path(asked_by).parent.resolve())
    if not path.resolve().is_relative_to(root):
        raise ValueError(f"it is outside of the project (`{root}`)")
    if not path.is_file():
        # a pipe would block
        raise ValueError("it is not a file" if path.exists() else "there is no such file")
    with path.open("rb") as opened:
        return opened.read(SIZE_LIMIT + 1)


@cache
def project_of(folder: Path) -> Path:
    """Return the folder that policies of the test files in a folder may come from.

    The repository; or else the current folder if it is above; or else the one next above. It is
    never the root of all files.
    """
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            return above
    current = Path.cwd()
    if folder.is_relative_to(current) and current != current.parent:
        return current
    return folder if folder.parent == folder.parent.parent else folder.parent
