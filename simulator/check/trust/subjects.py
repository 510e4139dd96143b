"""Values that tokens are compared with: which let others in, too many, or nobody.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.names import fold
from simulator.check.subject import is_open
from simulator.check.trust.demands import is_any, reads_wildcards
from simulator.check.trust.issuers import Trusted, trusted
from simulator.diagnostic import Access, Severity
from simulator.federation.issuers import BUILT_IN
from simulator.policy.edits import replace_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest
    from simulator.syntax import Path

_GITHUB: Final = "token.actions.githubusercontent.com"
_FORMS: Final = {
    _GITHUB: "repo:OWNER/REPOSITORY:ref:refs/heads/main",
    "gitlab.com": "project_path:GROUP/PROJECT:ref_type:branch:ref:main",
    "app.terraform.io": "organization:OWNER:project:PROJECT:workspace:WORKSPACE:run_phase:apply",
}
_OF_CLUSTER: Final = "system:serviceaccount:NAMESPACE:NAME"
_IN_CLUSTER: Final = "system:serviceaccount:"
_LABEL: Final = re.compile(rf"https?://[^/*?]+/|{_IN_CLUSTER}|[A-Za-z_]+:")
_TENANT: Final = re.compile(r"([^/:]*)[/:]?(.*)", re.DOTALL)
# GitHub puts ids beside names, and nobody can get the id of another one.
_ID: Final = re.compile(r"@[0-9]+(?![0-9*?])")


class _Value(NamedTuple):
    """A value of a test of whose tokens are taken: its tenant, and what follows.

    It is `limited` if something beside its test keeps some people out.
    """

    each: Trusted
    place: Path
    text: str
    tenant: str
    rest: str
    limited: bool


def check_values(findings: Findings, subject: Subject) -> None:
    """Tell of values with wildcards that let in more than somebody's one pipeline."""
    for each in trusted(subject):
        tests = each.tenancy if each.issuer.tenancy else each.tests_of("sub")
        if each.is_pinned or not all(map(_has_wildcards, tests)):
            continue  # whose tokens are taken is written out
        for test in tests:
            limited = each.is_limited_beside(test)
            for value in _values(each, test, limited=limited):
                if findings.is_full_of(Severity.ERROR, Severity.WARNING, Severity.NOTE):
                    return
                if each.issuer.tenancy:
                    _check_value(findings, value, several=len(test.values.items) > 1)
                else:
                    _check_private(findings, value)


def _has_wildcards(test: ConditionTest) -> bool:
    return reads_wildcards(test) and any(map(_is_pattern, test.values.items))


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _values(each: Trusted, test: ConditionTest, *, limited: bool) -> Iterator[_Value]:
    for index, text in enumerate(test.values.items):
        if _is_pattern(text) and not is_open(text) and "${" not in text:
            label = _LABEL.match(text)
            tenant, rest = _split(text[label.end() :] if label else text)
            yield _Value(each, test.values.place(index), text, tenant, rest, limited)


def _split(text: str) -> tuple[str, str]:
    found = _TENANT.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _check_value(findings: Findings, value: _Value, *, several: bool) -> None:
    in_pool = fold(value.each.named.issuer) in BUILT_IN
    if in_pool or (is_any(value.tenant) and not _ID.search(value.rest)):
        _everybody(findings, value, several=several)
    elif _is_pattern(value.tenant) and not _ID.search(value.tenant):
        _others(findings, value)
    elif is_any(value.rest):
        _whole_tenant(findings, value)
    else:
        _several(findings, value)


def _check_private(findings: Findings, value: _Value) -> None:
    """Tell of values that fit whatever an issuer of one's own says, as of a cluster."""
    if is_any(value.text) or (value.text.startswith(_IN_CLUSTER) and is_any(value.tenant)):
        findings.warn(
            "IAM612",
            value.place,
            f"`{value.text}` lets in whoever has a token of `{value.each.named.issuer}`",
            "this fits each of its tokens",
            help=f"name who needs the role{_form(value)}",
        )


def _everybody(findings: Findings, value: _Value, *, several: bool) -> None:
    refused = ""
    if is_any(value.text):  # seen in answers of AWS: it looks at the first value alone
        is_first = not several or value.place[-1] == 0
        refused = "; AWS refuses to store this" if is_first else "; AWS looks at the first one only"
    verb = "fits tokens of everybody" if value.limited else "lets everybody in"
    label = (
        "one value that fits is enough" if several else "anybody can have a token that fits this"
    )
    findings.error(  # CND-1, CND-22, TRU-7
        "IAM611",
        value.place,
        f"`{value.text}` {verb} who uses {value.each.issuer.name}",
        "only what else is tested, or denied, limits who comes in" if value.limited else label,
        help=f"write out whose tokens to take{_form(value)}{refused}",
        severity=Severity.WARNING if value.limited else Severity.ERROR,
    )


def _others(findings: Findings, value: _Value) -> None:
    findings.warn(  # CND-22
        "IAM611",
        value.place,
        f"`{value.text}` lets others in, whose names fit `{value.tenant}`",
        "whoever takes such a name gets in",
        help=f"write out the name{_form(value)}",
    )


def _whole_tenant(findings: Findings, value: _Value) -> None:
    findings.warn(
        "IAM612",
        value.place,
        f"`{value.text}` lets in everything that `{value.tenant}` has at {value.each.issuer.name}",
        "also what is new, forgotten or on trial",
        help=f"name what needs the role{_form(value)}",
    )


def _several(findings: Findings, value: _Value) -> None:
    findings.note(
        "IAM612",
        value.place,
        f"`{value.text}` lets in each run that fits, whatever started it",
        "each branch, tag, pull request and environment",
        help=f"name what needs the role{_form(value)}",
    )


def _form(value: _Value) -> str:
    in_cluster = value.text.startswith(_IN_CLUSTER)
    form = _OF_CLUSTER if in_cluster else _FORMS.get(fold(value.each.named.issuer))
    return f": `{form}`" if form else ""


_REPOSITORY: Final = r"[\w.@-]+/[\w.@*?-]+"
_MISWRITTEN: Final = (
    (re.compile(rf"({_REPOSITORY}(?::.*)?)", re.DOTALL), r"repo:\1"),
    (re.compile(rf"repo:(?:https?://)?(?:www\.)?github\.com/({_REPOSITORY}:.*)"), r"repo:\1"),
    (re.compile(rf"(?i:repo):({_REPOSITORY}:.*)", re.DOTALL), r"repo:\1"),
    (re.compile(rf"(repo:{_REPOSITORY}):(refs/.*)", re.DOTALL), r"\1:ref:\2"),
    (re.compile(rf"(repo:{_REPOSITORY}):ref:((?:heads|tags)/.*)", re.DOTALL), r"\1:ref:refs/\2"),
    (re.compile(rf"(repo:{_REPOSITORY}):ref:(?!refs/)([\w./-]+)"), r"\1:ref:refs/heads/\2"),
    (re.compile(rf"(repo:{_REPOSITORY}):branch:([\w./-]+)"), r"\1:ref:refs/heads/\2"),
    (re.compile(rf"(repo:{_REPOSITORY}):tag:([\w./-]+)"), r"\1:ref:refs/tags/\2"),
    (re.compile(rf"(repo:{_REPOSITORY}):(main|master)"), r"\1:ref:refs/heads/\2"),
)
"""Forms that GitHub makes no subject of, whatever parts one chooses, and what was meant.

https://docs.github.com/en/actions/reference/security/oidc
"""


def check_forms(findings: Findings, subject: Subject) -> None:
    """Tell of subjects of GitHub's tokens that no token has."""
    for each in trusted(subject):
        if fold(each.named.issuer) == _GITHUB:
            for test in each.tests_of("sub"):
                for index, text in enumerate(test.values.items):
                    if findings.is_full:
                        return
                    if not is_open(text) and "${" not in text:
                        _check_form(findings, each, test.values.place(index), text)


def _check_form(findings: Findings, each: Trusted, place: Path, text: str) -> None:
    meant = meant_subject(text)
    if meant is not None:
        findings.warn(
            "IAM613",
            place,
            f"no token of GitHub has the subject `{text}`",
            "nobody comes in with this",
            help=f"did you mean `{meant}`?",
            access=Access.WIDENED,
            edits=lambda: (replace_string(each.statement.document, place, meant),),
        )


def meant_subject(text: str) -> str | None:
    """Return the subject that was probably meant by one that GitHub does not make, if it is one."""
    for form, meant in _MISWRITTEN:
        found = form.fullmatch(text)
        if found is not None and found.expand(meant) != text:
            return found.expand(meant)
    return None
