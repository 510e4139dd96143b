"""The policies of an inventory: each text is read, built and compiled once, wherever it stands.

Nothing is read before it is asked for, and no place is sought before somebody wants it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, overload
from urllib.parse import unquote

import msgspec

from simulator.diagnostic import Diagnostic, DocumentError
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.source import Origin, Range, Source, Span
from simulator.syntax import decode, percent_decode, unescape, within_quotes

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.inventory.pages import Page
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Attachment
    from simulator.syntax import Path


class Library:
    """All policies that were read so far, each by its text, with the places of the first one."""

    __slots__ = ("_documents", "_policies")

    def __init__(self) -> None:
        self._documents: dict[bytes, tuple[PlacedDocument, Document | DocumentError]] = {}
        self._policies: dict[tuple[bytes, str], CompiledPolicy | DocumentError] = {}

    def first(self, placed: PlacedDocument) -> PlacedDocument:
        """Return the first document of the same text that was read, and read it if none was."""
        return self._document(placed)[0]

    def policy(self, placed: PlacedDocument, kind: PolicyKind) -> CompiledPolicy | DocumentError:
        """Return what the text of a document is as a policy of a kind, or all that is wrong."""
        key = (bytes(placed.raw), kind.name)
        if key not in self._policies:
            self._policies[key] = _compiled(self._document(placed)[1], kind)
        return self._policies[key]

    def _document(self, placed: PlacedDocument) -> tuple[PlacedDocument, Document | DocumentError]:
        key = bytes(placed.raw)
        if key not in self._documents:
            self._documents[key] = (placed, _decoded(placed))
        return self._documents[key]


class PlacedDocument:
    """A policy document that stands at a path of a page, and whose it is."""

    __slots__ = ("_here", "_library", "_source", "attachment", "page", "path", "raw")

    def __init__(
        self,
        library: Library,
        page: Page,
        path: Path,
        raw: msgspec.Raw,
        attachment: Attachment | None = None,
    ) -> None:
        self.page, self.path, self.raw, self.attachment = page, path, raw, attachment
        self._library = library
        self._source: Source | None = None
        self._here: dict[str, CompiledPolicy] | None = None

    @property
    def source(self) -> Source:
        """The text of the document, with places in the file."""
        if self._source is None:
            text = bytes(self.raw).decode()
            offsets = _Shifted(partial(self.page.start, self.path), len(text) + 1)
            file = self.page.source
            self._source = Source(file.name, text, Origin(file, offsets, str))
        return self._source

    def value(self) -> object:
        """Return what the document says, to be compared with what another one says."""
        value = msgspec.json.decode(self.raw)
        if isinstance(value, str):
            value = msgspec.json.decode(unquote(value) if value.startswith("%") else value)
        return value

    def shared(self, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy that all documents of this text share.

        Raises:
            DocumentError: AWS would refuse to store it.
        """
        found = self._library.policy(self, kind)
        if isinstance(found, DocumentError):
            raise DocumentError(found.diagnostics)
        return found

    def read(self, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy with the places of this document.

        Raises:
            DocumentError: AWS would refuse to store it.
        """
        if self._here is None:
            self._here = {}
        if kind.name not in self._here:
            self._here[kind.name] = self._read(kind)
        return self._here[kind.name]

    def _read(self, kind: PolicyKind) -> CompiledPolicy:
        found, first = self._library.policy(self, kind), self._library.first(self)
        move = partial(_moved_source, old=first.source, new=self.source)
        if isinstance(found, DocumentError):
            raise DocumentError(tuple(_moved(each, move) for each in found.diagnostics))
        return found if first is self else self._moved_policy(found, move)

    def _moved_policy(
        self, compiled: CompiledPolicy, move: Callable[[Source], Source]
    ) -> CompiledPolicy:
        policy = compiled.policy
        source = move(policy.document.source)
        document = policy.document._replace(source=source, attachment=self.attachment)
        statements = tuple(each._replace(document=document) for each in policy.statements)
        warnings = tuple(_moved(each, move) for each in policy.warnings)
        return compile_policy(
            policy._replace(document=document, statements=statements, warnings=warnings)
        )


def _decoded(placed: PlacedDocument) -> Document | DocumentError:
    """Return the document of a text: JSON, or JSON that stands in a string, URL-encoded or not."""
    source = placed.source
    whole = Range(0, len(source.text))
    try:
        if source.text.startswith('"%'):
            source = percent_decode(source, within_quotes(whole))
        elif source.text.startswith('"'):
            source = unescape(source, whole)
        return Document(source, (), decode(source), placed.attachment)
    except DocumentError as error:
        return error


def _compiled(
    document: Document | DocumentError, kind: PolicyKind
) -> CompiledPolicy | DocumentError:
    if isinstance(document, DocumentError):
        return document
    try:
        return compile_policy(build(document, kind))
    except DocumentError as error:
        return error


def _moved(diagnostic: Diagnostic, move: Callable[[Source], Source]) -> Diagnostic:
    labels = tuple(
        label._replace(span=Span(move(label.span.source), label.span.range))
        for label in diagnostic.labels
    )
    edits = tuple(edit._replace(source=move(edit.source)) for edit in diagnostic.edits)
    return diagnostic._replace(labels=labels, edits=edits)


def _moved_source(source: Source, *, old: Source, new: Source) -> Source:
    """Return the source of a document, or what was decoded out of it, as that of its equal."""
    if source is old:
        return new
    if source.origin is not None and source.origin.source is old:
        return Source(new.name, source.text, source.origin._replace(source=new))
    return source


class _Shifted(Sequence[int]):
    """The places of the characters of a document, which stands in its file as it is."""

    def __init__(self, start: Callable[[], int], length: int) -> None:
        self._find, self._length = start, length

    @cached_property
    def _places(self) -> range:
        start = self._find()
        return range(start, start + self._length)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._places[index]
