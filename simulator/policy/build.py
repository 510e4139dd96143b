"""From the JSON of a document to a policy that AWS would store, or everything it would refuse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.policy import codes
from simulator.policy.conditions import read_conditions
from simulator.policy.elements import (
    is_string,
    read_actions,
    read_resources,
    read_sid,
    type_name,
    wrong_type,
)
from simulator.policy.findings import Findings, nearest
from simulator.policy.kinds import Need, PolicyKind
from simulator.policy.model import (
    DEFAULT_VERSION,
    VERSIONS,
    Document,
    Effect,
    Patterns,
    PolicyDocument,
    PrincipalPattern,
    Statement,
)
from simulator.policy.principals import read_principal
from simulator.policy.vocabulary import ELEMENTS, STATEMENT_ELEMENTS
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.syntax import JsonValue, Path

    Object = dict[str, JsonValue]

_NOT_STORED = re.compile(r"[^\x00-\xff]")  # POL-22


def build(document: Document, kind: PolicyKind) -> PolicyDocument:
    """Return the policy of a document.

    Raises:
        DocumentError: AWS would refuse to store it; every reason is in it.
    """
    findings = Findings(document)
    if not isinstance(document.value, dict):
        findings.error(
            codes.NOT_AN_OBJECT,
            (),
            f"a policy is a JSON object, not {type_name(document.value)}",
            'expected `{"Version": …, "Statement": …}`',
        )
        findings.result()
    value = document.value if isinstance(document.value, dict) else {}
    _check_names(findings, (), value, ELEMENTS)
    if "Id" in value and not is_string(value["Id"]):  # POL-6
        wrong_type(findings, ("Id",), value["Id"], "a string")
    version = _read_version(findings, value)
    _refuse_other_kind(findings, value, kind)
    statements = tuple(_read_statements(findings, value, kind, version))
    _check_sids(findings, statements, kind)
    _check_characters(findings)
    return PolicyDocument(document, version, statements, findings.result())


def _refuse_other_kind(findings: Findings, value: Object, kind: PolicyKind) -> None:
    """Refuse a document that is plainly of another kind, instead of naming all it lacks for this.

    Raises:
        DocumentError: it is.
    """
    found = value.get("Statement")
    statements = [s for s in (found if isinstance(found, list) else [found]) if isinstance(s, dict)]
    if not statements or kind.only_everyone:
        return
    with_principal = [any("Principal" in name for name in s) for s in statements]
    with_resource = [any("Resource" in name for name in s) for s in statements]
    wants_principal = kind.principal is Need.REQUIRED
    if wants_principal and not any(with_principal) and all(with_resource):
        other = "an identity-based policy"
    elif not wants_principal and all(with_principal) and not any(with_resource):
        other = "a trust policy"
    else:
        return
    findings.error(
        codes.OTHER_KIND,
        ("Statement",),
        f"this is {other}, and {kind.article} {kind.name} is wanted",
        "statements with a `Principal` belong to a role, those with a `Resource` to its caller",
        on_key=True,
        help="were two files swapped?",
    )
    findings.result()


def _check_names(findings: Findings, path: Path, value: Object, known: tuple[str, ...]) -> None:
    for name in value:
        if name in known:  # POL-10: letter case counts
            continue
        meant = nearest(name, known)
        findings.error(  # POL-7
            codes.UNKNOWN_ELEMENT,
            (*path, name),
            f"`{name}` is not an element of a {'statement' if path else 'policy'}",
            "AWS knows no element of this name",
            on_key=True,
            help=f"did you mean `{meant}`?" if meant else f"the elements are {', '.join(known)}",
            replacement=None if meant in value else meant,
        )


def _read_version(findings: Findings, value: Object) -> str:
    version = value.get("Version")
    quoted = is_string(version)
    if "Version" not in value:
        findings.warn(  # POL-3, POL-4
            codes.OLD_LANGUAGE,
            (),
            "no `Version`: the policy is read by the rules of 2008, and `${…}` is plain text",
            'add `"Version": "2012-10-17"`',
        )
        return DEFAULT_VERSION
    if not isinstance(version, str) or version not in VERSIONS:
        findings.error(
            codes.UNKNOWN_WORD,
            ("Version",),
            f"{f'`{version}`' if quoted else type_name(version)} is not a version of the policy"
            " language",
            "expected `2012-10-17` or `2008-10-17`",
            replacement=VERSIONS[0] if quoted else f'"{VERSIONS[0]}"',
        )
        return VERSIONS[0]
    return version


def _read_statements(
    findings: Findings, value: Object, kind: PolicyKind, version: str
) -> Iterator[Statement]:
    if "Statement" not in value:
        findings.error(  # POL-2
            codes.MISSING_ELEMENT,
            (),
            "the policy has no `Statement`",
            'expected `"Statement": […]`',
        )
        return
    found = value["Statement"]
    path: Path = ("Statement",)
    items = found if isinstance(found, list) else [found]
    if not items:
        findings.error(
            codes.MISSING_ELEMENT, path, "the list of statements is empty", "expected a statement"
        )
    for index, item in enumerate(items):
        place = (*path, index) if isinstance(found, list) else path
        if isinstance(item, dict):
            statement = _read_statement(findings, place, index + 1, item, kind, version)
            if statement is not None:
                yield statement
        else:
            wrong_type(findings, place, item, "an object")


def _read_statement(  # noqa: PLR0913, PLR0917 - where it stands and how it is to be read
    findings: Findings, path: Path, number: int, value: Object, kind: PolicyKind, version: str
) -> Statement | None:
    _check_names(findings, path, value, STATEMENT_ELEMENTS)
    sid = read_sid(findings, (*path, "Sid"), value["Sid"], kind) if "Sid" in value else ""
    effect = _read_effect(findings, path, value, kind)
    actions = _read_actions(findings, path, value, kind)
    variables = version == VERSIONS[0]  # POL-4
    resources = _read_resources(findings, path, value, kind, variables=variables)
    principals = _read_principals(findings, path, value, kind)
    conditions = (
        read_conditions(findings, (*path, "Condition"), value["Condition"], variables=variables)
        if "Condition" in value
        else ()
    )
    if effect is None or actions is None:
        return None
    return Statement(
        findings.document,
        path,
        number,
        sid,
        effect,
        variables,
        actions,
        resources,
        principals,
        conditions,
    )


def _read_effect(findings: Findings, path: Path, value: Object, kind: PolicyKind) -> Effect | None:
    place = (*path, "Effect")
    effect = value.get("Effect")
    if "Effect" not in value:
        _missing(findings, path, value, "Effect", '`"Effect": "Allow"` or `"Deny"`')
        return None
    if not isinstance(effect, str) or effect not in set(Effect):  # POL-11
        meant = nearest(effect, tuple(Effect)) if isinstance(effect, str) else None
        findings.error(
            codes.UNKNOWN_WORD,
            place,
            f"`{effect}` is not an effect" if isinstance(effect, str) else "this is not an effect",
            "expected `Allow` or `Deny`, in these letters",
            replacement=meant,
        )
        return None
    if kind.only_deny and effect == Effect.ALLOW and not _is_full_access(value):
        findings.error(  # EVAL-50
            codes.UNKNOWN_WORD, place, f"a {kind.name} can only deny", "expected `Deny`"
        )
    return Effect(effect)


def _is_full_access(value: Object) -> bool:
    # RCPFullAWSAccess, which AWS itself attaches, is the one RCP that allows.
    return value.get("Action") in ("*", ["*"]) and value.get("Resource") in ("*", ["*"])


def _missing(findings: Findings, path: Path, value: Object, name: str, wanted: str) -> None:
    unknown = (other for other in value if other not in STATEMENT_ELEMENTS)
    if any(nearest(other, STATEMENT_ELEMENTS) == name for other in unknown):
        return  # misspelt, and told as that
    article = "an" if name[0] in "AEIOU" else "a"
    message = f"a statement needs {article} `{name}`"
    findings.error(codes.MISSING_ELEMENT, path, message, f"expected {wanted} in here")


def _choose(findings: Findings, path: Path, value: Object, name: str) -> str | None:
    """Return which of an element and its `Not` form is there; both is an error."""
    present = [form for form in (name, f"Not{name}") if form in value]
    if len(present) == 2:
        findings.error(  # POL-12, POL-13
            codes.CONTRADICTING_ELEMENTS,
            (*path, present[1]),
            f"a statement has either `{name}` or `Not{name}`, not both",
            "the second of the two",
            on_key=True,
        )
    return present[0] if present else None


def _read_actions(
    findings: Findings, path: Path, value: Object, kind: PolicyKind
) -> Patterns | None:
    name = _choose(findings, path, value, "Action")
    if name is None:
        _missing(findings, path, value, "Action", '`"Action": "service:Name"`')
        return None
    return read_actions(findings, (*path, name), value[name], kind)


def _read_resources(
    findings: Findings, path: Path, value: Object, kind: PolicyKind, *, variables: bool
) -> Patterns | None:
    name = _choose(findings, path, value, "Resource")
    if name is None:
        if kind.resource is Need.REQUIRED:  # POL-13
            _missing(findings, path, value, "Resource", '`"Resource": "arn:…"`')
        return None
    if kind.resource is Need.FORBIDDEN:  # POL-14
        findings.error(
            codes.FORBIDDEN_ELEMENT,
            (*path, name),
            f"{kind.article} {kind.name} has no `{name}`: it always speaks of its own role",
            "remove this element",
            on_key=True,
            help="AWS answers `Has prohibited field Resource`",
        )
        return None
    return read_resources(findings, (*path, name), value[name], kind, variables=variables)


def _read_principals(
    findings: Findings, path: Path, value: Object, kind: PolicyKind
) -> PrincipalPattern | None:
    name = _choose(findings, path, value, "Principal")
    need = kind.not_principal if name == "NotPrincipal" else kind.principal
    if name is None:
        if kind.principal is Need.REQUIRED:  # POL-15
            _missing(findings, path, value, "Principal", '`"Principal": {"AWS": "…"}`')
        return None
    if need is Need.FORBIDDEN:  # POL-15, POL-16
        findings.error(
            codes.FORBIDDEN_ELEMENT,
            (*path, name),
            f"{kind.article} {kind.name} has no `{name}`",
            "remove this element",
            on_key=True,
            help=_principal_help(kind),
        )
        return None
    return read_principal(findings, (*path, name), value[name], kind)


def _principal_help(kind: PolicyKind) -> str:
    if kind.principal is Need.FORBIDDEN:
        return (
            "it speaks of whoever it is attached to; AWS answers"
            " `Policy document should not specify a principal.`"
        )
    return "deny everyone and exempt some with `ArnNotEquals` on `aws:PrincipalArn`"


def _check_sids(findings: Findings, statements: tuple[Statement, ...], kind: PolicyKind) -> None:
    seen: set[str] = set()
    for statement in statements if kind.plain_sids else ():
        if statement.sid and statement.sid in seen:  # POL-17
            findings.error(
                codes.SID_FORM,
                (*statement.path, "Sid"),
                f"two statements are called `{statement.sid}`",
                "the second one",
                help="AWS answers `Statement IDs (SID) in a single policy must be unique.`",
            )
        seen.add(statement.sid)


def _check_characters(findings: Findings) -> None:
    document = findings.document
    source, text = document.source, document.source.text
    if text.isascii():
        return
    # Around the document, a role's description may well hold other characters.
    place = document.span(()).range if document.root else Range(0, len(text))
    odd = _NOT_STORED.search(text, *place)
    if odd is not None:
        findings.add(
            Diagnostic(
                codes.CHARACTER,
                Severity.WARNING,
                f"AWS stores only characters up to U+00FF, and U+{ord(odd[0]):04X} is in here",
                (Label(Span(source, Range(*odd.span())), "this one"),),
            )
        )
