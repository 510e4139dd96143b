"""Reading the policy files of a question, and what is odd or wrong about them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from simulator.cli.errors import QuestionError
from simulator.diagnostic import DocumentError
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import RoleFacts, Unwrapped, unwrap
from simulator.policy.lint import lint
from simulator.policy.managed import full_aws_access
from simulator.policy.model import Effect
from simulator.source import open_source
from simulator.syntax import SIZE_LIMIT, decode_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.plan import Level
    from simulator.evaluation.policies import Levels
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document
    from simulator.source import Source


class Files(NamedTuple):
    """The names of the files of each layer; `-` is standard input."""

    trust: str | None = None
    policies: tuple[str, ...] = ()
    boundary: str | None = None
    session_policies: tuple[str, ...] = ()
    scps: tuple[str, ...] = ()
    rcps: tuple[str, ...] = ()


class Reader:
    """Reads policy files and keeps what was odd or wrong about them.

    It goes on after a document that cannot be used, so that one run tells the errors of all files.
    """

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self.notes: list[str] = []
        self._stdin_read = False

    def unwrap(self, name: str) -> Unwrapped:
        """Return the document in a file.

        Raises:
            QuestionError: the file cannot be read.
            DocumentError: what is in it cannot be used.
        """
        unwrapped = unwrap(self.source(name))
        self.warnings += unwrapped.warnings
        return unwrapped

    def trust(self, name: str) -> tuple[Level, RoleFacts | None]:
        """Return the trust policy in a file, and what stands there about the role besides."""
        try:
            unwrapped = self.unwrap(name)
            return (self.compile(unwrapped.document, kinds.TRUST),), unwrapped.role
        except DocumentError as error:
            self.errors += error.diagnostics
            return (), None

    def source(self, name: str, data: bytes | None = None) -> Source:
        """Return the text of a file, or of what was typed in the place of one.

        Raises:
            QuestionError: the file cannot be read.
            DocumentError: there is no text in it.
        """
        found, warnings = decode_text(name, self.read(name) if data is None else data)
        self.warnings += warnings
        return found

    def document(self, name: str) -> Document | None:
        """Return the document in a file, or nothing where it cannot be used."""
        try:
            return self.unwrap(name).document
        except DocumentError as error:
            self.errors += error.diagnostics
            return None

    def compile(self, document: Document, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy of a document, ready for matching."""
        policy = build(document, kind)
        self.warnings += (*policy.warnings, *lint(policy))
        return compile_policy(policy)

    def level(self, names: Iterable[str], kind: PolicyKind) -> Level:
        """Return the policies of several files, as far as they can be used."""
        found: list[CompiledPolicy] = []
        for name in names:
            try:
                found.append(self.compile(self.unwrap(name).document, kind))
            except DocumentError as error:
                self.errors += error.diagnostics
        return tuple(found)

    def levels(self, names: Iterable[str] | None, kind: PolicyKind) -> Levels:
        """Return the policies of several files as one level; without files there is none."""
        return (self.level(names, kind),) if names else ()

    def scp_level(self, name: str) -> Level:
        """Return the SCPs of one level: a file, and `FullAWSAccess` beside one that only denies."""
        level = self.level([name], kinds.SCP)
        statements = (s for compiled in level for s in compiled.policy.statements)
        if not level or any(s.effect is Effect.ALLOW for s in statements):
            return level
        # EVAL-42: it is attached everywhere until somebody removes it
        self.notes.append(
            f"`{name}` only denies: `FullAWSAccess` is taken to be attached beside it"
        )
        return (*level, compile_policy(full_aws_access(kinds.SCP)))

    def read(self, name: str, limit: int = SIZE_LIMIT) -> bytes:
        """Return what is in a file, of a larger one no more than shows that it is too large.

        Raises:
            QuestionError: it cannot be read.
        """
        try:
            if name == "-":
                return self._stdin(limit)
            with open_source(name) as file:
                return file.read(limit + 1)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            if name.lstrip()[:1] in {"{", "["}:
                reason = "this is a policy, and the name of a file is wanted (`-` reads a pipe)"
            raise QuestionError(f"cannot read `{name}`: {reason}") from error

    def _stdin(self, limit: int) -> bytes:
        if self._stdin_read:
            raise QuestionError("standard input (`-`) can be given for one file only")
        if sys.stdin is None:
            raise QuestionError("standard input (`-`) is closed")
        self._stdin_read = True
        return sys.stdin.buffer.read(limit + 1)


def beside(given: Level, known: Levels | None) -> Levels | None:
    """Return the policies of files and those of an inventory as one level; nothing if not known."""
    if not given:
        return known
    return ((*given, *(policy for level in known or () for policy in level)),)
