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
from simulator.policy.findings import Findings
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

_NOT_STORED = re.compile(r"[^\t\n\r\x20-\xff]")  # POL-22


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
    version = _read_version(findings, value, kind)
    _refuse_other_kind(findings, value, kind)
    statements = tuple(_read_statements(findings, value, kind, version))
    _check_sids(findings, value)
    _check_characters(findings)
    return PolicyDocument(document, statements, findings.result(), kind)


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
        meant = findings.nearest(name, known)
        findings.error(  # POL-7
            codes.UNKNOWN_ELEMENT,
            (*path, name),
            f"`{name}` is not an element of a {'statement' if path else 'policy'}",
            "AWS knows no element of this name",
            on_key=True,
            help=f"did you mean `{meant}`?" if meant else f"the elements are {', '.join(known)}",
            replacement=None if meant in value else meant,
        )


def _read_version(findings: Findings, value: Object, kind: PolicyKind) -> str:
    if "Version" not in value:
        _old_language(findings, (), "no `Version`", 'add `"Version": "2012-10-17"`', kind)  # POL-3
        return DEFAULT_VERSION
    version = value["Version"]
    if not isinstance(version, str) or version not in VERSIONS:
        quoted = is_string(version)
        findings.error(  # POL-3
            codes.UNKNOWN_WORD,
            ("Version",),
            f"{f'`{version}`' if quoted else type_name(version)} is not a version of the policy"
            " language",
            "expected `2012-10-17` or `2008-10-17`",
            replacement=VERSIONS[0] if quoted else f'"{VERSIONS[0]}"',
        )
        return VERSIONS[0]
    if version == DEFAULT_VERSION and (not kind.old_language or _has_variables(findings.document)):
        title = f"`Version` is `{version}`"
        _old_language(findings, ("Version",), title, "expected `2012-10-17`", kind)  # POL-5
    return version


def _has_variables(document: Document) -> bool:
    return "${" in document.source.text and "${" in document.whole().text


def _old_language(findings: Findings, path: Path, title: str, label: str, kind: PolicyKind) -> None:
    findings.error(  # POL-4, POL-5
        codes.OLD_LANGUAGE,
        path,
        f"{title}: the policy is read by the rules of 2008, and `${{…}}` is plain text",
        label,
        help="AWS answers `Policy document must be version 2012-10-17 or greater.`"
        if kind.only_new_language
        else None,
        severity=Severity.WARNING,
    )


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
        findings.error(  # POL-2
            codes.MISSING_ELEMENT, path, "the list of statements is empty", "expected a statement"
        )
    for index, item in enumerate(items):
        place = (*path, index) if isinstance(found, list) else path
        if isinstance(item, dict):
            statement = _read_statement(findings, place, index + 1, item, kind, version)
            if statement is not None:
                yield statement
        else:
            wrong_type(findings, place, item, "an object")  # POL-2


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
        _missing(findings, path, value, "Effect", '`"Effect": "Allow"` or `"Deny"`')  # POL-11
        return None
    if not isinstance(effect, str) or effect not in set(Effect):  # POL-11
        meant = findings.nearest(effect, tuple(Effect)) if isinstance(effect, str) else None
        findings.error(
            codes.UNKNOWN_WORD,
            place,
            f"`{effect}` is not an effect" if isinstance(effect, str) else "this is not an effect",
            "expected `Allow` or `Deny`, in these letters",
            replacement=meant,
        )
        return None
    if kind.only_deny and effect == Effect.ALLOW and not _is_full_access(value):
        findings.error(  # EVAL-50, EVAL-53
            codes.UNKNOWN_WORD, place, f"a {kind.name} can only deny", "expected `Deny`"
        )
    return Effect(effect)


def _is_full_access(value: Object) -> bool:
    # RCPFullAWSAccess, which AWS itself attaches, is the one RCP that allows.
    return value.get("Action") in ("*", ["*"]) and value.get("Resource") in ("*", ["*"])


def _missing(findings: Findings, path: Path, value: Object, name: str, wanted: str) -> None:
    unknown = (other for other in value if other not in STATEMENT_ELEMENTS)
    if any(findings.nearest(other, STATEMENT_ELEMENTS) == name for other in unknown):
        return  # misspelt, and told as that
    article = "an" if name[0] in "AEIOU" else "a"
    message = f"a statement needs {article} `{name}`"
    findings.error(codes.MISSING_ELEMENT, path, message, f"expected {wanted} in here")


def _choose(findings: Findings, path: Path, value: Object, name: str) -> str | None:
    """Return which of an element and its `Not` form is there; both is an error."""
    present = [form for form in (name, f"Not{name}") if form in value]
    if len(present) == 2:
        findings.error(  # POL-12, POL-13, POL-15, POL-16
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
        _missing(findings, path, value, "Action", '`"Action": "service:Name"`')  # POL-12
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


def _check_sids(findings: Findings, value: Object) -> None:
    # Among the statements as they are written: one that could not be read may have a Sid too.
    found = value.get("Statement")
    seen: set[str] = set()
    for index, statement in enumerate(found if isinstance(found, list) else ()):
        sid = statement.get("Sid") if isinstance(statement, dict) else None
        if not is_string(sid) or not sid:
            continue
        if sid in seen:  # POL-17
            findings.error(
                codes.SID_FORM,
                ("Statement", index, "Sid"),
                f"two statements are called `{sid}`",
                "the second one",
                help="AWS answers `Statement IDs (SID) in a single policy must be unique.`",
            )
        seen.add(str(sid))


def _check_characters(findings: Findings) -> None:
    text = findings.document.source.text
    if not text.isascii():
        # Around the document, a role's description may well hold other characters.
        span = findings.document.whole()
        odd = _NOT_STORED.search(text, *span.range)
        if odd is not None:
            place = Span(span.source, Range(*odd.span()))
            findings.add(_not_stored(odd[0], place, "this one"))
            return
    if "\\" in text:
        _check_escaped(findings)


def _check_escaped(findings: Findings) -> None:
    """Report the first character that AWS does not store and that stands as an escape."""
    document = findings.document
    for path, on_key, text in _texts((), document.value):
        odd = _NOT_STORED.search(text)
        if odd is not None:
            span = document.key_span(path) if on_key else document.span(path)
            findings.add(_not_stored(odd[0], span, "in here, as an escape"))
            return


def _texts(path: Path, value: JsonValue) -> Iterator[tuple[Path, bool, str]]:
    """Yield each string below a value with its path, and whether it is the key at that path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name), True, name
            yield from _texts((*path, name), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts((*path, index), inner)
    elif is_string(value):
        yield path, False, str(value)


def _not_stored(char: str, span: Span, label: str) -> Diagnostic:
    rule = "only characters up to U+00FF" if char > "\xff" else "no control characters"
    return Diagnostic(  # POL-22
        codes.CHARACTER,
        Severity.WARNING,
        f"AWS stores {rule}, and U+{ord(char):04X} is in here",
        (Label(span, label),),
    )
