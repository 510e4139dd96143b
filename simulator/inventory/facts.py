"""What files say of users, groups, roles and policies, before it is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import ACCOUNT_ID, Arn, parse_arn
from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.inventory.documents import Library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.inventory.documents import PlacedDocument
    from simulator.inventory.loose import Loose, LooseManaged, LooseProvider
    from simulator.inventory.pages import Page
    from simulator.syntax import Path


#: An account and a name in it; AWS lets no two users, groups or roles of an account share one.
Key = tuple[str, str]


class Spot(NamedTuple):
    """Where something is said: a page, the path in it, and whether the page is one of a dump."""

    page: Page
    path: Path
    dumped: bool = False

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.page.source.name

    @property
    def start(self) -> int:
        """The offset in the file."""
        return self.page.start(self.path)

    def below(self, *steps: str | int) -> Spot:
        """Return the place of something in what stands at this one."""
        return self._replace(path=(*self.path, *steps))

    def label(self, text: str) -> Label:
        """Return a label at this place."""
        return Label(self.page.span(self.path), text)


class Facts(NamedTuple):
    """What one place says of a user, group or role; what it does not say is nothing.

    `attached` are ARNs; `boundary` is one too, and empty where there is none. `inline` are all
    inline policies, `shown` are some, and `listed` the names of all. The duration is in seconds.
    When it was created is a text as AWS prints it, which has several forms for one instant.
    """

    arn: Arn
    key: Key
    spot: Spot
    unique_id: str | None = None
    tags: Mapping[str, str] | None = None
    max_session_duration: int | None = None
    trust: PlacedDocument | None = None
    inline: Mapping[str, PlacedDocument] | None = None
    attached: tuple[str, ...] | None = None
    boundary: str | None = None
    groups: tuple[str, ...] | None = None
    mfa_devices: frozenset[str] | None = None
    shown: Mapping[str, PlacedDocument] | None = None
    listed: frozenset[str] | None = None
    created: str | None = None


class Managed(NamedTuple):
    """The default version of a managed policy as one file shows it."""

    spot: Spot
    document: PlacedDocument


class Listed(NamedTuple):
    """What one place lists: identity providers, or the client ids of one."""

    spot: Spot
    names: frozenset[str]


class Gathered:
    """All that was read so far, file by file."""

    def __init__(self) -> None:
        self.library = Library()
        self.entities: dict[str, dict[Key, list[Facts]]] = {"user": {}, "group": {}, "role": {}}
        self.managed: dict[str, dict[str, Managed]] = {}
        self.oidc: dict[str, list[Listed]] = {}
        self.clients: dict[str, dict[str, list[Listed]]] = {}
        self.saml: dict[str, list[Listed]] = {}
        self.dumps: list[Dumped] = []
        self.loose: list[Loose] = []
        self.loose_managed: list[LooseManaged] = []
        self.loose_oidc: list[LooseProvider] = []
        self.warnings: list[Diagnostic] = []

    def add(self, kind: str, facts: Facts) -> None:
        """Keep what is said of an entity; the kind is the first word of its ARN's resource."""
        self.entities[kind].setdefault(facts.key, []).append(facts)

    def show(self, arn: str, managed: Managed) -> None:
        """Keep the document of a managed policy that a file shows."""
        self.managed.setdefault(arn, {}).setdefault(managed.spot.file, managed)

    def warn(self, code: str, message: str, label: Label, help_: str) -> None:
        """Keep a warning."""
        self.warnings.append(Diagnostic(code, Severity.WARNING, message, (label,), help_))


class Dumped(NamedTuple):
    """A page of a dump: whose it is, whether another one follows, and its entities by kind."""

    page: Page
    accounts: tuple[str, ...]
    truncated: bool
    names: Mapping[str, frozenset[Key]]


def entity_arn(text: str, kind: str, page: Page, path: Path) -> Arn:
    """Return the ARN of an entity of some kind that stands at a path.

    Raises:
        DocumentError: it is none.
    """
    arn = parse_arn(text)
    if arn is None or arn.kind != kind or not ACCOUNT_ID.fullmatch(arn.account):
        message = f"`{text[:80]}` is not the ARN of a {kind}"
        label = f"expected `arn:aws:iam::<account-id>:{kind}/…`"
        raise DocumentError((page.error(path, message, label),))
    return arn
