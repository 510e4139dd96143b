"""What `aws iam get-account-authorization-details` prints: all of an account, or a page of it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from msgspec.json import Decoder

from simulator.arn import ACCOUNT_ID
from simulator.inventory import codes
from simulator.inventory.documents import PlacedDocument
from simulator.inventory.facts import Dumped, Facts, Managed, Spot
from simulator.inventory.records import (
    NO_DOCUMENT,
    GroupRecord,
    ManagedPolicy,
    RoleRecord,
    UserRecord,
    group_facts,
    role_facts,
    user_facts,
)
from simulator.policy.model import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.inventory.facts import Gathered, Key
    from simulator.inventory.pages import Page

#: By section: the kind of what it lists, a record of it, and what such a record says.
_SECTIONS: Final[Mapping[str, tuple[str, type, Callable[..., Facts]]]] = {
    "UserDetailList": ("user", UserRecord, user_facts),
    "GroupDetailList": ("group", GroupRecord, group_facts),
    "RoleDetailList": ("role", RoleRecord, role_facts),
}
_WITH_VERSIONS: Final = b'"PolicyVersionList"'


def is_dump(page: Page) -> bool:
    """Whether a page is one of a dump; one of its last pages may have nothing but policies."""
    if not page.sections.keys().isdisjoint(_SECTIONS):
        return True
    return "Policies" in page.sections and _WITH_VERSIONS in bytes(page.sections["Policies"].raw)


def read_dump(page: Page, gathered: Gathered) -> None:
    """Gather what a page of a dump says.

    Raises:
        DocumentError: it says it in another form than the aws CLI.
    """
    names = {kind: _read_entities(page, key, gathered) for key, (kind, *_) in _SECTIONS.items()}
    owners = _read_policies(page, gathered)
    accounts = dict.fromkeys(account for listed in names.values() for account, _ in listed)
    if len(accounts) > 1:
        _warn_of_accounts(page, names, gathered)
    accounts |= dict.fromkeys(owner for owner in owners if ACCOUNT_ID.fullmatch(owner))
    gathered.dumps.append(Dumped(page, tuple(accounts), page.cut is not None, names))


def _read_entities(page: Page, key: str, gathered: Gathered) -> frozenset[Key]:
    if key not in page.sections:
        return frozenset()
    kind, record, say = _SECTIONS[key]
    keys = []
    for number, each in enumerate(page.read(key, _decoder(record))):
        facts = _whole(say(gathered.library, Spot(page, (key, number), dumped=True), each))
        gathered.add(kind, facts)
        keys.append(facts.key)
    return frozenset(keys)


def _warn_of_accounts(page: Page, names: Mapping[str, frozenset[Key]], gathered: Gathered) -> None:
    """Warn that a page lists entities of another account than that of most of them."""
    keys = [(kind, key) for kind, listed in names.items() for key in listed]
    most = Counter(account for _, (account, _) in keys).most_common(1)[0][0]
    others = (
        facts
        for kind, key in keys
        for facts in gathered.entities[kind][key]
        if key[0] != most and facts.spot.page is page
    )
    first = min(others, key=lambda facts: facts.spot.start)
    gathered.warn(
        codes.CONTRADICTION,
        f"a dump is of one account, and this one of {most} and {first.arn.account}",
        first.spot.below("Arn").label(f"not of account {most}"),
        "give each account its own dump, as it is: in files of their own, or one after the other",
    )


def _whole(facts: Facts) -> Facts:
    """Return what a dump says of an entity, of which it leaves out the lists that are empty."""
    if facts.inline is not None and facts.attached is not None and facts.groups is not None:
        return facts
    inline, attached = facts.inline or {}, facts.attached or ()
    return facts._replace(inline=inline, attached=attached, groups=facts.groups or ())


def _read_policies(page: Page, gathered: Gathered) -> frozenset[str]:
    """Gather the managed policies of a page; return whose they are: accounts, and `aws`."""
    if "Policies" not in page.sections:
        return frozenset()
    owners = set()
    for number, policy in enumerate(page.read("Policies", _decoder(ManagedPolicy))):
        spot = Spot(page, ("Policies", number), dumped=True)
        owners.add(policy.Arn.split(":")[4] if policy.Arn.count(":") > 4 else "")
        for place, version in enumerate(policy.PolicyVersionList or ()):
            default = version.IsDefaultVersion or version.VersionId == policy.DefaultVersionId
            if default and version.Document is not NO_DOCUMENT:
                path = (*spot.path, "PolicyVersionList", place, "Document")
                attachment = Attachment("managed", None, policy.Arn)
                document = PlacedDocument(
                    gathered.library, page, path, version.Document, attachment
                )
                gathered.show(policy.Arn, Managed(spot, document))
    return frozenset(owners)


@cache
def _decoder(record: type) -> Decoder[Any]:
    return Decoder(list[record])  # type: ignore[valid-type] # made from the table
