"""The principals a statement speaks of.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.policy import codes
from simulator.policy.elements import check_text, is_string, read_strings, wrong_type
from simulator.policy.model import PrincipalEntry, PrincipalPattern
from simulator.policy.principal_flaws import UNIQUE_ID, aws_flaw, other_flaw
from simulator.policy.vocabulary import PRINCIPAL_TYPES
from simulator.syntax import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.elements import IsPlain
    from simulator.policy.findings import Findings
    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

# An account id that has lost its leading zeros as a number; one with more of them is unlikely.
_SHORTENED = re.compile(r"[0-9]{8,12}", re.ASCII)
# What nothing can be said against.
_PLAIN_AWS = re.compile(
    r"[0-9]{12}|\*|arn:aws[a-z-]*:iam::[0-9]{12}:(?:root|(?:user|role)/[\w+=,.@/-]+)", re.ASCII
)
_PLAIN_SERVICE = re.compile(r"[a-z0-9-]+\.amazonaws\.com", re.ASCII)


def read_principal(
    findings: Findings, path: Path, value: JsonValue, kind: PolicyKind
) -> PrincipalPattern | None:
    """Return the principals of a statement."""
    entries = tuple(_entries(findings, path, value, kind))
    if kind.only_everyone and {entry.value for entry in entries} != {"*"}:
        findings.error(  # POL-15, EVAL-53
            codes.PRINCIPAL_FORM,
            path,
            f'the principal of a {kind.name} is always `"*"`',
            "expected `*`",
        )
    return PrincipalPattern(path, entries, negated=path[-1] == "NotPrincipal")


def _entries(
    findings: Findings, path: Path, value: JsonValue, kind: PolicyKind
) -> Iterator[PrincipalEntry]:
    if is_string(value):
        yield from _bare(findings, path, str(value), kind)
    elif value in ({}, []):
        findings.warn(  # POL-19
            codes.NEVER_APPLIES,
            path,
            "an empty principal makes a statement that never applies",
            "nobody is named here",
        )
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _typed(findings, (*path, name), inner, kind)
    else:
        wrong_type(findings, path, value, 'an object such as `{"AWS": "…"}`')


def _bare(findings: Findings, path: Path, text: str, kind: PolicyKind) -> Iterator[PrincipalEntry]:
    if text == "*" and not kind.only_role_actions:
        yield PrincipalEntry("*", "*", path)  # PRN-7, STAR-SERVICE
        return
    if text == "*":
        message = 'a trust policy refuses `"Principal": "*"`'  # PRN-8
        advice = (
            'AWS answers `AssumeRolepolicy contained an invalid principal: "STAR":"*".`;'
            ' `{"AWS": "*"}` is accepted, and admits every account there is'
        )
    else:
        message = "a principal needs its type before it"
        advice = 'a principal is written as an object: `{"AWS": "arn:…"}`'
    wanted = f'{{"AWS": "{text}"}}'
    findings.error(
        codes.PRINCIPAL_FORM,
        path,
        message,
        f"expected `{wanted}`",
        help=advice,
        replacement=wanted if '"' not in text and "\\" not in text else None,
    )


def _typed(
    findings: Findings, path: Path, value: JsonValue, kind: PolicyKind
) -> Iterator[PrincipalEntry]:
    type_ = str(path[-1])
    if not _is_type(findings, path, type_, kind):
        return
    values = read_strings(
        findings,
        path,
        value,
        _PLAIN.get(type_, _nothing),
        lambda place, text: _check(findings, place, type_, text),
        _wrong_account if type_ == "AWS" else wrong_type,
    )
    if values is not None:
        for index, text in enumerate(values.items):
            yield PrincipalEntry(type_, text, values.place(index))


def _nothing(_text: str) -> bool:
    return False


_PLAIN: dict[str, IsPlain] = {"AWS": _PLAIN_AWS.fullmatch, "Service": _PLAIN_SERVICE.fullmatch}


def _is_type(findings: Findings, path: Path, type_: str, kind: PolicyKind) -> bool:
    if type_ not in PRINCIPAL_TYPES:
        meant = findings.nearest(type_, PRINCIPAL_TYPES)
        findings.error(  # PRN-1
            codes.PRINCIPAL_FORM,
            path,
            f"`{type_}` is not a type of principal",
            "expected `AWS`, `Service` or `Federated`",
            on_key=True,
            help=f"did you mean `{meant}`?" if meant else None,
            replacement=meant,
        )
        return False
    if type_ == "Federated" and not kind.only_role_actions and not kind.only_everyone:
        findings.error(  # PRN-4
            codes.PRINCIPAL_FORM,
            path,
            f"{kind.article} {kind.name} has no `Federated` principals",
            "only a trust policy speaks of identity providers",
            on_key=True,
            help="name the role that is assumed through the provider, as an `AWS` principal",
        )
    return True


def _wrong_account(findings: Findings, path: Path, value: JsonValue, wanted: str) -> None:
    if not isinstance(value, Number) or not _SHORTENED.fullmatch(value):
        wrong_type(findings, path, value, wanted)
        return
    padded = value.zfill(12)
    findings.error(  # PRN-1
        codes.WRONG_TYPE,
        path,
        "an account id must be a string, not a number",
        f'expected `"{padded}"`',
        help="as a number an account id loses each leading zero",
        replacement=f'"{padded}"',
    )


def _check(findings: Findings, place: Path, kind: str, text: str) -> None:
    if not check_text(findings, place, text, variables=False):
        return
    if "${" in text:
        _no_variables(findings, place, text)
        return
    flaw = aws_flaw(text) if kind == "AWS" else other_flaw(kind, text)
    if flaw is not None:
        advice = "; ".join(filter(None, (flaw.meant, _invalid(kind, text))))
        findings.error(
            codes.PRINCIPAL_FORM,
            place,
            flaw.message,
            flaw.label,
            help=advice,
            replacement=flaw.replacement,
        )
    elif kind == "AWS" and UNIQUE_ID.fullmatch(text):
        findings.warn(  # PRN-21
            codes.UNIQUE_ID,
            place,
            f"`{text}` is the id of a user or role that was probably deleted",
            "AWS shows the id instead of the ARN once the entity is gone",
        )


def _no_variables(findings: Findings, place: Path, text: str) -> None:
    findings.error(  # PRN-11
        codes.VARIABLE_FORM,
        place,
        f"`{text}` has a variable, and a principal is plain text",
        "expected the principal itself",
        help="a condition on `aws:PrincipalArn` can have variables",
    )


def _invalid(kind: str, text: str) -> str:
    return f'AWS answers `Invalid principal in policy: "{kind.upper()}":"{text}"`'  # ERR-62
