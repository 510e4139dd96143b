"""What `aws organizations` prints of an organization, command by command or all in one object.

`describe-organization`, `list-roots`, `list-parents`, `list-children`, `list-accounts`,
`list-accounts-for-parent`, `list-organizational-units-for-parent`, `describe-policy`,
`list-policies-for-target`, `list-targets-for-policy`. Most do not say what they were asked about:
the name of the file does, as in `list-parents.111111111111.json`, or a key, where several outputs
are made into one object: `{"Parents": {"111111111111": […]}, "PoliciesForTarget": {…}}`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Raw, Struct
from msgspec.json import Decoder

from simulator.arn import ACCOUNT_ID
from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.inventory.asked import asked_of, whose
from simulator.inventory.documents import PlacedDocument
from simulator.inventory.facts import Managed, Spot
from simulator.inventory.pages import BESIDE
from simulator.inventory.records import NO_DOCUMENT
from simulator.policy.model import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.diagnostic import Label
    from simulator.inventory.documents import Library
    from simulator.inventory.pages import Page

_COMMANDS: Final = {
    "Parents": "list-parents",
    "Children": "list-children",
    "OrganizationalUnits": "list-organizational-units-for-parent",
    "Accounts": "list-accounts-for-parent",
    "Targets": "list-targets-for-policy",
    "PoliciesForTarget": "list-policies-for-target",
}


class Node(Struct):
    """A root, unit or account; of an account, perhaps all that is above it."""

    Id: str
    Arn: str | None = None
    Paths: list[str] | None = None


class PolicyType(Struct):
    """A type of policy, and whether it is in use."""

    Type: str
    Status: str


class Root(Struct):
    """The root of the tree."""

    Id: str
    Arn: str | None = None
    PolicyTypes: list[PolicyType] | None = None


class Described(Struct):
    """An organization."""

    Id: str
    MasterAccountId: str | None = None
    ManagementAccountId: str | None = None


class Summary(Struct):
    """What a policy is called, and of which type it is."""

    Id: str
    Type: str
    Arn: str | None = None
    AwsManaged: bool = False


class Policy(Struct):
    """A policy with its document, or in a list its summary alone."""

    PolicySummary: Summary | None = None
    Content: Raw = NO_DOCUMENT
    Id: str | None = None
    Type: str | None = None


class Target(Struct):
    """What a policy is attached to."""

    TargetId: str


class Above(NamedTuple):
    """What is above a unit or account, and where that is said."""

    parent: str
    spot: Spot


class AttachedTo(NamedTuple):
    """A policy that is attached to a root, unit or account, and where that is said."""

    policy: str
    spot: Spot


class OrganizationFacts:
    """All that was read of an organization so far; everything is kept by its id."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.id: str | None = None
        self.management: str | None = None
        self.spot: Spot | None = None
        self.enabled: frozenset[str] | None = None
        self.above: dict[str, list[Above]] = {}
        self.accounts: dict[str, Spot] = {}
        self.lists_accounts = False
        self.attached: dict[str, list[AttachedTo]] = {}
        self.listed: set[tuple[str, str | None]] = set()
        self.targets: dict[str, dict[str, Spot]] = {}
        self.types: dict[str, str] = {}
        self.documents: dict[str, Managed] = {}
        self.warnings: list[Diagnostic] = []

    def put(self, child: str, parent: str, spot: Spot) -> None:
        """Keep what is above a unit or account."""
        self.above.setdefault(child, []).append(Above(parent, spot))
        if ACCOUNT_ID.fullmatch(child):
            self.accounts.setdefault(child, spot)

    def meet(self, node: Node | Root, spot: Spot) -> None:
        """Keep in whose organization a root, unit or account is, as its ARN says."""
        self.spot = self.spot or spot
        parts = (node.Arn or "").split(":", 5)
        path = parts[-1].split("/")
        if len(parts) == 6 and len(path) > 1 and path[1].startswith("o-"):
            self.id, self.management = self.id or path[1], self.management or parts[4]

    def warn(self, code: str, message: str, label: Label, help_: str) -> None:
        """Keep a warning."""
        self.warnings.append(Diagnostic(code, Severity.WARNING, message, (label,), help_))


def read_export(page: Page, facts: OrganizationFacts) -> bool:
    """Gather what a command printed; whether it is one of those known here.

    Raises:
        DocumentError: it is, and not as the aws CLI prints it, or does not say what it tells of.
    """
    if not page.sections.keys() - BESIDE <= _READERS.keys() or not _is_ours(page):
        return False
    for key, reader in _READERS.items():
        if key in page.sections:
            reader(page, facts)
            facts.spot = facts.spot or Spot(page, (key,))
    return True


def _is_ours(page: Page) -> bool:
    """Whether policies, which `aws iam` lists too, are those of an organization."""
    if "Policy" in page.sections:
        return b'"PolicySummary"' in bytes(page.sections["Policy"].raw)
    if "Policies" not in page.sections:
        return bool(page.sections.keys() & _READERS.keys())
    return b'"PolicyName"' not in bytes(page.sections["Policies"].raw)


def _organization(page: Page, facts: OrganizationFacts) -> None:
    found = page.read("Organization", _decoder(Described))
    facts.id = found.Id
    facts.management = found.ManagementAccountId or found.MasterAccountId


def _roots(page: Page, facts: OrganizationFacts) -> None:
    for number, root in enumerate(page.read("Roots", _decoder(list[Root]))):
        facts.meet(root, Spot(page, ("Roots", number)))
        if root.PolicyTypes is not None:
            facts.enabled = frozenset(t.Type for t in root.PolicyTypes if t.Status == "ENABLED")


def _parents(page: Page, facts: OrganizationFacts) -> None:
    for child, spot, parents in _about(page, "Parents", Node):
        for parent in parents:
            facts.put(child, parent.Id, spot)


def _children(page: Page, facts: OrganizationFacts) -> None:
    for parent, spot, children in _about(page, "Children", Node):
        for child in children:
            facts.put(child.Id, parent, spot)


def _units(page: Page, facts: OrganizationFacts) -> None:
    for parent, spot, units in _about(page, "OrganizationalUnits", Node):
        for unit in units:
            facts.meet(unit, spot)
            facts.put(unit.Id, parent, spot)


def _accounts(page: Page, facts: OrganizationFacts) -> None:
    """Read what `list-accounts` or `list-accounts-for-parent` prints."""
    is_keyed = page.source.text.startswith("{", page.start(("Accounts",)))
    asked = asked_of(page.source.name)
    if is_keyed or (asked is not None and asked.command == _COMMANDS["Accounts"]):
        for parent, spot, accounts in _about(page, "Accounts", Node):
            for account in accounts:
                facts.meet(account, spot)
                facts.put(account.Id, parent, spot)
        return
    facts.lists_accounts = True
    for number, account in enumerate(page.read("Accounts", _decoder(list[Node]))):
        spot = Spot(page, ("Accounts", number))
        facts.meet(account, spot)
        facts.accounts.setdefault(account.Id, spot)
        _paths(account, spot, facts)


def _paths(account: Node, spot: Spot, facts: OrganizationFacts) -> None:
    """Keep what the path of an account says: `o-a1/r-b2/ou-b2-c3/`, with its own id or without."""
    for path in account.Paths or ():
        steps = [step for step in path.split("/")[1:] if step and step != account.Id]
        for parent, child in zip(steps, (*steps[1:], account.Id), strict=True):
            facts.put(child, parent, spot)


def _policy(page: Page, facts: OrganizationFacts) -> None:
    _describe(page, ("Policy",), page.read("Policy", _decoder(Policy)), facts)


def _policies(page: Page, facts: OrganizationFacts) -> None:
    """Read policies with their documents, or what `list-policies-for-target` prints."""
    asked = asked_of(page.source.name)
    of_target = asked is not None and asked.command == _COMMANDS["PoliciesForTarget"]
    if asked is not None and of_target:
        facts.listed.add((asked.target, asked.name))
    for number, policy in enumerate(page.read("Policies", _decoder(list[Policy]))):
        path = ("Policies", number)
        _describe(page, path, policy, facts)
        if policy.Id is not None and policy.Type is not None:
            facts.types[policy.Id] = policy.Type
            if asked is not None and of_target:
                said = AttachedTo(policy.Id, Spot(page, path))
                facts.attached.setdefault(asked.target, []).append(said)


def _describe(
    page: Page, path: tuple[str | int, ...], policy: Policy, facts: OrganizationFacts
) -> None:
    summary = policy.PolicySummary
    if summary is None:
        return
    facts.types[summary.Id] = summary.Type
    if policy.Content is not NO_DOCUMENT:
        name = summary.Arn if summary.AwsManaged and summary.Arn else summary.Id
        place, attachment = (*path, "Content"), Attachment("managed", None, name)
        document = PlacedDocument(facts.library, page, place, policy.Content, attachment)
        facts.documents.setdefault(summary.Id, Managed(Spot(page, path), document))


def _attached(page: Page, facts: OrganizationFacts) -> None:
    for target, spot, policies in _about(page, "PoliciesForTarget", Summary):
        known = facts.attached.setdefault(target, [])
        for policy in policies:
            facts.types[policy.Id] = policy.Type
            known.append(AttachedTo(policy.Id, spot))


def _targets(page: Page, facts: OrganizationFacts) -> None:
    for policy, spot, targets in _about(page, "Targets", Target):
        facts.targets.setdefault(policy, {}).update({t.TargetId: spot for t in targets})


def _about(page: Page, key: str, form: type) -> Iterator[tuple[str, Spot, list[Any]]]:
    """Yield what is listed about each thing: by its id, or about what the file's name tells."""
    if page.source.text.startswith("{", page.start((key,))):
        for about, listed in page.read(key, _decoder(dict[str, list[form]])).items():  # type: ignore[valid-type] # made from a parameter
            yield about, Spot(page, (key, about)), listed
        return
    asked, spot = asked_of(page.source.name), Spot(page, (key,))
    if asked is None:
        wanted = f"{_COMMANDS[key]}.<id>.json"
        raise DocumentError((whose(spot, f"what these `{key}` are about", wanted),))
    yield asked.target, spot, page.read(key, _decoder(list[form]))  # type: ignore[valid-type] # as above


@cache
def _decoder(form: type) -> Decoder[Any]:
    return Decoder(form)


_READERS: Final[Mapping[str, Callable[[Page, OrganizationFacts], None]]] = {
    "Organization": _organization,
    "Roots": _roots,
    "Parents": _parents,
    "Children": _children,
    "OrganizationalUnits": _units,
    "Accounts": _accounts,
    "Policy": _policy,
    "Policies": _policies,
    "PoliciesForTarget": _attached,
    "Targets": _targets,
}
