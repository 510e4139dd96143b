"""Principals that are not whom they seem to be.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.policy import codes
from simulator.policy.findings import nearest
from simulator.policy.lint.service_names import DOMAIN, SERVICE_PRINCIPALS
from simulator.policy.model import Effect
from simulator.policy.vocabulary import PARTITIONS

if TYPE_CHECKING:
    from simulator.policy.findings import Findings
    from simulator.policy.model import PrincipalEntry, PrincipalPattern, Statement

_KNOWN: Final = frozenset(SERVICE_PRINCIPALS)
_REGIONAL: Final = re.compile(
    r"([a-z0-9-]+)\.([a-z]+(?:-[a-z]+)+-[0-9]+)\.amazonaws\.com", re.ASCII
)
# Only these have one principal for each region.
_ALWAYS_REGIONAL: Final = frozenset({"logs"})
# Nobody lists all services, and names that are less alike are those of two of them.
_LIKE: Final = 0.85


def check_principals(findings: Findings, statement: Statement, pattern: PrincipalPattern) -> None:
    """Tell whom `NotPrincipal` means besides, and of names that AWS may not have."""
    if pattern.negated and pattern.entries:
        _check_negated(findings, statement, pattern)
    for entry in pattern.entries:
        if entry.kind == "Service":
            _check_service(findings, entry)
        elif entry.kind == "AWS" and entry.value.startswith("arn:"):
            _check_partition(findings, entry)


def _check_negated(findings: Findings, statement: Statement, pattern: PrincipalPattern) -> None:
    if statement.effect is Effect.ALLOW:
        message = "`NotPrincipal` with `Allow` admits everybody who is not listed"
        label = "also callers of other accounts, and those whom nobody knows"
        help_ = "name with `Principal` whom to admit"
    else:
        message = "`NotPrincipal` with `Deny` denies every principal with a permissions boundary"
        label = "also those that are listed"
        help_ = "deny everyone and exempt some with `ArnNotEquals` on `aws:PrincipalArn`"
    findings.warn(  # PRN-25
        codes.TOO_BROAD, pattern.path, message, label, on_key=True, help=help_
    )


def _check_service(findings: Findings, entry: PrincipalEntry) -> None:
    name = entry.value.removesuffix(".cn")
    if name in _KNOWN or name.endswith(".aws.internal"):
        return
    regional = _REGIONAL.fullmatch(name)
    if regional is not None and regional[1] not in _ALWAYS_REGIONAL:
        findings.warn(
            codes.SERVICE_NAME,
            entry.path,
            f"`{entry.value}` is the service in the Region `{regional[2]}` only",
            f"elsewhere it is `{regional[1]}{DOMAIN}`",
            help="names with a Region are for Regions that one has to enable",
        )
    elif regional is None and not findings.is_full:
        _check_misspelt(findings, entry, name)


def _check_misspelt(findings: Findings, entry: PrincipalEntry, name: str) -> None:
    near = nearest(name, SERVICE_PRINCIPALS)
    if near is None or not _is_slip(name, near) or _is_service(name):
        return
    china = ".cn" if entry.value.endswith(".cn") else ""
    findings.warn(  # PRN-5
        codes.SERVICE_NAME,
        entry.path,
        f"`{entry.value}` looks like a service that is called otherwise",
        "no service of this name is known",
        help=f"did you mean `{near}{china}`?",
        replacement=f"{near}{china}",
    )


def _is_slip(name: str, near: str) -> bool:
    """Whether two names differ by a letter or two: the domain, which all have, does not count."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - takes 2 ms

    if not name.endswith(DOMAIN):
        return True
    ours, theirs = name.removesuffix(DOMAIN), near.removesuffix(DOMAIN)
    return SequenceMatcher(None, ours[:200], theirs, autojunk=False).ratio() >= _LIKE


def _is_service(name: str) -> bool:
    from simulator.catalog.actions import is_service  # noqa: PLC0415 - takes 5 ms

    return name.endswith(DOMAIN) and is_service(name.removesuffix(DOMAIN))


def _check_partition(findings: Findings, entry: PrincipalEntry) -> None:
    partition = entry.value.split(":", 2)[1]
    if partition not in PARTITIONS:
        findings.warn(
            codes.PRINCIPAL_FORM,
            entry.path,
            f"`{entry.value}` is in no partition of AWS: there is no `{partition}`",
            "expected `aws` most often",
        )
