"""A policy document as values: statements, their elements and condition tests.

Every element knows its path in the file it was read from, not its place: a place costs a second
reading of the text, which only an explanation needs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.source import Range, Source, Span
from simulator.syntax import UNKNOWN as UNKNOWN  # noqa: PLC0414 - a word of the model, too
from simulator.syntax import locate

if TYPE_CHECKING:
    from simulator.diagnostic import Diagnostic
    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

DEFAULT_VERSION = "2008-10-17"  # POL-3
VERSIONS = ("2012-10-17", "2008-10-17")


class Effect(StrEnum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


class Quantifier(StrEnum):
    """How a test treats the several values of a request's key."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


class Attachment(NamedTuple):
    """What the aws CLI printed about a policy: whose it is and what it is called there.

    The kind is `user`, `role`, `group` (inline policies) or `managed`. The name of a managed policy
    is its ARN, or in an organization its id.
    """

    kind: str
    owner: str | None = None
    name: str | None = None


class Document(NamedTuple):
    """The JSON of one policy and where in a file it stands.

    `unknown` are the paths of the values that a template leaves open: a function of its language,
    or a text with one in it. What stands there is taken for a text of which nothing is known.
    """

    source: Source
    root: Path
    value: JsonValue
    attachment: Attachment | None = None
    unknown: frozenset[Path] = frozenset()

    def span(self, path: Path) -> Span:
        """Return the place of a value below the document's root."""
        return Span(self.source, locate(self.source).value((*self.root, *path)))

    def key_span(self, path: Path) -> Span:
        """Return the place of the key that leads to a value."""
        return Span(self.source, locate(self.source).key((*self.root, *path)))

    def whole(self) -> Span:
        """Return the place of the whole document; a file of its own is not read again for it."""
        if self.root:
            return self.span(())
        return Span(self.source, Range(0, len(self.source.text)))


class Values(NamedTuple):
    """One or more strings of an element; a bare string means the same as a list of one."""

    path: Path
    items: tuple[str, ...]
    listed: bool

    def place(self, index: int) -> Path:
        """Return the path of one of the strings."""
        return (*self.path, index) if self.listed else self.path


class Patterns(NamedTuple):
    """`Action`, `Resource` or their `Not` form."""

    values: Values
    negated: bool


class PrincipalEntry(NamedTuple):
    """One principal of a statement: `AWS` and an ARN, `Service` and a host name, `*`."""

    kind: str
    value: str
    path: Path


class PrincipalPattern(NamedTuple):
    """`Principal` or `NotPrincipal`."""

    path: Path
    entries: tuple[PrincipalEntry, ...]
    negated: bool


class ConditionTest(NamedTuple):
    """One operator on one key with its values."""

    path: Path
    operator: str
    quantifier: Quantifier | None
    if_exists: bool
    key: str
    values: Values

    @property
    def written(self) -> str:
        """The operator as the policy writes it."""
        return str(self.path[-2])


class Statement(NamedTuple):
    """One statement; `number` counts from 1 as people do.

    `variables` is whether `${…}` in it is a variable, or text as in 2008.
    """  # POL-4

    document: Document
    path: Path
    number: int
    sid: str
    effect: Effect
    variables: bool
    actions: Patterns
    resources: Patterns | None
    principals: PrincipalPattern | None
    conditions: tuple[ConditionTest, ...]

    @property
    def title(self) -> str:
        """What to call the statement in a message."""
        return f"statement `{self.sid}`" if self.sid else f"statement {self.number}"


class PolicyDocument(NamedTuple):
    """A policy that AWS would store; of one that is `unseen` nobody knows what it says."""

    document: Document
    statements: tuple[Statement, ...]
    warnings: tuple[Diagnostic, ...]
    kind: PolicyKind
    unseen: bool = False

    @property
    def name(self) -> str:
        """The file it came from."""
        return self.document.source.name
