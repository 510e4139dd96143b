"""What is said of an entity or a policy by its name alone, without an ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.inventory import codes
from simulator.inventory.asked import whose
from simulator.inventory.facts import Facts, Listed, Managed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.inventory.facts import Gathered, Key, Spot


class Loose(NamedTuple):
    """What is said of the user, group or role of a name; the account may not be known."""

    kind: str
    account: str | None
    name: str
    spot: Spot
    said: Mapping[str, Any]


class LooseProvider(NamedTuple):
    """The client ids of an OIDC provider, by its address; the account may not be known."""

    account: str | None
    url: str
    clients: frozenset[str]
    spot: Spot


class LooseManaged(NamedTuple):
    """A document of the managed policy of a name in an account, or in `aws`."""

    account: str
    name: str
    managed: Managed


def tie(gathered: Gathered) -> None:
    """Add what is said by names to what is said of the entities and policies that have them.

    Raises:
        DocumentError: there are none of that name, or several.
    """
    keys = _keys_by_name(gathered)
    errors = [error for loose in gathered.loose for error in _tie(loose, keys, gathered)]
    accounts = _accounts_by_url(gathered)
    errors += [e for each in gathered.loose_oidc for e in _tie_oidc(each, accounts, gathered)]
    if errors:
        raise DocumentError(tuple(errors))
    arns = _arns_by_name(gathered) if gathered.loose_managed else {}
    for account, name, managed in gathered.loose_managed:
        for arn in arns.get((account, name), ()):
            gathered.show(arn, managed)


def _keys_by_name(gathered: Gathered) -> Mapping[tuple[str, str], list[Key]]:
    """Return the users, groups and roles by their kind and name."""
    found: dict[tuple[str, str], list[Key]] = {}
    for kind, entities in gathered.entities.items() if gathered.loose else ():
        for key in entities:
            found.setdefault((kind, key[1]), []).append(key)
    return found


def _accounts_by_url(gathered: Gathered) -> Mapping[str, dict[str, None]]:
    """Return the accounts that list the OIDC provider of an address."""
    found: dict[str, dict[str, None]] = {}
    for account, lists in gathered.oidc.items():
        for url in frozenset[str]().union(*(listed.names for listed in lists)):
            found.setdefault(url, {})[account] = None
    return found


def _arns_by_name(gathered: Gathered) -> Mapping[tuple[str, str], list[str]]:
    """Return the managed policies that are attached to anything, by their account and name."""
    found: dict[tuple[str, str], list[str]] = {}
    for arn in dict.fromkeys(_attached(gathered)):
        account = arn.split(":")[4] if arn.count(":") > 4 else ""
        found.setdefault((account, arn.rpartition("/")[2]), []).append(arn)
    return found


def _tie(
    loose: Loose, by_name: Mapping[tuple[str, str], list[Key]], gathered: Gathered
) -> Iterator[Diagnostic]:
    named = by_name.get((loose.kind, loose.name), ())
    keys = [key for key in named if loose.account in {None, key[0]}]
    if len(keys) == 1:
        arn = gathered.entities[loose.kind][keys[0]][0].arn
        gathered.add(loose.kind, Facts(arn, keys[0], loose.spot, **loose.said))
    else:
        yield _nobody(loose, keys)


def _tie_oidc(
    provider: LooseProvider, by_url: Mapping[str, Mapping[str, None]], gathered: Gathered
) -> Iterator[Diagnostic]:
    account, url, clients, spot = provider
    accounts = [account] if account else list(by_url.get(url, ()))
    if len(accounts) == 1:
        of_account = gathered.clients.setdefault(accounts[0], {})
        of_account.setdefault(url, []).append(Listed(spot, clients))
    else:
        wanted = "get-open-id-connect-provider.<account-id>.json"
        yield whose(spot, f"in which account the provider `{url}` is", wanted)


def _nobody(loose: Loose, keys: list[Key]) -> Diagnostic:
    kind, name = loose.kind, loose.name
    where = f" in account {loose.account}" if loose.account else ""
    message = f"no file says that there is a {kind} `{name}`{where}"
    help_ = f"give the output of `aws iam get-{kind} --{kind}-name {name}` too"
    if keys:
        message = f"several accounts have a {kind} `{name}`"
        command = "the command, the account id and the name"
        help_ = f"name the file by {command}: `get-{kind}-policy.{keys[0][0]}.{name}.json`"
    labels = (loose.spot.label("of which one is this?" if keys else "of whom is this?"),)
    return Diagnostic(codes.WHOSE, Severity.ERROR, message, labels, help_)


def _attached(gathered: Gathered) -> Iterator[str]:
    for entities in gathered.entities.values():
        for said in entities.values():
            for facts in said:
                yield from facts.attached or ()
                yield from (facts.boundary,) if facts.boundary else ()
